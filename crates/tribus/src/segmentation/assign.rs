//! Customers and their segments, one entry per row of the table, in its order.

use std::collections::HashMap;

use rayon::prelude::*;
use tribus_kmeans::Model;

use super::{Segmentation, SegmentationError};
use crate::date::Date;
use crate::drift::Drift;
use crate::ledger::Ledger;
use crate::pipeline::{FeatureMatrix, Prepared};
use crate::purchases;
use crate::segment::SegmentNumber;
use crate::source::without_rows;
use crate::table::{Kind, Table};

/// What is said of a model that was made before a baseline was kept.
const NO_BASELINE: &str = "whether the data changed since the segments were made is not known: the model keeps nothing to compare with; \
                           `tribus segment` of this version makes one that does";

/// Where one customer stands among the segments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Nearest segment.
    pub segment: SegmentNumber,
    /// Second nearest; none with a single segment.
    pub second: Option<SegmentNumber>,
    /// 1 - d1 / d2 of the two nearest centroids: 0 on the border, 1 at the centroid and in a group by rule.
    pub confidence: f64,
    /// Euclidean distance to the centroid in scaled units; none of a group by rule, which has no centroid.
    pub distance: Option<f64>,
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
    /// The day that days since and ages counted to; none where nothing counts to a day.
    pub as_of: Option<Date>,
    /// What changed between the rows that were segmented and these; none of those rows themselves as
    /// [`Segmentation::fit_assigned`] gives them, and of a model that keeps nothing to compare with.
    pub drift: Option<Drift>,
}

/// The rows that a pipeline kept, and where each stands.
pub(super) struct Placed {
    pub(super) prepared: Prepared,
    pub(super) placements: Vec<Placement>,
}

impl Placed {
    pub(super) fn of(prepared: Prepared, placements: Vec<Placement>) -> Self {
        Self {
            prepared,
            placements,
        }
    }
}

impl Segmentation {
    /// The rows that can be assigned: customers as they are, purchases rolled up as those were that were segmented.
    ///
    /// # Errors
    /// Purchases that cannot be rolled up.
    pub fn customers_of(
        &self,
        table: Table,
        as_of: Option<Date>,
    ) -> Result<Table, SegmentationError> {
        let inputs = &self.pipeline.inputs;
        let has_all = inputs
            .iter()
            .all(|input| table.position(&input.name).is_some());
        if self.recipe.purchases.is_none() || has_all {
            return Ok(table);
        }
        let mut recipe = self.recipe.clone();
        recipe.input.as_of = as_of;
        let rolled_up = purchases::roll_up(&recipe, &table)?;
        Ok(rolled_up.map_or(table, |(_, customers)| customers))
    }

    /// The customers of an input without rows, with the columns that the model needs and `others`, which hold text: for an
    /// export without even a header, and for purchases of which there are none. Customers under a header are what they are.
    #[must_use]
    pub fn no_customers(&self, table: Table, others: &[String]) -> Table {
        if table.batch().num_columns() > 0 && self.recipe.purchases.is_none() {
            return table;
        }
        let inputs = self.pipeline.inputs.iter();
        let inputs = inputs.map(|input| (input.name.clone(), input.kind));
        let texts = self.pipeline.id.iter().chain(others);
        let texts = texts.map(|name| (name.clone(), Kind::Text));
        let mut columns: Vec<(String, Kind)> = Vec::new();
        for (name, kind) in inputs.chain(texts) {
            if !columns.iter().any(|(known, _)| *known == name) {
                columns.push((name, kind));
            }
        }
        without_rows(&table.file(), columns.into_iter())
    }

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
        let placements = place(&self.model()?, &prepared.matrix)?;
        let drift = self.drift_of(&prepared, &placements);
        let mut customers = self.customers(Placed::of(prepared, placements));
        if drift.is_none() {
            customers.notices.push(NO_BASELINE.to_owned());
        }
        customers.drift = drift;
        Ok(customers)
    }

    /// What is known of the very rows that the segments were made from: what [`Self::assign`] would find again, but for
    /// remarks, which are among the notes.
    pub(super) fn own_customers(
        &self,
        table: &Table,
        mut placed: Placed,
    ) -> Result<Customers, SegmentationError> {
        self.require_unique(table)?;
        placed.prepared.notices.clear();
        placed.prepared.ledger.duplicates = 0;
        Ok(self.customers(placed))
    }

    /// Puts what is known of the rows kept to the rows of the table.
    fn customers(&self, placed: Placed) -> Customers {
        let Placed {
            prepared,
            placements,
        } = placed;
        // A table of a million rows has much of these.
        drop((prepared.batch, prepared.matrix));
        let n = prepared.reasons.len();
        let mut customers = Customers {
            placements: vec![None; n],
            outliers: vec![false; n],
            repaired: vec![0; n],
            reasons: prepared.reasons,
            ledger: prepared.ledger,
            notices: prepared.notices,
            as_of: prepared.as_of,
            drift: None,
        };
        for (at, placement) in placements.into_iter().enumerate() {
            let row = prepared.rows[at];
            let limit = self.outlier_distance[placement.segment.index()];
            let far = placement.distance.is_some_and(|distance| distance > limit);
            customers.placements[row] = Some(placement);
            customers.outliers[row] = far || prepared.limited[at];
            customers.repaired[row] = prepared.repaired[at];
        }
        self.place_by_rule(&mut customers);
        customers
    }
}

impl Segmentation {
    /// Gives the customers of groups by rule, whom the pipeline left out of clustering, the number of their group.
    fn place_by_rule(&self, customers: &mut Customers) {
        let groups = self.lifecycle().iter().enumerate();
        let numbers: HashMap<String, SegmentNumber> = groups
            .map(|(at, group)| (group.reason(), SegmentNumber::at(self.k + at)))
            .collect();
        for (row, reason) in customers.reasons.iter_mut().enumerate() {
            let entry = reason.map(|at| &customers.ledger.set_aside[at].reason);
            if let Some(segment) = entry.and_then(|reason| numbers.get(reason)) {
                *reason = None;
                customers.placements[row] = Some(Placement {
                    segment: *segment,
                    second: None,
                    confidence: 1.0,
                    distance: None,
                });
            }
        }
    }

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
                distance: Some(distance),
            })
        });
    placed.collect()
}
