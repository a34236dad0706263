//! Which customers are written, which are held out, and which are left out.

use std::cmp::Ordering;

use arrow_schema::Schema;

use super::holdout::is_held_out;
use super::list::Columns;
use super::{AudienceError, AudienceOptions, LeftOut, id_of};
use crate::expr::Expr;
use crate::roles::Kind;
use crate::segment::SegmentNumber;
use crate::segmentation::{Customers, Segmentation};
use crate::source::{self, ReadOptions};
use crate::table::{Table, batch_of};
use crate::words::nearest::nearest;

/// The segments and groups by rule that these names (in any case) and numbers stand for, each once, in order.
///
/// # Errors
/// [`AudienceError::UnknownSegment`].
pub fn chosen_segments(
    segmentation: &Segmentation,
    asked: &[String],
) -> Result<Vec<SegmentNumber>, AudienceError> {
    let all = segmentation.k() + segmentation.lifecycle().len();
    let names: Vec<&str> = (0..all)
        .map(|at| segmentation.name(SegmentNumber::at(at)))
        .collect();
    let mut chosen = Vec::with_capacity(asked.len());
    for asked in asked {
        let wanted = asked.trim();
        let named = names
            .iter()
            .position(|name| name.to_lowercase() == wanted.to_lowercase());
        let numbered = || {
            let number: usize = wanted.parse().ok()?;
            number.checked_sub(1).filter(|at| *at < all)
        };
        let at = named
            .or_else(numbered)
            .ok_or_else(|| AudienceError::UnknownSegment {
                asked: asked.clone(),
                nearest: nearest(wanted, names.iter().copied()),
                names: names
                    .iter()
                    .enumerate()
                    .map(|(at, name)| format!("{} {name}", at + 1))
                    .collect(),
            })?;
        chosen.push(SegmentNumber::at(at));
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

/// For each row whether the condition is true. Columns that are kept as they stand in the file are read as any other for it.
pub(super) fn selected(
    segmentation: &Segmentation,
    table: &Table,
    condition: Option<&Expr>,
) -> Result<Vec<bool>, AudienceError> {
    let Some(condition) = condition else {
        return Ok(vec![true; table.rows()]);
    };
    let failed = |source| AudienceError::Condition {
        condition: condition.to_string(),
        source,
    };
    let read: Option<Vec<(&str, usize)>> = condition
        .columns()
        .into_iter()
        .map(|name| Some((name, table.position(name)?)))
        .collect();
    let Some(read) = read else {
        // The check names the nearest column.
        condition
            .check(table.batch().schema_ref())
            .map_err(failed)?;
        return Ok(vec![false; table.rows()]);
    };
    let is_input = |name: &str| {
        let mut inputs = segmentation.pipeline().inputs.iter();
        inputs.any(|input| input.name == name)
    };
    let mut columns = Vec::with_capacity(read.len());
    for (name, position) in read {
        let is_text = table.kind(position) == Kind::Text && !is_input(name);
        let array = if is_text {
            typed(segmentation, table, name, position)?
        } else {
            table.batch().column(position).clone()
        };
        columns.push((name, array));
    }
    let batch = batch_of(columns.into_iter(), table.rows());
    condition.select(&batch).map_err(failed)
}

/// A column of text with the type that its cells have.
fn typed(
    segmentation: &Segmentation,
    table: &Table,
    name: &str,
    position: usize,
) -> Result<arrow_array::ArrayRef, AudienceError> {
    let batch = table.batch();
    let alone = batch
        .project(&[position])
        .expect("the column is one of the batch");
    let model = segmentation.read_options();
    let options = ReadOptions {
        decimal: model.decimal,
        date_order: model.date_order,
        ..ReadOptions::default()
    };
    let schema = Schema::new(vec![batch.schema_ref().field(position).clone()]);
    let read = source::from_batches(&schema.into(), &[alone], &table.file(), &options)?;
    // A row of totals was taken out where the file was read.
    let is_whole = read.rows() == table.rows();
    let position = read.position(name).filter(|_| is_whole);
    Ok(position.map_or_else(
        || batch.column(table.position(name).unwrap_or(0)).clone(),
        |at| read.batch().column(at).clone(),
    ))
}

/// The choice of rows, with its account.
pub(super) struct Chosen<'a> {
    pub(super) table: &'a Table,
    pub(super) customers: &'a Customers,
    pub(super) segments: &'a [SegmentNumber],
    pub(super) ids: Option<usize>,
    pub(super) left_out: LeftOut,
}

impl Chosen<'_> {
    /// The customers that can be written or held out, in the order in which they are taken.
    pub(super) fn rows(
        &mut self,
        agreed: &[bool],
        selected: &[bool],
        columns: &Columns,
        options: &AudienceOptions,
    ) -> Vec<usize> {
        let mut rows = Vec::new();
        for (row, placement) in self.customers.placements.iter().enumerate() {
            let is_in = placement.is_some_and(|placed| self.segments.contains(&placed.segment));
            if !is_in {
                continue;
            }
            let out = &mut self.left_out;
            if !agreed[row] {
                out.without_consent += 1;
            } else if !selected[row] {
                out.filtered_out += 1;
            } else if !columns.can_match(self.table, row) {
                out.without_contact += 1;
            } else if options.holdout.is_some() && id_of(self.table, self.ids, row).is_none() {
                out.without_id += 1;
            } else {
                rows.push(row);
            }
        }
        if options.limit.is_some() {
            self.most_typical_first(&mut rows);
        }
        rows
    }

    /// Nearest to the centroid first; of groups by rule, which have none, all behind the others. Equal distances are told apart
    /// by the id, so that the order of the file changes nothing.
    fn most_typical_first(&self, rows: &mut [usize]) {
        let distance = |row: usize| {
            let placement = self.customers.placements[row];
            placement
                .and_then(|placed| placed.distance)
                .unwrap_or(f64::INFINITY)
        };
        rows.sort_by(|&one, &other| -> Ordering {
            let by_id = || {
                let id = |row| id_of(self.table, self.ids, row);
                id(one).cmp(&id(other))
            };
            distance(one)
                .total_cmp(&distance(other))
                .then_with(by_id)
                .then(one.cmp(&other))
        });
    }

    /// Who is written, and who is held out. With a limit, customers are taken until the list is full.
    pub(super) fn split(
        &mut self,
        rows: Vec<usize>,
        options: &AudienceOptions,
    ) -> (Vec<usize>, Vec<usize>) {
        let limit = options.limit.unwrap_or(usize::MAX);
        let (mut listed, mut held_out) = (Vec::new(), Vec::new());
        for row in rows {
            if listed.len() == limit {
                self.left_out.beyond_limit += 1;
                continue;
            }
            let id = id_of(self.table, self.ids, row);
            let is_out = options
                .holdout
                .zip(id)
                .is_some_and(|(share, id)| is_held_out(&id, share, options.holdout_seed));
            if is_out {
                held_out.push(row);
            } else {
                listed.push(row);
            }
        }
        (listed, held_out)
    }
}
