//! What new rows are compared with: counts that can be, bounds in order, names that differ.

use super::{Checked, counts_are_sane, different, length, require};
use crate::drift::{Baseline, ColumnBaseline, Holds, Levels, Missing, Numbers};

impl Baseline {
    pub(super) fn check(&self) -> Checked {
        let names = self.columns.iter().map(|column| column.name.as_str());
        different(format_args!("baseline.columns"), names)?;
        for (at, column) in self.columns.iter().enumerate() {
            check_column(&format!("baseline.columns[{at}]"), column)?;
        }
        Ok(())
    }
}

fn check_column(place: &str, column: &ColumnBaseline) -> Checked {
    if let Some(Missing { cells, rows }) = column.missing {
        counts_are_sane(format_args!("{place}.missing"), [cells, rows])?;
        require(cells <= rows, || {
            format!("`{place}.missing.cells` is {cells}, more than the rows")
        })?;
    }
    match &column.holds {
        Some(Holds::Numbers(numbers)) => check_numbers(&format!("{place}.holds.numbers"), numbers),
        Some(Holds::Flags(flags)) => counts_are_sane(
            format_args!("{place}.holds.flags"),
            [flags.zeros, flags.ones],
        ),
        Some(Holds::Levels(levels)) => check_levels(&format!("{place}.holds.levels"), levels),
        None => Ok(()),
    }
}

fn check_numbers(place: &str, numbers: &Numbers) -> Checked {
    let Numbers {
        sd,
        range: [low, high],
        bounds,
        counts,
        ..
    } = numbers;
    require(*sd >= 0.0, || format!("`{place}.sd` is {sd}, below 0"))?;
    require(low <= high, || {
        format!("`{place}.range` ends before it begins")
    })?;
    require(bounds.is_sorted_by(|a, b| a < b), || {
        format!("`{place}.bounds` is not in ascending order")
    })?;
    let intervals = bounds.len() + 1;
    length(
        format_args!("{place}.counts"),
        counts.len(),
        intervals,
        "interval",
    )?;
    counts_are_sane(format_args!("{place}.counts"), counts.iter().copied())
}

fn check_levels(place: &str, levels: &Levels) -> Checked {
    let names = levels.kept.iter().map(|(name, _)| name.as_str());
    different(format_args!("{place}.kept"), names)?;
    let counts = levels.kept.iter().map(|(_, count)| *count);
    counts_are_sane(
        format_args!("{place}"),
        counts.chain([levels.rest, levels.rest_kinds]),
    )?;
    let (most, rest) = (levels.rest_most, levels.rest);
    require(most <= rest, || {
        format!("`{place}.rest_most` is {most}, more than the {rest} of all others")
    })
}
