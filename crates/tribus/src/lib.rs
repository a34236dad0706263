//! Customer segmentation.

pub mod date;
pub mod demo;
mod digest;
mod draw;
pub mod evidence;
pub mod expr;
pub mod ledger;
mod nearest;
pub mod pipeline;
pub mod plan;
pub mod profile;
pub mod recipe;
pub mod report;
pub mod roles;
pub mod segmentation;
pub mod source;
pub mod statistics;
pub mod summary;
pub mod table;
