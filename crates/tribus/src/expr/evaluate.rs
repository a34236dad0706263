//! Values on rows: a column at a time, a block of rows at a time, so that what is in between stays
//! in the cache and costs the same memory for any number of rows.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;

use super::budget::Budget;
use super::tree::{Case, Comparison, Expr, Node, Operator};
use super::values::{Values, and, finite, or};
use super::{ExprError, ExprType, like};
use crate::date::Date;

/// Rows computed together; small enough for a few columns of numbers to stay in the L2 cache.
const BLOCK: usize = 4096;

impl Expr {
    /// The values of the expression, one per row of the table: a `Float64Array`, `LargeStringArray`,
    /// `Date32Array` or `BooleanArray`, as [`Expr::check`] says.
    ///
    /// # Errors
    /// Those of [`Expr::check`], and [`ExprError::TooManySteps`], [`ExprError::TooMuchText`] and [`ExprError::TextTooLong`]
    /// where it costs too much; values themselves never fail, they are NULL.
    pub fn evaluate(&self, table: &RecordBatch) -> Result<ArrayRef, ExprError> {
        self.evaluate_within(table, &Budget::of(table.num_rows()))
    }

    /// The same, within what other expressions have left of a budget.
    pub(crate) fn evaluate_within(
        &self,
        table: &RecordBatch,
        budget: &Budget,
    ) -> Result<ArrayRef, ExprError> {
        let kind = self.check(table.schema_ref())?;
        Ok(self.values(table, kind, budget)?.into_array())
    }

    /// Whether the condition is TRUE, for each row; a row for which it is unknown is not selected.
    ///
    /// # Errors
    /// Those of [`Expr::evaluate`], and [`ExprError::NotCondition`].
    pub fn select(&self, table: &RecordBatch) -> Result<Vec<bool>, ExprError> {
        self.select_within(table, &Budget::of(table.num_rows()))
    }

    /// The same, within what other expressions have left of a budget.
    pub(crate) fn select_within(
        &self,
        table: &RecordBatch,
        budget: &Budget,
    ) -> Result<Vec<bool>, ExprError> {
        let kind = self.check(table.schema_ref())?;
        if kind != ExprType::Boolean {
            return Err(ExprError::NotCondition { found: kind });
        }
        let values = self.values(table, kind, budget)?.booleans();
        Ok(values
            .into_iter()
            .map(|value| value == Some(true))
            .collect())
    }

    fn values<'a>(
        &'a self,
        table: &'a RecordBatch,
        kind: ExprType,
        budget: &'a Budget,
    ) -> Result<Values<'a>, ExprError> {
        let mut values = Values::empty(kind);
        for start in (0..table.num_rows()).step_by(BLOCK) {
            let rows = start..table.num_rows().min(start + BLOCK);
            let block = Block {
                table,
                rows,
                budget,
            };
            values.append(block.result(self));
            budget.verdict()?;
        }
        Ok(values)
    }
}

struct Block<'a> {
    table: &'a RecordBatch,
    rows: Range<usize>,
    /// Where it is used up, values are NULL and the verdict of the budget is an error.
    budget: &'a Budget,
}

