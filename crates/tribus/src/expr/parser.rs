//! Tokens to a tree, by precedence climbing: Vaughan R. Pratt, "Top Down Operator Precedence",
//! POPL 1973, doi:10.1145/512927.512931.
//!
//! Loosest first: OR, AND, NOT, comparisons (which do not chain), `||`, `+ -`, `* /`, unary minus.

use super::MAX_DEPTH;
use super::error::{ExprError, Span};
use super::function;
use super::lexer::{Kind, Token, Tokens, tokens};
use super::spelling::{Number, RESERVED};
use super::tree::{Case, Comparison, Expr, Level, Node, Operator};
use crate::date::Date;
use crate::words::shortened;

pub(super) fn parse(source: &str) -> Result<Expr, ExprError> {
    let Tokens { tokens, problem } = tokens(source);
    let mut parser = Parser {
        tokens: &tokens,
        position: 0,
        depth: 0,
        problem,
    };
    let expr = parser.expression(Level::Or)?;
    match parser.peek() {
        // Operands on the left cost the parser no depth, but the tree has them all the same.
        Kind::End if parser.problem.is_none() && expr.is_deeper_than(MAX_DEPTH) => {
            Err(ExprError::TooDeep {
                limit: MAX_DEPTH,
                span: Span::default(),
            })
        }
        Kind::End if parser.problem.is_none() => Ok(expr),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    position: usize,
    depth: usize,
    problem: Option<ExprError>,
}

impl Parser<'_> {
    /// Reads as far as operators of at least `loosest` reach.
    fn expression(&mut self, loosest: Level) -> Result<Expr, ExprError> {
        if self.depth == MAX_DEPTH {
            return Err(ExprError::TooDeep {
                limit: MAX_DEPTH,
                span: self.span(),
            });
        }
        self.depth += 1;
        let expr = self.operators(loosest);
        self.depth -= 1;
        expr
    }

    fn operators(&mut self, loosest: Level) -> Result<Expr, ExprError> {
        // What a NOT or a comparison has ended, only something looser may go on with.
        let (mut expr, mut tightest) = self.prefix(loosest)?;
        loop {
            if let Some(operator) = self.operator() {
                let level = operator.level();
                if level < loosest || level > tightest {
                    return Ok(expr);
                }
                self.position += 1;
                let right = self.expression(level.tighter())?;
                expr = Expr::binary(expr, operator, right);
                tightest = level;
            } else if loosest <= Level::Predicate
                && tightest >= Level::Predicate
                && self.at_predicate()
            {
                expr = self.predicate(expr)?;
                tightest = Level::And;
            } else {
                return Ok(expr);
            }
        }
    }

    /// A value with what stands before it, and the tightest operator that may follow.
    fn prefix(&mut self, loosest: Level) -> Result<(Expr, Level), ExprError> {
        if self.take_symbol("-") {
            return Ok((-self.expression(Level::Unary)?, Level::Product));
        }
        if self.take_symbol("+") {
            return Ok((self.expression(Level::Unary)?, Level::Product));
        }
        if self.take_symbol("(") {
            let inside = self.expression(Level::Or)?;
            self.expect_symbol(")", "an operator or `)`")?;
            return Ok((inside, Level::Atom));
        }
        if loosest <= Level::Not && self.take_word("NOT") {
            return Ok((!self.expression(Level::Not)?, Level::And));
        }
        Ok((self.atom()?, Level::Atom))
    }

    fn atom(&mut self) -> Result<Expr, ExprError> {
        let token = self.token();
        let expr = match &token.kind {
            Kind::Number(value) => Expr::number(*value),
            Kind::Text(text) => Expr::text(text.as_str()),
            Kind::Quoted(name) => Expr::column(name.as_str()),
            Kind::Name(word) => return self.word(word),
            Kind::Symbol(_) | Kind::End => return Err(self.unexpected("a value")),
        };
        self.position += 1;
        Ok(expr)
    }

    /// A value that begins with a bare word.
    fn word(&mut self, word: &str) -> Result<Expr, ExprError> {
        let literal = match word.to_ascii_uppercase().as_str() {
            "NULL" => Some(Expr::null()),
            "TRUE" => Some(Expr::boolean(true)),
            "FALSE" => Some(Expr::boolean(false)),
            "CASE" => return self.case(),
            "DATE" if matches!(self.peek_next(), Kind::Text(_)) => return self.date(),
            "EXTRACT" if *self.peek_next() == Kind::Symbol("(") => return self.extract(),
            upper if RESERVED.contains(&upper) => return Err(self.unexpected("a value")),
            _ => None,
        };
        if literal.is_none() && *self.peek_next() == Kind::Symbol("(") {
            return self.call(word);
        }
        self.position += 1;
        Ok(literal.unwrap_or_else(|| Expr::column(word)))
    }

    fn date(&mut self) -> Result<Expr, ExprError> {
        self.position += 1;
        let Token {
            kind: Kind::Text(text),
            span,
        } = self.token()
        else {
            return Err(self.unexpected("a date in single quotes"));
        };
        let invalid = || ExprError::InvalidDate {
            text: shortened(text, 25),
            span: *span,
        };
        let date = Date::parse(text).ok_or_else(invalid)?;
        self.position += 1;
        Ok(Expr::date(date))
    }

    /// `EXTRACT(field FROM date)` is the call `field(date)`.
    fn extract(&mut self) -> Result<Expr, ExprError> {
        self.position += 2;
        let field = match self.peek() {
            Kind::Name(word) => function::find(word).filter(|function| function.is_field),
            _ => None,
        };
        let Some(function) = field else {
            return Err(self.unexpected("YEAR, MONTH or DAY"));
        };
        self.position += 1;
        self.expect_word("FROM")?;
        let argument = self.expression(Level::Or)?;
        self.expect_symbol(")", "an operator or `)`")?;
        Ok(Node::Call {
            function,
            arguments: vec![argument],
        }
        .into())
    }

    fn call(&mut self, name: &str) -> Result<Expr, ExprError> {
        let start = self.span();
        let function =
            function::find(name).ok_or_else(|| ExprError::unknown_function(name, start))?;
        self.position += 2;
        let arguments = if self.take_symbol(")") {
            Vec::new()
        } else {
            self.list()?
        };
        if !function.takes(arguments.len()) {
            let end = self.tokens[self.position - 1].span.end;
            let span = Span {
                start: start.start,
                end,
            };
            return Err(ExprError::wrong_arity(function, arguments.len(), span));
        }
        Ok(Node::Call {
            function,
            arguments,
        }
        .into())
    }

    /// One or more expressions and the parenthesis that closes them.
    fn list(&mut self) -> Result<Vec<Expr>, ExprError> {
        let mut list = vec![self.expression(Level::Or)?];
        while self.take_symbol(",") {
            list.push(self.expression(Level::Or)?);
        }
        self.expect_symbol(")", "an operator, `,` or `)`")?;
        Ok(list)
    }

    fn case(&mut self) -> Result<Expr, ExprError> {
        self.position += 1;
        let operand = if self.at_word("WHEN") {
            None
        } else {
            Some(Box::new(self.expression(Level::Or)?))
        };
        let mut branches = Vec::new();
        while branches.is_empty() || self.at_word("WHEN") {
            self.expect_word("WHEN")?;
            let when = self.expression(Level::Or)?;
            self.expect_word("THEN")?;
            branches.push((when, self.expression(Level::Or)?));
        }
        let otherwise = if self.take_word("ELSE") {
            Some(Box::new(self.expression(Level::Or)?))
        } else {
            None
        };
        if !self.take_word("END") {
            let expected = if otherwise.is_some() {
                "END"
            } else {
                "WHEN, ELSE or END"
            };
            return Err(self.unexpected(expected));
        }
        Ok(Node::Case(Case {
            operand,
            branches,
            otherwise,
        })
        .into())
    }

    fn at_predicate(&self) -> bool {
        self.comparison().is_some()
            || ["IS", "IN", "BETWEEN", "LIKE", "NOT"]
                .iter()
                .any(|word| self.at_word(word))
    }

    fn predicate(&mut self, operand: Expr) -> Result<Expr, ExprError> {
        if let Some(comparison) = self.comparison() {
            self.position += 1;
            let right = self.expression(Level::Concatenate)?;
            return Ok(Expr::compare(operand, comparison, right));
        }
        if self.take_word("IS") {
            let negated = self.take_word("NOT");
            self.expect_word("NULL")?;
            return Ok(Node::IsNull {
                operand: Box::new(operand),
                negated,
            }
            .into());
        }
        let negated = self.take_word("NOT");
        let operand = Box::new(operand);
        if self.take_word("IN") {
            self.expect_symbol("(", "`(`")?;
            return Ok(Node::In {
                operand,
                list: self.list()?,
                negated,
            }
            .into());
        }
        if self.take_word("BETWEEN") {
            let low = Box::new(self.expression(Level::Concatenate)?);
            self.expect_word("AND")?;
            let high = Box::new(self.expression(Level::Concatenate)?);
            return Ok(Node::Between {
                operand,
                low,
                high,
                negated,
            }
            .into());
        }
        if self.take_word("LIKE") {
            let pattern = Box::new(self.expression(Level::Concatenate)?);
            return Ok(Node::Like {
                operand,
                pattern,
                negated,
            }
            .into());
        }
        Err(self.unexpected("IN, BETWEEN or LIKE"))
    }

    fn operator(&self) -> Option<Operator> {
        match self.peek() {
            Kind::Symbol("+") => Some(Operator::Add),
            Kind::Symbol("-") => Some(Operator::Subtract),
            Kind::Symbol("*") => Some(Operator::Multiply),
            Kind::Symbol("/") => Some(Operator::Divide),
            Kind::Symbol("||") => Some(Operator::Concatenate),
            Kind::Name(_) if self.at_word("AND") => Some(Operator::And),
            Kind::Name(_) if self.at_word("OR") => Some(Operator::Or),
            _ => None,
        }
    }

    fn comparison(&self) -> Option<Comparison> {
        match self.peek() {
            Kind::Symbol("=") => Some(Comparison::Equal),
            Kind::Symbol("<>" | "!=") => Some(Comparison::NotEqual),
            Kind::Symbol("<") => Some(Comparison::Less),
            Kind::Symbol("<=") => Some(Comparison::LessOrEqual),
            Kind::Symbol(">") => Some(Comparison::Greater),
            Kind::Symbol(">=") => Some(Comparison::GreaterOrEqual),
            _ => None,
        }
    }
}

