//! The filter in whole numbers of 16 bits: a quarter of the bytes of double precision, and two products per lane.
//!
//! Coordinates of the frame, times a factor, are rounded to whole numbers, and two neighboring columns share a lane of 32
//! bits. Products and sums of these are exact, so all error is in the rounding of coordinates. It is larger than that of
//! single precision: rows it leaves open (a few in a hundred) go through single precision, and only then, if at all,
//! through the definition.

mod pack;
mod score;

use pulp::x86::V3;

use crate::kernel::frame::{Frame, groups};
use crate::kernel::{Source, TILE, VECTORS};
use crate::real::Real;
pub(crate) use pack::pack_shorts;
pub(crate) use score::score_shorts;

/// Rows per block: one lane each.
const BLOCK: usize = VECTORS * 8;

/// Fewer columns do not fill a vector.
const FEWEST_COLUMNS: usize = 8;

/// Sums stay below this: 32 bits hold it, and what rounding adds.
const MOST_SUM: f64 = 0.95 * (1_u64 << 31) as f64;

/// Whole coordinates; a little less than 16 bits hold, so that whatever they do not hold is seen by its norm.
const MOST_VALUE: f64 = 32_000.0;

/// The largest rounding of a coordinate: half a whole number, and a little for the arithmetic before.
const ROUNDING: f64 = 0.52;

/// Rows that the radius is estimated from.
const RADIUS_ROWS: usize = 1024;

/// One row in so many may lie outside the radius, by the estimate; then the radius is widened.
const OUTSIDE_SHARE: usize = 50;
const WIDENED: f64 = 1.2;

/// How coordinates of the frame become whole numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shorts {
    simd: V3,
    /// Rows farther from the frame's origin are left open.
    radius: f64,
    /// Whole numbers of a row's coordinate per unit of the frame.
    per_unit: f64,
}

impl Shorts {
    /// Where there are such instructions, enough columns for them, and rows that differ.
    pub(crate) fn of<T: Real>(source: &Source<T>, frame: &Frame) -> Option<Self> {
        let simd = crate::vector::avx2()?;
        if source.d < FEWEST_COLUMNS || !frame.is_usable {
            return None;
        }
        let n = source.data.len() / source.d;
        let norm_sq = |row: &[T]| {
            let values = row.iter().zip(&frame.center);
            let scaled = values.map(|(value, center)| (value.widen() - center) * frame.scale);
            scaled.map(|scaled| scaled * scaled).sum::<f64>()
        };
        let rows = source.data.chunks_exact(source.d);
        let rows = rows.step_by(n.div_ceil(RADIUS_ROWS));
        let mut norms_sq: Vec<f64> = rows.map(norm_sq).collect();
        norms_sq.sort_unstable_by(f64::total_cmp);
        let inside = norms_sq.len() - 1 - norms_sq.len() / OUTSIDE_SHARE;
        let radius = norms_sq[inside].sqrt() * WIDENED;
        let per_unit = T::narrow(MOST_VALUE / radius * frame.scale).widen() / frame.scale;
        (radius > 0.0 && per_unit.is_finite()).then_some(Self {
            simd,
            radius,
            per_unit,
        })
    }
}

/// Lanes of a tile of rows in `d` columns.
pub(crate) fn tile_len(d: usize) -> usize {
    TILE * d.div_ceil(2)
}

/// Centroids as whole numbers, in groups, with the error of their scores.
#[derive(Debug, Clone)]
pub(crate) struct ShortTargets {
    shorts: Shorts,
    /// Per group one lane per pair of columns and centroid, negated.
    values: Vec<i32>,
    /// Half the squared norm of each centroid.
    half: Vec<i32>,
    groups: Vec<(usize, usize)>,
    pairs: usize,
    /// One in whole scores, squared units of the frame.
    square: f64,
    pub(crate) bound: Bound,
    pub(crate) is_usable: bool,
}

/// How far whole scores and distances are off.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bound {
    /// A score of a row of norm `n` is off by at most `score + score_per_norm * n`.
    pub(crate) score: f32,
    pub(crate) score_per_norm: f32,
    /// A squared distance, as `|x|^2 + 2 score`, is too small by at most this ...
    pub(crate) distance_sq: f32,
    /// ... and a distance by at most this more.
    pub(crate) distance: f32,
}

