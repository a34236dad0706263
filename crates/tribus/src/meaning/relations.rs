//! What columns say together: a grade cut from another column, columns that were scaled, numbers that go with no other.

use super::Traits;
use crate::statistics::draw::content_key;
use crate::statistics::{correlation, ranks};

/// A column with more values than this is no cut of another.
const MOST_CUTS: usize = 20;

/// Share of the rows that may lie on the wrong side of a cut.
const CUT_ERRORS: f64 = 0.01;

/// Whether `grade`, of few whole values, is `measure` cut into ranges, rising or falling.
pub(crate) fn is_cut_of(grade: &Traits, measure: &Traits) -> bool {
    let (Some(grades), Some(values)) = (grade.array(), measure.array()) else {
        return false;
    };
    let is_coarse = grade.distinct >= 3
        && grade.distinct <= MOST_CUTS
        && measure.distinct >= 2 * grade.distinct
        && grade.numbers().is_some_and(|numbers| numbers.whole);
    if !is_coarse {
        return false;
    }
    let both = grades
        .iter()
        .zip(values.iter())
        .filter_map(|(grade, value)| grade.zip(value));
    let mut pairs: Vec<(f64, f64)> = both.collect();
    pairs.sort_by(|a, b| a.1.total_cmp(&b.1));
    let falls = |rising: bool| {
        // Rows of one value may have several grades where a cut goes through them.
        let mut reached = f64::NEG_INFINITY;
        let mut wrong = 0_usize;
        for group in pairs.chunk_by(|a, b| a.1 == b.1) {
            let signed = group
                .iter()
                .map(|(grade, _)| if rising { *grade } else { -*grade });
            wrong += signed.clone().filter(|grade| *grade < reached).count();
            reached = signed.fold(reached, f64::max);
        }
        wrong as f64
    };
    let most = CUT_ERRORS * pairs.len() as f64;
    pairs.len() >= 30 && (falls(true) <= most || falls(false) <= most)
}

/// Fewest columns that make a table standardized.
const FEWEST_STANDARDIZED: usize = 3;

/// The columns that were scaled before, by their place, if nearly all columns of fractions were: to mean 0 and standard
/// deviation 1, or, where the name is that of money, to the range from 0 to 1.
pub(crate) fn standardized(columns: &[&Traits]) -> Vec<usize> {
    let is_fraction = |column: &&Traits| {
        column.distinct > 10 && column.numbers().is_some_and(|numbers| !numbers.whole)
    };
    let scaled: Vec<usize> = (0..columns.len())
        .filter(|at| is_fraction(&columns[*at]) && is_scaled(columns[*at]))
        .collect();
    let all = columns.iter().filter(|column| is_fraction(column)).count();
    if scaled.len() >= FEWEST_STANDARDIZED && scaled.len() * 5 >= all * 4 {
        return scaled;
    }
    Vec::new()
}

fn is_scaled(column: &Traits) -> bool {
    let Some(numbers) = column.numbers() else {
        return false;
    };
    // A sample of a table that was scaled as a whole deviates from 0 and 1.
    let is_centered =
        numbers.mean.abs() < 0.2 && (numbers.sd - 1.0).abs() < 0.2 && numbers.negatives > 0.2;
    let is_ranged = numbers.min >= 0.0 && numbers.max <= 1.0 && column.clues.whose().is_some();
    is_centered || is_ranged
}

/// At most so many rows are compared, chosen by what they hold, so that the order of the rows changes nothing.
const MOST_ROWS: usize = 5_000;

/// From this rank correlation on two columns are related.
const RELATED: f64 = 0.12;

/// Whether a column of whole numbers rises or falls with none of the measures, by rank correlation.
pub(crate) fn is_unrelated(column: &Traits, measures: &[&Traits]) -> bool {
    measures
        .iter()
        .all(|measure| rank_correlation(column, measure).abs() < RELATED)
}

/// The rank correlation over rows that have both values.
fn rank_correlation(one: &Traits, other: &Traits) -> f64 {
    let (Some(one), Some(other)) = (one.array(), other.array()) else {
        return 0.0;
    };
    let both = one.iter().zip(other.iter());
    let mut rows: Vec<(u64, f64, f64)> = both
        .filter_map(|(one, other)| one.zip(other))
        .map(|(one, other)| (content_key(&[one, other]), one, other))
        .collect();
    if rows.len() > MOST_ROWS {
        rows.select_nth_unstable_by_key(MOST_ROWS, |row| row.0);
        rows.truncate(MOST_ROWS);
    }
    rows.sort_unstable_by_key(|row| row.0);
    let (one, other): (Vec<f64>, Vec<f64>) = rows.into_iter().map(|row| (row.1, row.2)).unzip();
    correlation(&ranks(&one), &ranks(&other))
}
