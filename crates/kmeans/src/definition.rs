//! What a label is: the definition that every faster computation must agree with.

use crate::real::Real;

/// The sum of `(x - c)^2` in column order, in double precision, every operation rounded.
#[inline(always)]
pub(crate) fn distance_sq<T: Real>(point: &[T], centroid: &[f64]) -> f64 {
    let pairs = point.iter().zip(centroid);
    pairs.fold(0.0, |sum, (x, c)| {
        let difference = x.widen() - c;
        sum + difference * difference
    })
}

/// Rows whose distances are computed side by side: one sum alone waits for its own additions.
const ABREAST: usize = 4;

/// Calls `take` for each of these rows, in order, with the squared distance to the centroid of its label.
#[inline(always)]
pub(crate) fn each_distance_sq<'a, T: Real>(
    rows: impl ExactSizeIterator<Item = &'a [T]>,
    labels: &[u32],
    centroids: &[f64],
    mut take: impl FnMut(usize, f64),
) {
    let (groups, _) = labels.as_chunks::<ABREAST>();
    let mut rows = rows;
    let mut at = 0;
    for labels in groups {
        let points: [&[T]; ABREAST] =
            std::array::from_fn(|_| rows.next().expect("one row per label"));
        let d = points[0].len();
        let centroids: [&[f64]; ABREAST] =
            std::array::from_fn(|i| &centroids[labels[i] as usize * d..][..d]);
        let mut sums = [0.0; ABREAST];
        for column in 0..d {
            for i in 0..ABREAST {
                let difference = points[i][column].widen() - centroids[i][column];
                sums[i] += difference * difference;
            }
        }
        for sum in sums {
            take(at, sum);
            at += 1;
        }
    }
    for (point, &label) in rows.zip(&labels[at..]) {
        take(
            at,
            distance_sq(
                point,
                &centroids[label as usize * point.len()..][..point.len()],
            ),
        );
        at += 1;
    }
}

/// Centroids whose distances are computed side by side.
const LANES: usize = 8;

/// `k` centroids, so laid out that each has a lane of its own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Centroids {
    /// Per group of centroids one array per column; lanes behind the last centroid are infinitely far.
    columns: Vec<[f64; LANES]>,
    d: usize,
}

impl Centroids {
    /// From `k x d` values.
    pub(crate) fn new(values: &[f64], d: usize) -> Self {
        let groups = (values.len() / d).div_ceil(LANES);
        let mut centroids = Self {
            columns: vec![[f64::INFINITY; LANES]; groups * d],
            d,
        };
        centroids.set(values);
        centroids
    }

    /// Takes over other values for the same number of centroids.
    pub(crate) fn set(&mut self, values: &[f64]) {
        for (index, centroid) in values.chunks_exact(self.d).enumerate() {
            let columns = &mut self.columns[index / LANES * self.d..][..self.d];
            for (column, value) in columns.iter_mut().zip(centroid) {
                column[index % LANES] = *value;
            }
        }
    }
}

impl Centroids {
    /// The values again, `k x d`.
    pub(crate) fn values(&self, k: usize) -> Vec<f64> {
        let value = |index: usize| {
            let (centroid, column) = (index / self.d, index % self.d);
            self.columns[centroid / LANES * self.d + column][centroid % LANES]
        };
        (0..k * self.d).map(value).collect()
    }

    /// Moves a centroid by this share of the way to a point, or away from it.
    pub(crate) fn shift<T: Real>(&mut self, centroid: usize, point: &[T], share: f64) {
        let columns = &mut self.columns[centroid / LANES * self.d..][..self.d];
        for (column, value) in columns.iter_mut().zip(point) {
            let coordinate = &mut column[centroid % LANES];
            *coordinate += (value.widen() - *coordinate) * share;
        }
    }

    /// The squared distances of a point to all centroids, and infinities behind the last.
    #[inline(always)]
    pub(crate) fn distances_sq<T: Real>(&self, point: &[T], mut take: impl FnMut(usize, f64)) {
        for (group, columns) in self.columns.chunks_exact(self.d).enumerate() {
            let mut sums = [0.0; LANES];
            for (value, column) in point.iter().zip(columns) {
                for lane in 0..LANES {
                    let difference = value.widen() - column[lane];
                    sums[lane] += difference * difference;
                }
            }
            for (lane, sum) in sums.into_iter().enumerate() {
                take(group * LANES + lane, sum);
            }
        }
    }
}

/// The nearest centroid and the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct NearestTwo {
    /// Of equal distances the lowest index.
    pub(crate) label: u32,
    pub(crate) distance_sq: f64,
    pub(crate) second: u32,
    /// Infinite if there is only one centroid.
    pub(crate) second_sq: f64,
}

/// Time `O(k d)`.
#[inline(always)]
pub(crate) fn nearest_two<T: Real>(point: &[T], centroids: &Centroids) -> NearestTwo {
    let mut found = NearestTwo {
        label: 0,
        distance_sq: f64::INFINITY,
        second: 0,
        second_sq: f64::INFINITY,
    };
    centroids.distances_sq(point, |label, distance_sq| {
        if distance_sq < found.distance_sq {
            (found.second, found.second_sq) = (found.label, found.distance_sq);
            (found.label, found.distance_sq) = (label as u32, distance_sq);
        } else if distance_sq < found.second_sq {
            (found.second, found.second_sq) = (label as u32, distance_sq);
        }
    });
    found
}
