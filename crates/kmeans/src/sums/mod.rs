//! Sums of rows per cluster that are exact, so that they depend on which rows are in a cluster and on nothing else.
//!
//! Neither the order of rows, nor threads, nor the way a cluster came to its rows (added at once, or one by one while
//! others left) changes a bit of them. So rows can be moved between clusters without sums ever drifting, and a centroid
//! is a function of its set of rows.
//!
//! ```text
//! per column, with all |x| < 2^e:       x = coarse + fine + rest
//!     coarse: the multiple of 2^(e-42) nearest to x        both are found by adding and subtracting a constant
//!     fine:   the multiple of 2^(e-84) nearest to x - coarse
//!     2048 of either sum up in an f64 without rounding; then they are carried into a 128-bit integer
//! ```
//!
//! Only `rest`, less than 2^-84 of the column's extent, is left out; of values above 2^-31 of the extent nothing is.
//! Columns whose values are mostly smaller than that (an extreme outlier) are noticed and summed by exponent instead,
//! slower and without any rest. J. Demmel and H. D. Nguyen: Parallel reproducible summation. IEEE Transactions on
//! Computers 64(7), 2015. <https://doi.org/10.1109/TC.2014.2345391>; R. M. Neal: Fast exact summation using small and
//! large superaccumulators, 2015. <https://doi.org/10.48550/arXiv.1505.05571>

mod by_exponent;

use crate::points::Points;
use crate::real::Real;
pub(crate) use by_exponent::ByExponent;

/// Bits between the top of a column and the coarse grid, and between the coarse grid and the fine one.
const GRID_BITS: i32 = 42;

/// Fine spacings to coarse ones.
const PER_COARSE: f64 = 1.0 / (1_u64 << GRID_BITS) as f64;

/// Terms that a coarse or fine sum holds without rounding: 53 - 42 bits are left for carries.
const MOST_PENDING: u32 = 1 << 11;

/// Columns below this exponent (of two) have no room for a grid; they are summed by exponent.
const FINEST: i32 = -900;

/// If more than one value in so many leaves a rest, columns are summed by exponent.
const RARE_REST: usize = 64;

/// Where the grids of each column lie; the last column is the rows' weight.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    origin: Vec<f64>,
    /// Constants that round to the coarse and to the fine grid when added and subtracted.
    to_coarse: Vec<f64>,
    to_fine: Vec<f64>,
    /// The fine grid's spacing, a power of two, and its inverse.
    spacing: Vec<f64>,
    per_spacing: Vec<f64>,
    /// Whether a grid would be finer than numbers are.
    is_too_fine: bool,
}

impl Grid {
    /// Grids for these points, whose weights are at most `heaviest`.
    pub(crate) fn of<T: Real>(points: &Points<T>, heaviest: f64) -> Self {
        let weight_exponent = libm::frexp(heaviest).1;
        let mut grid = Self {
            origin: points.origin().to_vec(),
            to_coarse: Vec::new(),
            to_fine: Vec::new(),
            spacing: Vec::new(),
            per_spacing: Vec::new(),
            is_too_fine: false,
        };
        for (column, origin) in points.origin().iter().enumerate() {
            let (lowest, highest) = points.extent(column);
            let extent = (highest - origin).abs().max((lowest - origin).abs());
            grid.push(libm::frexp(extent).1 + weight_exponent);
        }
        grid.push(weight_exponent);
        grid
    }

    fn push(&mut self, exponent: i32) {
        self.is_too_fine |= exponent < FINEST;
        let rounding_to = |spacing| libm::ldexp(1.5, 52 + spacing);
        self.to_coarse.push(rounding_to(exponent - GRID_BITS));
        self.to_fine.push(rounding_to(exponent - 2 * GRID_BITS));
        self.spacing
            .push(libm::ldexp(1.0, exponent - 2 * GRID_BITS));
        self.per_spacing
            .push(libm::ldexp(1.0, 2 * GRID_BITS - exponent));
    }

    /// Number of columns, the weight included.
    fn width(&self) -> usize {
        self.spacing.len()
    }
}

/// Sums of the rows of `k` clusters.
#[derive(Debug, Clone)]
pub(crate) struct Sums {
    coarse: Vec<f64>,
    fine: Vec<f64>,
    /// Terms since the last carry.
    pending: u32,
    totals: Totals,
    /// Clusters whose sums changed since this was last cleared.
    touched: Vec<bool>,
}

#[derive(Debug, Clone)]
enum Totals {
    /// In units of the fine grid's spacing.
    Grid(Vec<i128>),
    Exact(Vec<ByExponent>),
}

impl Sums {
    /// Nothing in any of `k` clusters.
    pub(crate) fn new(k: usize, grid: &Grid) -> Self {
        let totals = Totals::Grid(vec![0; k * grid.width()]);
        if grid.is_too_fine {
            Self::by_exponent(k, grid)
        } else {
            Self::with(totals, k, grid)
        }
    }

    /// The same, summed by exponent.
    pub(crate) fn by_exponent(k: usize, grid: &Grid) -> Self {
        let totals = Totals::Exact(vec![ByExponent::default(); k * grid.width()]);
        Self::with(totals, k, grid)
    }

