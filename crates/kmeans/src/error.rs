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
    /// The rows of a view do not lie one after another.
    #[error("the rows of the table do not lie one after another in memory")]
    Layout,
    /// A value is NaN or infinite.
    #[error("the value in row {row}, column {column} is not a finite number")]
    NotFinite {
        /// Row of the first such value.
        row: usize,
        /// Column of that value.
        column: usize,
    },
    /// More rows than labels and row numbers of 32 bits can tell apart.
    #[error("{rows} rows are more than can be clustered at once")]
    TooManyRows {
        /// Rows given.
        rows: usize,
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
    /// Not one weight per point.
    #[error("{weights} weights for {points} points")]
    WeightCount {
        /// Weights given.
        weights: usize,
        /// Points given.
        points: usize,
    },
    /// A weight is negative, not finite, above 1e100, or more than 1e15 times smaller than another.
    #[error("the weight of row {row} is not a number from 0 to 1e100, or is lost beside others")]
    Weight {
        /// The first such row.
        row: usize,
    },
    /// The caller asked to stop.
    #[error("interrupted")]
    Interrupted,
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
    /// A cluster may not be asked to have 0 points, at least or at most.
    #[error("a bound of 0 points per cluster")]
    ZeroSize,
    /// No clusters of such sizes hold all points.
    #[error("{clusters} clusters of {min} to {max} points cannot hold {points} points")]
    Sizes {
        /// Points per cluster, at least.
        min: usize,
        /// Points per cluster, at most.
        max: usize,
        /// Clusters asked.
        clusters: usize,
        /// Points given.
        points: usize,
    },
    /// A row of zeros has no direction.
    #[error("row {row} is all zeros and has no direction")]
    ZeroRow {
        /// The first such row.
        row: usize,
    },
    /// The share to trim is not from 0 to 0.5.
    #[error("the share to trim, {trim}, is not a number from 0 to 0.5")]
    Trim {
        /// The share given.
        trim: f64,
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
            Self::Layout => Some("copy it row by row first, with ndarray: as_standard_layout"),
            Self::NotFinite { .. } => Some("fill in or leave out missing values first"),
            Self::TooLarge { .. } | Self::TooSmall { .. } => {
                Some("scale the columns first, for example to mean 0 and variance 1")
            }
            Self::TooManyRows { .. } => Some("fit a sample, then assign the rest"),
            Self::TooFewPoints { .. } => Some("ask for fewer clusters, or bring more points"),
            Self::Sizes { .. } => Some("widen the bounds, or ask for another number of clusters"),
            Self::ZeroRow { .. } => Some("leave it out first"),
            Self::NotComparable { .. } => Some("use 2 clusters or more, and fewer than points"),
            Self::Columns { .. } => Some("bring the columns the model was fitted on"),
            _ => None,
        }
    }
}
