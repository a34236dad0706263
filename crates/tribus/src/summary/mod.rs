//! The rows, reduced once to statistics. Everything report, workbook and tables show is a view of a [`Summary`], so
//! nothing needs the rows again.

mod build;
mod categories;
mod features;
mod map;
mod segmented;

use serde::{Deserialize, Serialize};

use crate::roles::{Fate, Role};
use crate::segment::SegmentNumber;

#[cfg(test)]
pub(crate) use build::describe as describe_numbers;
pub use features::{Correlations, FeatureHistograms, Histogram};

pub(crate) use build::{map_ground, summarize, summarize_again};
pub(crate) use segmented::Segmented;

/// Statistics of the numbers of one column over one group of customers, in raw units.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberSummary {
    /// Customers with a value.
    pub count: u64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Population standard deviation.
    pub sd: f64,
    /// Moment skewness; 0 where all are equal.
    #[serde(default)]
    pub skewness: f64,
    /// Moment kurtosis less 3; 0 where all are equal.
    #[serde(default)]
    pub excess_kurtosis: f64,
    /// 5 % quantile (linear interpolation, as all quantiles here).
    pub q05: f64,
    /// 25 % quantile.
    pub q25: f64,
    /// 50 % quantile.
    pub median: f64,
    /// 75 % quantile.
    pub q75: f64,
    /// 95 % quantile.
    pub q95: f64,
}

/// What is kept of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "holds")]
pub enum ColumnStatistics {
    /// A numeric column.
    Numbers {
        /// Over all customers used.
        overall: NumberSummary,
        /// One entry per segment, in segment order.
        segments: Vec<NumberSummary>,
        /// The centroid's coordinate in raw units (only for columns clustered on); differs from the mean under a transform.
        centroid: Option<Vec<f64>>,
    },
    /// A text column, or one-hot columns joined again.
    Categories {
        /// The categories, most frequent first, at most 12.
        levels: Vec<String>,
        /// The last of them is all the rest, joined: no category of the data.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        joined: bool,
        /// Customers per category over all.
        overall: Vec<u64>,
        /// Customers per category, one row per segment.
        segments: Vec<Vec<u64>>,
        /// Where the categories are integer codes: their mean per segment, for tables only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code_means: Option<Vec<f64>>,
    },
}

/// One column and its statistics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSummary {
    /// Column name, as in the file or recipe.
    pub name: String,
    /// What the column means.
    pub role: Role,
    /// Clustered on, or described only.
    pub fate: Fate,
    /// Its numbers.
    pub statistics: ColumnStatistics,
}

/// One segment's size and value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentSummary {
    /// Customers.
    pub size: u64,
    /// Of all customers used, 0 to 1.
    pub share: f64,
    /// Sum of the value column, if there is one.
    pub value: Option<f64>,
    /// Of the value of all customers used, 0 to 1.
    pub value_share: Option<f64>,
    /// The segment with the nearest centroid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<SegmentNumber>,
}

impl Summary {
    /// Whether a segment (0-based) is too small to be described.
    pub fn is_small(&self, segment: usize) -> bool {
        self.segments
            .get(segment)
            .is_some_and(|segment| segment.size < self.min_group)
    }
}

/// A point of the customer map: two coordinates and a segment, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MapPoint(
    /// First principal axis.
    pub f64,
    /// Second principal axis.
    pub f64,
    /// Segment.
    pub SegmentNumber,
);

/// Customers on the two principal axes of the scaled features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerMap {
    /// At most 2,000 customers, drawn by segment.
    pub points: Vec<MapPoint>,
    /// Customers of which the points are a sample.
    pub of: u64,
    /// One pair of coordinates per segment.
    pub centroids: Vec<[f64; 2]>,
    /// Share of the variance on each axis, 0 to 1.
    pub variance: [f64; 2],
    /// The two or three features that weigh most on each axis, with sign, in words: `more Income, more MntWines`.
    pub axes: [String; 2],
}

/// Silhouette values of one segment, highest first, at most 200 of them evenly taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knife {
    /// Values from -1 to 1.
    pub values: Vec<f64>,
    /// Their mean over the segment.
    pub mean: f64,
}

/// All statistics of a segmentation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Customers used.
    pub customers: u64,
    /// Segments of fewer customers are described by their size alone, and rarer categories are joined.
    #[serde(default)]
    pub min_group: u64,
    /// Name of the value column, if there is one.
    pub value: Option<String>,
    /// Columns clustered on, then columns described, each in order.
    pub columns: Vec<ColumnSummary>,
    /// Segments in order.
    pub segments: Vec<SegmentSummary>,
    /// The customer map.
    pub map: CustomerMap,
    /// One silhouette knife per segment; empty where silhouettes have no meaning (one segment).
    pub knives: Vec<Knife>,
    /// How each feature is spread before and after cleaning and in the distance, in feature order.
    #[serde(default)]
    pub histograms: Vec<FeatureHistograms>,
    /// How the features go together.
    #[serde(default)]
    pub correlations: Correlations,
}
