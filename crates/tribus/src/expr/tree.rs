//! The tree itself and how it is built; it knows neither text nor rows.

use std::collections::BTreeSet;
use std::ops;

use super::ExprError;
use super::function::{self, Function};
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
/// [`Expr::check`] and [`Expr::evaluate`].
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
    /// NULL: no value.
    pub fn null() -> Self {
        Node::Null.into()
    }

    /// TRUE or FALSE.
    pub fn boolean(value: bool) -> Self {
        Node::Boolean(value).into()
    }

    /// A number literal; NaN and infinities are NULL, as everywhere in expressions.
    pub fn number(value: f64) -> Self {
        // Adding zero makes negative zero zero.
        if value.is_finite() {
            Node::Number(value + 0.0).into()
        } else {
            Self::null()
        }
    }

    /// A text literal.
    pub fn text(value: impl Into<String>) -> Self {
        Node::Text(value.into()).into()
    }

    /// A date literal.
    pub fn date(value: Date) -> Self {
        Node::Date(value).into()
    }

    /// The column of this exact name.
    pub fn column(name: impl Into<String>) -> Self {
        Node::Column(name.into()).into()
    }

    /// `left operator right`.
    #[must_use]
    pub fn binary(left: Self, operator: Operator, right: Self) -> Self {
        match left.node {
            Node::Chain { first, mut rest } if is_level_of(&rest, operator) => {
                rest.push((operator, right));
                Node::Chain { first, rest }.into()
            }
            node => Node::Chain {
                first: Box::new(node.into()),
                rest: vec![(operator, right)],
            }
            .into(),
        }
    }

    /// `left comparison right`.
    #[must_use]
    pub fn compare(left: Self, comparison: Comparison, right: Self) -> Self {
        Node::Compare {
            left: Box::new(left),
            comparison,
            right: Box::new(right),
        }
        .into()
    }

    /// `self IS NULL`; the opposite is `!expr.is_null()`, or better [`Expr::is_not_null`].
    #[must_use]
    pub fn is_null(self) -> Self {
        Node::IsNull {
            operand: Box::new(self),
            negated: false,
        }
        .into()
    }

    /// `self IS NOT NULL`.
    #[must_use]
    pub fn is_not_null(self) -> Self {
        Node::IsNull {
            operand: Box::new(self),
            negated: true,
        }
        .into()
    }

    /// `self IN (list)`; FALSE for an empty list, which SQL cannot write.
    #[must_use]
    pub fn is_in(self, list: Vec<Self>) -> Self {
        if list.is_empty() {
            return Self::boolean(false);
        }
        Node::In {
            operand: Box::new(self),
            list,
            negated: false,
        }
        .into()
    }

    /// `self BETWEEN low AND high`, both ends included.
    #[must_use]
    pub fn between(self, low: Self, high: Self) -> Self {
        let (low, high) = (Box::new(low), Box::new(high));
        Node::Between {
            operand: Box::new(self),
            low,
            high,
            negated: false,
        }
        .into()
    }

    /// `self LIKE pattern`: `%` stands for any text, `_` for any one character, case counts and
    /// nothing escapes.
    #[must_use]
    pub fn like(self, pattern: Self) -> Self {
        let pattern = Box::new(pattern);
        Node::Like {
            operand: Box::new(self),
            pattern,
            negated: false,
        }
        .into()
    }

    /// `CASE WHEN condition THEN result .. ELSE otherwise END`: the result of the first branch whose
    /// condition is TRUE. Without branches it is `otherwise` itself.
    #[must_use]
    pub fn case(branches: Vec<(Self, Self)>, otherwise: Self) -> Self {
        if branches.is_empty() {
            return otherwise;
        }
        let otherwise = Some(Box::new(otherwise));
        Node::Case(Case {
            operand: None,
            branches,
            otherwise,
        })
        .into()
    }

    /// A call of the function of this name, in any case, say `LOG1P`.
    ///
    /// # Errors
    /// [`ExprError::UnknownFunction`] and [`ExprError::WrongArity`].
    pub fn call(name: &str, arguments: Vec<Self>) -> Result<Self, ExprError> {
        let function = function::find(name)
            .ok_or_else(|| ExprError::unknown_function(name, super::Span::default()))?;
        if !function.takes(arguments.len()) {
            return Err(ExprError::wrong_arity(
                function,
                arguments.len(),
                super::Span::default(),
            ));
        }
        Ok(Node::Call {
            function,
            arguments,
        }
        .into())
    }

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

fn is_level_of(rest: &[(Operator, Expr)], operator: Operator) -> bool {
    rest.first()
        .is_some_and(|(first, _)| first.level() == operator.level())
}

impl From<Node> for Expr {
    fn from(node: Node) -> Self {
        Self { node }
    }
}

impl ops::Neg for Expr {
    type Output = Self;
    fn neg(self) -> Self {
        match self.node {
            Node::Number(value) => Self::number(-value),
            node => Node::Negate(Box::new(node.into())).into(),
        }
    }
}

impl ops::Not for Expr {
    type Output = Self;
    fn not(self) -> Self {
        Node::Not(Box::new(self)).into()
    }
}

impl ops::Add for Expr {
    type Output = Self;
    fn add(self, right: Self) -> Self {
        Self::binary(self, Operator::Add, right)
    }
}

impl ops::Sub for Expr {
    type Output = Self;
    fn sub(self, right: Self) -> Self {
        Self::binary(self, Operator::Subtract, right)
    }
}

impl ops::Mul for Expr {
    type Output = Self;
    fn mul(self, right: Self) -> Self {
        Self::binary(self, Operator::Multiply, right)
    }
}

impl ops::Div for Expr {
    type Output = Self;
    fn div(self, right: Self) -> Self {
        Self::binary(self, Operator::Divide, right)
    }
}
