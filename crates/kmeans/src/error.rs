//! What can be wrong with the input, said once and in one place.

use thiserror::Error;

/// Why points, settings or labels were refused.
///
/// Rows and columns count from 0, as the slices they index do.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// There is not one value.
    #[error("no points: {rows} rows of {columns} columns")]
    Empty {
        /// Rows given.
        rows: usize,
        /// Columns given.
        columns: usize,
    },
    /// The slice's length is not rows x columns.
    #[error("{values} values are not {rows} rows of {columns} columns")]
    Shape {
        /// Length of the slice.
        values: usize,
        /// Rows given.
        rows: usize,
        /// Columns given.
        columns: usize,
    },
    /// A value is NaN or infinite.
    #[error("the value in row {row}, column {column} is not a finite number")]
    NotFinite {
        /// Row of the first such value.
        row: usize,
        /// Column of that value.
        column: usize,
    },
    /// A column is so wide that sums of squared distances would overflow.
    #[error("the values of column {column} lie {range:e} apart, too far for squared distances")]
    TooLarge {
        /// The widest column.
        column: usize,
        /// Its largest less its smallest value.
        range: f64,
    },
    /// All columns are so narrow that squared distances would vanish.
    #[error("the values of column {column} lie {range:e} apart, too close for squared distances")]
    TooSmall {
        /// The widest column.
        column: usize,
        /// Its largest less its smallest value.
        range: f64,
    },
    /// `k` is 0, or more than a label can count.
    #[error("{clusters} clusters asked, must be 1 to 4294967294")]
    ClusterCount {
        /// Clusters asked.
        clusters: usize,
    },
    /// More clusters than points.
    #[error("{clusters} clusters asked of {points} points")]
    TooFewPoints {
        /// Points given.
        points: usize,
        /// Clusters asked.
        clusters: usize,
    },
    /// `restarts` is 0.
    #[error("0 restarts asked")]
    NoRestarts,
    /// `max_iterations` is 0.
    #[error("0 iterations allowed")]
    NoIterations,
    /// `tolerance` is negative or not a number.
    #[error("the tolerance {tolerance} is not a number of 0 or more")]
    Tolerance {
        /// The tolerance given.
        tolerance: f64,
    },
    /// The centroids' length is not clusters x columns.
    #[error("{values} values are not {clusters} centroids of {columns} columns")]
    CentroidShape {
        /// Length of the slice.
        values: usize,
        /// Clusters expected.
        clusters: usize,
        /// Columns expected.
        columns: usize,
    },
    /// A centroid holds NaN or infinity, or lies too far for squared distances.
    #[error("centroid {centroid}, column {column} is not finite or too far from the points")]
    Centroid {
        /// The centroid.
        centroid: usize,
        /// Its column.
        column: usize,
    },
    /// A point has another number of columns than the model.
    #[error("a point of {found} columns for a model of {expected}")]
    Columns {
        /// Columns of the point.
        found: usize,
        /// Columns of the model.
        expected: usize,
    },
    /// The squared distance of a point to a centroid overflows.
    #[error("row {row} is too far from the centroids for a squared distance")]
    TooFar {
        /// The row.
        row: usize,
    },
    /// Not one label per point.
    #[error("{labels} labels for {points} points")]
    LabelCount {
        /// Labels given.
        labels: usize,
        /// Points given.
        points: usize,
    },
    /// A label is not below the number of clusters.
    #[error("the label of row {row} is {label}, with {clusters} clusters")]
    Label {
        /// Row of the first such label.
        row: usize,
        /// The label.
        label: u32,
        /// Clusters given.
        clusters: usize,
    },
    /// A measure that compares clusters needs two or more, and fewer than points.
    #[error("{clusters} clusters of {points} points cannot be compared")]
    NotComparable {
        /// Clusters with at least one point.
        clusters: usize,
        /// Points given.
        points: usize,
    },
}

impl Error {
    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotFinite { .. } => Some("fill in or leave out missing values first"),
            Self::TooLarge { .. } | Self::TooSmall { .. } => {
                Some("scale the columns first, for example to mean 0 and variance 1")
            }
            Self::TooFewPoints { .. } => Some("ask for fewer clusters, or bring more points"),
            Self::NotComparable { .. } => Some("use 2 clusters or more, and fewer than points"),
            Self::Columns { .. } => Some("bring the columns the model was fitted on"),
            _ => None,
        }
    }
}