impl<'a> Block<'a> {
    /// The values of the whole expression, which are kept: texts that are borrowed until now become copies.
    fn result(&self, expr: &'a Expr) -> Values<'a> {
        let values = self.values(expr);
        if let Values::Text(texts) = &values {
            let lengths = texts.iter().flatten().map(|text| text.len());
            lengths.for_each(|length| {
                self.budget.take_text(length);
            });
        }
        values
    }

    fn values(&self, expr: &'a Expr) -> Values<'a> {
        let rows = self.rows.len();
        if !self.budget.take_steps(rows) {
            return Values::Null(rows);
        }
        match &expr.node {
            Node::Null => Values::Null(rows),
            Node::Boolean(value) => Values::Boolean(vec![Some(*value); rows]),
            Node::Number(value) => Values::Number(vec![Some(*value); rows]),
            Node::Text(text) => Values::Text(vec![Some(Cow::Borrowed(text)); rows]),
            Node::Date(date) => Values::Date(vec![Some(date.days()); rows]),
            Node::Column(name) => self.column(name),
            Node::Negate(operand) => {
                let numbers = self.values(operand).numbers();
                Values::Number(numbers.into_iter().map(|x| finite(-x?)).collect())
            }
            Node::Not(operand) => {
                let values = self.values(operand).booleans();
                Values::Boolean(values.into_iter().map(|value| Some(!value?)).collect())
            }
            Node::Chain { first, rest } => {
                rest.iter()
                    .fold(self.values(first), |left, (operator, operand)| {
                        step(left, *operator, self.values(operand), self.budget)
                    })
            }
            Node::Case(case) => self.case(case),
            Node::Call {
                function,
                arguments,
            } => {
                let arguments = arguments
                    .iter()
                    .map(|argument| self.values(argument))
                    .collect();
                (function.evaluate)(arguments)
            }
            _ => Values::Boolean(self.predicate(expr)),
        }
    }

    fn predicate(&self, expr: &'a Expr) -> Vec<Option<bool>> {
        match &expr.node {
            Node::Compare {
                left,
                comparison,
                right,
            } => {
                let (left, right) = (self.values(left), self.values(right));
                self.each_row(|row| {
                    left.compare(&right, row)
                        .map(|order| comparison.holds(order))
                })
            }
            Node::IsNull { operand, negated } => {
                let values = self.values(operand);
                self.each_row(|row| Some(values.is_null(row) != *negated))
            }
            Node::In {
                operand,
                list,
                negated,
            } => negate_if(*negated, self.is_in(operand, list)),
            Node::Between {
                operand,
                low,
                high,
                negated,
            } => negate_if(*negated, self.is_between(operand, low, high)),
            Node::Like {
                operand,
                pattern,
                negated,
            } => {
                let texts = self.values(operand).texts();
                let patterns = self.values(pattern).texts();
                negate_if(*negated, like_each(&texts, &patterns, self.budget))
            }
            _ => unreachable!("every other node is computed by `values`"),
        }
    }

    fn is_in(&self, operand: &'a Expr, list: &'a [Expr]) -> Vec<Option<bool>> {
        let values = self.values(operand);
        let mut found = vec![Some(false); self.rows.len()];
        for item in list {
            let item = self.values(item);
            for (row, found) in found.iter_mut().enumerate() {
                *found = or(*found, values.compare(&item, row).map(Ordering::is_eq));
            }
        }
        found
    }

    fn is_between(&self, operand: &'a Expr, low: &'a Expr, high: &'a Expr) -> Vec<Option<bool>> {
        let values = self.values(operand);
        let (low, high) = (self.values(low), self.values(high));
        self.each_row(|row| {
            let above = values.compare(&low, row).map(Ordering::is_ge);
            and(above, values.compare(&high, row).map(Ordering::is_le))
        })
    }

    fn each_row(&self, value: impl FnMut(usize) -> Option<bool>) -> Vec<Option<bool>> {
        (0..self.rows.len()).map(value).collect()
    }

    fn case(&self, case: &'a Case) -> Values<'a> {
        let rows = self.rows.len();
        let operand = case.operand.as_ref().map(|operand| self.values(operand));
        let mut result = Values::Null(rows);
        let mut is_open = vec![true; rows];
        for (when, then) in &case.branches {
            if !is_open.contains(&true) {
                return result;
            }
            let when = self.values(when);
            let matches = match &operand {
                Some(operand) => {
                    self.each_row(|row| operand.compare(&when, row).map(Ordering::is_eq))
                }
                None => when.booleans(),
            };
            let takes = |row: usize| is_open[row] && matches[row] == Some(true);
            if (0..rows).any(takes) {
                result.overwrite(self.values(then), takes);
            }
            for (is_open, matches) in is_open.iter_mut().zip(&matches) {
                *is_open &= *matches != Some(true);
            }
        }
        if let Some(otherwise) = &case.otherwise {
            result.overwrite(self.values(otherwise), |row| is_open[row]);
        }
        result
    }

    fn column(&self, name: &str) -> Values<'a> {
        let column = self
            .table
            .column_by_name(name)
            .expect("columns are checked before values");
        let rows = self.rows.clone();
        match column.data_type() {
            DataType::Float64 => {
                let array = column.as_primitive::<Float64Type>();
                let value = |row| {
                    array
                        .is_valid(row)
                        .then(|| array.value(row))
                        .and_then(finite)
                };
                Values::Number(rows.map(value).collect())
            }
            DataType::LargeUtf8 => {
                let array = column.as_string::<i64>();
                let value = |row| array.is_valid(row).then(|| Cow::Borrowed(array.value(row)));
                Values::Text(rows.map(value).collect())
            }
            DataType::Date32 => {
                let array = column.as_primitive::<Date32Type>();
                let value = |row| array.is_valid(row).then(|| array.value(row));
                Values::Date(rows.map(value).collect())
            }
            _ => {
                let array = column.as_boolean();
                let value = |row| array.is_valid(row).then(|| array.value(row));
                Values::Boolean(rows.map(value).collect())
            }
        }
    }
}

fn step<'a>(
    left: Values<'a>,
    operator: Operator,
    right: Values<'a>,
    budget: &Budget,
) -> Values<'a> {
    match (left, operator, right) {
        (left, Operator::And, right) => both(left.booleans(), right.booleans(), and),
        (left, Operator::Or, right) => both(left.booleans(), right.booleans(), or),
        // Of no type yet, so NULL is all that can come of it.
        (Values::Null(rows), ..) | (_, _, Values::Null(rows)) => Values::Null(rows),
        (left, Operator::Concatenate, right) => join(left.texts(), right.texts(), budget),
        (left, Operator::Subtract, Values::Date(right)) => {
            let left = left.dates();
            let days = |(left, right): (Option<i32>, Option<i32>)| {
                Some(f64::from(left?) - f64::from(right?))
            };
            Values::Number(left.into_iter().zip(right).map(days).collect())
        }
        (Values::Date(left), Operator::Subtract, right) => moved(
            left,
            right.numbers().into_iter().map(|days| Some(-days?.floor())),
        ),
        (Values::Date(left), _, right) => moved(
            left,
            right.numbers().into_iter().map(|days| Some(days?.floor())),
        ),
        (left, operator, right) => {
            let pairs = left.numbers().into_iter().zip(right.numbers());
            Values::Number(pairs.map(|(x, y)| arithmetic(x?, operator, y?)).collect())
        }
    }
}

