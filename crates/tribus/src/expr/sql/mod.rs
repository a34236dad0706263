//! A checked tree to SQL that means the same in the engine that runs it; see [`Dialect`] for what differs.

mod calls;
mod dates;

use std::borrow::Cow;
use std::collections::BTreeMap;

use arrow_schema::Schema;

use super::check::{Kind, step_kind};
use super::function::{Function, Signature};
use super::tree::{Case, Comparison, Expr, Level, Node, Operator};
use super::{Dialect, ExprError, ExprType};
pub(super) use calls::{
    call, cased, exp, extreme, field, guarded, length, log1p, power, round, trim,
};

/// Guards repeat their argument, so guards within guards double the text at each level.
const LONGEST: usize = 16 << 20;

/// A piece of SQL and what its surroundings must know of it.
#[derive(Clone, Debug)]
pub(super) struct Sql {
    text: String,
    level: Level,
    kind: Kind,
    /// Whether the engine surely has it as a double, so that dividing it is real division.
    is_double: bool,
    /// The number, if it is a literal.
    number: Option<f64>,
    /// Whether it is a literal, which is never NULL.
    is_literal: bool,
}

impl Sql {
    fn new(text: String, level: Level, kind: impl Into<Kind>) -> Self {
        let kind = kind.into();
        Self {
            text,
            level,
            kind,
            is_double: false,
            number: None,
            is_literal: false,
        }
    }

    fn literal(text: String, level: Level, kind: ExprType) -> Self {
        Self {
            is_literal: true,
            ..Self::new(text, level, kind)
        }
    }

    fn doubled(self, is_double: bool) -> Self {
        Self { is_double, ..self }
    }

    /// As an operand where nothing looser may stand without parentheses.
    fn at(&self, level: Level) -> Cow<'_, str> {
        if self.level < level {
            Cow::Owned(format!("({})", self.text))
        } else {
            Cow::Borrowed(&self.text)
        }
    }

    /// As an operand of a comparison.
    fn operand(&self) -> Cow<'_, str> {
        self.at(Level::Concatenate)
    }

    /// As the left of a comparison that asks for order, which is by code point.
    fn ordered(&self, dialect: Dialect) -> Cow<'_, str> {
        if self.kind == Some(ExprType::Text) && dialect == Dialect::Postgres {
            Cow::Owned(format!("{} COLLATE \"C\"", self.at(Level::Atom)))
        } else {
            self.operand()
        }
    }
}

impl Expr {
    /// The expression as SQL over columns of the schema's names. Columns are cast to the types they
    /// have here, so it does not matter that the warehouse keeps integers, decimals or timestamps.
    ///
    /// The schema is needed because `a - b` of dates is written differently from `a - b` of numbers.
    ///
    /// # Errors
    /// Those of [`Expr::check`], and [`ExprError::SqlTooLong`].
    pub fn to_sql(&self, schema: &Schema, dialect: Dialect) -> Result<String, ExprError> {
        self.check(schema)?;
        let printer = Printer {
            schema,
            dialect,
            columns: Columns::Raw,
        };
        Ok(printer.sql(self)?.text)
    }

    /// As [`Expr::to_sql`], over columns that are already doubles, dates and texts, say because a
    /// common table expression has cast them with [`Dialect::typed_column`].
    ///
    /// # Errors
    /// As [`Expr::to_sql`].
    pub fn to_sql_over_typed_columns(
        &self,
        schema: &Schema,
        dialect: Dialect,
    ) -> Result<String, ExprError> {
        self.check(schema)?;
        let printer = Printer {
            schema,
            dialect,
            columns: Columns::Typed,
        };
        Ok(printer.sql(self)?.text)
    }

    /// As [`Expr::to_sql_over_typed_columns`], over columns that have other names there; numbers come out as doubles, also where
    /// the engine would make whole numbers or decimals of them.
    ///
    /// # Errors
    /// As [`Expr::to_sql`].
    pub(crate) fn to_sql_renamed(
        &self,
        schema: &Schema,
        dialect: Dialect,
        names: &BTreeMap<String, String>,
    ) -> Result<String, ExprError> {
        let kind = self.check(schema)?;
        let printer = Printer {
            schema,
            dialect,
            columns: Columns::Renamed(names),
        };
        let sql = printer.sql(self)?;
        if kind == ExprType::Number && !sql.is_double {
            return Ok(printer.as_double(&sql).text);
        }
        Ok(sql.text)
    }
}

/// What columns are called in the engine, and whether they have their types there.
#[derive(Clone, Copy)]
enum Columns<'a> {
    /// As here, of any type.
    Raw,
    /// As here, typed.
    Typed,
    /// By names of their own, typed.
    Renamed(&'a BTreeMap<String, String>),
}

struct Printer<'a> {
    schema: &'a Schema,
    dialect: Dialect,
    columns: Columns<'a>,
}

