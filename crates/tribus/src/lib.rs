//! Customer segmentation.

pub mod evidence;
pub mod ledger;
pub mod profile;
pub mod roles;
pub mod source;
pub mod summary;
pub mod table;