fn arithmetic(left: f64, operator: Operator, right: f64) -> Option<f64> {
    finite(match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        _ => left / right,
    })
}

fn both<'a>(
    left: Vec<Option<bool>>,
    right: Vec<Option<bool>>,
    logic: fn(Option<bool>, Option<bool>) -> Option<bool>,
) -> Values<'a> {
    Values::Boolean(
        left.into_iter()
            .zip(right)
            .map(|(left, right)| logic(left, right))
            .collect(),
    )
}

fn join<'a>(
    left: Vec<Option<Cow<'a, str>>>,
    right: Vec<Option<Cow<'a, str>>>,
    budget: &Budget,
) -> Values<'a> {
    let joined = |(left, right): (Option<Cow<'a, str>>, Option<Cow<'a, str>>)| {
        let (left, right) = (left?, right?);
        budget
            .take_text(left.len() + right.len())
            .then(|| left + right)
    };
    Values::Text(left.into_iter().zip(right).map(joined).collect())
}

/// Dates moved by whole days.
fn moved<'a>(dates: Vec<Option<i32>>, days: impl Iterator<Item = Option<f64>>) -> Values<'a> {
    let moved = |(date, days): (Option<i32>, Option<f64>)| {
        let sum = f64::from(date?) + days?;
        let is_in_range =
            (f64::from(Date::MIN.days())..=f64::from(Date::MAX.days())).contains(&sum);
        is_in_range.then_some(sum as i32)
    };
    Values::Date(dates.into_iter().zip(days).map(moved).collect())
}

fn like_each(
    texts: &[Option<Cow<'_, str>>],
    patterns: &[Option<Cow<'_, str>>],
    budget: &Budget,
) -> Vec<Option<bool>> {
    let (mut text_characters, mut pattern_characters) = (Vec::new(), Vec::new());
    let mut current: Option<&str> = None;
    let matches = |(text, pattern): (&Option<Cow<'_, str>>, _)| {
        let text = text.as_deref()?;
        let pattern: &str = pattern?;
        // At worst every character of the one is held against every character of the other.
        if !budget.take_steps(text.len() * pattern.len() / 8) {
            return None;
        }
        if current != Some(pattern) {
            pattern_characters.clear();
            pattern_characters.extend(pattern.chars());
            current = Some(pattern);
        }
        text_characters.clear();
        text_characters.extend(text.chars());
        Some(like::matches(&text_characters, &pattern_characters))
    };
    texts
        .iter()
        .zip(patterns.iter().map(Option::as_deref))
        .map(matches)
        .collect()
}

fn negate_if(negated: bool, values: Vec<Option<bool>>) -> Vec<Option<bool>> {
    values
        .into_iter()
        .map(|value| value.map(|value| value != negated))
        .collect()
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}
