//! From the rows of the table to the derived columns: cast, replace, set aside, fill, derive.

use super::{SqlError, Writer, by_level, field, one_line};
use crate::date::Date;
use crate::expr::{Comparison, Dialect, Expr, ExprType, Operator, Step};
use crate::pipeline::{Constant, Fill, Filling, InputColumn, Replacement};
use crate::recipe::Scalar;
use crate::table::Kind;

impl Writer<'_> {
    pub(super) fn rows(
        &mut self,
        table: &str,
        id: &str,
        as_of: Option<Date>,
    ) -> Result<(), SqlError> {
        self.typed(table, id);
        self.replaced()?;
        self.kept()?;
        self.cleaned()?;
        self.derived(as_of)
    }

    fn typed(&mut self, table: &str, id: &str) {
        let mut columns = vec![format!("{} AS id", self.dialect.identifier(id))];
        columns.extend(self.pipeline.inputs.iter().map(|input| self.cast(input)));
        let columns = columns.join(",\n        ");
        let query = format!("    SELECT {columns}\n    FROM {table}");
        let comment = "the columns that the segments need, as numbers, text and dates";
        self.steps.push(Step::new("typed", comment, query));
    }

    fn cast(&self, input: &InputColumn) -> String {
        let (raw, name) = (
            self.dialect.identifier(&input.name),
            self.column(&input.name),
        );
        let text = self.dialect.type_name(ExprType::Text);
        let cast = match (input.kind, self.dialect) {
            (Kind::Text, _) => {
                let cell = format!("CAST({raw} AS {text})");
                format!("CASE WHEN TRIM({cell}) <> '' THEN {cell} END")
            }
            // Empty text would be the number 0.
            (Kind::Number, Dialect::Sqlite) => format!("CAST(NULLIF({raw}, '') AS REAL)"),
            (Kind::Number, _) => self.dialect.typed_column(&input.name, ExprType::Number),
            (Kind::Date, _) => self.dialect.typed_column(&input.name, ExprType::Date),
        };
        format!("{cast} AS {name}")
    }

    fn replaced(&mut self) -> Result<(), SqlError> {
        let mut columns = Vec::new();
        for input in &self.pipeline.inputs {
            columns.push(self.named(&self.replacement_of(input), &input.name)?);
        }
        let comment = if self.pipeline.replace.is_empty() {
            "NaN and infinite numbers count as missing"
        } else {
            "values replaced; NaN and infinite numbers count as missing"
        };
        let query = self.select(&columns);
        self.steps.push(Step::new("replaced", comment, query));
        Ok(())
    }

    fn replacement_of(&self, input: &InputColumn) -> Expr {
        let own = |step: &&Replacement| step.column == input.name;
        let pairs = self.pipeline.replace.iter().filter(own);
        let pairs = pairs.flat_map(|step| step.pairs.iter());
        let column = || Expr::column(&input.name);
        let mut branches: Vec<(Expr, Expr)> = Vec::new();
        for (old, new) in pairs {
            let replaced = match input.kind {
                Kind::Number => old.parse().ok().map(Expr::number),
                Kind::Text => Some(Expr::text(old)),
                Kind::Date => return column(),
            };
            let is_old = match replaced {
                // NaN and infinite numbers are gaps, too.
                _ if old.is_empty() && input.kind == Kind::Number => {
                    let is_no_number = beyond(column(), f64::MAX);
                    Expr::binary(column().is_null(), Operator::Or, is_no_number)
                }
                _ if old.is_empty() => column().is_null(),
                Some(old) => Expr::compare(column(), Comparison::Equal, old),
                None => continue,
            };
            branches.push((is_old, scalar(new, input.kind)));
        }
        if input.kind != Kind::Number {
            return Expr::case(branches, column());
        }
        let is_finite = within(column(), f64::MAX);
        branches.push((is_finite, column()));
        Expr::case(branches, Expr::null())
    }

    /// Which rows are set aside (0), and which belong to a group by rule (its number).
    fn kept(&mut self) -> Result<(), SqlError> {
        let mut cases = Vec::new();
        for step in &self.pipeline.drop {
            let condition = self.sql(&step.condition)?;
            let groups = self.segmentation.lifecycle().iter();
            let group = groups
                .map(crate::ledger::LifecycleGroup::reason)
                .position(|reason| reason == step.because);
            let number = group.map_or(0, |at| self.segmentation.k() + at + 1);
            let because = one_line(&step.because);
            cases.push(format!("WHEN {condition} THEN {number} -- {because}"));
        }
        for fill in &self.pipeline.fill {
            if matches!(fill.filling, Filling::SetAside | Filling::Refuse) {
                let column = self.column(&fill.column);
                cases.push(format!("WHEN {column} IS NULL THEN 0 -- missing"));
            }
        }
        if cases.is_empty() {
            return Ok(());
        }
        let cases = cases.join("\n            ");
        let by_rule = format!("CASE {cases}\n        END AS by_rule");
        let query = self.select_more(&[by_rule], "");
        let comment = "by_rule: 0 for rows that are set aside, the number of a group by rule";
        self.steps.push(Step::new("kept", comment, query));
        self.has_rules = true;
        Ok(())
    }

    fn cleaned(&mut self) -> Result<(), SqlError> {
        let mut columns = Vec::new();
        for input in &self.pipeline.inputs {
            let fill = constant_of(&self.pipeline.fill, &input.name);
            let filled = filled(Expr::column(&input.name), fill)?;
            columns.push(self.named(&filled, &input.name)?);
        }
        let mut query = self.select(&columns);
        if self.has_rules {
            query += "\n    WHERE by_rule IS NULL";
        }
        let step = Step::new("cleaned", "gaps filled with what was learnt", query);
        self.steps.push(step);
        Ok(())
    }

    fn derived(&mut self, as_of: Option<Date>) -> Result<(), SqlError> {
        let mut joined = "";
        let derive = match as_of {
            Some(day) => self.pipeline.counting_to(&Expr::date(day))?,
            None => match self.counting()? {
                None => self.pipeline.derive.clone(),
                Some(counting) => {
                    joined = " CROSS JOIN counted_to";
                    counting
                }
            },
        };
        for (at, level) in by_level(derive).into_iter().enumerate() {
            let mut columns = Vec::new();
            let mut fields = Vec::new();
            for step in level {
                let expression = self.as_number(&step.expression)?;
                let schema = arrow_schema::Schema::new(self.fields.clone());
                fields.push(field(&step.name, expression.check(&schema)?));
                columns.push(self.named(&expression, &step.name)?);
            }
            let name = match at {
                0 => "derived".to_owned(),
                _ => format!("derived_{}", at + 1),
            };
            let query = self.select_more(&columns, std::mem::take(&mut joined));
            self.steps.push(Step::new(name, "derived columns", query));
            self.fields.extend(fields);
        }
        Ok(())
    }

    /// A condition as 1 and 0, everything else as it is.
    fn as_number(&self, expression: &Expr) -> Result<Expr, SqlError> {
        let schema = arrow_schema::Schema::new(self.fields.clone());
        if expression.check(&schema)? != ExprType::Boolean {
            return Ok(expression.clone());
        }
        let branches = vec![
            (expression.clone(), Expr::number(1.0)),
            (!expression.clone(), Expr::number(0.0)),
        ];
        Ok(Expr::case(branches, Expr::null()))
    }
}

