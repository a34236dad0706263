//! Tables as files: customers with their segment, prepared rows, and the segments, as CSV or Parquet.

pub(super) mod cells;
pub(super) mod columnar;
pub(super) mod customers;
mod delimited;
pub(super) mod guard;
pub(super) mod prepared;
pub(super) mod rejects;
pub(super) mod rows;
pub(super) mod segments;
