//! A segmentation as SQL: one SELECT from the raw columns of a table to the segment of each of its rows, for the engine that
//! holds the table. The rows never leave it.
//!
//! The steps are those of [`Segmentation::assign`], in their order, each a common table expression: `typed`, `replaced`, `kept`,
//! `cleaned`, `derived`, `features`, `scaled`, `distances`, `nearest`, `assigned`. What is computed is an [`Expr`] built here or
//! stored in the pipeline, printed by [`Expr::to_sql`]'s rules, so what engines do differently is settled in one place
//! ([`Dialect`]).
//!
//! The labels are those of [`Segmentation::assign`], except where the two nearest centroids are so nearly at the same distance
//! that the engine's own logarithms and sums decide (a relative difference of 1e-9).

mod as_of;
mod distances;
mod error;
mod names;
mod project;
mod rows;

use std::collections::BTreeMap;

use arrow_schema::{DataType, Field, Schema};

pub use error::SqlError;
pub use project::{ProjectFile, project};

use crate::date::Date;
use crate::expr::{self, Dialect, Expr, ExprType, Step};
use crate::pipeline::{Derivation, Pipeline};
use crate::purchases::roll_up_again;
use crate::segmentation::Segmentation;
use crate::table::Kind;

/// What the statement is written for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlOptions {
    /// The engine.
    pub dialect: Dialect,
    /// The table that holds the customers or the purchases; by default it is called `customers` or `orders`. Points part database,
    /// schema and table; a name that holds a point itself is put in double quotes. Upper and lower case matter.
    pub table: Option<String>,
    /// The column that names the customer; that of the segmentation by default.
    pub id: Option<String>,
    /// The day that days since count to, and ages from a date of birth. By default the statement finds it in the rows, as
    /// [`Segmentation::assign`] does: their latest date, but no earlier day than that of the model.
    pub as_of: Option<Date>,
    /// The table holds customers that were rolled up before, although the segmentation was made from purchases.
    pub is_rolled_up: bool,
}

impl Default for SqlOptions {
    fn default() -> Self {
        Self {
            dialect: Dialect::DuckDb,
            table: None,
            id: None,
            as_of: None,
            is_rolled_up: false,
        }
    }
}

impl SqlOptions {
    /// The table's name.
    pub fn table_for(&self, segmentation: &Segmentation) -> &str {
        let usual = match segmentation.purchases() {
            Some(_) if !self.is_rolled_up => "orders",
            _ => "customers",
        };
        self.table.as_deref().unwrap_or(usual)
    }
}

/// The statement: columns `id`, `segment`, `segment_name`, `second_segment`, `confidence` and `distance`, one row per customer.
/// They mean what they mean in [`Placement`](crate::segmentation::Placement); a row that is set aside has no segment. Of a
/// segmentation of purchases the statement rolls these up first.
///
/// The table's columns must have the names that the file had, and types that go with what was found in it: numbers, text,
/// dates. Empty text counts as missing, as do NaN and infinite numbers.
///
/// # Errors
/// [`SqlError::NoId`] where neither the segmentation nor the options name a column of ids; [`SqlError::Purchases`] for a recipe of
/// purchases with scores or rules; [`SqlError::Expression`] for an expression of the recipe that is too long in SQL.
pub fn statement(segmentation: &Segmentation, options: &SqlOptions) -> Result<String, SqlError> {
    let table = names::table(options.dialect, options.table_for(segmentation));
    statement_from(segmentation, options, &table)
}

/// The roll-up of purchases to customers alone.
///
/// # Errors
/// [`SqlError::NoPurchases`] for a segmentation of customers; [`SqlError::NoForm`]; [`SqlError::Purchases`].
pub fn roll_up(segmentation: &Segmentation, options: &SqlOptions) -> Result<String, SqlError> {
    let table = names::table(options.dialect, options.table_for(segmentation));
    roll_up_from(segmentation, options, &table)
}

fn roll_up_from(
    segmentation: &Segmentation,
    options: &SqlOptions,
    table: &str,
) -> Result<String, SqlError> {
    let ledger = segmentation.purchases().ok_or(SqlError::NoPurchases)?;
    if ledger.form.columns.is_empty() {
        return Err(SqlError::NoForm);
    }
    Ok(roll_up_again(
        segmentation.recipe(),
        &ledger.form,
        options.as_of,
        options.dialect,
        table,
    )?)
}

