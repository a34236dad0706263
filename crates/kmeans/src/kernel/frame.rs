//! The coordinates that the filter works in, and how far its scores can be off.

use crate::points::Points;
use crate::real::Real;

/// Centroids whose sums are kept in registers at once; two vectors of rows each fill twelve of AVX2's sixteen.
pub(super) const GROUP: usize = 6;

/// Rows that the center is estimated from: it only has to be near the mean.
const CENTER_ROWS: usize = 1024;

/// Powers of two that `f32` can scale by without losing digits.
const SCALE_RANGE: i32 = 100;

/// Above this many columns the error bound of single precision is too wide to be of use.
const MOST_COLUMNS: usize = 20_000;

/// Centroids farther out than this (the data's radius is about 1) make scores overflow.
const FARTHEST: f64 = 1e12;

/// `(x - center) * scale`: near the origin, where single precision is sharpest, and of size about 1.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// One value per column, of the points' precision.
    pub(crate) center: Vec<f64>,
    /// A power of two.
    pub(crate) scale: f64,
    /// Whether single precision can hold these points at all.
    pub(crate) is_usable: bool,
}

impl Frame {
    pub(crate) fn of<T: Real>(points: &Points<T>) -> Self {
        let (n, d) = (points.n(), points.d());
        let step = n.div_ceil(CENTER_ROWS);
        let mut center = vec![0.0; d];
        let rows = n.div_ceil(step);
        for row in (0..n).step_by(step) {
            for (sum, value) in center.iter_mut().zip(points.row(row)) {
                *sum += value.widen() / rows as f64;
            }
        }
        let mut radius = 0.0_f64;
        for (column, center) in center.iter_mut().enumerate() {
            let (lowest, highest) = points.extent(column);
            *center = T::narrow(center.clamp(lowest, highest)).widen();
            radius = radius.max(highest - *center).max(*center - lowest);
        }
        Self::around::<T>(center, radius)
    }

    /// A frame for rows of which nothing is known, by `k x d` centroids that are finite.
    pub(crate) fn of_centroids<T: Real>(centroids: &[f64], d: usize) -> Self {
        let k = centroids.len() / d;
        let mut center = vec![0.0; d];
        for centroid in centroids.chunks_exact(d) {
            for (sum, value) in center.iter_mut().zip(centroid) {
                *sum += value / k as f64;
            }
        }
        for center in &mut center {
            *center = T::narrow(*center).widen();
        }
        let radius = centroids.chunks_exact(d).flat_map(|centroid| {
            let pairs = centroid.iter().zip(&center);
            pairs.map(|(value, center)| (value - center).abs())
        });
        let radius = radius.fold(0.0, f64::max);
        Self::around::<T>(center, radius)
    }

    fn around<T: Real>(center: Vec<f64>, radius: f64) -> Self {
        let exponent = libm::frexp(radius).1;
        Self {
            is_usable: center.len() <= MOST_COLUMNS
                && radius.is_finite()
                && (T::BYTES == 8 || exponent.abs() <= SCALE_RANGE),
            center,
            scale: libm::ldexp(1.0, -exponent),
        }
    }
}

/// Centroids as the filter wants them: in the frame, in single precision, in groups of at most [`GROUP`].
#[derive(Debug, Clone)]
pub(crate) struct Targets {
    /// Per group `d x len` values, negated.
    pub(super) values: Vec<f32>,
    /// Half the squared norm of each centroid.
    pub(super) half: Vec<f32>,
    /// First centroid and number of centroids of each group.
    pub(super) groups: Vec<(usize, usize)>,
    pub(super) d: usize,
    /// A score of row `x` is off by at most `error.0 + error.1 * |x|^2`.
    error: (f32, f32),
    /// Relative error of a distance by the definition.
    pub(crate) definition_error: f32,
    /// Whether all scores are finite and their errors bounded.
    pub(crate) is_usable: bool,
}

impl Targets {
    /// An empty set for `k` centroids in `d` columns, in groups as equal as they can be.
    pub(crate) fn new(k: usize, d: usize) -> Self {
        Self {
            values: vec![0.0; k * d],
            half: vec![0.0; k],
            groups: groups(k),
            d,
            error: (0.0, 0.0),
            definition_error: (2.0 * f64::EPSILON * (d + 4) as f64) as f32,
            is_usable: false,
        }
    }

    /// Takes over `k x d` centroids in the caller's coordinates.
    ///
    /// # Error bound
    /// With `u = 2^-24`, `b` and `y` the centroid and the row as rounded to single precision (each within `u` of the
    /// true value), a sum of `d` products started from `|b|^2 / 2` is within `d u (|b|^2 / 2 + |y| |b|)` of its true
    /// value however it is rounded; N. J. Higham: Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, section
    /// 3.1, <https://doi.org/10.1137/1.9780898718027>. With three more roundings of the operands and
    /// `|y| |b| <= (|y|^2 + |b|^2) / 2` that is at most `(d + 3) u (|b|^2 + |y|^2 / 2)`. A tenth more covers second
    /// orders, the rounding of `|y|^2` itself and that of the definition in double precision; the constant, underflow.
    pub(crate) fn set(&mut self, centroids: &[f64], frame: &Frame) {
        let d = self.d;
        let mut farthest_sq = 0.0_f64;
        for &(first, len) in &self.groups {
            let values = &mut self.values[first * d..][..len * d];
            for member in 0..len {
                let centroid = &centroids[(first + member) * d..][..d];
                let mut norm_sq = 0.0;
                for (column, (value, center)) in centroid.iter().zip(&frame.center).enumerate() {
                    let scaled = (value - center) * frame.scale;
                    norm_sq += scaled * scaled;
                    values[column * len + member] = -scaled as f32;
                }
                self.half[first + member] = (0.5 * norm_sq) as f32;
                farthest_sq = farthest_sq.max(norm_sq);
            }
        }
        let unit = 1.1 * f64::from(f32::EPSILON) / 2.0 * (d + 4) as f64;
        self.error = ((unit * farthest_sq + 1e-36) as f32, (unit / 2.0) as f32);
        self.is_usable = frame.is_usable && farthest_sq < FARTHEST * FARTHEST;
    }

    /// How far a score of a row of this squared norm can be off.
    #[inline(always)]
    pub(crate) fn error(&self, norm_sq: f32) -> f32 {
        self.error.0 + self.error.1 * norm_sq
    }

    pub(crate) fn k(&self) -> usize {
        self.half.len()
    }
}

/// First centroid and number of centroids of each group: at most [`GROUP`] of `k`, as equal as they can be.
pub(super) fn groups(k: usize) -> Vec<(usize, usize)> {
    let count = k.div_ceil(GROUP).max(1);
    let mut first = 0;
    let of_group = |group| {
        let len = (k - first).div_ceil(count - group);
        first += len;
        (first - len, len)
    };
    (0..count).map(of_group).collect()
}
