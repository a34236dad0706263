//! Customer segmentation.

pub mod evidence;
pub mod ledger;
pub mod profile;
pub mod report;
pub mod roles;
pub mod summary;
pub mod table;
