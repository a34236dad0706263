//! Why one customer is in one segment: what speaks for it against the second nearest, feature by feature.

use arrow_array::{Array, Float64Array};
use serde::Serialize;

use super::assign::{Placement, place};
use super::{Segmentation, SegmentationError};
use crate::roles::FeatureGroup;
use crate::segment::SegmentNumber;
use crate::table::Table;

/// What one feature says about a customer's segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Driver {
    /// Feature.
    pub feature: String,
    /// Its group.
    pub group: Option<FeatureGroup>,
    /// The customer's value, in raw units.
    pub value: f64,
    /// The centroid of the customer's segment, in raw units.
    pub centroid: f64,
    /// The centroid of the second nearest segment, in raw units.
    pub second_centroid: f64,
    /// How much nearer to the own centroid than to the second in this feature, squared and scaled; below 0 it speaks for
    /// the second. They add up to the difference of the two squared distances.
    pub pull: f64,
}

/// Why a customer is in a segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Row of the table, 0-based.
    pub row: usize,
    /// Segment.
    pub segment: SegmentNumber,
    /// Second nearest segment; none with a single segment.
    pub second: Option<SegmentNumber>,
    /// 1 - d1 / d2 of the two nearest centroids.
    pub confidence: f64,
    /// Distance to the centroid in scaled units.
    pub distance: f64,
    /// Farther than 99.5 % of the segment.
    pub outlier: bool,
    /// What each feature says, strongest first.
    pub drivers: Vec<Driver>,
    /// What each group of features says: the sum of its drivers' pulls.
    pub groups: Vec<(FeatureGroup, f64)>,
}

impl Segmentation {
    /// Explains the customers with this id (the number of the row where the table has no id).
    ///
    /// # Errors
    /// [`SegmentationError::NoSuchCustomer`]; [`SegmentationError::SetAside`]; as [`Self::assign`].
    pub fn explain(&self, table: &Table, id: &str) -> Result<Vec<Explanation>, SegmentationError> {
        let rows = self.rows_of(table, id);
        if rows.is_empty() {
            return Err(SegmentationError::NoSuchCustomer { id: id.to_owned() });
        }
        let prepared = self.prepared(table, None)?;
        let kept = |row: &usize| prepared.rows.iter().position(|kept| kept == row);
        let at: Vec<usize> = rows.iter().filter_map(kept).collect();
        if at.is_empty() {
            let reason = prepared.reasons[rows[0]].map(|at| &prepared.ledger.set_aside[at]);
            let because = reason.map_or_else(String::new, |entry| entry.reason.clone());
            return Err(SegmentationError::SetAside { because });
        }
        let placed = place(&self.model()?, &prepared.matrix)?;
        let raw = |at: usize, feature: &str| {
            let column = prepared.batch.column_by_name(feature);
            let numbers: Option<&Float64Array> =
                column.and_then(|column| column.as_any().downcast_ref());
            numbers.map_or(f64::NAN, |numbers| numbers.value(at))
        };
        let explained = at.into_iter().map(|at| {
            let own = prepared.matrix.row(at);
            self.explanation(prepared.rows[at], own, placed[at], &|feature| {
                raw(at, feature)
            })
        });
        Ok(explained.collect())
    }

    fn rows_of(&self, table: &Table, id: &str) -> Vec<usize> {
        let column = self.pipeline.id.as_deref();
        match column.and_then(|name| table.position(name)) {
            Some(at) => {
                let number: Option<f64> = id.parse().ok();
                let is_it = |row: &usize| match (table.numbers(at), number) {
                    (Some(ids), Some(number)) => ids.is_valid(*row) && ids.value(*row) == number,
                    _ => table.cell(at, *row).is_some_and(|cell| cell == id),
                };
                (0..table.rows()).filter(is_it).collect()
            }
            None => id
                .parse::<usize>()
                .ok()
                .and_then(|number| number.checked_sub(1))
                .filter(|row| *row < table.rows())
                .into_iter()
                .collect(),
        }
    }

    fn explanation(
        &self,
        row: usize,
        own: &[f64],
        placed: Placement,
        raw: &dyn Fn(&str) -> f64,
    ) -> Explanation {
        let features = &self.pipeline.features;
        let d = features.len();
        let first = placed.segment.index();
        let second = placed.second.map_or(first, SegmentNumber::index);
        let driver = |(j, feature): (usize, &crate::pipeline::Feature)| {
            let (near, far) = (
                self.centroids[first * d + j],
                self.centroids[second * d + j],
            );
            let decided = self
                .columns
                .iter()
                .find(|column| column.name == feature.name);
            Driver {
                feature: feature.name.clone(),
                group: decided.and_then(|column| column.group),
                value: raw(&feature.name),
                centroid: feature.raw(near),
                second_centroid: feature.raw(far),
                pull: (own[j] - far) * (own[j] - far) - (own[j] - near) * (own[j] - near),
            }
        };
        let mut drivers: Vec<Driver> = features.iter().enumerate().map(driver).collect();
        drivers.sort_by(|a, b| b.pull.abs().total_cmp(&a.pull.abs()));
        let groups = [
            FeatureGroup::Behavior,
            FeatureGroup::Demographics,
            FeatureGroup::Engagement,
        ];
        let of = |group: FeatureGroup| {
            let mut own = drivers.iter().filter(|driver| driver.group == Some(group));
            own.next().map(|first| {
                let rest: f64 = own.map(|driver| driver.pull).sum();
                (group, first.pull + rest)
            })
        };
        Explanation {
            row,
            segment: placed.segment,
            second: placed.second,
            confidence: placed.confidence,
            distance: placed.distance.unwrap_or_default(),
            outlier: placed
                .distance
                .is_some_and(|distance| distance > self.outlier_distance[first]),
            groups: groups.into_iter().filter_map(of).collect(),
            drivers,
        }
    }
}
