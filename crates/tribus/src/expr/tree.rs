//! The tree itself; it knows neither text nor rows.

use std::collections::BTreeSet;

use super::function::Function;
use crate::date::Date;

/// An expression over the columns of a table; see the [module](super).
///
/// Build one from text with [`Expr::parse`], or piece by piece with the constructors here:
///
/// ```
/// use tribus::expr::Expr;
///
/// let income = Expr::column("Income");
/// let scaled = (income - Expr::number(52_247.25)) / Expr::number(25_037.8);
/// assert_eq!(scaled.to_string(), "(Income - 52247.25) / 25037.8");
/// ```
///
/// A tree from text is never deeper than [`super::MAX_DEPTH`]; one built deeper by code is refused by
/// [`Expr::check`] and [`Expr::evaluate`]. Stay below half of it where the text is to be read again:
/// parentheses count when reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub(super) node: Node,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Boolean(bool),
    /// Always finite.
    Number(f64),
    Text(String),
    Date(Date),
    Column(String),
    /// Never of a number literal: that is the negative literal.
    Negate(Box<Expr>),
    Not(Box<Expr>),
    /// Operators of one level, applied from left to right; `first` is no chain of that level.
    /// Keeping `a + b + c` flat lets a sum of any length stay shallow.
    Chain {
        first: Box<Expr>,
        rest: Vec<(Operator, Expr)>,
    },
    Compare {
        left: Box<Expr>,
        comparison: Comparison,
        right: Box<Expr>,
    },
    IsNull {
        operand: Box<Expr>,
        negated: bool,
    },
    In {
        operand: Box<Expr>,
        list: Vec<Expr>,
        negated: bool,
    },
    Between {
        operand: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
        negated: bool,
    },
    Like {
        operand: Box<Expr>,
        pattern: Box<Expr>,
        negated: bool,
    },
    Case(Case),
    Call {
        function: &'static Function,
        arguments: Vec<Expr>,
    },
}

/// `CASE [operand] WHEN .. THEN .. [ELSE ..] END`, with at least one branch.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    pub(super) operand: Option<Box<Expr>>,
    pub(super) branches: Vec<(Expr, Expr)>,
    pub(super) otherwise: Option<Box<Expr>>,
}

/// An operator of two operands that groups from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operator {
    /// `+`: number + number, or date + days.
    Add,
    /// `-`: number - number, date - days, or date - date in days.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`: always real division; by zero it is NULL.
    Divide,
    /// `||`: one text after the other.
    Concatenate,
    /// `AND` of three-valued logic.
    And,
    /// `OR` of three-valued logic.
    Or,
}

/// A comparison of two values of the same type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// How tightly a piece of an expression holds together, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Not,
    /// Comparisons, IS NULL, IN, BETWEEN and LIKE: `a = b = c` needs parentheses.
    Predicate,
    Concatenate,
    Sum,
    Product,
    Unary,
    Atom,
}

impl Level {
    /// The level that a right operand must have, so that chains group from the left.
    pub(super) fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Predicate,
            Self::Predicate => Self::Concatenate,
            Self::Concatenate => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Unary,
            Self::Unary | Self::Atom => Self::Atom,
        }
    }
}

impl Operator {
    pub(super) fn level(self) -> Level {
        match self {
            Self::Add | Self::Subtract => Level::Sum,
            Self::Multiply | Self::Divide => Level::Product,
            Self::Concatenate => Level::Concatenate,
            Self::And => Level::And,
            Self::Or => Level::Or,
        }
    }

    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Concatenate => "||",
            Self::And => "AND",
            Self::Or => "OR",
        }
    }
}

impl Comparison {
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl Expr {
    /// The names of all columns that the expression reads.
    pub fn columns(&self) -> BTreeSet<&str> {
        let mut columns = BTreeSet::new();
        self.gather_columns(&mut columns);
        columns
    }

    fn gather_columns<'a>(&'a self, columns: &mut BTreeSet<&'a str>) {
        if let Node::Column(name) = &self.node {
            columns.insert(name);
        }
        for child in self.children() {
            child.gather_columns(columns);
        }
    }

    /// Whether parts lie within parts on more than this many levels.
    pub(super) fn is_deeper_than(&self, levels: usize) -> bool {
        let Some(below) = levels.checked_sub(1) else {
            return true;
        };
        self.children()
            .into_iter()
            .any(|child| child.is_deeper_than(below))
    }

    /// The parts one level down, in the order they are written.
    pub(super) fn children(&self) -> Vec<&Self> {
        match &self.node {
            Node::Null
            | Node::Boolean(_)
            | Node::Number(_)
            | Node::Text(_)
            | Node::Date(_)
            | Node::Column(_) => Vec::new(),
            Node::Negate(operand) | Node::Not(operand) | Node::IsNull { operand, .. } => {
                vec![operand]
            }
            Node::Chain { first, rest } => std::iter::once(&**first)
                .chain(rest.iter().map(|(_, operand)| operand))
                .collect(),
            Node::Compare { left, right, .. } => vec![left, right],
            Node::In { operand, list, .. } => std::iter::once(&**operand).chain(list).collect(),
            Node::Between {
                operand, low, high, ..
            } => vec![operand, low, high],
            Node::Like {
                operand, pattern, ..
            } => vec![operand, pattern],
            Node::Case(case) => case.children(),
            Node::Call { arguments, .. } => arguments.iter().collect(),
        }
    }

    pub(super) fn level(&self) -> Level {
        match &self.node {
            Node::Number(value) if value.is_sign_negative() => Level::Unary,
            Node::Negate(_) => Level::Unary,
            Node::Not(_) => Level::Not,
            Node::Chain { rest, .. } => rest
                .first()
                .map_or(Level::Atom, |(operator, _)| operator.level()),
            Node::Compare { .. }
            | Node::IsNull { .. }
            | Node::In { .. }
            | Node::Between { .. }
            | Node::Like { .. } => Level::Predicate,
            _ => Level::Atom,
        }
    }
}

impl Case {
    fn children(&self) -> Vec<&Expr> {
        let branches = self.branches.iter().flat_map(|(when, then)| [when, then]);
        self.operand
            .as_deref()
            .into_iter()
            .chain(branches)
            .chain(self.otherwise.as_deref())
            .collect()
    }
}

impl From<Node> for Expr {
    fn from(node: Node) -> Self {
        Self { node }
    }
}
