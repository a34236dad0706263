//! Customer segmentation.

pub mod date;
pub mod evidence;
pub mod expr;
pub mod ledger;
pub mod profile;
pub mod report;
pub mod roles;
pub mod source;
pub mod summary;
pub mod table;
