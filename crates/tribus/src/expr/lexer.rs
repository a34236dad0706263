//! Text to tokens. Knows quotes, numbers and names, but no grammar.

use super::error::{ExprError, Span};
use super::spelling::is_name_part;
use crate::words::shortened;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    Text(String),
    /// A bare name: a keyword, a function or a column, as the grammar has it.
    Name(String),
    /// A name in double quotes: always a column.
    Quoted(String),
    Symbol(&'static str),
    End,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// The tokens of a text, the last of which is `End`; when the text cannot be read to its end, the
/// tokens up to there and why, so that an error of grammar further left is told first.
pub(super) struct Tokens {
    pub(super) tokens: Vec<Token>,
    pub(super) problem: Option<ExprError>,
}

/// Longer symbols before those they begin with. The last row is read only to be refused by name.
const SYMBOLS: [&str; 19] = [
    "<>", "!=", "<=", ">=", "||", "==", "--", "/*", "=", "<", ">", "+", "-", "*", "/", "(", ")",
    ",", "%",
];

pub(super) fn tokens(source: &str) -> Tokens {
    let mut lexer = Lexer {
        rest: source,
        position: 0,
    };
    let mut tokens = Vec::new();
    loop {
        match lexer.token() {
            Ok(token) => {
                let is_end = token.kind == Kind::End;
                tokens.push(token);
                if is_end {
                    return Tokens {
                        tokens,
                        problem: None,
                    };
                }
            }
            Err(problem) => {
                tokens.push(Token {
                    kind: Kind::End,
                    span: lexer.span(lexer.position),
                });
                return Tokens {
                    tokens,
                    problem: Some(problem),
                };
            }
        }
    }
}

struct Lexer<'a> {
    rest: &'a str,
    /// Characters, not bytes, read so far.
    position: usize,
}

impl<'a> Lexer<'a> {
    fn token(&mut self) -> Result<Token, ExprError> {
        self.take_while(char::is_whitespace);
        let start = self.position;
        let kind = match self.rest.chars().next() {
            None => Kind::End,
            Some('\'') => Kind::Text(self.quoted('\'')?),
            Some('"') => Kind::Quoted(self.quoted('"')?),
            Some(first) if first.is_alphabetic() || first == '_' => {
                Kind::Name(self.take_while(is_name_part).to_owned())
            }
            Some(first) if first.is_ascii_digit() || self.starts_with_point_number() => {
                self.number()?
            }
            Some(character) => Kind::Symbol(self.symbol(character)?),
        };
        Ok(Token {
            kind,
            span: self.span(start),
        })
    }

    fn span(&self, start: usize) -> Span {
        Span {
            start,
            end: self.position.max(start + 1),
        }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.position += taken.chars().count();
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, matches: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !matches(c)).unwrap_or(self.rest.len());
        self.take(end)
    }

    /// The inside of a quotation, where the quote itself is written twice.
    fn quoted(&mut self, quote: char) -> Result<String, ExprError> {
        let start = self.position;
        self.take(1);
        let mut inside = String::new();
        loop {
            inside.push_str(self.take_while(|c| c != quote));
            if self.rest.is_empty() {
                return Err(ExprError::UnclosedQuote {
                    quote,
                    span: self.span(start),
                });
            }
            self.take(1);
            if !self.rest.starts_with(quote) {
                return Ok(inside);
            }
            inside.push(quote);
            self.take(1);
        }
    }

    fn starts_with_point_number(&self) -> bool {
        let mut characters = self.rest.chars();
        characters.next() == Some('.') && characters.next().is_some_and(|c| c.is_ascii_digit())
    }

    fn number(&mut self) -> Result<Kind, ExprError> {
        let start = self.position;
        let whole = self.rest;
        self.take_while(|c| c.is_ascii_digit());
        if self.rest.starts_with('.') {
            self.take(1);
            self.take_while(|c| c.is_ascii_digit());
        }
        if self.rest.starts_with(['e', 'E']) {
            self.take(1);
            if self.rest.starts_with(['+', '-']) {
                self.take(1);
            }
        }
        // Letters and a second point belong to the mistake, so that all of "12.5.2020" is shown.
        self.take_while(|c| is_name_part(c) || c == '.');
        let text = &whole[..whole.len() - self.rest.len()];
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Kind::Number(value)),
            _ => Err(ExprError::InvalidNumber {
                text: shortened(text, 25),
                span: self.span(start),
            }),
        }
    }

    fn symbol(&mut self, character: char) -> Result<&'static str, ExprError> {
        let start = self.position;
        match SYMBOLS
            .iter()
            .find(|symbol| self.rest.starts_with(**symbol))
        {
            Some(symbol) => {
                self.take(symbol.len());
                Ok(symbol)
            }
            None => Err(ExprError::UnexpectedCharacter {
                character,
                span: self.span(start),
            }),
        }
    }
}
