//! The customers that criteria by resampling are computed on: all, or a sample of a large table.

use tribus_kmeans::{Error, Fit, KMeans, Points};

use crate::statistics::draw::{Key, content_key};

/// Criteria by resampling are computed on at most so many customers, drawn at random.
pub const SAMPLED_CUSTOMERS: usize = 5_000;

/// With more columns, distances are taken in so many random directions: they keep distances to a tenth or so (Johnson and
/// Lindenstrauss 1984; Achlioptas 2003, <https://doi.org/10.1016/S0022-0000(03)00025-4>).
const MOST_COLUMNS: usize = 64;

/// The number of the draws of these directions.
const DIRECTIONS: u64 = 12;

/// Starts of a fit to resampled or made-up customers: many where they cost nothing, and at least two.
const STARTS: std::ops::RangeInclusive<usize> = 2..=12;
const CUSTOMERS_STARTED_FROM: usize = 4_000;

/// Such a fit ends when centroids move no more than this; the inertia is then settled to four digits.
const TOLERANCE: f64 = 1e-4;

/// The number of the shuffle that picks the sample.
const SHUFFLE: u64 = 11;

/// The logarithm of an inertia; of none at all, that of the smallest there is.
pub(super) fn log(inertia: f64) -> f64 {
    libm::log(inertia.max(f64::MIN_POSITIVE))
}

/// A labeling of the sample.
#[derive(Debug, Clone)]
pub(super) struct Labeling {
    pub(super) k: usize,
    pub(super) labels: Vec<u32>,
    pub(super) centroids: Vec<f64>,
    pub(super) inertia: f64,
}

/// Scaled features of some customers, row-major, in an order that depends on what they are, not where they stood.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    pub(super) values: Vec<f64>,
    pub(super) n: usize,
    pub(super) d: usize,
    /// Row of the table behind each customer; none where they are made up.
    pub(super) rows: Vec<usize>,
}

impl Sample {
    /// Customers that are made up.
    pub(super) fn made(values: Vec<f64>, d: usize) -> Self {
        Self {
            n: values.len() / d,
            values,
            d,
            rows: Vec::new(),
        }
    }

    /// All customers, or `most` of them drawn at random.
    pub(super) fn draw(points: &Points<'_>, most: usize, seed: u64) -> Self {
        let shuffle = Key::new(seed, SHUFFLE);
        let mut keyed: Vec<(u64, usize)> = (0..points.n())
            .map(|row| (shuffle.of(content_key(points.row(row))), row))
            .collect();
        // Equal keys are equal rows, in all likelihood that a 64-bit hash allows: their order says nothing.
        keyed.sort_unstable();
        keyed.truncate(most);
        let rows: Vec<usize> = keyed.into_iter().map(|(_, row)| row).collect();
        if points.d() > MOST_COLUMNS {
            return Self::in_random_directions(points, rows, seed);
        }
        Self {
            n: rows.len(),
            d: points.d(),
            values: rows
                .iter()
                .flat_map(|row| points.row(*row))
                .copied()
                .collect(),
            rows,
        }
    }

    fn in_random_directions(points: &Points<'_>, rows: Vec<usize>, seed: u64) -> Self {
        let (d, key) = (points.d(), Key::new(seed, DIRECTIONS));
        let scale = 1.0 / (MOST_COLUMNS as f64).sqrt();
        let signs: Vec<f64> = (0..MOST_COLUMNS * d)
            .map(|at| {
                if key.of(at as u64) & 1 == 0 {
                    scale
                } else {
                    -scale
                }
            })
            .collect();
        let along = |row: usize| {
            let values = points.row(row);
            signs.chunks(d).map(move |signs| {
                values
                    .iter()
                    .zip(signs)
                    .map(|(x, sign)| x * sign)
                    .sum::<f64>()
            })
        };
        Self {
            n: rows.len(),
            d: MOST_COLUMNS,
            values: rows.iter().flat_map(|row| along(*row)).collect(),
            rows,
        }
    }

    /// Whether these are all customers, in all their columns.
    pub(super) fn is_all_of(&self, points: &Points<'_>) -> bool {
        (self.n, self.d) == (points.n(), points.d())
    }

    /// The mean of the customers with each label, k x d; 0 for a label without any.
    pub(super) fn centers(&self, labels: &[u32], k: usize) -> Vec<f64> {
        let d = self.d;
        let mut centers = vec![0.0; k * d];
        let mut counts = vec![0.0_f64; k];
        for (row, label) in labels.iter().enumerate() {
            let label = *label as usize;
            counts[label] += 1.0;
            let center = &mut centers[label * d..][..d];
            for (sum, value) in center.iter_mut().zip(self.row(row)) {
                *sum += value;
            }
        }
        for (center, count) in centers.chunks_mut(d).zip(counts) {
            for sum in center {
                *sum /= count.max(1.0);
            }
        }
        centers
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.d..][..self.d]
    }

    pub(super) fn column(&self, column: usize) -> Vec<f64> {
        self.values
            .iter()
            .skip(column)
            .step_by(self.d)
            .copied()
            .collect()
    }

    /// Some of its customers.
    pub(super) fn take(&self, rows: &[usize]) -> Self {
        Self::made(
            rows.iter()
                .flat_map(|row| self.row(*row))
                .copied()
                .collect(),
            self.d,
        )
    }

    /// Plain restarts of K-Means on these customers: quick, for criteria that are means over many such fits.
    pub(super) fn fit(&self, k: usize, seed: u64) -> Result<Fit, Error> {
        let settings = KMeans {
            k,
            restarts: (CUSTOMERS_STARTED_FROM / self.n.max(1))
                .clamp(*STARTS.start(), *STARTS.end()),
            recombinations: 0,
            tolerance: TOLERANCE,
            seed,
            ..KMeans::default()
        };
        settings.fit(&self.points())
    }

    /// As the engine takes them.
    pub(super) fn points(&self) -> Points<'_> {
        Points::new(&self.values, self.n, self.d)
            .expect("taken from checked points, or made within their range")
    }
}
