//! Cells of text into typed columns, deciding over the whole column.

mod column;
mod date;
mod missing;
mod notation;
mod number;
mod plan;
mod unit;

pub(crate) use column::{DAY, Evidence, Typed, build, dates_from, numbers_from, showable};
pub use missing::MISSING_TOKENS;
pub(crate) use missing::{Nulls, is_missing};
pub(crate) use number::dissect;
pub(crate) use plan::{EXACT, Must, Plan, Trouble, Wish, plan};
