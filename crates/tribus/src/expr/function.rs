//! The functions: each one entry of one table, so that a new one is added in one place.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use super::sql::{self, Sql};
use super::values::{Values, finite};
use super::{Dialect, ExprType};
use crate::date::{CivilDate, civil_from_days};

/// One function.
pub(super) struct Function {
    /// The name it is printed by.
    pub(super) name: &'static str,
    /// Other names it is read by.
    aliases: &'static [&'static str],
    /// The least and the most arguments.
    arguments: (usize, usize),
    pub(super) signature: Signature,
    /// Whether it is a field of a date, written `EXTRACT(name FROM date)`.
    pub(super) is_field: bool,
    /// The values from the values of the arguments, which are as the signature says.
    pub(super) evaluate: for<'a> fn(Vec<Values<'a>>) -> Values<'a>,
    /// The SQL from the SQL of the arguments; something that needs no parentheses around it.
    pub(super) print: fn(&[Sql], Dialect) -> String,
}

pub(super) enum Signature {
    /// Every argument of one type.
    Of {
        argument: ExprType,
        result: ExprType,
    },
    /// All arguments of the same type, whichever, which is the result's too.
    Alike,
}

const NUMBER: Signature = Signature::Of {
    argument: ExprType::Number,
    result: ExprType::Number,
};
const TEXT: Signature = Signature::Of {
    argument: ExprType::Text,
    result: ExprType::Text,
};
const MANY: usize = usize::MAX;

static FUNCTIONS: [Function; 20] = [
    Function {
        evaluate: |arguments| numbers(arguments, f64::abs),
        print: |arguments, _| sql::call("ABS", arguments),
        ..number("ABS")
    },
    Function {
        arguments: (1, 2),
        evaluate: round,
        print: sql::round,
        ..number("ROUND")
    },
    Function {
        evaluate: |arguments| numbers(arguments, f64::floor),
        print: |arguments, _| sql::call("FLOOR", arguments),
        ..number("FLOOR")
    },
    Function {
        aliases: &["CEILING"],
        evaluate: |arguments| numbers(arguments, f64::ceil),
        print: |arguments, _| sql::call("CEIL", arguments),
        ..number("CEIL")
    },
    Function {
        evaluate: |arguments| numbers(arguments, libm::log),
        print: |arguments, _| sql::guarded("> 0", "LN", arguments),
        ..number("LN")
    },
    Function {
        evaluate: |arguments| numbers(arguments, libm::log1p),
        print: sql::log1p,
        ..number("LOG1P")
    },
    Function {
        evaluate: |arguments| numbers(arguments, libm::exp),
        print: sql::exp,
        ..number("EXP")
    },
    Function {
        evaluate: |arguments| numbers(arguments, f64::sqrt),
        print: |arguments, _| sql::guarded(">= 0", "SQRT", arguments),
        ..number("SQRT")
    },
    Function {
        aliases: &["POW"],
        arguments: (2, 2),
        evaluate: power,
        print: |arguments, _| sql::power(arguments),
        ..number("POWER")
    },
    Function {
        evaluate: |arguments| extreme(arguments, Ordering::is_lt),
        print: |arguments, dialect| sql::extreme("LEAST", "MIN", arguments, dialect),
        ..alike("LEAST")
    },
    Function {
        evaluate: |arguments| extreme(arguments, Ordering::is_gt),
        print: |arguments, dialect| sql::extreme("GREATEST", "MAX", arguments, dialect),
        ..alike("GREATEST")
    },
    Function {
        evaluate: coalesce,
        print: |arguments, _| sql::call("COALESCE", arguments),
        ..alike("COALESCE")
    },
    Function {
        arguments: (2, 2),
        evaluate: null_if,
        print: |arguments, _| sql::call("NULLIF", arguments),
        ..alike("NULLIF")
    },
    Function {
        evaluate: |arguments| texts(arguments, |text| text.to_lowercase().into()),
        print: |arguments, dialect| sql::cased("LOWER", "lowerUTF8", arguments, dialect),
        ..text("LOWER")
    },
    Function {
        evaluate: |arguments| texts(arguments, |text| text.to_uppercase().into()),
        print: |arguments, dialect| sql::cased("UPPER", "upperUTF8", arguments, dialect),
        ..text("UPPER")
    },
    Function {
        evaluate: |arguments| texts(arguments, trim),
        print: sql::trim,
        ..text("TRIM")
    },
    Function {
        signature: Signature::Of {
            argument: ExprType::Text,
            result: ExprType::Number,
        },
        aliases: &["CHAR_LENGTH"],
        evaluate: length,
        print: sql::length,
        ..text("LENGTH")
    },
    Function {
        evaluate: |arguments| fields(arguments, |date| date.year),
        print: |arguments, dialect| sql::field("YEAR", "%Y", arguments, dialect),
        ..field("YEAR")
    },
    Function {
        evaluate: |arguments| fields(arguments, |date| date.month as i32),
        print: |arguments, dialect| sql::field("MONTH", "%m", arguments, dialect),
        ..field("MONTH")
    },
    Function {
        evaluate: |arguments| fields(arguments, |date| date.day as i32),
        print: |arguments, dialect| sql::field("DAY", "%d", arguments, dialect),
        ..field("DAY")
    },
];

/// The function of this name, in any case.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| {
        let mut names = std::iter::once(&function.name).chain(function.aliases);
        names.any(|known| known.eq_ignore_ascii_case(name))
    })
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

impl Function {
    pub(super) fn takes(&self, arguments: usize) -> bool {
        (self.arguments.0..=self.arguments.1).contains(&arguments)
    }