/// The statement from a table in words of the engine.
fn statement_from(
    segmentation: &Segmentation,
    options: &SqlOptions,
    table: &str,
) -> Result<String, SqlError> {
    let pipeline = segmentation.pipeline();
    let id = options.id.as_ref().or(pipeline.id.as_ref());
    let id = id.ok_or(SqlError::NoId)?;
    let mut writer = Writer::new(segmentation, options.dialect);
    if segmentation.purchases().is_some() && !options.is_rolled_up {
        let customers = roll_up_from(segmentation, options, table)?;
        let comment = "one row per customer, from the purchases";
        let step = Step::new("customers", comment, customers.trim_end().to_owned());
        writer.steps.push(step.fenced());
        writer.rows("customers", id, options.as_of)?;
    } else {
        writer.rows(table, id, options.as_of)?;
    }
    writer.segments()?;
    Ok(expr::statement(
        &writer.steps,
        &writer.result(),
        options.dialect,
    ))
}

/// The steps so far, and the columns that the last of them has.
struct Writer<'a> {
    segmentation: &'a Segmentation,
    pipeline: &'a Pipeline,
    dialect: Dialect,
    /// What columns of the pipeline are called in the statement.
    names: BTreeMap<String, String>,
    /// Columns with their types, as the pipeline calls them.
    fields: Vec<Field>,
    /// Whether rules set rows aside or to groups of their own, in the step `kept`.
    has_rules: bool,
    steps: Vec<Step>,
}

impl<'a> Writer<'a> {
    fn new(segmentation: &'a Segmentation, dialect: Dialect) -> Self {
        let pipeline = segmentation.pipeline();
        Self {
            segmentation,
            pipeline,
            dialect,
            names: names::of(pipeline),
            fields: pipeline
                .inputs
                .iter()
                .map(|input| field(&input.name, type_of(input.kind)))
                .collect(),
            has_rules: false,
            steps: Vec::new(),
        }
    }

    /// An expression over the columns there are.
    fn sql(&self, expression: &Expr) -> Result<String, SqlError> {
        let schema = Schema::new(self.fields.clone());
        Ok(expression.to_sql_renamed(&schema, self.dialect, &self.names)?)
    }

    /// A column of the pipeline by its name in the statement.
    fn column(&self, name: &str) -> String {
        let renamed = self.names.get(name).map_or(name, String::as_str);
        self.dialect.identifier(renamed)
    }

    /// `expression AS column`.
    fn named(&self, expression: &Expr, name: &str) -> Result<String, SqlError> {
        let (sql, column) = (self.sql(expression)?, self.column(name));
        if sql == column {
            return Ok(sql);
        }
        Ok(format!("{sql} AS {column}"))
    }

    /// A SELECT of the customer and these columns, from the step before.
    fn select(&self, columns: &[String]) -> String {
        let from = &self
            .steps
            .last()
            .expect("the first step reads the table")
            .name;
        format!(
            "    SELECT id,\n        {}\n    FROM {from}",
            columns.join(",\n        ")
        )
    }

    /// A SELECT of all columns of the step before and of these.
    fn select_more(&self, columns: &[String], joined: &str) -> String {
        let from = &self
            .steps
            .last()
            .expect("the first step reads the table")
            .name;
        let columns = columns.join(",\n        ");
        format!("    SELECT *,\n        {columns}\n    FROM {from}{joined}")
    }
}

fn type_of(kind: Kind) -> ExprType {
    match kind {
        Kind::Number => ExprType::Number,
        Kind::Text => ExprType::Text,
        Kind::Date => ExprType::Date,
    }
}

fn field(name: &str, kind: ExprType) -> Field {
    let data_type = match kind {
        ExprType::Number => DataType::Float64,
        ExprType::Text => DataType::LargeUtf8,
        ExprType::Date => DataType::Date32,
        ExprType::Boolean => DataType::Boolean,
    };
    Field::new(name, data_type, true)
}

/// Text as a comment, which ends where the line does.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Derived columns by the step that can compute them: first those that need no other, then those that need only these, and so on.
/// Each stands behind what it needs.
fn by_level(derive: Vec<Derivation>) -> Vec<Vec<Derivation>> {
    let mut level_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut levels: Vec<Vec<Derivation>> = Vec::new();
    for step in derive {
        let needed = step.expression.columns().into_iter();
        let below = needed.filter_map(|name| level_of.get(name)).max();
        let level = below.map_or(0, |level| level + 1);
        level_of.insert(step.name.clone(), level);
        levels.resize_with(levels.len().max(level + 1), Vec::new);
        levels[level].push(step);
    }
    levels
}

#[cfg(test)]
mod tests;
