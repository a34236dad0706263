//! What tables and columns are called in a statement.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::Dialect;
use crate::pipeline::Pipeline;

/// PostgreSQL cuts names of more than 63 bytes.
const LONGEST: usize = 56;

/// Names that the statement gives itself, and two that SQLite takes for conditions even in quotes.
const OWN: [&str; 5] = ["id", "by_rule", "as_of", "true", "false"];

/// The name in the statement of each column of a pipeline: letters, digits and `_`, short, and different from all others
/// whatever the case, as engines ask.
pub(super) fn of(pipeline: &Pipeline) -> BTreeMap<String, String> {
    let mut taken: BTreeSet<String> = OWN.iter().map(|name| (*name).to_owned()).collect();
    let inputs = pipeline.inputs.iter().map(|input| input.name.clone());
    let derived = pipeline.derive.iter().map(|step| step.name.clone());
    let features = pipeline.features.iter().map(|feature| feature.name.clone());
    let mut names = BTreeMap::new();
    for name in inputs.chain(derived).chain(features) {
        let plain = plain(&name);
        names.entry(name).or_insert_with(|| {
            let short = numbered(&plain).find(|name| taken.insert(name.to_lowercase()));
            short.unwrap_or(plain)
        });
    }
    names
}

/// The name, then with 2, 3 and so on behind it.
fn numbered(name: &str) -> impl Iterator<Item = String> {
    std::iter::once(name.to_owned()).chain((2_u32..).map(move |number| format!("{name}_{number}")))
}

fn plain(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut plain = String::new();
    for letter in name.chars() {
        if is_plain(letter) {
            plain.push(letter);
        } else if !plain.ends_with('_') {
            plain.push('_');
        }
    }
    let plain = plain.trim_matches('_');
    let plain = &plain[..plain.len().min(LONGEST)];
    match plain.chars().next() {
        None => "column".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{plain}"),
        Some(_) => plain.to_owned(),
    }
}

/// The name of a table, its parts quoted one by one.
pub(super) fn table(dialect: Dialect, name: &str) -> String {
    let mut parts = parts(name);
    // SQLite would take the step of the same name for the table.
    if dialect == Dialect::Sqlite && parts.len() == 1 {
        parts.insert(0, "main".to_owned());
    }
    let quoted = parts.iter().map(|part| dialect.identifier(part));
    quoted.collect::<Vec<_>>().join(".")
}

/// The parts of `database.schema.table`; points between double quotes part nothing.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for letter in name.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => parts.push(String::new()),
            _ => parts.last_mut().expect("there is one").push(letter),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_are_plain_and_short() {
        assert_eq!(plain("MntWines"), "MntWines");
        assert_eq!(plain("Total spend (€)"), "Total_spend");
        assert_eq!(plain("2024 orders"), "_2024_orders");
        assert_eq!(plain("年収"), "column");
        assert_eq!(plain(&"x".repeat(100)).len(), LONGEST);
    }

    #[test]
    fn a_table_is_quoted_part_by_part() {
        assert_eq!(
            table(Dialect::DuckDb, "shop.Customers"),
            "\"shop\".\"Customers\""
        );
        assert_eq!(table(Dialect::BigQuery, "a-b.c.d"), "`a-b`.`c`.`d`");
        assert_eq!(table(Dialect::Postgres, "\"my.table\""), "\"my.table\"");
    }
}
