//! The tree: cuts of one column at a time.

use rayon::prelude::*;

use super::round::rounded;
use super::{Bound, Rules, SegmentRule};
use crate::segment::SegmentNumber;
use crate::statistics::draw::{Key, content_key};

/// Customers that cuts are looked for among; rules are measured on all.
const LOOKED_AT: usize = 20_000;

/// Another leaf must find at least this share of the customers again.
const WORTH_A_LEAF: f64 = 0.005;

/// Customers in raw units, column by column, and the segments they are to be told apart in.
pub(crate) struct Customers<'a> {
    pub(crate) names: &'a [String],
    /// One slice per column.
    pub(crate) columns: Vec<&'a [f64]>,
    /// 0-based segment of each.
    pub(crate) labels: &'a [u32],
    /// k x d, raw units.
    pub(crate) centroids: Vec<f64>,
    pub(crate) k: usize,
    pub(crate) seed: u64,
}

impl Customers<'_> {
    fn n(&self) -> usize {
        self.labels.len()
    }

    fn d(&self) -> usize {
        self.columns.len()
    }

    fn centroid(&self, segment: usize, column: usize) -> f64 {
        self.centroids[segment * self.d() + column]
    }

    /// Rows to look at: all, or a sample that depends on what they hold, not on where they stand.
    fn sample(&self) -> Vec<usize> {
        if self.n() <= LOOKED_AT {
            return (0..self.n()).collect();
        }
        let key = Key::new(self.seed, 0x5259);
        let content = |row: usize| {
            let values: Vec<f64> = self.columns.iter().map(|column| column[row]).collect();
            key.of(content_key(&values))
        };
        let mut keyed: Vec<(u64, usize)> = (0..self.n())
            .into_par_iter()
            .map(|row| (content(row), row))
            .collect();
        keyed.par_sort_unstable();
        keyed.truncate(LOOKED_AT);
        keyed.into_iter().map(|(_, row)| row).collect()
    }
}

#[derive(Debug, Clone, Copy)]
struct Cut {
    column: usize,
    threshold: f64,
}

#[derive(Debug, Clone)]
struct Leaf {
    segment: usize,
    /// Cuts on the way, and whether the leaf is above each.
    path: Vec<(Cut, bool)>,
    rows: Vec<usize>,
}

/// Grows the rules of a segmentation. None of one segment, nor of columns without a number for every customer.
///
/// Cost: O(k d n log n) for at most 20,000 customers, O(n k) to measure.
pub(crate) fn grow(customers: &Customers<'_>) -> Option<Rules> {
    let known = customers
        .columns
        .iter()
        .all(|column| column.iter().all(|value| value.is_finite()));
    if customers.k < 2 || !known {
        return None;
    }
    let mut leaves = Vec::new();
    let all: Vec<usize> = (0..customers.k).collect();
    part(
        customers,
        customers.sample(),
        &all,
        &mut Vec::new(),
        &mut leaves,
    );
    refine(customers, &mut leaves);
    Some(measured(customers, &leaves))
}

/// Parts centroids until each has a leaf.
fn part(
    customers: &Customers<'_>,
    rows: Vec<usize>,
    segments: &[usize],
    path: &mut Vec<(Cut, bool)>,
    leaves: &mut Vec<Leaf>,
) {
    let cut = if segments.len() > 1 {
        best_between_centroids(customers, &rows, segments)
    } else {
        None
    };
    let Some(cut) = cut else {
        // Centroids that no column tells apart share a leaf.
        leaves.push(Leaf {
            segment: segments[0],
            path: path.clone(),
            rows,
        });
        return;
    };
    let values = customers.columns[cut.column];
    let (above, below): (Vec<usize>, Vec<usize>) = rows
        .into_iter()
        .partition(|row| values[*row] > cut.threshold);
    let is_above = |segment: &&usize| customers.centroid(**segment, cut.column) > cut.threshold;
    let (high, low): (Vec<&usize>, Vec<&usize>) = segments.iter().partition(is_above);
    for (rows, segments, side) in [(below, low, false), (above, high, true)] {
        let segments: Vec<usize> = segments.into_iter().copied().collect();
        path.push((cut, side));
        part(customers, rows, &segments, path, leaves);
        path.pop();
    }
}

/// The cut between centroids that parts fewest customers from theirs.
fn best_between_centroids(
    customers: &Customers<'_>,
    rows: &[usize],
    segments: &[usize],
) -> Option<Cut> {
    let found: Vec<(usize, Cut)> = (0..customers.d())
        .into_par_iter()
        .filter_map(|column| cut_between(customers, rows, segments, column))
        .collect();
    let best = found.into_iter().min_by_key(|(mistakes, _)| *mistakes)?;
    Some(best.1)
}

