//! Customer segmentation.

pub mod table;
