//! The input: a borrowed `n x d` table of numbers, checked once.

use rayon::prelude::*;

use crate::error::Error;
use crate::real::Real;
use crate::real::sealed::Values;
use crate::small::is_small;
use crate::vector::widest;

/// Values per piece of parallel checking.
const CHECKED_AT_ONCE: usize = 1 << 16;

/// Rows that are checked side by side, so that extents are loaded and stored once for all of them.
const ABREAST: usize = 8;

/// Below this range squares of differences lose digits to underflow: (2^-450 * 2^-52)^2 is still a normal number.
const NARROWEST: f64 = f64::from_bits((1023 - 450) << 52);

/// Points in `d` dimensions, row-major `n x d`, known to be finite and to have finite squared distances.
///
/// The check is made once, here; nothing that takes `Points` checks values again. The values are borrowed, not copied.
#[derive(Debug, Clone)]
pub struct Points<'a, T: Real = f64> {
    data: &'a [T],
    n: usize,
    d: usize,
    /// One value per column to subtract without any rounding, see [`Column::origin`].
    origin: Vec<f64>,
    /// Smallest and largest value per column.
    columns: Vec<Column>,
}

/// Points, their precision told at run time.
///
/// What is generic is compiled again in every crate that calls it. A function of these is not generic: it is compiled once, in
/// this crate, for both precisions.
#[derive(Debug)]
pub(crate) enum AnyPoints<'a> {
    Single(Points<'a, f32>),
    Double(Points<'a, f64>),
}

impl<'a, T: Real> Points<'a, T> {
    /// Checks `data`, `n` rows of `d` columns, row by row. Time `O(n d)`, in parallel.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Shape`], [`Error::NotFinite`]; [`Error::TooManyRows`] above 4,294,967,294 rows;
    /// [`Error::TooLarge`] if the sum of all squared distances could overflow, and [`Error::TooSmall`] if the points
    /// differ by so little (less than 3e-136) that squares vanish: no silent infinity or zero comes out of either.
    pub fn new(data: &'a [T], n: usize, d: usize) -> Result<Self, Error> {
        check_shape(data, n, d)?;
        let columns = columns_of(data, d).ok_or_else(|| not_finite(data, d))?;
        check_ranges(&columns, n)?;
        let origin = columns.iter().map(|column| column.origin()).collect();
        Ok(Self {
            data,
            n,
            d,
            origin,
            columns,
        })
    }

    /// Number of points.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Number of columns.
    pub fn d(&self) -> usize {
        self.d
    }

    /// The values, row-major `n x d`.
    pub fn values(&self) -> &'a [T] {
        self.data
    }

    /// The `d` values of one point.
    ///
    /// # Panics
    /// If `row` is not below [`Points::n`].
    pub fn row(&self, row: usize) -> &'a [T] {
        &self.data[row * self.d..(row + 1) * self.d]
    }

    /// The same points with their precision told at run time. Time and memory `O(d)`.
    pub(crate) fn told(&self) -> AnyPoints<'a> {
        match T::told(self.data) {
            Values::Single(data) => AnyPoints::Single(self.with(data)),
            Values::Double(data) => AnyPoints::Double(self.with(data)),
        }
    }

    fn with<U: Real>(&self, data: &'a [U]) -> Points<'a, U> {
        Points {
            data,
            n: self.n,
            d: self.d,
            origin: self.origin.clone(),
            columns: self.columns.clone(),
        }
    }

    /// What to subtract from each column before summing, so that a large common offset costs no digits.
    pub(crate) fn origin(&self) -> &[f64] {
        &self.origin
    }

    /// Smallest and largest value of a column.
    pub(crate) fn extent(&self, column: usize) -> (f64, f64) {
        (self.columns[column].lowest, self.columns[column].highest)
    }

    /// Whether squared distances to `value` in `column` stay finite, and so do their sums.
    pub(crate) fn reaches(&self, column: usize, value: f64) -> bool {
        let Column { lowest, highest } = self.columns[column];
        let widened = Column {
            lowest: lowest.min(value),
            highest: highest.max(value),
        };
        let range = widened.range();
        value.is_finite() && fits(range * range * self.d as f64, self.n)
    }
}

