//! The tests of one category: shares of its levels, and levels that were not there.

use std::collections::BTreeSet;

use super::baseline::Levels;
use super::columns::{likeliest, share_test, untold};
use super::{Change, ChangeKind, Place};
use crate::statistics::two_samples::{Counts, stability_index, unseen};

/// A category: its known levels, and those that were not there or are not known by name.
pub(super) fn level_tests(place: &Place, then: &Levels, now: &[(String, u64)]) -> Vec<Change> {
    let beside = Beside::of(place, then, now);
    let unknown = if then.rest == 0 {
        beside.unseen_together()
    } else {
        beside.unseen_one_by_one()
    };
    let share = beside.share();
    vec![
        share.unwrap_or_else(|| untold(place, ChangeKind::Share)),
        unknown.unwrap_or_else(|| untold(place, ChangeKind::Unseen)),
    ]
}

/// The levels of a category then and now.
struct Beside<'a> {
    place: &'a Place,
    then: &'a Levels,
    /// Customers of each level that is kept.
    known: Vec<(u64, u64)>,
    /// Levels that are not kept.
    others: Vec<&'a (String, u64)>,
    n: u64,
    m: u64,
}

impl<'a> Beside<'a> {
    fn of(place: &'a Place, then: &'a Levels, now: &'a [(String, u64)]) -> Self {
        let found = |level: &str| {
            let at = now.binary_search_by(|(name, _)| name.as_str().cmp(level));
            at.map_or(0, |at| now[at].1)
        };
        let names: BTreeSet<&str> = then.kept.iter().map(|(name, _)| name.as_str()).collect();
        let kept = then.kept.iter();
        let known: Vec<(u64, u64)> = kept.map(|(level, count)| (*count, found(level))).collect();
        Self {
            place,
            then,
            n: known.iter().map(|(before, _)| before).sum::<u64>() + then.rest,
            m: now.iter().map(|(_, count)| count).sum(),
            known,
            others: now
                .iter()
                .filter(|(level, _)| !names.contains(level.as_str()))
                .collect(),
        }
    }

    /// All levels, for each is tried.
    fn tried(&self) -> u64 {
        (self.then.kept.len() + self.others.len()) as u64 + self.then.rest_kinds
    }

    fn other_rows(&self) -> u64 {
        self.others.iter().map(|(_, count)| count).sum()
    }

    fn psi(&self) -> f64 {
        let known = self.known.iter();
        let (mut before, mut after): (Vec<u64>, Vec<u64>) = known.copied().unzip();
        before.push(self.then.rest);
        after.push(self.other_rows());
        stability_index(&before, &after)
    }

    fn change(&self, kind: ChangeKind, level: Option<&str>, before: u64, after: u64) -> Change {
        let counts = Counts {
            before,
            of_before: self.n,
            after,
            of_after: self.m,
        };
        Change {
            level: level.map(str::to_owned),
            ..share_test(self.place.clone(), kind, counts)
        }
    }

    fn with_psi(&self, change: Change) -> Change {
        Change {
            psi: self.psi(),
            ..change
        }
    }

    /// The known level whose share changed most.
    fn share(&self) -> Option<Change> {
        let kept = self.then.kept.iter().zip(&self.known);
        let shares = kept.map(|((name, _), (before, after))| {
            self.change(ChangeKind::Share, Some(name), *before, *after)
        });
        likeliest(shares, self.tried()).map(|change| self.with_psi(change))
    }

    /// A level that is not kept: of how many customers is not known, but no more than the most frequent of these had.
    fn unseen_one_by_one(&self) -> Option<Change> {
        let most = self.then.rest_most;
        let others = self.others.iter();
        let above = others
            .map(|(name, after)| self.change(ChangeKind::Unseen, Some(name), most, *after))
            .filter(|change| change.now > change.then);
        likeliest(above, self.tried()).map(|change| self.with_psi(change))
    }

    /// All levels are known, so that those that were not there count together.
    fn unseen_together(&self) -> Option<Change> {
        let (most, _) = self.others.iter().max_by_key(|(_, count)| *count)?;
        let others = self.others.iter().map(|(_, after)| (0, *after));
        let levels: Vec<(u64, u64)> = self.known.iter().copied().chain(others).collect();
        let change = self.change(ChangeKind::Unseen, Some(most), 0, self.other_rows());
        Some(self.with_psi(Change {
            p: unseen(&levels, self.n, self.m),
            ..change
        }))
    }
}
