//! A tree to its canonical text: as few parentheses as give the same tree back.

use std::fmt::{self, Display, Formatter};

use super::spelling::{Name, Number, Quoted};
use super::tree::{Case, Expr, Level, Node, Operator};

impl Display for Expr {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Null => formatter.write_str("NULL"),
            Node::Boolean(value) => formatter.write_str(if *value { "TRUE" } else { "FALSE" }),
            Node::Number(value) => Number(*value).fmt(formatter),
            Node::Text(text) => Quoted(text, '\'').fmt(formatter),
            Node::Date(date) => write!(formatter, "DATE '{date}'"),
            Node::Column(name) => Name(name).fmt(formatter),
            Node::Negate(operand) => {
                // Two minus signs in a row would begin a comment in SQL.
                let space = if operand.begins_with_minus() { " " } else { "" };
                write!(formatter, "-{space}{}", At(operand, Level::Unary))
            }
            Node::Not(operand) => write!(formatter, "NOT {}", At(operand, Level::Not)),
            Node::Chain { first, rest } => chain(first, rest, formatter),
            Node::Call {
                function,
                arguments,
            } if function.is_field => {
                write!(
                    formatter,
                    "EXTRACT({} FROM {})",
                    function.name,
                    List(arguments)
                )
            }
            Node::Call {
                function,
                arguments,
            } => {
                write!(formatter, "{}({})", function.name, List(arguments))
            }
            Node::Case(case) => case.fmt(formatter),
            _ => self.fmt_predicate(formatter),
        }
    }
}

impl Expr {
    fn fmt_predicate(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let at = |operand| At(operand, Level::Concatenate);
        let (operand, negated) = match &self.node {
            Node::Compare {
                left,
                comparison,
                right,
            } => {
                return write!(
                    formatter,
                    "{} {} {}",
                    at(left),
                    comparison.symbol(),
                    at(right)
                );
            }
            Node::IsNull { operand, negated } => {
                let not = if *negated { " NOT" } else { "" };
                return write!(formatter, "{} IS{not} NULL", at(operand));
            }
            Node::In {
                operand, negated, ..
            }
            | Node::Between {
                operand, negated, ..
            }
            | Node::Like {
                operand, negated, ..
            } => (operand, *negated),
            _ => unreachable!("every other node is printed by Display"),
        };
        write!(
            formatter,
            "{}{}",
            at(operand),
            if negated { " NOT" } else { "" }
        )?;
        match &self.node {
            Node::In { list, .. } => write!(formatter, " IN ({})", List(list)),
            Node::Between { low, high, .. } => {
                write!(formatter, " BETWEEN {} AND {}", at(low), at(high))
            }
            Node::Like { pattern, .. } => write!(formatter, " LIKE {}", at(pattern)),
            _ => Ok(()),
        }
    }

    fn begins_with_minus(&self) -> bool {
        matches!(&self.node, Node::Negate(_)) || self.level() == Level::Unary
    }
}

fn chain(first: &Expr, rest: &[(Operator, Expr)], formatter: &mut Formatter<'_>) -> fmt::Result {
    for (index, (operator, operand)) in rest.iter().enumerate() {
        let level = operator.level();
        if index == 0 {
            At(first, level).fmt(formatter)?;
        }
        write!(
            formatter,
            " {} {}",
            operator.symbol(),
            At(operand, level.tighter())
        )?;
    }
    Ok(())
}

impl Display for Case {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("CASE")?;
        if let Some(operand) = &self.operand {
            write!(formatter, " {operand}")?;
        }
        for (when, then) in &self.branches {
            write!(formatter, " WHEN {when} THEN {then}")?;
        }
        if let Some(otherwise) = &self.otherwise {
            write!(formatter, " ELSE {otherwise}")?;
        }
        formatter.write_str(" END")
    }
}

/// An operand where nothing looser than the level may stand without parentheses.
struct At<'a>(&'a Expr, Level);

impl Display for At<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        if self.0.level() < self.1 {
            write!(formatter, "({})", self.0)
        } else {
            self.0.fmt(formatter)
        }
    }
}

struct List<'a>(&'a [Expr]);

impl Display for List<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(formatter, "{comma}{item}")?;
        }
        Ok(())
    }
}
