//! A segmentation as a dbt project: the statement as a model, its tests and descriptions, and the names as a seed.

use super::names::parts;
use super::{SqlError, SqlOptions, statement_from};
use crate::expr::Dialect;
use crate::segmentation::Segmentation;

/// The model, and the table that it makes.
const MODEL: &str = "customer_segments";

/// The seed.
const SEED: &str = "segment_names";

/// Stands for the table until the rest of the statement is written as dbt reads it.
const TABLE: &str = "\u{1}table\u{1}";

/// A file of a dbt project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFile {
    /// Where it stands in the project's folder, with `/` between folders.
    pub path: &'static str,
    /// What it holds.
    pub text: String,
}

/// The files of a dbt project that makes the table `customer_segments` with [`statement`](super::statement), and tests it.
///
/// # Errors
/// As [`statement`](super::statement).
pub fn project(
    segmentation: &Segmentation,
    options: &SqlOptions,
) -> Result<Vec<ProjectFile>, SqlError> {
    let source = Source::of(options.table_for(segmentation));
    source.check()?;
    let statement = statement_from(segmentation, options, TABLE)?;
    let table = format!(
        "{{{{ source({}, {}) }}}}",
        quoted(source.name()),
        quoted(&source.table)
    );
    let model = in_jinja(&statement).replace(TABLE, &table);
    let file = |path, text| ProjectFile { path, text };
    let mut files = vec![
        file("dbt_project.yml", PROJECT.to_owned()),
        file("models/customer_segments.sql", model),
        file("models/schema.yml", schema(segmentation, &source)),
        file("seeds/segment_names.csv", seed(segmentation)),
    ];
    if options.dialect == Dialect::DuckDb {
        files.push(file("profiles.yml", PROFILES.to_owned()));
    }
    Ok(files)
}

const PROJECT: &str = "name: tribus_segments
version: \"1.0.0\"
config-version: 2
profile: tribus_segments
model-paths: [models]
seed-paths: [seeds]
models:
  tribus_segments:
    +materialized: table
";

/// DuckDB needs nothing but a file, so the project can be built as it is.
const PROFILES: &str = "tribus_segments:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: \"{{ env_var('TRIBUS_DUCKDB', 'warehouse.duckdb') }}\"
";

/// Where the customers are: `database.schema.table`, as far as it was said.
struct Source {
    database: Option<String>,
    schema: Option<String>,
    table: String,
}

impl Source {
    fn of(table: &str) -> Self {
        let mut parts = parts(table);
        let table = parts.pop().unwrap_or_default();
        let schema = parts.pop();
        let database = (!parts.is_empty()).then(|| parts.join("."));
        Self {
            database,
            schema,
            table,
        }
    }

    fn check(&self) -> Result<(), SqlError> {
        let is_ours = [MODEL, SEED].contains(&self.table.to_lowercase().as_str());
        let problem = if is_ours {
            "the project makes a table of this name"
        } else if self.table.contains(['{', '}', '\\']) {
            "templates read braces and backslashes"
        } else {
            return Ok(());
        };
        Err(SqlError::Source {
            table: self.table.clone(),
            problem,
        })
    }

    fn name(&self) -> &str {
        self.schema.as_deref().unwrap_or("raw")
    }

    /// The entry of the source, which dbt quotes as it stands.
    fn entry(&self) -> String {
        let database = self
            .database
            .as_deref()
            .map_or_else(String::new, |database| {
                format!("\n    database: {}", quoted(database))
            });
        let schema = self.schema.as_deref();
        let schema = schema.map_or_else(|| "\"{{ target.schema }}\"".to_owned(), quoted);
        format!(
            "  - name: {}{database}
    schema: {schema}
    quoting:
      identifier: true
    tables:
      - name: {}
        description: \"What the segments are made from.\"
",
            quoted(self.name()),
            quoted(&self.table)
        )
    }
}

/// Tests and descriptions of the model and of the seed.
fn schema(segmentation: &Segmentation, source: &Source) -> String {
    let count = segmentation.k() + segmentation.lifecycle().len();
    let numbers: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
    let numbers = numbers.join(", ");
    format!(
        "version: 2

sources:
{}
models:
  - name: {MODEL}
    description: \"The segment of each customer.\"
    columns:
      - name: id
        description: \"The customer.\"
        data_tests: [unique, not_null]
      - name: segment
        description: \"The number of the segment; none where the customer is set aside.\"
        data_tests:
          - accepted_values:
              arguments:
                values: [{numbers}]
                quote: false
          - relationships:
              arguments:
                to: ref('{SEED}')
                field: segment
      - name: segment_name
        description: \"Its name.\"
      - name: second_segment
        description: \"The second nearest segment.\"
      - name: confidence
        description: \"1 - d1 / d2 of the distances to the two nearest: 0 on the border, 1 at the centroid.\"
      - name: distance
        description: \"Distance to the centroid of the segment, in scaled features.\"

seeds:
  - name: {SEED}
    description: \"The segments: number, name and what characterizes them.\"
    columns:
      - name: segment
        data_tests: [unique, not_null]
      - name: segment_name
        data_tests: [unique, not_null]
",
        source.entry()
    )
}

/// Number, name and description of each segment.
fn seed(segmentation: &Segmentation) -> String {
    let segments = segmentation.profiles().segments.iter();
    let segments = segments.map(|profile| (profile.name.as_str(), profile.advice.as_str()));
    let groups = segmentation.lifecycle().iter();
    let groups = groups.map(|group| (group.group.as_str(), group.rule.as_str()));
    let lines = segments
        .chain(groups)
        .enumerate()
        .map(|(at, (name, what))| format!("{},{},{}\n", at + 1, cell(name), cell(what)));
    format!(
        "segment,segment_name,description\n{}",
        lines.collect::<String>()
    )
}

/// A cell of the seed, always in quotes.
fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Text in double quotes, as YAML and Jinja read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Text that dbt's templates leave as it is.
fn in_jinja(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut pieces = text.split('{');
    escaped.extend(pieces.next());
    for piece in pieces {
        match piece.chars().next() {
            // A brace of its own opens no template.
            Some('{' | '%' | '#') | None => escaped.push_str("{{ '{' }}"),
            Some(_) => escaped.push('{'),
        }
        escaped.push_str(piece);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_of_the_statement_are_no_template() {
        assert_eq!(in_jinja("a {% b %} {"), "a {{ '{' }}% b %} {{ '{' }}");
        assert_eq!(in_jinja("{{"), "{{ '{' }}{{ '{' }}");
        assert_eq!(in_jinja("{ }"), "{ }");
    }

    #[test]
    fn a_source_is_what_was_said_of_the_table() {
        let source = Source::of("lake.shop.customers");
        assert_eq!(source.database.as_deref(), Some("lake"));
        assert_eq!(
            (source.name(), source.table.as_str()),
            ("shop", "customers")
        );
        assert!(Source::of("customers").entry().contains("target.schema"));
    }
}
