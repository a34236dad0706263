//! Customer segmentation.

pub mod date;
pub mod expr;