impl ShortTargets {
    pub(crate) fn new(shorts: Shorts, k: usize, d: usize) -> Self {
        let pairs = d.div_ceil(2);
        Self {
            shorts,
            values: vec![0; k * pairs],
            half: vec![0; k],
            groups: groups(k),
            pairs,
            square: f64::NAN,
            bound: Bound::default(),
            is_usable: false,
        }
    }

    pub(crate) fn shorts(&self) -> &Shorts {
        &self.shorts
    }

    /// Takes over `k x d` centroids in the caller's coordinates.
    ///
    /// # Error bound
    /// With `e` the largest distance that rounding moves a row, at most [`ROUNDING`] times `sqrt(d)` whole numbers, `f`
    /// that of a centroid, `C` the largest norm of a centroid, and dashes for what is rounded:
    /// `|x c - x' c'| <= |x - x'| |c| + |x'| |c - c'| <= e C + |x'| f`, and `|c|^2 / 2` is rounded by half a whole square.
    /// `|x'|^2 + 2 score` differs from `|x' - c'|^2` by `|c|^2 - |c'|^2`, at most `f (2 C + f)`, and a whole square; and
    /// `|x - c| <= |x' - c'| + e + f`. A millionth of all that can be covers what is computed in single precision.
    pub(crate) fn set(&mut self, centroids: &[f64], frame: &Frame) {
        let d = frame.center.len();
        let scaled = |index: usize| (centroids[index] - frame.center[index % d]) * frame.scale;
        let norm_sq = |centroid: usize| {
            (0..d)
                .map(|column| scaled(centroid * d + column))
                .map(|scaled| scaled * scaled)
                .sum::<f64>()
        };
        let norms_sq: Vec<f64> = (0..self.half.len()).map(norm_sq).collect();
        let farthest = norms_sq.iter().copied().fold(0.0, f64::max).sqrt();
        let largest = (0..centroids.len())
            .map(|index| scaled(index).abs())
            .fold(0.0, f64::max);
        // A score is at most |c|^2 / 2 + |x| |c|.
        let room =
            MOST_SUM / self.shorts.per_unit / farthest / (farthest / 2.0 + self.shorts.radius);
        let per_unit = room.min(MOST_VALUE / largest);
        self.square = 1.0 / per_unit / self.shorts.per_unit;
        self.is_usable = per_unit.is_finite() && self.square.is_finite();
        if !self.is_usable {
            return;
        }
        let mut moved_sq = 0.0_f64;
        for &(first, len) in &self.groups {
            let values = &mut self.values[first * self.pairs..][..len * self.pairs];
            for member in 0..len {
                let centroid = first + member;
                let mut rounded_sq = 0.0;
                for column in 0..d {
                    let exact = scaled(centroid * d + column) * per_unit;
                    let whole = exact.round_ties_even();
                    rounded_sq += (exact - whole) * (exact - whole);
                    let lane = &mut values[column / 2 * len + member];
                    *lane = match column % 2 {
                        0 => i32::from(-whole as i16) & 0xFFFF,
                        _ => *lane | i32::from(-whole as i16) << 16,
                    };
                }
                moved_sq = moved_sq.max(rounded_sq);
                self.half[centroid] =
                    (0.5 * norms_sq[centroid] / self.square).round_ties_even() as i32;
            }
        }
        self.bound = self.bound(d, farthest, moved_sq.sqrt() / per_unit);
    }

    fn bound(&self, d: usize, farthest: f64, moved: f64) -> Bound {
        let row_moved = ROUNDING / self.shorts.per_unit * (d as f64).sqrt();
        let moved = moved * 1.000_001;
        let reach = farthest + self.shorts.radius;
        let single = 1e-6 * reach * reach;
        Bound {
            score: (row_moved * farthest + self.square + single) as f32,
            score_per_norm: moved as f32,
            distance_sq: (moved * (2.0 * farthest + moved) + 2.0 * self.square + single) as f32,
            distance: (row_moved + moved) as f32 * 1.000_001,
        }
    }
}
