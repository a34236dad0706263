//! Customers and their segments, one entry per row of the table, in its order.

use rayon::prelude::*;
use tribus_kmeans::Model;

use super::{Segmentation, SegmentationError};
use crate::date::Date;
use crate::ledger::Ledger;
use crate::pipeline::{FeatureMatrix, Prepared};
use crate::segment::SegmentNumber;
use crate::table::Table;

/// Where one customer stands among the segments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Nearest segment.
    pub segment: SegmentNumber,
    /// Second nearest; none with a single segment.
    pub second: Option<SegmentNumber>,
    /// 1 - d1 / d2 of the two nearest centroids: 0 on the border, 1 at the centroid.
    pub confidence: f64,
    /// Euclidean distance to the centroid in scaled units.
    pub distance: f64,
}

/// How new customers are assigned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AssignOptions {
    /// The day that days since count to, and ages from a date of birth.
    pub as_of: Option<Date>,
    /// Rows may share an id.
    pub allow_duplicates: bool,
}

/// All rows of a table, assigned or set aside.
#[derive(Debug, Clone)]
pub struct Customers {
    /// Per row; none where it was set aside.
    pub placements: Vec<Option<Placement>>,
    /// Per row: farther than 99.5 % of its segment when fitted, or with a far value that was limited.
    pub outliers: Vec<bool>,
    /// Per row: cells replaced or filled.
    pub repaired: Vec<u32>,
    /// Per row: the entry of `ledger.set_aside` that holds it.
    pub reasons: Vec<Option<usize>>,
    /// The account.
    pub ledger: Ledger,
    /// What people should know.
    pub notices: Vec<String>,
}

impl Segmentation {
    /// Takes every row of a table through the pipeline and to its nearest centroid. O(n k d). Days since count to the later of
    /// the day the segments were made as of and the latest date in the rows; of the very rows they were made from, to that day.
    ///
    /// # Errors
    /// An id that two rows have; columns that are not there or do not hold what they should; all rows set aside is no error.
    pub fn assign(&self, table: &Table) -> Result<Customers, SegmentationError> {
        self.assign_as(table, &AssignOptions::default())
    }

    /// The same, as the options say.
    ///
    /// # Errors
    /// As [`Self::assign`].
    pub fn assign_as(
        &self,
        table: &Table,
        options: &AssignOptions,
    ) -> Result<Customers, SegmentationError> {
        if !options.allow_duplicates {
            self.require_unique(table)?;
        }
        let prepared = self.prepared(table, options.as_of)?;
        let placed = place(&self.model()?, &prepared.matrix)?;
        let n = table.rows();
        let mut customers = Customers {
            placements: vec![None; n],
            outliers: vec![false; n],
            repaired: vec![0; n],
            reasons: prepared.reasons,
            ledger: prepared.ledger,
            notices: prepared.notices,
        };
        for (at, placement) in placed.into_iter().enumerate() {
            let row = prepared.rows[at];
            let far = placement.distance > self.outlier_distance[placement.segment.index()];
            customers.placements[row] = Some(placement);
            customers.outliers[row] = far || prepared.limited[at];
            customers.repaired[row] = prepared.repaired[at];
        }
        Ok(customers)
    }
}

impl Segmentation {
    /// Refuses ids that two rows have; empty ones do not matter.
    fn require_unique(&self, table: &Table) -> Result<(), SegmentationError> {
        let id = self.pipeline.id.as_deref();
        let Some(id) = id.filter(|id| table.position(id).is_some()) else {
            return Ok(());
        };
        let repeated = |source| SegmentationError::RepeatedId { source };
        table.require_different_ids(id).map_err(repeated)
    }

    /// The rows through the pipeline. Those that the segments were made from count to the day they counted to then, whatever
    /// later date is in them.
    pub(super) fn prepared(
        &self,
        table: &Table,
        as_of: Option<Date>,
    ) -> Result<Prepared, SegmentationError> {
        let is_own = || {
            table.rows() as u64 == self.manifest.rows && table.digest() == self.manifest.rows_sha256
        };
        let as_of = as_of.or_else(|| self.pipeline.as_of.filter(|_| is_own()));
        Ok(self.pipeline.apply_as_of(table, as_of)?)
    }
}

/// Places each row of a matrix.
pub(super) fn place(
    model: &Model,
    matrix: &FeatureMatrix,
) -> Result<Vec<Placement>, SegmentationError> {
    let placed = matrix
        .values
        .par_chunks(matrix.columns().max(1))
        .map(|row| {
            let assignment = model.assign(row)?;
            let distance = assignment.distance_sq.sqrt();
            let confidence = match assignment.second {
                Some(second) if second.distance_sq > 0.0 => {
                    1.0 - distance / second.distance_sq.sqrt()
                }
                Some(_) => 0.0,
                None => 1.0,
            };
            Ok(Placement {
                segment: SegmentNumber::at(assignment.label as usize),
                second: assignment
                    .second
                    .map(|second| SegmentNumber::at(second.label as usize)),
                confidence,
                distance,
            })
        });
    placed.collect()
}
