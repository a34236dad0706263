//! The canonical order of rows: by content, so that the caller's order of rows never reaches a draw.
//!
//! Rows of equal content are merged into one whose weight is their sum. What is left is sorted by a hash of the content
//! (then by the content itself). Random draws, restarts and moves work on rows in this order; so the same set of rows
//! gives the same result in whatever order it comes, and a weight of 3 is the same as three equal rows.

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::draw::{Stream, mix};
use crate::points::Points;
use crate::real::Real;
use crate::sums::ByExponent;

/// More rows than asked are gathered at first, so that duplicates rarely make a second try necessary.
const SURPLUS: f64 = 1.3;

/// By how much a try that found too few different rows is widened.
const WIDEN: f64 = 8.0;

/// Rows of different content with their weights, in canonical order.
#[derive(Debug)]
pub(crate) struct Canonical {
    /// Row-major, `d` columns.
    pub(crate) values: Vec<f64>,
    pub(crate) weights: Vec<f64>,
    /// Whether rows of positive weight were left out.
    pub(crate) is_sample: bool,
    /// For each of the caller's rows its place in this order, if all rows are here and none has weight 0.
    pub(crate) place_of_row: Option<Vec<u32>>,
}

impl Canonical {
    /// All rows of positive weight, or, if there are more than `most` different ones, `most` of them: each content as
    /// likely as the next, with all the weight it has. Time `O(n d + n log n)` for all, `O(n d)` for few.
    pub(crate) fn of<T: Real>(
        points: &Points<T>,
        weights: Option<&[f64]>,
        most: usize,
        whole_up_to: usize,
        stream: Stream,
    ) -> Self {
        let n = points.n();
        let most = if n <= whole_up_to { usize::MAX } else { most };
        let mut share = if n <= whole_up_to {
            1.0
        } else {
            SURPLUS * most as f64 / n as f64
        };
        loop {
            let limit = if share >= 1.0 {
                u64::MAX
            } else {
                (share * u64::MAX as f64) as u64
            };
            let mut drawn = hashed(points, weights, stream, limit);
            sort(points, &mut drawn);
            let firsts = firsts(points, &drawn);
            if firsts.len() >= most || limit == u64::MAX {
                let kept = &firsts[..firsts.len().min(most)];
                return Self {
                    is_sample: limit < u64::MAX || kept.len() < firsts.len(),
                    ..Self::gather(points, weights, &drawn, kept)
                };
            }
            share *= WIDEN;
        }
    }

    /// Takes the groups of equal rows that begin at `firsts`.
    fn gather<T: Real>(
        points: &Points<T>,
        weights: Option<&[f64]>,
        drawn: &[(u64, u32)],
        firsts: &[usize],
    ) -> Self {
        let d = points.d();
        let end = end_of(points, drawn, firsts);
        let is_all = end == points.n();
        let mut canonical = Self {
            values: Vec::with_capacity(firsts.len() * d),
            weights: Vec::with_capacity(firsts.len()),
            is_sample: false,
            place_of_row: is_all.then(|| vec![0; points.n()]),
        };
        let ends = firsts.iter().skip(1).copied().chain([end]);
        for (place, (&first, end)) in firsts.iter().zip(ends).enumerate() {
            let group = &drawn[first..end];
            let values = points
                .row(group[0].1 as usize)
                .iter()
                .map(|value| value.widen() + 0.0);
            canonical.values.extend(values);
            canonical.weights.push(total_weight(weights, group));
            if let Some(places) = &mut canonical.place_of_row {
                for &(_, row) in group {
                    places[row as usize] = place as u32;
                }
            }
        }
        canonical
    }

    pub(crate) fn len(&self) -> usize {
        self.weights.len()
    }

    /// The weights, or `None` if all are 1.
    pub(crate) fn weights(&self) -> Option<&[f64]> {
        self.weights
            .iter()
            .any(|&weight| weight != 1.0)
            .then_some(&self.weights)
    }
}

/// All rows in an order that their content decides; of equal rows the caller's first comes first.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) rows: Vec<u32>,
    /// For each row its place among `rows`.
    pub(crate) ranks: Vec<u32>,
}

impl Order {
    /// Time `O(n d + n log n)`, in parallel.
    pub(crate) fn of<T: Real>(points: &Points<T>) -> Self {
        let hash = |row: u32| (content_hash(points.row(row as usize)), row);
        let mut hashed: Vec<(u64, u32)> =
            (0..points.n() as u32).into_par_iter().map(hash).collect();
        sort(points, &mut hashed);
        let rows: Vec<u32> = hashed.into_iter().map(|(_, row)| row).collect();
        let mut ranks = vec![0; rows.len()];
        for (rank, &row) in (0..).zip(&rows) {
            ranks[row as usize] = rank;
        }
        Self { rows, ranks }
    }
}

/// The hash and the number of each row of positive weight whose hash is at most `limit`.
fn hashed<T: Real>(
    points: &Points<T>,
    weights: Option<&[f64]>,
    stream: Stream,
    limit: u64,
) -> Vec<(u64, u32)> {
    let rows = 0..points.n() as u32;
    let is_weighty = |row: u32| weights.is_none_or(|weights| weights[row as usize] > 0.0);
    let hash = |row: u32| (stream.bits(content_hash(points.row(row as usize))), row);
    rows.into_par_iter()
        .filter(|&row| is_weighty(row))
        .map(hash)
        .filter(|&(hash, _)| hash <= limit)
        .collect()
}