/// Whether a number is of at most this size.
pub(super) fn within(number: Expr, most: f64) -> Expr {
    Expr::compare(size(number), Comparison::LessOrEqual, Expr::number(most))
}

/// Whether a number is larger than this.
pub(super) fn beyond(number: Expr, most: f64) -> Expr {
    Expr::compare(size(number), Comparison::Greater, Expr::number(most))
}

fn size(number: Expr) -> Expr {
    Expr::call("ABS", vec![number]).expect("there is such a function of one argument")
}

/// What a column's gaps are filled with, if they are.
pub(super) fn constant_of<'f>(fills: &'f [Fill], column: &str) -> Option<&'f Constant> {
    let mut own = fills.iter().filter(|fill| fill.column == column);
    own.find_map(|fill| match &fill.filling {
        Filling::With { constant, .. } => Some(constant),
        Filling::SetAside | Filling::Refuse => None,
    })
}

/// An expression, with a constant where it is missing.
pub(super) fn filled(expression: Expr, constant: Option<&Constant>) -> Result<Expr, SqlError> {
    let Some(constant) = constant else {
        return Ok(expression);
    };
    let constant = match constant {
        Constant::Number(number) => Expr::number(*number),
        Constant::Text(text) => Expr::text(text),
        Constant::Date(date) => Expr::date(*date),
    };
    Ok(Expr::call("COALESCE", vec![expression, constant])?)
}

/// The new value of a replacement; NULL where it is none of the column's kind.
fn scalar(new: &Scalar, kind: Kind) -> Expr {
    let text = new.to_string();
    match (new, kind) {
        (Scalar::Number(number), Kind::Number) => Expr::number(*number),
        (_, Kind::Number) => text.parse().map_or_else(|_| Expr::null(), Expr::number),
        _ if text.is_empty() => Expr::null(),
        _ => Expr::text(text),
    }
}