    /// How many arguments it takes, in words.
    pub(super) fn arity(&self) -> String {
        match self.arguments {
            (1, 1) => "1 argument".to_owned(),
            (least, MANY) => format!("{least} or more arguments"),
            (least, most) if least == most => format!("{least} arguments"),
            (least, most) => format!("{least} or {most} arguments"),
        }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// A function of one argument, for an entry to say what it does.
const fn unary(name: &'static str, signature: Signature) -> Function {
    Function {
        name,
        aliases: &[],
        arguments: (1, 1),
        signature,
        is_field: false,
        evaluate: |arguments| Values::Null(arguments.first().map_or(0, Values::len)),
        print: |_, _| String::new(),
    }
}

const fn number(name: &'static str) -> Function {
    unary(name, NUMBER)
}

const fn text(name: &'static str) -> Function {
    unary(name, TEXT)
}

const fn alike(name: &'static str) -> Function {
    let mut function = unary(name, Signature::Alike);
    function.arguments = (2, MANY);
    function
}

const fn field(name: &'static str) -> Function {
    let signature = Signature::Of {
        argument: ExprType::Date,
        result: ExprType::Number,
    };
    let mut function = unary(name, signature);
    function.is_field = true;
    function
}

fn first(arguments: Vec<Values<'_>>) -> Values<'_> {
    arguments
        .into_iter()
        .next()
        .expect("the number of arguments is checked when a call is built")
}

fn first_two(arguments: Vec<Values<'_>>) -> (Values<'_>, Option<Values<'_>>) {
    let mut arguments = arguments.into_iter();
    let first = arguments
        .next()
        .expect("the number of arguments is checked when a call is built");
    (first, arguments.next())
}

fn numbers(arguments: Vec<Values<'_>>, function: fn(f64) -> f64) -> Values<'_> {
    let numbers = first(arguments).numbers();
    Values::Number(numbers.into_iter().map(|x| finite(function(x?))).collect())
}

fn texts<'a>(
    arguments: Vec<Values<'a>>,
    function: impl Fn(Cow<'a, str>) -> Cow<'a, str>,
) -> Values<'a> {
    let texts = first(arguments).texts();
    Values::Text(texts.into_iter().map(|text| text.map(&function)).collect())
}

fn fields(arguments: Vec<Values<'_>>, field: fn(CivilDate) -> i32) -> Values<'_> {
    let dates = first(arguments).dates();
    let value = |days: Option<i32>| Some(f64::from(field(civil_from_days(days?))));
    Values::Number(dates.into_iter().map(value).collect())
}

fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(' ')),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(' ').to_owned()),
    }
}

fn length(arguments: Vec<Values<'_>>) -> Values<'_> {
    let count = |text: Option<Cow<'_, str>>| Some(text?.chars().count() as f64);
    Values::Number(first(arguments).texts().into_iter().map(count).collect())
}

fn power(arguments: Vec<Values<'_>>) -> Values<'_> {
    let (base, Some(exponent)) = first_two(arguments) else {
        return Values::Null(0);
    };
    let pairs = base.numbers().into_iter().zip(exponent.numbers());
    Values::Number(pairs.map(|(x, y)| finite(libm::pow(x?, y?))).collect())
}

fn round(arguments: Vec<Values<'_>>) -> Values<'_> {
    let (values, digits) = first_two(arguments);
    let values = values.numbers();
    let digits = digits.map_or_else(|| vec![Some(0.0); values.len()], Values::numbers);
    let pairs = values.into_iter().zip(digits);
    Values::Number(
        pairs
            .map(|(x, digits)| finite(round_to(x?, digits?)))
            .collect(),
    )
}

/// Halves go away from zero; `digits` is whole and from -15 to 15.
fn round_to(x: f64, digits: f64) -> f64 {
    // Exact doubles, unlike what powers computed at run time may be.
    const SCALES: [f64; 16] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];
    let scale = SCALES[(digits.abs() as usize).min(SCALES.len() - 1)];
    if digits < 0.0 {
        return (x / scale).round() * scale;
    }
    // Too large to scale is too large to have decimals.
    let scaled = x * scale;
    if scaled.is_finite() {
        scaled.round() / scale
    } else {
        x
    }
}

fn extreme(arguments: Vec<Values<'_>>, replaces: fn(Ordering) -> bool) -> Values<'_> {
    let mut arguments = arguments.into_iter();
    let mut best = arguments.next().unwrap_or(Values::Null(0));
    for next in arguments {
        let takes: Vec<bool> = (0..best.len())
            .map(|row| next.compare(&best, row).map_or(next.is_null(row), replaces))
            .collect();
        best.overwrite(next, |row| takes[row]);
    }
    best
}

fn coalesce(arguments: Vec<Values<'_>>) -> Values<'_> {
    let mut arguments = arguments.into_iter();
    let mut result = arguments.next().unwrap_or(Values::Null(0));
    for next in arguments {
        let takes: Vec<bool> = (0..result.len()).map(|row| result.is_null(row)).collect();
        result.overwrite(next, |row| takes[row]);
    }
    result
}

fn null_if(arguments: Vec<Values<'_>>) -> Values<'_> {
    let (mut values, Some(unwanted)) = first_two(arguments) else {
        return Values::Null(0);
    };
    let takes: Vec<bool> = (0..values.len())
        .map(|row| values.compare(&unwanted, row).is_some_and(Ordering::is_eq))
        .collect();
    values.overwrite(Values::Null(takes.len()), |row| takes[row]);
    values
}
