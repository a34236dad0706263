//! Types before values: whatever passes here evaluates without an error.

use arrow_schema::{DataType, Schema};

use super::error::{ExprError, Span};
use super::function::Signature;
use super::tree::{Case, Expr, Node, Operator};
use super::{ExprType, MAX_DEPTH};
use crate::words::nearest::nearest;
use crate::words::shortened;

/// A type, or `None` for a part that is always NULL and so goes with every type.
pub(super) type Kind = Option<ExprType>;

impl Expr {
    /// The type of the values that this expression has on tables of this schema.
    ///
    /// # Errors
    /// The first problem from the left: an unknown column, types that do not go together, or an
    /// expression that is always NULL.
    pub fn check(&self, schema: &Schema) -> Result<ExprType, ExprError> {
        self.kind(schema, MAX_DEPTH)?.ok_or(ExprError::AlwaysNull)
    }

    fn kind(&self, schema: &Schema, levels: usize) -> Result<Kind, ExprError> {
        let Some(levels) = levels.checked_sub(1) else {
            return Err(ExprError::TooDeep {
                limit: MAX_DEPTH,
                span: Span::default(),
            });
        };
        let kind = |expr: &Self| expr.kind(schema, levels);
        match &self.node {
            Node::Null => Ok(None),
            Node::Boolean(_) => Ok(Some(ExprType::Boolean)),
            Node::Number(_) => Ok(Some(ExprType::Number)),
            Node::Text(_) => Ok(Some(ExprType::Text)),
            Node::Date(_) => Ok(Some(ExprType::Date)),
            Node::Column(name) => column_kind(name, schema).map(Some),
            Node::Negate(operand) => self.require(kind(operand)?, ExprType::Number, |found| {
                format!("negate {found}")
            }),
            Node::Not(operand) => self.require_condition(kind(operand)?),
            Node::Chain { first, rest } => chain_kind(first, rest, &kind),
            Node::Case(case) => self.case_kind(case, &kind),
            Node::Call {
                function,
                arguments,
            } => {
                let kinds = arguments.iter().map(kind).collect::<Result<Vec<_>, _>>()?;
                self.call_kind(function.name, &function.signature, &kinds)
            }
            _ => self.predicate_kind(&kind),
        }
    }

    fn predicate_kind(
        &self,
        kind: &impl Fn(&Self) -> Result<Kind, ExprError>,
    ) -> Result<Kind, ExprError> {
        match &self.node {
            Node::Compare { left, right, .. } => self.compared(&[kind(left)?, kind(right)?]),
            Node::IsNull { operand, .. } => {
                kind(operand)?;
                Ok(Some(ExprType::Boolean))
            }
            Node::In { operand, list, .. } => {
                let mut kinds = vec![kind(operand)?];
                for item in list {
                    kinds.push(kind(item)?);
                }
                self.compared(&kinds)
            }
            Node::Between {
                operand, low, high, ..
            } => self.compared(&[kind(operand)?, kind(low)?, kind(high)?]),
            Node::Like {
                operand, pattern, ..
            } => {
                for side in [kind(operand)?, kind(pattern)?] {
                    self.require(side, ExprType::Text, |found| {
                        format!("match {found} with LIKE")
                    })?;
                }
                Ok(Some(ExprType::Boolean))
            }
            _ => unreachable!("every other node is checked by `kind`"),
        }
    }

    fn call_kind(
        &self,
        name: &str,
        signature: &Signature,
        kinds: &[Kind],
    ) -> Result<Kind, ExprError> {
        match signature {
            Signature::Alike => self.alike(kinds, name),
            Signature::Of { argument, result } => {
                for found in kinds {
                    self.require(*found, *argument, |found| format!("use {found} in {name}"))?;
                }
                if name == "ROUND" {
                    self.check_digits()?;
                }
                Ok(Some(*result))
            }
        }
    }

    /// SQL engines take the digits of ROUND as a constant integer, so nothing else is let in.
    fn check_digits(&self) -> Result<(), ExprError> {
        match self.children().get(1).map(|digits| (&digits.node, digits)) {
            None => Ok(()),
            Some((Node::Number(digits), _)) if digits.fract() == 0.0 && digits.abs() <= 15.0 => {
                Ok(())
            }
            Some((_, part)) => Err(ExprError::InvalidDigits {
                part: shortened(&part.to_string(), 25),
            }),
        }
    }

    fn case_kind(
        &self,
        case: &Case,
        kind: &impl Fn(&Self) -> Result<Kind, ExprError>,
    ) -> Result<Kind, ExprError> {
        let operand = case.operand.as_deref().map(kind).transpose()?;
        let mut results = Vec::with_capacity(case.branches.len() + 1);
        for (when, then) in &case.branches {
            match operand {
                Some(operand) => self.compared(&[operand, kind(when)?])?,
                None => when.require_condition(kind(when)?)?,
            };
            results.push(kind(then)?);
        }
        if let Some(otherwise) = &case.otherwise {
            results.push(kind(otherwise)?);
        }
        self.alike(&results, "CASE")
    }