    fn with(totals: Totals, k: usize, grid: &Grid) -> Self {
        let size = k * grid.width();
        Self {
            coarse: vec![0.0; size],
            fine: vec![0.0; size],
            pending: 0,
            totals,
            touched: vec![false; k],
        }
    }

    /// Adds a row (`sign` 1) or takes it out again (`sign` -1).
    #[inline(always)]
    pub(crate) fn add<T: Real>(
        &mut self,
        grid: &Grid,
        cluster: usize,
        row: &[T],
        weight: f64,
        sign: f64,
    ) {
        self.put::<T, false>(grid, cluster, row, weight, sign);
    }

    /// Adds a row that is in no cluster yet, and tells its [`rests`].
    #[inline(always)]
    pub(crate) fn add_first<T: Real>(
        &mut self,
        grid: &Grid,
        cluster: usize,
        row: &[T],
        weight: f64,
    ) -> usize {
        self.put::<T, true>(grid, cluster, row, weight, 1.0)
    }

    /// Adds a row or takes it out; its rests, if they are asked for.
    #[inline(always)]
    fn put<T: Real, const RESTS: bool>(
        &mut self,
        grid: &Grid,
        cluster: usize,
        row: &[T],
        weight: f64,
        sign: f64,
    ) -> usize {
        self.touched[cluster] = true;
        let count = || if RESTS { rests(grid, row) } else { 0 };
        if let Totals::Exact(totals) = &mut self.totals {
            add_by_exponent(totals, grid, cluster, row, weight, sign);
            return count();
        }
        let width = row.len() + 1;
        let coarse = &mut self.coarse[cluster * width..][..width];
        let fine = &mut self.fine[cluster * width..][..width];
        let rests = if weight == 1.0 {
            add_plain::<T, RESTS>(grid, row, sign, coarse, fine)
        } else {
            add_weighted(grid, row, weight, sign, coarse, fine);
            count()
        };
        self.pending += 1;
        if self.pending == MOST_PENDING {
            self.carry(grid);
        }
        rests
    }

    /// Carries what is pending into the totals.
    pub(crate) fn carry(&mut self, grid: &Grid) {
        let Totals::Grid(totals) = &mut self.totals else {
            return;
        };
        self.pending = 0;
        let width = grid.width();
        for cluster in (0..self.touched.len()).filter(|&c| self.touched[c]) {
            for column in 0..width {
                let at = cluster * width + column;
                let per_spacing = grid.per_spacing[column];
                let coarse = self.coarse[at] * per_spacing * PER_COARSE;
                totals[at] += i128::from(coarse as i64) << GRID_BITS;
                totals[at] += i128::from((self.fine[at] * per_spacing) as i64);
                (self.coarse[at], self.fine[at]) = (0.0, 0.0);
            }
        }
    }

    /// Moves all of `other` into these sums and leaves it empty.
    pub(crate) fn take(&mut self, other: &mut Self, grid: &Grid) {
        other.carry(grid);
        let width = grid.width();
        for cluster in (0..self.touched.len()).filter(|&c| other.touched[c]) {
            let range = cluster * width..(cluster + 1) * width;
            match (&mut self.totals, &mut other.totals) {
                (Totals::Grid(mine), Totals::Grid(theirs)) => {
                    for (mine, theirs) in mine[range.clone()].iter_mut().zip(&mut theirs[range]) {
                        *mine += std::mem::take(theirs);
                    }
                }
                (Totals::Exact(mine), Totals::Exact(theirs)) => {
                    for (mine, theirs) in mine[range.clone()].iter_mut().zip(&mut theirs[range]) {
                        mine.take(theirs);
                    }
                }
                _ => unreachable!("sums of one run are of one kind"),
            }
        }
        for (mine, theirs) in self.touched.iter_mut().zip(&mut other.touched) {
            *mine |= std::mem::take(theirs);
        }
    }

    /// Whether the cluster's sums changed since this was last asked.
    pub(crate) fn take_touched(&mut self, cluster: usize) -> bool {
        std::mem::take(&mut self.touched[cluster])
    }

    /// Makes all clusters seem changed.
    pub(crate) fn touch_all(&mut self) {
        self.touched.fill(true);
    }

    /// Total weight of the cluster's rows.
    pub(crate) fn weight(&self, grid: &Grid, cluster: usize) -> f64 {
        let (high, low) = self.total(grid, cluster * grid.width() + grid.width() - 1);
        high + low
    }

    /// The mean of the cluster's rows in the caller's coordinates; nothing is written if it has no weight.
    pub(crate) fn mean(&self, grid: &Grid, cluster: usize, centroid: &mut [f64]) {
        if self.mean_from_origin(grid, cluster, centroid) {
            for (value, origin) in centroid.iter_mut().zip(&grid.origin) {
                // Adding 0.0 makes a mean of negative zeros plain zero.
                *value = *value + origin + 0.0;
            }
        }
    }

