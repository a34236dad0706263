//! Columns of categories, counted by segment.

use std::hash::Hash;

use ahash::{HashMap, HashMapExt};
use arrow_array::{Float64Array, LargeStringArray};

use super::build::present;
use super::segmented::{Segmented, numbers};
use super::{ColumnStatistics, ColumnSummary};
use crate::roles::{Fate, Role};
use crate::statistics::mean;

/// Categories kept of a column; the rest is joined.
const LEVELS: usize = 12;

pub(super) fn of_text(
    text: &LargeStringArray,
    members: &[Vec<usize>],
    min_group: u64,
) -> ColumnStatistics {
    Categories::of(text.iter(), |cell| (*cell).to_owned()).counted(members, min_group)
}

/// Integer codes: each is a category.
pub(super) fn of_codes(
    codes: &Float64Array,
    members: &[Vec<usize>],
    min_group: u64,
) -> ColumnStatistics {
    let bits = codes.iter().map(|code| code.map(f64::to_bits));
    let all = Categories::of(bits, |bits| f64::from_bits(*bits).to_string());
    let mut statistics = all.counted(members, min_group);
    if let ColumnStatistics::Categories { code_means, .. } = &mut statistics {
        let means = members.iter().map(|rows| mean(&present(codes, Some(rows))));
        *code_means = Some(means.collect());
    }
    statistics
}

/// A category written as 0/1 columns, joined again.
pub(super) fn of_block(
    segmented: &Segmented<'_>,
    members: &[Vec<usize>],
    name: &str,
    columns: &[String],
) -> Option<ColumnSummary> {
    let batch = &segmented.prepared.batch;
    let flags: Option<Vec<(&str, &Float64Array)>> = columns
        .iter()
        .map(|column| {
            let level = column
                .strip_prefix(name)
                .map_or(column.as_str(), |rest| &rest[1..]);
            numbers(batch, column).map(|numbers| (level, numbers))
        })
        .collect();
    let flags = flags?;
    let cells = (0..batch.num_rows()).map(|row| {
        flags
            .iter()
            .find(|(_, flag)| flag.value(row) == 1.0)
            .map(|(level, _)| *level)
    });
    let min_group = segmented.min_group();
    let all = Categories::of(cells, |level| (*level).to_owned());
    let statistics = all.counted(members, min_group);
    let name = name.to_owned();
    Some(ColumnSummary {
        name,
        role: Role::Category,
        fate: Fate::Described,
        statistics,
    })
}

/// The category of each row, as a number.
struct Categories {
    names: Vec<String>,
    counts: Vec<u64>,
    /// None where the cell is empty.
    of_row: Vec<Option<u32>>,
}

impl Categories {
    fn of<C: Hash + Eq>(
        cells: impl Iterator<Item = Option<C>>,
        name: impl Fn(&C) -> String,
    ) -> Self {
        let mut numbers: HashMap<C, u32> = HashMap::new();
        let (mut names, mut counts) = (Vec::new(), Vec::new());
        let mut number_of = |cell: C| {
            let next = numbers.len() as u32;
            let number = *numbers.entry(cell).or_insert_with_key(|cell| {
                names.push(name(cell));
                counts.push(0);
                next
            });
            counts[number as usize] += 1;
            number
        };
        let of_row = cells.map(|cell| cell.map(&mut number_of)).collect();
        Self {
            names,
            counts,
            of_row,
        }
    }

    fn counted(&self, members: &[Vec<usize>], min_group: u64) -> ColumnStatistics {
        let ranked = self.ranked();
        // A category that few customers have would tell of them.
        let common = ranked.partition_point(|at| self.counts[*at] >= min_group);
        let joined = ranked.len() > LEVELS || common < ranked.len();
        let kept = if joined {
            common.min(LEVELS - 1)
        } else {
            ranked.len()
        };
        let mut place = vec![0; ranked.len()];
        for (rank, at) in ranked.iter().enumerate() {
            place[*at] = rank.min(kept);
        }
        let width = kept + usize::from(joined);
        let count = |rows: &mut dyn Iterator<Item = usize>| {
            let mut counts = vec![0_u64; width];
            for category in rows.filter_map(|row| self.of_row[row]) {
                counts[place[category as usize]] += 1;
            }
            counts
        };
        ColumnStatistics::Categories {
            levels: self.levels(&ranked[..kept], joined),
            joined,
            overall: count(&mut (0..self.of_row.len())),
            segments: members
                .iter()
                .map(|rows| count(&mut rows.iter().copied()))
                .collect(),
            code_means: None,
        }
    }

    /// The most frequent first, equally frequent ones in the order of their names.
    fn ranked(&self) -> Vec<usize> {
        let mut ranked: Vec<usize> = (0..self.names.len()).collect();
        ranked.sort_by(|a, b| {
            let by_count = self.counts[*b].cmp(&self.counts[*a]);
            by_count.then_with(|| self.names[*a].cmp(&self.names[*b]))
        });
        ranked
    }

    /// The names of those kept, and of the rest where it is joined.
    fn levels(&self, kept: &[usize], joined: bool) -> Vec<String> {
        let mut levels: Vec<String> = kept.iter().map(|at| self.names[*at].clone()).collect();
        if joined {
            // A category of the data may have that name.
            let is_taken = levels
                .iter()
                .any(|level| level.eq_ignore_ascii_case("other"));
            levels.push(if is_taken { "all others" } else { "other" }.to_owned());
        }
        levels
    }
}