    fn require(
        &self,
        found: Kind,
        wanted: ExprType,
        attempt: impl Fn(ExprType) -> String,
    ) -> Result<Kind, ExprError> {
        match found {
            Some(found) if found != wanted => Err(ExprError::wrong_types(attempt(found), self)),
            _ => Ok(Some(wanted)),
        }
    }

    fn require_condition(&self, found: Kind) -> Result<Kind, ExprError> {
        self.require(found, ExprType::Boolean, |found| {
            format!("use {found} as a condition")
        })
    }

    /// All of one type, which is the type of the whole.
    fn alike(&self, kinds: &[Kind], place: &str) -> Result<Kind, ExprError> {
        match two_types(kinds) {
            Ok(kind) => Ok(kind),
            Err((one, other)) => Err(ExprError::wrong_types(
                format!("mix {one} and {other} in {place}"),
                self,
            )),
        }
    }

    /// All of one type, and the whole is a condition.
    fn compared(&self, kinds: &[Kind]) -> Result<Kind, ExprError> {
        match two_types(kinds) {
            Ok(_) => Ok(Some(ExprType::Boolean)),
            Err((one, other)) => Err(ExprError::wrong_types(
                format!("compare {one} with {other}"),
                self,
            )),
        }
    }
}

/// The one type there is, or the first and another that differs from it.
fn two_types(kinds: &[Kind]) -> Result<Kind, (ExprType, ExprType)> {
    let mut typed = kinds.iter().flatten();
    let Some(first) = typed.next() else {
        return Ok(None);
    };
    match typed.find(|kind| *kind != first) {
        Some(other) => Err((*first, *other)),
        None => Ok(Some(*first)),
    }
}

fn column_kind(name: &str, schema: &Schema) -> Result<ExprType, ExprError> {
    let Some((_, field)) = schema.column_with_name(name) else {
        let names = schema.fields().iter().map(|field| field.name().as_str());
        let nearest = nearest(name, names);
        return Err(ExprError::UnknownColumn {
            name: shortened(name, 81),
            nearest,
        });
    };
    match field.data_type() {
        DataType::Float64 => Ok(ExprType::Number),
        DataType::LargeUtf8 => Ok(ExprType::Text),
        DataType::Date32 => Ok(ExprType::Date),
        DataType::Boolean => Ok(ExprType::Boolean),
        other => {
            let (name, found) = (name.to_owned(), other.to_string());
            Err(ExprError::UnsupportedColumn { name, found })
        }
    }
}

fn chain_kind(
    first: &Expr,
    rest: &[(Operator, Expr)],
    kind: &impl Fn(&Expr) -> Result<Kind, ExprError>,
) -> Result<Kind, ExprError> {
    let mut so_far = kind(first)?;
    for (index, (operator, operand)) in rest.iter().enumerate() {
        so_far = step_kind(so_far, *operator, kind(operand)?).map_err(|attempt| {
            let left = if index == 0 {
                first.to_string()
            } else {
                "…".to_owned()
            };
            let left = shortened(&left, 31);
            ExprError::wrong_types(attempt, &format!("{left} {} {operand}", operator.symbol()))
        })?;
    }
    Ok(so_far)
}

/// The type of `left operator right`, or what cannot be done.
pub(super) fn step_kind(left: Kind, operator: Operator, right: Kind) -> Result<Kind, String> {
    use ExprType::{Boolean, Date, Number, Text};
    let (all, result) = match (left, operator, right) {
        (Some(Date), Operator::Add | Operator::Subtract, Some(Number))
        | (Some(Date), Operator::Add, None) => return Ok(Some(Date)),
        (Some(Date) | None, Operator::Subtract, Some(Date)) => return Ok(Some(Number)),
        // Of a date less NULL nobody can say whether it is days or a date.
        (Some(Date), Operator::Subtract, None) => return Ok(None),
        (_, Operator::Concatenate, _) => (Text, Text),
        (_, Operator::And | Operator::Or, _) => (Boolean, Boolean),
        _ => (Number, Number),
    };
    let wrong = [left, right]
        .into_iter()
        .flatten()
        .find(|kind| *kind != all);
    let Some(wrong) = wrong else {
        return Ok(Some(result));
    };
    // A side that is NULL takes any type, so the other alone is told.
    let (left, right) = (left.unwrap_or(all), right.unwrap_or(all));
    Err(match operator {
        Operator::Add => format!("add {right} to {left}"),
        Operator::Subtract => format!("subtract {right} from {left}"),
        Operator::Multiply => format!("multiply {left} by {right}"),
        Operator::Divide => format!("divide {left} by {right}"),
        Operator::Concatenate => format!("join {left} and {right} with ||"),
        Operator::And | Operator::Or => format!("use {wrong} as a condition"),
    })
}