/// Needs the feature `ndarray`. Rows must lie one after another, as in `Array2::from_shape_vec`; the values are borrowed.
///
/// # Errors
/// [`Error::Layout`] if they do not (call `as_standard_layout` first), else those of [`Points::new`].
#[cfg(feature = "ndarray")]
impl<'a, T: Real> TryFrom<ndarray::ArrayView2<'a, T>> for Points<'a, T> {
    type Error = Error;

    fn try_from(view: ndarray::ArrayView2<'a, T>) -> Result<Self, Error> {
        let (n, d) = view.dim();
        if n == 0 || d == 0 {
            return Err(Error::Empty {
                rows: n,
                columns: d,
            });
        }
        Self::new(view.to_slice().ok_or(Error::Layout)?, n, d)
    }
}

/// The extent of one column.
#[derive(Debug, Clone, Copy)]
struct Column {
    lowest: f64,
    highest: f64,
}

impl Column {
    fn range(self) -> f64 {
        self.highest - self.lowest
    }

    /// The value nearest to 0 if all values lie within a factor of 2 of it, else 0.
    ///
    /// Sterbenz' lemma: with `o <= x <= 2 o` the difference `x - o` is exact. So `(x - o) - (c - o)` rounds to the
    /// same number as `x - c` for every centroid `c` in the column's range, and labels do not depend on the origin;
    /// only sums gain digits. In all other columns the range is at least half of the largest value, and no digits
    /// are lost to an offset.
    fn origin(self) -> f64 {
        if self.lowest > 0.0 && self.highest / 2.0 <= self.lowest {
            self.lowest
        } else if self.highest < 0.0 && self.lowest / 2.0 >= self.highest {
            self.highest
        } else {
            0.0
        }
    }
}

/// Whether these values are `n` rows of `d` columns, not too many to be numbered.
pub(crate) fn check_shape<T>(data: &[T], n: usize, d: usize) -> Result<(), Error> {
    if n == 0 || d == 0 {
        return Err(Error::Empty {
            rows: n,
            columns: d,
        });
    }
    if n.checked_mul(d) != Some(data.len()) {
        return Err(Error::Shape {
            values: data.len(),
            rows: n,
            columns: d,
        });
    }
    if n >= u32::MAX as usize {
        return Err(Error::TooManyRows { rows: n });
    }
    Ok(())
}

/// The extent of every column, or `None` if a value is not finite.
fn columns_of<T: Real>(data: &[T], d: usize) -> Option<Vec<Column>> {
    let of_rows = |rows| {
        widest(
            #[inline(always)]
            || columns_of_rows(rows, d),
        )
    };
    if is_small(data.len() / d, 1, d) {
        return of_rows(data);
    }
    let piece = (CHECKED_AT_ONCE / d).max(1) * d;
    let extents: Option<Vec<Vec<Column>>> = data.par_chunks(piece).map(of_rows).collect();
    extents?.into_iter().reduce(|mut all, more| {
        for (column, more) in all.iter_mut().zip(more) {
            column.lowest = column.lowest.min(more.lowest);
            column.highest = column.highest.max(more.highest);
        }
        all
    })
}

#[inline(always)]
fn columns_of_rows<T: Real>(rows: &[T], d: usize) -> Option<Vec<Column>> {
    let mut lowest = vec![T::narrow(f64::INFINITY); d];
    let mut highest = vec![T::narrow(f64::NEG_INFINITY); d];
    let mut finite = vec![T::narrow(0.0); d];
    let groups = rows.chunks_exact(ABREAST * d);
    for row in groups.remainder().chunks_exact(d) {
        take_in([row], &mut lowest, &mut highest, &mut finite);
    }
    for group in groups {
        let rows: [&[T]; ABREAST] = std::array::from_fn(|row| &group[row * d..][..d]);
        take_in(rows, &mut lowest, &mut highest, &mut finite);
    }
    let columns = lowest
        .into_iter()
        .zip(highest)
        .map(|(lowest, highest)| Column {
            lowest: lowest.widen(),
            highest: highest.widen(),
        });
    finite
        .iter()
        .all(|sum| sum.widen() == 0.0)
        .then(|| columns.collect())
}

/// Widens extents of columns by some rows, in the precision of the points.
#[inline(always)]
fn take_in<T: Real, const ROWS: usize>(
    rows: [&[T]; ROWS],
    lowest: &mut [T],
    highest: &mut [T],
    finite: &mut [T],
) {
    let d = lowest.len();
    let (highest, finite) = (&mut highest[..d], &mut finite[..d]);
    let rows = rows.map(|row| &row[..d]);
    for column in 0..d {
        let (mut low, mut high) = (lowest[column], highest[column]);
        let mut nothing = finite[column];
        for row in rows {
            let value = row[column];
            // Zero times what is not finite is no number, and stays so.
            nothing = nothing.and_nothing_of(value);
            low = if value < low { value } else { low };
            high = if value > high { value } else { high };
        }
        (lowest[column], highest[column], finite[column]) = (low, high, nothing);
    }
}

