//! The day that days since count to, and ages from a date of birth, for rows to come: it may lie later than that of the rows that were segmented,
//! never earlier. A list of customers to win back must not look recent because the model is old.

use std::borrow::Cow;

use arrow_array::{Array, ArrayRef, Date32Array};

use super::{Derivation, Pipeline, PipelineError};
use crate::date::Date;
use crate::expr::Expr;
use crate::meaning::latest_day;
use crate::table::Table;

/// Under so many rows the latest date in them may be none of the day they were exported.
const FEW_ROWS: usize = 100;

/// So many days apart, the two days are told to differ.
const LONG: i32 = 7;

impl Pipeline {
    /// The pipeline for these rows, and what is to be said of the day it counts to: `asked`, else the later of its own day and
    /// the latest date in the rows. O(rows) for each date that is counted from.
    pub(super) fn counting_for(
        &self,
        table: &Table,
        asked: Option<Date>,
    ) -> Result<(Cow<'_, Self>, Option<String>), PipelineError> {
        let Some(own) = self.as_of else {
            return Ok((Cow::Borrowed(self), None));
        };
        let latest = self.latest(table);
        let (day, notice) = match (asked, latest) {
            (Some(asked), _) => (asked, None),
            (None, None) => (own, None),
            (None, Some(latest)) => (own.max(latest), Some(told(own, latest, table.rows()))),
        };
        if day == own {
            return Ok((Cow::Borrowed(self), notice));
        }
        let mut moved = self.clone();
        moved.as_of = Some(day);
        moved.derive = self.counting_to(&Expr::date(day))?;
        Ok((Cow::Owned(moved), notice))
    }

    /// The derived columns that count to the reference date.
    pub(crate) fn counting(&self) -> impl Iterator<Item = &Derivation> {
        let literal = self.as_of.map(literal);
        self.derive.iter().filter(move |step| {
            literal
                .as_ref()
                .is_some_and(|literal| step.expression.to_string().contains(literal))
        })
    }

    /// The derived columns, with another reference date: an expression that gives a date.
    ///
    /// # Errors
    /// An expression that is too long with it.
    pub(crate) fn counting_to(&self, day: &Expr) -> Result<Vec<Derivation>, PipelineError> {
        let Some(own) = self.as_of else {
            return Ok(self.derive.clone());
        };
        let counted = self.derive.iter().map(|step| {
            let expression = counting_to(step, own, day)?;
            let name = step.name.clone();
            Ok(Derivation { name, expression })
        });
        counted.collect()
    }

    /// The latest date that days are counted from.
    fn latest(&self, table: &Table) -> Option<Date> {
        let days = self
            .counting()
            .flat_map(|step| step.expression.columns())
            .filter_map(|name| self.dates(table, name))
            .filter_map(|dates| latest_day(&dates));
        days.max().and_then(Date::from_days)
    }

    /// A column of dates: of the table, or made from it.
    fn dates(&self, table: &Table, name: &str) -> Option<ArrayRef> {
        let array = match table.position(name) {
            Some(at) => table.batch().column(at).clone(),
            None => {
                let step = self.derive.iter().find(|step| step.name == name)?;
                step.expression.evaluate(table.batch()).ok()?
            }
        };
        array.as_any().is::<Date32Array>().then_some(array)
    }
}

/// The expression with one day in place of another.
fn counting_to(step: &Derivation, own: Date, day: &Expr) -> Result<Expr, PipelineError> {
    // An expression prints as text that reads back as itself; in a text of its own the quotes would be doubled.
    let text = step
        .expression
        .to_string()
        .replace(&literal(own), &day.to_string());
    Expr::parse(&text).map_err(|source| PipelineError::Expression {
        place: format!("derive.{}", step.name),
        source,
    })
}

fn literal(day: Date) -> String {
    format!("DATE '{day}'")
}

fn told(own: Date, latest: Date, rows: usize) -> String {
    let gap = (latest.days() - own.days()).abs();
    let day = if latest > own {
        format!(
            "days since count to {latest}, the latest date in these rows (the segments were made as of {own})"
        )
    } else {
        format!("days since count to {own}, as when the segments were made")
    };
    if rows < FEW_ROWS || gap > LONG {
        let found = if latest > own {
            String::new()
        } else {
            format!("; the latest date in these rows is {latest}")
        };
        return format!("{day}{found}: --as-of says which day the rows are of");
    }
    day
}