    /// The mean of the cluster's rows less the points' origin; whether it has any weight, else nothing is written.
    pub(crate) fn mean_from_origin(&self, grid: &Grid, cluster: usize, mean: &mut [f64]) -> bool {
        let width = grid.width();
        let weight = self.total(grid, cluster * width + width - 1);
        if weight.0 <= 0.0 {
            return false;
        }
        for (column, value) in mean.iter_mut().enumerate() {
            *value = quotient(self.total(grid, cluster * width + column), weight);
        }
        true
    }

    /// Makes all clusters one: the first.
    pub(crate) fn merge(&mut self, grid: &Grid) {
        self.carry(grid);
        let width = grid.width();
        match &mut self.totals {
            Totals::Grid(totals) => {
                for at in width..totals.len() {
                    totals[at % width] += std::mem::take(&mut totals[at]);
                }
            }
            Totals::Exact(totals) => {
                let (first, others) = totals.split_at_mut(width);
                for (at, other) in others.iter_mut().enumerate() {
                    first[at % width].take(other);
                }
            }
        }
    }

    /// One sum as the two numbers nearest to it and to what is left.
    fn total(&self, grid: &Grid, at: usize) -> (f64, f64) {
        match &self.totals {
            Totals::Grid(totals) => {
                let total = totals[at];
                let high = total as f64;
                let low = (total - high as i128) as f64;
                let spacing = grid.spacing[at % grid.width()];
                (high * spacing, low * spacing)
            }
            Totals::Exact(totals) => totals[at].split(),
        }
    }

    /// Whether so many of `n` rows' values left a rest that these sums are of no use.
    pub(crate) fn is_too_coarse(rests: usize, n: usize, d: usize) -> bool {
        rests > n * d / RARE_REST
    }
}

/// Adds a row of weight 1; how many rests it leaves, if they are asked for.
#[inline(always)]
fn add_plain<T: Real, const RESTS: bool>(
    grid: &Grid,
    row: &[T],
    sign: f64,
    coarse: &mut [f64],
    fine: &mut [f64],
) -> usize {
    let d = row.len();
    let (origin, to_coarse, to_fine) =
        (&grid.origin[..d], &grid.to_coarse[..d], &grid.to_fine[..d]);
    let (columns_coarse, columns_fine) = (&mut coarse[..d], &mut fine[..d]);
    let mut rests = 0;
    for column in 0..d {
        let value = row[column].widen() - origin[column];
        let high = (value + to_coarse[column]) - to_coarse[column];
        let left = value - high;
        let low = (left + to_fine[column]) - to_fine[column];
        columns_coarse[column] += sign * high;
        columns_fine[column] += sign * low;
        rests += usize::from(RESTS && left != low);
    }
    coarse[d] += sign;
    rests
}

/// Products with a weight have twice the digits: the product as rounded, and what rounding left over.
#[inline(always)]
fn add_weighted<T: Real>(
    grid: &Grid,
    row: &[T],
    weight: f64,
    sign: f64,
    coarse: &mut [f64],
    fine: &mut [f64],
) {
    let mut add = |column: usize, factor: f64| {
        let product = weight * factor;
        let rest = f64::mul_add(weight, factor, -product);
        let (to_coarse, to_fine) = (grid.to_coarse[column], grid.to_fine[column]);
        let high = (product + to_coarse) - to_coarse;
        let low = ((product - high) + to_fine) - to_fine;
        let rest = (rest + to_fine) - to_fine;
        coarse[column] += sign * high;
        fine[column] += sign * (low + rest);
    };
    for (column, value) in row.iter().enumerate() {
        add(column, value.widen() - grid.origin[column]);
    }
    add(row.len(), 1.0);
}

fn add_by_exponent<T: Real>(
    totals: &mut [ByExponent],
    grid: &Grid,
    cluster: usize,
    row: &[T],
    weight: f64,
    sign: f64,
) {
    let width = row.len() + 1;
    let values = row
        .iter()
        .zip(&grid.origin)
        .map(|(value, origin)| value.widen() - origin);
    for (total, value) in totals[cluster * width..][..width]
        .iter_mut()
        .zip(values.chain([1.0]))
    {
        total.add_product(weight, sign * value);
    }
}

/// How many of a row's values are not multiples of the fine grid's spacing.
#[inline(always)]
pub(crate) fn rests<T: Real>(grid: &Grid, row: &[T]) -> usize {
    let d = row.len();
    let (origin, to_coarse, to_fine) =
        (&grid.origin[..d], &grid.to_coarse[..d], &grid.to_fine[..d]);
    let mut rests = 0;
    for column in 0..d {
        let value = row[column].widen() - origin[column];
        let left = value - ((value + to_coarse[column]) - to_coarse[column]);
        let low = (left + to_fine[column]) - to_fine[column];
        rests += usize::from(left != low);
    }
    rests
}

/// `(a + b) / (c + d)`, both sums of two, within a rounding of the true value; equal terms give that very term.
fn quotient((high, low): (f64, f64), (weight, weight_low): (f64, f64)) -> f64 {
    let first = high / weight;
    let left = f64::mul_add(-first, weight, high) - first * weight_low + low;
    first + left / weight
}
