//! Cells of text into typed columns, deciding over the whole column.

mod column;
mod date;
mod missing;
mod notation;
mod number;

pub(crate) use column::{
    Evidence, Must, Plan, Trouble, Typed, Wish, build, numbers_from, plan, showable,
};
pub use missing::MISSING_TOKENS;