/// What a cut passes on its way up.
#[derive(Debug, Clone, Copy)]
enum Passed {
    Customer(usize),
    Centroid(usize),
}

fn cut_between(
    customers: &Customers<'_>,
    rows: &[usize],
    segments: &[usize],
    column: usize,
) -> Option<(usize, Cut)> {
    let passed = passed(customers, rows, segments, column);
    let mut sides = vec![Sides::default(); customers.k];
    for (_, what) in &passed {
        if let Passed::Customer(segment) = what {
            sides[*segment].above += 1;
        }
    }
    let (mut mistakes, mut below) = (0_usize, 0);
    let mut best: Option<(usize, f64, f64)> = None;
    for (at, (value, what)) in passed.iter().enumerate() {
        mistakes = what.pass(&mut sides, mistakes);
        below += usize::from(matches!(what, Passed::Centroid(_)));
        let next = passed.get(at + 1).map(|(next, _)| *next);
        let parts = (1..segments.len()).contains(&below);
        if let Some(next) = next.filter(|next| next > value && parts)
            && best.is_none_or(|(fewest, ..)| mistakes < fewest)
        {
            best = Some((mistakes, *value, next));
        }
    }
    let (mistakes, from, to) = best?;
    let threshold = rounded(from, to);
    Some((mistakes, Cut { column, threshold }))
}

/// Customers and centroids in the order in which a rising cut passes them.
fn passed(
    customers: &Customers<'_>,
    rows: &[usize],
    segments: &[usize],
    column: usize,
) -> Vec<(f64, Passed)> {
    let values = customers.columns[column];
    let own = |row: usize| customers.labels[row] as usize;
    let here = rows.iter().filter(|row| segments.contains(&own(**row)));
    let centroids = segments.iter().map(|segment| {
        let at = customers.centroid(*segment, column);
        (at, Passed::Centroid(*segment))
    });
    let mut passed: Vec<(f64, Passed)> = here
        .map(|row| (values[*row], Passed::Customer(own(*row))))
        .chain(centroids)
        .collect();
    passed.sort_by(|a, b| a.0.total_cmp(&b.0));
    passed
}