impl Printer<'_> {
    fn sql(&self, expr: &Expr) -> Result<Sql, ExprError> {
        let sql = match &expr.node {
            Node::Null => Sql::new("NULL".to_owned(), Level::Atom, None),
            Node::Boolean(_) => Sql::literal(expr.to_string(), Level::Atom, ExprType::Boolean),
            Node::Number(value) => {
                let text = self.dialect.number(*value);
                let literal = Sql::literal(text, expr.level(), ExprType::Number);
                Sql {
                    number: Some(*value),
                    ..literal
                }
            }
            Node::Text(text) => Sql::literal(self.dialect.text(text), Level::Atom, ExprType::Text),
            Node::Date(date) => {
                let text = match self.dialect {
                    Dialect::Sqlite => format!("'{date}'"),
                    Dialect::ClickHouse => format!("toDate32('{date}')"),
                    _ => expr.to_string(),
                };
                Sql::literal(text, Level::Atom, ExprType::Date)
            }
            Node::Column(name) => self.column(name)?,
            Node::Negate(operand) => {
                let operand = self.sql(operand)?;
                let space = if operand.text.starts_with('-') {
                    " "
                } else {
                    ""
                };
                let text = format!("-{space}{}", operand.at(Level::Unary));
                Sql::new(text, Level::Unary, ExprType::Number).doubled(operand.is_double)
            }
            Node::Not(operand) => {
                let text = format!("NOT {}", self.sql(operand)?.at(Level::Not));
                Sql::new(text, Level::Not, ExprType::Boolean)
            }
            Node::Chain { first, rest } => self.chain(first, rest)?,
            Node::Case(case) => self.case(case)?,
            Node::Call {
                function,
                arguments,
            } => self.call(function, arguments)?,
            _ => Sql::new(self.predicate(expr)?, Level::Predicate, ExprType::Boolean),
        };
        if sql.text.len() > LONGEST {
            return Err(ExprError::SqlTooLong { limit: LONGEST });
        }
        Ok(sql)
    }

    fn call(&self, function: &Function, arguments: &[Expr]) -> Result<Sql, ExprError> {
        let arguments = self.each(arguments)?;
        let text = (function.print)(&arguments, self.dialect);
        let kind = match function.signature {
            Signature::Of { result, .. } => Some(result),
            Signature::Alike => arguments.iter().find_map(|argument| argument.kind),
        };
        let is_double = arguments.iter().any(|argument| argument.is_double);
        Ok(Sql::new(text, Level::Atom, kind).doubled(is_double))
    }

    fn each(&self, exprs: &[Expr]) -> Result<Vec<Sql>, ExprError> {
        exprs.iter().map(|expr| self.sql(expr)).collect()
    }

    fn column(&self, name: &str) -> Result<Sql, ExprError> {
        let kind = Expr::column(name).check(self.schema)?;
        let text = match self.columns {
            Columns::Raw => self.dialect.typed_column(name, kind),
            Columns::Typed => self.dialect.identifier(name),
            Columns::Renamed(names) => {
                let renamed = names.get(name).map_or(name, String::as_str);
                self.dialect.identifier(renamed)
            }
        };
        Ok(Sql::new(text, Level::Atom, kind).doubled(kind == ExprType::Number))
    }

    fn chain(&self, first: &Expr, rest: &[(Operator, Expr)]) -> Result<Sql, ExprError> {
        let mut left = self.sql(first)?;
        for (operator, operand) in rest {
            left = self.step(left, *operator, &self.sql(operand)?);
            if left.text.len() > LONGEST {
                return Err(ExprError::SqlTooLong { limit: LONGEST });
            }
        }
        Ok(left)
    }

    fn step(&self, left: Sql, operator: Operator, right: &Sql) -> Sql {
        let kind = step_kind(left.kind, operator, right.kind).unwrap_or(None);
        let is_double = left.is_double || right.is_double;
        match (operator, left.kind, right.kind) {
            (Operator::Subtract, _, Some(ExprType::Date)) => self.days_between(&left, right),
            (Operator::Add | Operator::Subtract, Some(ExprType::Date), _) => Sql {
                kind,
                ..self.moved(&left, operator, right)
            },
            (Operator::Divide, ..) => {
                let divisor = match right.number {
                    Some(number) if number != 0.0 => right.at(Level::Unary),
                    _ => Cow::Owned(format!("NULLIF({}, 0)", right.text)),
                };
                let left = if is_double {
                    left
                } else {
                    self.as_double(&left)
                };
                infix(left, operator, &divisor, kind).doubled(true)
            }
            // Integers as large as 100000 x 100000 overflow in Postgres.
            (Operator::Multiply, ..) if !is_double => {
                let right = right.at(Level::Unary);
                infix(self.as_double(&left), operator, &right, kind).doubled(true)
            }
            _ => {
                let right = right.at(operator.level().tighter());
                infix(left, operator, &right, kind).doubled(is_double)
            }
        }
    }

    fn as_double(&self, sql: &Sql) -> Sql {
        let double = self.dialect.type_name(ExprType::Number);
        let text = format!("CAST({} AS {double})", sql.text);
        Sql::new(text, Level::Atom, sql.kind).doubled(true)
    }

    fn case(&self, case: &Case) -> Result<Sql, ExprError> {
        let mut text = "CASE".to_owned();
        let (mut kind, mut is_double) = (None, false);
        let mut result = |sql: &Sql| {
            kind = kind.or(sql.kind);
            is_double |= sql.is_double;
        };
        if let Some(operand) = &case.operand {
            text.extend([" ", &self.sql(operand)?.text]);
        }
        for (when, then) in &case.branches {
            let (when, then) = (self.sql(when)?, self.sql(then)?);
            text.extend([" WHEN ", &when.text, " THEN ", &then.text]);
            result(&then);
        }
        if let Some(otherwise) = &case.otherwise {
            let otherwise = self.sql(otherwise)?;
            text.extend([" ELSE ", &otherwise.text]);
            result(&otherwise);
        }
        Ok(Sql::new(text + " END", Level::Atom, kind).doubled(is_double))
    }

    fn predicate(&self, expr: &Expr) -> Result<String, ExprError> {
        let (operand, negated) = match &expr.node {
            Node::Compare {
                left,
                comparison,
                right,
            } => {
                return self.comparison(left, *comparison, right);
            }
            Node::IsNull { operand, negated } => {
                let not = if *negated { " NOT" } else { "" };
                return Ok(format!("{} IS{not} NULL", self.sql(operand)?.operand()));
            }
            Node::In {
                operand, negated, ..
            }
            | Node::Between {
                operand, negated, ..
            }
            | Node::Like {
                operand, negated, ..
            } => (self.sql(operand)?, *negated),
            _ => unreachable!("every other node is printed by `sql`"),
        };
        let not = if negated { " NOT" } else { "" };
        Ok(match &expr.node {
            Node::In { list, .. } => {
                format!(
                    "{}{not} IN ({})",
                    operand.operand(),
                    join(&self.each(list)?)
                )
            }
            Node::Between { low, high, .. } => {
                let (low, high) = (self.sql(low)?, self.sql(high)?);
                let operand = operand.ordered(self.dialect);
                format!(
                    "{operand}{not} BETWEEN {} AND {}",
                    low.operand(),
                    high.operand()
                )
            }
            Node::Like { pattern, .. } => {
                format!("{}{not} {}", operand.operand(), self.like(pattern)?)
            }
            _ => operand.text,
        })
    }

    fn comparison(
        &self,
        left: &Expr,
        comparison: Comparison,
        right: &Expr,
    ) -> Result<String, ExprError> {
        let (left, right) = (self.sql(left)?, self.sql(right)?);
        let left = match comparison {
            Comparison::Equal | Comparison::NotEqual => left.operand(),
            _ => left.ordered(self.dialect),
        };
        Ok(format!(
            "{left} {} {}",
            comparison.symbol(),
            right.operand()
        ))
    }

    /// LIKE and its pattern, in which nothing escapes.
    fn like(&self, pattern: &Expr) -> Result<String, ExprError> {
        let literal = match &pattern.node {
            Node::Text(text) => Some(text),
            _ => None,
        };
        let sql = self.sql(pattern)?;
        Ok(match (self.dialect, literal) {
            (Dialect::Postgres, _) => format!("LIKE {} ESCAPE ''", sql.operand()),
            (Dialect::Sqlite, Some(text)) => format!("GLOB {}", self.dialect.text(&glob(text))),
            (Dialect::Sqlite, None) => {
                let replace =
                    |text, (from, to): &(char, &str)| format!("REPLACE({text}, '{from}', '{to}')");
                format!("GLOB {}", GLOB.iter().fold(sql.text, replace))
            }
            (Dialect::BigQuery | Dialect::Spark | Dialect::ClickHouse, Some(text)) => {
                format!("LIKE {}", self.dialect.text(&text.replace('\\', "\\\\")))
            }
            (Dialect::BigQuery | Dialect::Spark | Dialect::ClickHouse, None) => {
                format!("LIKE REPLACE({}, '\\\\', '\\\\\\\\')", sql.text)
            }
            _ => format!("LIKE {}", sql.operand()),
        })
    }
}

fn infix(left: Sql, operator: Operator, right: &str, kind: Kind) -> Sql {
    let level = operator.level();
    // Taking the text over, not copying it, keeps a long chain linear.
    let mut text = if left.level < level {
        format!("({})", left.text)
    } else {
        left.text
    };
    text.push(' ');
    text.push_str(operator.symbol());
    text.push(' ');
    text.push_str(right);
    Sql::new(text, level, kind)
}

/// What LIKE's patterns are in GLOB's; brackets first, as they come in with the others.
const GLOB: [(char, &str); 5] = [
    ('[', "[[]"),
    ('*', "[*]"),
    ('?', "[?]"),
    ('%', "*"),
    ('_', "?"),
];

fn glob(pattern: &str) -> String {
    let mut glob = String::new();
    for character in pattern.chars() {
        match GLOB.iter().find(|(from, _)| *from == character) {
            Some((_, to)) => glob.push_str(to),
            None => glob.push(character),
        }
    }
    glob
}

fn join(list: &[Sql]) -> String {
    let texts: Vec<&str> = list.iter().map(|sql| sql.text.as_str()).collect();
    texts.join(", ")
}
