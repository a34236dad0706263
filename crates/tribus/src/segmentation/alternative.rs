//! The other numbers of segments: what depends on the segments, for each number tried, so that a result can be switched to
//! another without the rows. What does not depend on them is in the [`Summary`] already.

use serde::{Deserialize, Serialize};

use crate::campaign::Campaign;
use crate::rules::Rules;
use crate::segment::SegmentNumber;
use crate::summary::{
    ColumnStatistics, ColumnSummary, CustomerMap, Knife, MapPoint, NumberSummary, SegmentSummary,
    Summary,
};

/// Statistics of other numbers are kept up to so many customers; above, their cost would show.
pub(crate) const OTHERS_KEPT: usize = 100_000;

/// Silhouette values kept of a segment of another number: as many as a drawing shows.
const BLADE: usize = 60;

/// What is kept of one column for another number of segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "holds")]
pub enum SegmentColumn {
    /// A numeric column.
    Numbers {
        /// One entry per segment.
        segments: Vec<NumberSummary>,
        /// The centroid in raw units, for columns clustered on.
        centroid: Option<Vec<f64>>,
    },
    /// Categories.
    Categories {
        /// Customers per category, one row per segment.
        segments: Vec<Vec<u64>>,
        /// The mean code per segment, where the categories are codes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code_means: Option<Vec<f64>>,
    },
}

/// One other number of segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherNumber {
    /// Number of segments.
    pub k: usize,
    /// Distance beyond which a customer of a segment is an outlier.
    pub outlier_distance: Vec<f64>,
    /// Sizes and values.
    pub segments: Vec<SegmentSummary>,
    /// One entry per column of the summary, in its order.
    pub columns: Vec<SegmentColumn>,
    /// The segment of each point of the map.
    pub point_segments: Vec<SegmentNumber>,
    /// Centroids on the map.
    pub centroids: Vec<[f64; 2]>,
    /// Silhouettes.
    pub knives: Vec<Knife>,
    /// Names that the user gave: segment and name.
    pub names: Vec<(SegmentNumber, String)>,
    /// The segments as thresholds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
    /// Whether targeting pays by these segments; known of the number that was made from the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Campaign>,
}

impl OtherNumber {
    /// What of a summary depends on its segments.
    pub(crate) fn of(summary: &Summary, outlier_distance: Vec<f64>) -> Self {
        Self {
            k: summary.segments.len(),
            outlier_distance,
            segments: summary.segments.clone(),
            columns: summary.columns.iter().map(part).collect(),
            point_segments: summary.map.points.iter().map(|point| point.2).collect(),
            centroids: summary.map.centroids.clone(),
            knives: summary.knives.iter().map(thinned).collect(),
            names: Vec::new(),
            rules: None,
            campaign: None,
        }
    }

    /// The summary with these segments in the place of its own; none where the two are not of the same columns.
    pub(crate) fn applied_to(&self, summary: &Summary) -> Option<Summary> {
        let fits = self.columns.len() == summary.columns.len()
            && self.point_segments.len() == summary.map.points.len();
        if !fits {
            return None;
        }
        let columns = summary.columns.iter().zip(&self.columns);
        let points = summary.map.points.iter().zip(&self.point_segments);
        Some(Summary {
            columns: columns
                .map(|(column, part)| whole(column, part))
                .collect::<Option<_>>()?,
            segments: self.segments.clone(),
            map: CustomerMap {
                points: points
                    .map(|(point, segment)| MapPoint(point.0, point.1, *segment))
                    .collect(),
                centroids: self.centroids.clone(),
                ..summary.map.clone()
            },
            knives: self.knives.clone(),
            ..summary.clone()
        })
    }
}

fn part(column: &ColumnSummary) -> SegmentColumn {
    match &column.statistics {
        ColumnStatistics::Numbers {
            segments, centroid, ..
        } => SegmentColumn::Numbers {
            segments: segments.clone(),
            centroid: centroid.clone(),
        },
        ColumnStatistics::Categories {
            segments,
            code_means,
            ..
        } => SegmentColumn::Categories {
            segments: segments.clone(),
            code_means: code_means.clone(),
        },
    }
}

fn whole(column: &ColumnSummary, part: &SegmentColumn) -> Option<ColumnSummary> {
    let statistics = match (&column.statistics, part) {
        (
            ColumnStatistics::Numbers { overall, .. },
            SegmentColumn::Numbers { segments, centroid },
        ) => ColumnStatistics::Numbers {
            overall: *overall,
            segments: segments.clone(),
            centroid: centroid.clone(),
        },
        (
            ColumnStatistics::Categories {
                levels,
                joined,
                overall,
                ..
            },
            SegmentColumn::Categories {
                segments,
                code_means,
            },
        ) => ColumnStatistics::Categories {
            levels: levels.clone(),
            joined: *joined,
            overall: overall.clone(),
            segments: segments.clone(),
            code_means: code_means.clone(),
        },
        _ => return None,
    };
    Some(ColumnSummary {
        statistics,
        ..column.clone()
    })
}

/// The same blade from fewer values.
fn thinned(knife: &Knife) -> Knife {
    let values = &knife.values;
    if values.len() <= BLADE {
        return knife.clone();
    }
    let step = (values.len() - 1) as f64 / (BLADE - 1) as f64;
    Knife {
        values: (0..BLADE)
            .map(|at| values[(at as f64 * step).round() as usize])
            .collect(),
        mean: knife.mean,
    }
}
