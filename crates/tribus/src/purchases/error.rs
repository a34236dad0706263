//! What keeps purchases from becoming customers.

use crate::source::Location;

/// A file of purchases that cannot be rolled up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PurchasesError {
    /// No column names who bought.
    #[error("{file} holds one row per purchase (`{order}`), but no column names the buyer")]
    NoCustomer {
        /// File, or files.
        file: String,
        /// The column of the order.
        order: String,
    },
    /// No column holds the day.
    #[error("{file} holds one row per purchase, but no column holds its day")]
    NoDate {
        /// File, or files.
        file: String,
    },
    /// No column says what was paid.
    #[error("{file} holds one row per purchase, but no column says what was paid")]
    NoAmount {
        /// File, or files.
        file: String,
    },
    /// The day may be read in two ways.
    #[error("{file}, column `{column}`: dates such as {example} may be day-month or month-day")]
    AmbiguousDates {
        /// File, or files.
        file: String,
        /// Column of the day.
        column: String,
        /// One of its cells.
        example: String,
    },
    /// Amounts of several currencies.
    #[error("{file}: `{amount}` holds amounts of several currencies (`{column}`: {currencies})")]
    Currencies {
        /// File, or files.
        file: String,
        /// Column of the amounts.
        amount: String,
        /// Column of the currency.
        column: String,
        /// Which, in words.
        currencies: String,
    },
    /// A column of the recipe is not there, or does not hold what it should.
    #[error("{file}: purchases.{part} names `{column}`, {problem}")]
    Column {
        /// File, or files.
        file: String,
        /// The part.
        part: &'static str,
        /// The column.
        column: String,
        /// What is wrong with it.
        problem: &'static str,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// A rule that does not part the customers.
    #[error("purchases.rules, `{rule}`: {problem}")]
    Rule {
        /// The rule.
        rule: String,
        /// What is wrong with it.
        problem: String,
    },
    /// What cannot be said in SQL.
    #[error("the roll-up {what} cannot be written as SQL")]
    NoSql {
        /// In words.
        what: &'static str,
    },
    /// A condition of the recipe.
    #[error("{place}: {source}")]
    Expression {
        /// Where it stands.
        place: String,
        /// What is wrong.
        source: crate::expr::ExprError,
    },
    /// No line is left.
    #[error("{file}: no purchase is left of {lines} lines ({reasons})")]
    NothingLeft {
        /// File, or files.
        file: String,
        /// Lines read.
        lines: u64,
        /// Why they were set aside.
        reasons: String,
    },
}

impl PurchasesError {
    /// Where it lies, as far as it is known.
    pub fn location(&self) -> Location {
        match self {
            Self::NoCustomer { file, .. }
            | Self::NoDate { file }
            | Self::NoAmount { file }
            | Self::NothingLeft { file, .. } => Location::file(file),
            Self::AmbiguousDates { file, column, .. }
            | Self::Currencies { file, column, .. }
            | Self::Column { file, column, .. } => Location::file(file).with_column(column),
            Self::Rule { .. } | Self::NoSql { .. } | Self::Expression { .. } => Location::default(),
        }
    }

    /// The way out.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoCustomer { .. } => {
                "export it with a customer number or an e-mail address, or name the column: [purchases] customer = \"...\" in a recipe".to_owned()
            }
            Self::NoDate { .. } => "name its column: [purchases] date = \"...\" in a recipe".to_owned(),
            Self::NoAmount { .. } => {
                "name its column: [purchases] amount = \"...\", or quantity and price, in a recipe".to_owned()
            }
            Self::AmbiguousDates { .. } => {
                "say which: --date-order dmy or --date-order mdy (input.date_order in a recipe)".to_owned()
            }
            Self::Currencies {
                column, currencies, ..
            } => {
                let first = currencies.split(',').next().unwrap_or_default();
                let condition = format!("{} <> '{first}'", crate::expr::identifier(column));
                format!(
                    "export one currency, or a column converted to one; or keep one in a recipe: [[purchases.drop]] where = {condition:?}, because = \"other currency\""
                )
            }
            Self::Column { nearest, .. } => format!("did you mean `{}`?", nearest.as_ref()?),
            Self::Rule { .. } => "every customer must fit one rule and no second, and every rule somebody: `tribus rollup` without the rules writes the columns they are about".to_owned(),
            Self::Expression { source, .. } => source.hint()?,
            Self::NoSql { .. } => "`tribus rollup` writes the customers themselves".to_owned(),
            Self::NothingLeft { .. } => {
                "look at the reasons, and at the parts that `tribus inspect` finds".to_owned()
            }
        };
        Some(hint)
    }
}
