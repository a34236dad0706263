//! The customers by segment, before they are reduced.

use arrow_array::{Array, Float64Array, RecordBatch};

use crate::pipeline::{Pipeline, Prepared};
use crate::plan::Plan;
use crate::table::Table;

/// The customers by segment, as the summary is made from them.
#[derive(Clone, Copy)]
pub(crate) struct Segmented<'a> {
    pub(crate) plan: &'a Plan,
    /// As read, for what columns were before cleaning.
    pub(crate) table: &'a Table,
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) prepared: &'a Prepared,
    /// Segment of each row kept, 0-based.
    pub(crate) labels: &'a [u32],
    /// k x d, scaled.
    pub(crate) centroids: &'a [f64],
    pub(crate) k: usize,
    pub(crate) seed: u64,
}

impl Segmented<'_> {
    /// Segments and categories of fewer customers are not described.
    pub(crate) fn min_group(&self) -> u64 {
        self.plan.recipe.privacy.smallest(self.labels.len())
    }
}

pub(super) fn numbers<'b>(batch: &'b RecordBatch, name: &str) -> Option<&'b Float64Array> {
    batch.column_by_name(name)?.as_any().downcast_ref()
}
