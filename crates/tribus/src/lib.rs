//! Customer segmentation.

pub mod source;
pub mod table;
