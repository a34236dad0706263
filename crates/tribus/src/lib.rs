//! Customer segmentation.

pub mod demo;
pub mod table;
