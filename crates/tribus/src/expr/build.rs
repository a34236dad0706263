//! Trees built by code, piece by piece.

use std::ops;

use super::function;
use super::tree::{Case, Comparison, Expr, Node, Operator};
use super::{ExprError, Span};
use crate::date::Date;

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
    /// condition is TRUE. Without branches it is `otherwise` itself; where that is NULL it need not be written.
    #[must_use]
    pub fn case(branches: Vec<(Self, Self)>, otherwise: Self) -> Self {
        if branches.is_empty() {
            return otherwise;
        }
        let is_null = matches!(otherwise.node, Node::Null);
        let otherwise = (!is_null).then(|| Box::new(otherwise));
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
            .ok_or_else(|| ExprError::unknown_function(name, Span::default()))?;
        if !function.takes(arguments.len()) {
            return Err(ExprError::wrong_arity(
                function,
                arguments.len(),
                Span::default(),
            ));
        }
        Ok(Node::Call {
            function,
            arguments,
        }
        .into())
    }
}

fn is_level_of(rest: &[(Operator, Expr)], operator: Operator) -> bool {
    rest.first()
        .is_some_and(|(first, _)| first.level() == operator.level())
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