fn not_finite<T: Real>(data: &[T], d: usize) -> Error {
    let position = data.iter().position(|value| !value.widen().is_finite());
    let position = position.expect("one was seen");
    Error::NotFinite {
        row: position / d,
        column: position % d,
    }
}

fn check_ranges(columns: &[Column], n: usize) -> Result<(), Error> {
    let mut widest = (0, 0.0);
    let mut diameter_sq = 0.0;
    for (index, column) in columns.iter().enumerate() {
        let range = column.range();
        diameter_sq += range * range;
        if range > widest.1 {
            widest = (index, range);
        }
    }
    let (column, range) = widest;
    if !fits(diameter_sq, n) {
        return Err(Error::TooLarge { column, range });
    }
    if range > 0.0 && range < NARROWEST {
        return Err(Error::TooSmall { column, range });
    }
    Ok(())
}

/// Whether `n` squared distances can be summed, with room for the weights that k-means++ and the measures apply.
fn fits(diameter_sq: f64, n: usize) -> bool {
    (diameter_sq * 64.0 * n as f64).is_finite()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_missing_value_is_named_by_row_and_column() {
        let error = Points::new(&[1.0, 2.0, 3.0, f64::NAN], 2, 2).unwrap_err();
        assert_eq!(error, Error::NotFinite { row: 1, column: 1 });
        assert_eq!(
            error.to_string(),
            "the value in row 1, column 1 is not a finite number"
        );
    }

    #[test]
    fn empty_and_misshapen_tables_are_refused() {
        assert_eq!(
            Points::<f64>::new(&[], 0, 2).unwrap_err(),
            Error::Empty {
                rows: 0,
                columns: 2
            }
        );
        assert_eq!(
            Points::<f64>::new(&[], 2, 0).unwrap_err(),
            Error::Empty {
                rows: 2,
                columns: 0
            }
        );
        assert!(matches!(
            Points::new(&[1.0; 5], 2, 3),
            Err(Error::Shape { values: 5, .. })
        ));
        assert!(matches!(
            Points::new(&[1.0], usize::MAX, usize::MAX),
            Err(Error::Shape { .. })
        ));
    }

    #[test]
    fn ranges_that_overflow_or_vanish_when_squared_are_refused() {
        assert!(matches!(
            Points::new(&[0.0, 1.0, 0.0, 1e200], 2, 2),
            Err(Error::TooLarge { column: 1, .. })
        ));
        assert!(matches!(
            Points::new(&[-1e308, 1e308], 2, 1),
            Err(Error::TooLarge { .. })
        ));
        assert!(matches!(
            Points::new(&[0.0, 1e-200], 2, 1),
            Err(Error::TooSmall { .. })
        ));
        assert!(
            Points::new(&[1e-200, 1e-200], 2, 1).is_ok(),
            "equal points have distance 0"
        );
        assert!(
            Points::new(&[1e200, 1e200], 2, 1).is_ok(),
            "only the range counts"
        );
    }

    #[test]
    fn an_origin_is_subtracted_without_rounding_or_is_zero() {
        let data = [
            1e12,
            1e12 + 0.3,
            1e12 + 7.1,
            -3.0,
            -4.1,
            -5.9,
            1.0,
            0.0,
            3.0,
        ];
        let columns: Vec<f64> = (0..9).map(|i| data[(i % 3) * 3 + i / 3]).collect();
        let points = Points::new(&columns, 3, 3).unwrap();
        assert_eq!(points.origin(), [1e12, -3.0, 0.0]);
    }

    #[cfg(feature = "ndarray")]
    #[test]
    fn views_of_rows_in_order_are_points() {
        let table = ndarray::array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
        let points = Points::try_from(table.view()).unwrap();
        assert_eq!(
            (points.n(), points.d(), points.row(1)),
            (3, 2, &[3.0, 4.0][..])
        );
        assert_eq!(Points::try_from(table.t()).unwrap_err(), Error::Layout);
        assert!(matches!(
            Points::try_from(ndarray::ArrayView2::<f64>::from_shape((0, 2), &[]).unwrap()),
            Err(Error::Empty { .. })
        ));
    }
}