impl Passed {
    /// Customers parted from their centroid once the cut is past this.
    fn pass(self, sides: &mut [Sides], mistakes: usize) -> usize {
        match self {
            Self::Customer(segment) => {
                let side = &mut sides[segment];
                side.above -= 1;
                side.below += 1;
                if side.centroid_below {
                    mistakes - 1
                } else {
                    mistakes + 1
                }
            }
            Self::Centroid(segment) => {
                let side = &mut sides[segment];
                side.centroid_below = true;
                mistakes + side.above - side.below
            }
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Sides {
    below: usize,
    above: usize,
    centroid_below: bool,
}

/// A leaf cut in two: one side stays with its segment, the other goes to one that has more customers there.
struct Split {
    leaf: usize,
    cut: Cut,
    /// Customers found again.
    found: usize,
    above: usize,
    below: usize,
}

/// Cuts leaves while that finds enough customers again, up to twice as many leaves as segments.
fn refine(customers: &Customers<'_>, leaves: &mut Vec<Leaf>) {
    let looked_at: usize = leaves.iter().map(|leaf| leaf.rows.len()).sum();
    let least = ((WORTH_A_LEAF * looked_at as f64).ceil() as usize).max(2);
    let mut splits: Vec<Option<Split>> = (0..leaves.len())
        .map(|leaf| best_split(customers, leaves, leaf))
        .collect();
    while leaves.len() < 2 * customers.k {
        let best = splits
            .iter_mut()
            .filter(|split| split.as_ref().is_some_and(|split| split.found >= least))
            .reduce(|best, other| {
                let found = |split: &Option<Split>| split.as_ref().map_or(0, |split| split.found);
                if found(other) > found(best) {
                    other
                } else {
                    best
                }
            });
        let Some(split) = best.and_then(Option::take) else {
            return;
        };
        let leaf = leaves[split.leaf].clone();
        let values = customers.columns[split.cut.column];
        let (above, below): (Vec<usize>, Vec<usize>) = leaf
            .rows
            .iter()
            .partition(|row| values[**row] > split.cut.threshold);
        let side = |segment: usize, rows: Vec<usize>, is_above: bool| Leaf {
            segment,
            path: leaf
                .path
                .iter()
                .copied()
                .chain([(split.cut, is_above)])
                .collect(),
            rows,
        };
        leaves[split.leaf] = side(split.below, below, false);
        leaves.push(side(split.above, above, true));
        splits[split.leaf] = best_split(customers, leaves, split.leaf);
        splits.push(best_split(customers, leaves, leaves.len() - 1));
    }
}

fn best_split(customers: &Customers<'_>, leaves: &[Leaf], leaf: usize) -> Option<Split> {
    let splits: Vec<Split> = (0..customers.d())
        .into_par_iter()
        .filter_map(|column| split(customers, &leaves[leaf], leaf, column))
        .collect();
    splits.into_iter().reduce(|best, other| {
        if other.found > best.found {
            other
        } else {
            best
        }
    })
}

fn split(customers: &Customers<'_>, leaf: &Leaf, at: usize, column: usize) -> Option<Split> {
    let values = customers.columns[column];
    let mut ordered: Vec<(f64, usize)> = leaf
        .rows
        .iter()
        .map(|row| (values[*row], customers.labels[*row] as usize))
        .collect();
    ordered.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut above = vec![0_usize; customers.k];
    for (_, segment) in &ordered {
        above[*segment] += 1;
    }
    let mut below = vec![0_usize; customers.k];
    let own = leaf.segment;
    let right = above[own];
    let mut best: Option<(usize, f64, f64, usize, usize)> = None;
    for pair in ordered.windows(2) {
        let (value, segment) = pair[0];
        below[segment] += 1;
        above[segment] -= 1;
        if pair[1].0 <= value {
            continue;
        }
        let (high, low) = (most(&above), most(&below));
        // One side stays, so that no segment loses its only leaf.
        for (to_above, to_below) in [(own, low), (high, own)] {
            let now = above[to_above] + below[to_below];
            let found = now.saturating_sub(right);
            if to_above != to_below && found > best.map_or(0, |best| best.0) {
                best = Some((found, value, pair[1].0, to_above, to_below));
            }
        }
    }
    let (found, from, to, above, below) = best?;
    let threshold = rounded(from, to);
    Some(Split {
        leaf: at,
        cut: Cut { column, threshold },
        found,
        above,
        below,
    })
}

/// The segment with most customers, the first of equals.
fn most(counts: &[usize]) -> usize {
    (0..counts.len())
        .reduce(|best, other| {
            if counts[other] > counts[best] {
                other
            } else {
                best
            }
        })
        .unwrap_or(0)
}

/// The leaves as rules, measured on all customers.
fn measured(customers: &Customers<'_>, leaves: &[Leaf]) -> Rules {
    let k = customers.k;
    let of = |row: usize| {
        let takes = |leaf: &&Leaf| {
            leaf.path
                .iter()
                .all(|(cut, above)| (customers.columns[cut.column][row] > cut.threshold) == *above)
        };
        // The leaves part everything there is.
        leaves.iter().find(takes).map_or(0, |leaf| leaf.segment)
    };
    let nobody = || vec![0_u64; k * k];
    // Rules by segments.
    let table = (0..customers.n())
        .into_par_iter()
        .fold(nobody, |mut table, row| {
            table[of(row) * k + customers.labels[row] as usize] += 1;
            table
        })
        .reduce(nobody, |mut a, b| {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
            a
        });
    let share = |part: u64, of: u64| {
        if of == 0 {
            0.0
        } else {
            part as f64 / of as f64
        }
    };
    let right: u64 = (0..k).map(|segment| table[segment * k + segment]).sum();
    let segment = |at: usize| {
        let taken: u64 = table[at * k..(at + 1) * k].iter().sum();
        let size: u64 = (0..k).map(|rule| table[rule * k + at]).sum();
        let both = table[at * k + at];
        let own = leaves.iter().filter(|leaf| leaf.segment == at);
        SegmentRule {
            segment: SegmentNumber::at(at),
            paths: own.map(|leaf| bounds(customers, &leaf.path)).collect(),
            customers: taken,
            coverage: share(both, size),
            precision: share(both, taken),
        }
    };
    Rules {
        fidelity: share(right, customers.n() as u64),
        segments: (0..k).map(segment).collect(),
    }
}

/// The cuts of a path, one bound per column, in the order in which they were made.
fn bounds(customers: &Customers<'_>, path: &[(Cut, bool)]) -> Vec<Bound> {
    let mut bounds: Vec<Bound> = Vec::new();
    for (cut, above) in path {
        let name = &customers.names[cut.column];
        let at = bounds.iter().position(|bound| bound.column == *name);
        let at = at.unwrap_or_else(|| {
            bounds.push(Bound {
                column: name.clone(),
                above: None,
                up_to: None,
            });
            bounds.len() - 1
        });
        let bound = &mut bounds[at];
        let threshold = cut.threshold;
        if *above {
            bound.above = Some(bound.above.map_or(threshold, |known| known.max(threshold)));
        } else {
            bound.up_to = Some(bound.up_to.map_or(threshold, |known| known.min(threshold)));
        }
    }
    bounds
}