fn sort<T: Real>(points: &Points<T>, drawn: &mut [(u64, u32)]) {
    drawn.par_sort_unstable_by(|a, b| {
        a.0.cmp(&b.0)
            .then_with(|| compare(points.row(a.1 as usize), points.row(b.1 as usize)))
            .then_with(|| a.1.cmp(&b.1))
    });
}

/// Where each group of equal rows begins.
fn firsts<T: Real>(points: &Points<T>, drawn: &[(u64, u32)]) -> Vec<usize> {
    let differ = |a: (u64, u32), b: (u64, u32)| {
        a.0 != b.0 || compare(points.row(a.1 as usize), points.row(b.1 as usize)).is_ne()
    };
    (0..drawn.len())
        .filter(|&at| at == 0 || differ(drawn[at - 1], drawn[at]))
        .collect()
}

/// Where the last of these groups ends.
fn end_of<T: Real>(points: &Points<T>, drawn: &[(u64, u32)], firsts: &[usize]) -> usize {
    let Some(&last) = firsts.last() else { return 0 };
    let content = points.row(drawn[last].1 as usize);
    let same = drawn[last..]
        .iter()
        .take_while(|drawn| compare(points.row(drawn.1 as usize), content).is_eq());
    last + same.count()
}

fn total_weight(weights: Option<&[f64]>, group: &[(u64, u32)]) -> f64 {
    match (weights, group) {
        (None, _) => group.len() as f64,
        (Some(weights), [(_, row)]) => weights[*row as usize],
        (Some(weights), _) => {
            let mut sum = ByExponent::default();
            for &(_, row) in group {
                sum.add(weights[row as usize]);
            }
            sum.sum()
        }
    }
}

/// Hash of a row's numbers; 0.0 and -0.0 are the same number.
pub(crate) fn content_hash<T: Real>(row: &[T]) -> u64 {
    // Two chains side by side: one alone waits for its multiplications.
    let step = |state: u64, value: f64| {
        let state = (state ^ (value + 0.0).to_bits()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        state ^ (state >> 29)
    };
    let (pairs, rest) = row.as_chunks::<2>();
    let start = (row.len() as u64, 0xD1B5_4A32_D192_ED03);
    let (even, odd) = pairs.iter().fold(start, |(even, odd), [a, b]| {
        (step(even, a.widen()), step(odd, b.widen()))
    });
    let even = rest
        .iter()
        .fold(even, |state, value| step(state, value.widen()));
    mix(even ^ odd.rotate_left(32))
}

/// Compares two rows number by number.
pub(crate) fn compare<T: Real>(a: &[T], b: &[T]) -> Ordering {
    // Adding 0.0 makes both zeros the same number.
    let pairs = a
        .iter()
        .zip(b)
        .map(|(x, y)| (x.widen() + 0.0).total_cmp(&(y.widen() + 0.0)));
    pairs.fold(Ordering::Equal, Ordering::then)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(data: &[f64], d: usize, most: usize) -> Canonical {
        let points = Points::new(data, data.len() / d, d).unwrap();
        Canonical::of(&points, None, most, most, Stream::new(0, 0, 0, 0))
    }

    #[test]
    fn equal_rows_are_merged_and_found_again() {
        let data = [1.0, 2.0, 0.0, -0.0, 1.0, 2.0, -0.0, 0.0, 3.0, 3.0];
        let merged = canonical(&data, 2, 100);
        let mut weights = merged.weights.clone();
        weights.sort_by(f64::total_cmp);
        assert_eq!(weights, [1.0, 2.0, 2.0]);
        let places = merged.place_of_row.unwrap();
        assert_eq!((places[0], places[1]), (places[2], places[3]));
        assert_eq!(merged.values[places[4] as usize * 2..][..2], [3.0, 3.0]);
    }

    #[test]
    fn few_rows_are_drawn_by_content_whatever_their_order() {
        let data: Vec<f64> = (0..3_000).map(|i| f64::from(i * 7 % 1_000)).collect();
        let reversed: Vec<f64> = data.iter().rev().copied().collect();
        let (here, there) = (canonical(&data, 1, 50), canonical(&reversed, 1, 50));
        assert_eq!((here.len(), &here.weights), (50, &vec![3.0; 50]));
        assert_eq!(
            (&here.values, &here.weights),
            (&there.values, &there.weights)
        );
    }

    #[test]
    fn rows_that_are_few_but_repeated_are_all_found() {
        let data: Vec<f64> = (0..40_000).map(|i| f64::from(i % 5)).collect();
        let merged = canonical(&data, 1, 100);
        assert_eq!((merged.len(), &merged.weights), (5, &vec![8_000.0; 5]));
    }

    #[test]
    fn both_zeros_have_one_hash() {
        assert_eq!(content_hash(&[0.0, 1.0]), content_hash(&[-0.0, 1.0]));
        assert_ne!(content_hash(&[0.0, 1.0]), content_hash(&[1.0, 0.0]));
    }
}
