//! Whether the parts of a model go together. A digest proves that a file is what somebody wrote, not that it makes sense:
//! every list has one entry for each thing it lists, every number is in its range, every name that is used is known. What
//! passes here is used without further checks.

mod described;
mod drift;
mod evidence;
mod pipeline;
mod summary;

use std::collections::BTreeSet;
use std::fmt::{Arguments, Display};
use std::ops::RangeInclusive;

use super::Segmentation;
use crate::segment::SegmentNumber;

/// The most segments that a recipe can ask for.
const MOST_SEGMENTS: usize = 1000;

/// Whole numbers up to this are exact in every number of the model, and sums of many of them do not overflow.
const LARGEST_COUNT: u64 = 1 << 53;

/// What does not go together, with its place in the document: `` `centroids` has 18 entries, not 24: ... ``.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contradiction(pub(super) String);

/// Nothing, or the first contradiction.
type Checked = Result<(), Contradiction>;

impl Segmentation {
    /// Whether all parts go together.
    pub(super) fn check(&self) -> Checked {
        let model = Shape {
            k: self.k,
            features: self.pipeline.features.len(),
        };
        within(format_args!("k"), self.k, 1..=MOST_SEGMENTS)?;
        self.pipeline.check()?;
        self.recipe
            .check()
            .map_err(|error| Contradiction(format!("`recipe`: {error}")))?;
        model.centroids(format_args!("centroids"), &self.centroids)?;
        model.distances(format_args!("outlier_distance"), &self.outlier_distance)?;
        for (at, (_, share)) in self.group_shares.iter().enumerate() {
            share_of(format_args!("group_shares[{at}]"), *share)?;
        }
        for (at, question) in self.please_check.iter().enumerate() {
            let place = format_args!("please_check[{at}].agreement");
            question
                .agreement
                .map_or(Ok(()), |share| share_of(place, share))?;
        }
        different(
            format_args!("columns"),
            self.columns.iter().map(|column| column.name.as_str()),
        )?;
        self.check_ledger()?;
        self.evidence.check(&model)?;
        self.summary.check(&model)?;
        self.profiles.check(&model)?;
        if let Some(rules) = &self.rules {
            rules.check(format_args!("rules"), self.k)?;
        }
        if let Some(campaign) = &self.campaign {
            campaign.check(format_args!("campaign"), self.k)?;
        }
        if let Some(baseline) = &self.baseline {
            baseline.check()?;
        }
        self.check_others(&model)
    }

    fn check_ledger(&self) -> Checked {
        let ledger = &self.ledger;
        let set_aside = ledger.set_aside.iter().map(|entry| entry.rows);
        let changed = ledger.repaired.iter().chain(&ledger.limited);
        let counts = set_aside.chain(changed.map(|repair| repair.cells)).chain([
            ledger.read,
            ledger.used,
            ledger.duplicates,
            self.manifest.rows,
        ]);
        counts_are_sane(format_args!("ledger"), counts)?;
        let used = self.summary.customers;
        require(ledger.adds_up(), || {
            format!(
                "`ledger.read` is {}, which is not what was used and set aside",
                ledger.read
            )
        })?;
        require(ledger.used == used, || {
            format!(
                "`ledger.used` is {}, but `summary.customers` is {used}",
                ledger.used
            )
        })
    }

    fn check_others(&self, model: &Shape) -> Checked {
        ascending(
            format_args!("others"),
            self.others.iter().map(|other| other.k),
        )?;
        for (at, other) in self.others.iter().enumerate() {
            let place = format_args!("others[{at}].k");
            within(place, other.k, 1..=MOST_SEGMENTS)?;
            let is_known = other.k != self.k && self.evidence.candidate(other.k).is_some();
            require(is_known, || {
                format!(
                    "`{place}` is {}, which is none of the other numbers tried",
                    other.k
                )
            })?;
            let shape = Shape {
                k: other.k,
                ..*model
            };
            other.check(format_args!("others[{at}]"), &shape, &self.summary)?;
        }
        Ok(())
    }
}

/// How many segments and features there are.
#[derive(Debug, Clone, Copy)]
struct Shape {
    k: usize,
    features: usize,
}

impl Shape {
    fn per_segment(&self, place: Arguments<'_>, found: usize) -> Checked {
        length(place, found, self.k, "segment")
    }

    fn centroids(&self, place: Arguments<'_>, values: &[f64]) -> Checked {
        let wanted = self.k * self.features;
        length(place, values.len(), wanted, "feature of each segment")?;
        // The square of a distance between two of them must be a number.
        let far = values.iter().find(|value| value.abs() > 1e140);
        require(far.is_none(), || {
            format!("`{place}` holds a number too large to measure distances")
        })
    }

    fn distances(&self, place: Arguments<'_>, values: &[f64]) -> Checked {
        self.per_segment(place, values.len())?;
        values.iter().enumerate().try_for_each(|(at, distance)| {
            within(format_args!("{place}[{at}]"), *distance, 0.0..=f64::MAX)
        })
    }

    fn segment(&self, place: Arguments<'_>, segment: SegmentNumber) -> Checked {
        within(place, segment.get() as usize, 1..=self.k)
    }
}

fn require(holds: bool, otherwise: impl FnOnce() -> String) -> Checked {
    if holds {
        Ok(())
    } else {
        Err(Contradiction(otherwise()))
    }
}

/// A list that has one entry for each of something.
fn length(place: Arguments<'_>, found: usize, wanted: usize, each: &str) -> Checked {
    require(found == wanted, || {
        let entries = if found == 1 { "entry" } else { "entries" };
        format!("`{place}` has {found} {entries}, not {wanted}: one for each {each}")
    })
}

fn within<T: PartialOrd + Display + Copy>(
    place: Arguments<'_>,
    value: T,
    range: RangeInclusive<T>,
) -> Checked {
    require(range.contains(&value), || {
        let (low, high) = range.into_inner();
        format!("`{place}` is {value}, not from {low} to {high}")
    })
}

fn share_of(place: Arguments<'_>, share: f64) -> Checked {
    // A sum of shares may be above 1 by its rounding.
    require((-1e-9..=1.0 + 1e-9).contains(&share), || {
        format!("`{place}` is {share}, not from 0 to 1")
    })
}

fn above_zero(place: Arguments<'_>, value: f64) -> Checked {
    require(value > 0.0 && value.is_finite(), || {
        format!("`{place}` is {value}, not above 0")
    })
}

fn not_descending(place: Arguments<'_>, values: &[f64]) -> Checked {
    require(values.is_sorted(), || {
        format!("`{place}` is not in ascending order")
    })
}

fn ascending<T: Ord>(place: Arguments<'_>, values: impl Iterator<Item = T>) -> Checked {
    let is_ascending = values.is_sorted_by(|a, b| a < b);
    require(is_ascending, || {
        format!("`{place}` is not in ascending order")
    })
}

fn different<T: Ord + Display>(place: Arguments<'_>, values: impl Iterator<Item = T>) -> Checked {
    let mut seen = BTreeSet::new();
    for value in values {
        if let Some(first) = seen.replace(value) {
            return Err(Contradiction(format!("`{place}` names `{first}` twice")));
        }
    }
    Ok(())
}

fn counts_are_sane(place: Arguments<'_>, counts: impl IntoIterator<Item = u64>) -> Checked {
    let sum = counts.into_iter().try_fold(0_u64, |sum, count| {
        sum.checked_add(count).filter(|sum| *sum <= LARGEST_COUNT)
    });
    require(sum.is_some(), || {
        format!("`{place}` counts more than can be counted")
    })
}