/// The cursor over the tokens. `End` is the last token and never passed.
impl<'a> Parser<'a> {
    fn token(&self) -> &'a Token {
        &self.tokens[self.position.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> &'a Kind {
        &self.token().kind
    }

    fn peek_next(&self) -> &'a Kind {
        &self.tokens[(self.position + 1).min(self.tokens.len() - 1)].kind
    }

    fn span(&self) -> Span {
        self.token().span
    }

    fn at_word(&self, wanted: &str) -> bool {
        matches!(self.peek(), Kind::Name(word) if word.eq_ignore_ascii_case(wanted))
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let is_there = self.at_word(wanted);
        self.position += usize::from(is_there);
        is_there
    }

    fn take_symbol(&mut self, wanted: &str) -> bool {
        let is_there = matches!(self.peek(), Kind::Symbol(symbol) if *symbol == wanted);
        self.position += usize::from(is_there);
        is_there
    }

    fn expect_word(&mut self, wanted: &str) -> Result<(), ExprError> {
        if self.take_word(wanted) {
            Ok(())
        } else {
            Err(self.unexpected(wanted))
        }
    }

    fn expect_symbol(&mut self, wanted: &str, expected: &str) -> Result<(), ExprError> {
        if self.take_symbol(wanted) {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    /// The current token cannot stand where it stands; at the end, what stopped the lexer if it was
    /// stopped.
    fn unexpected(&mut self, expected: &str) -> ExprError {
        let token = self.token();
        let found = match &token.kind {
            Kind::End => match self.problem.take() {
                Some(problem) => return problem,
                None => "the end".to_owned(),
            },
            Kind::Number(value) => Number(*value).to_string(),
            Kind::Text(text) => format!("'{}'", shortened(text, 25)),
            Kind::Name(word) => shortened(word, 25),
            Kind::Quoted(name) => format!("\"{}\"", shortened(name, 25)),
            Kind::Symbol(symbol) => (*symbol).to_owned(),
        };
        ExprError::UnexpectedToken {
            expected: expected.to_owned(),
            found,
            span: token.span,
        }
    }
}
