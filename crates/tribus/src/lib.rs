//! Customer segmentation.
