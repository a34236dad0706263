//! Bad-input cases: a folder per case with an input and what must come of it. Any folder of that form can be run.
//!
//! The folder is `cases/open` of the shared data, or the one that `TRIBUS_CASES` names; without it the test says so and
//! passes.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panic, and says what it skips"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("TRIBUS_CASES").map(PathBuf::from);
    let shared = std::env::var_os("TRIBUS_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let folder = named.unwrap_or_else(|| shared.join("cases/open"));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

/// What came of one run.
struct Outcome {
    code: Option<i32>,
    out: String,
    err: String,
    customers: String,
}

/// Above so many bytes a case is about reading: all the evidence for its number of segments would take most of the time of
/// all cases, so it is gathered only where everything is asked for.
const LARGE: u64 = 64 << 10;

/// Each test takes its share of the cases, so that the shares run side by side: every n-th case where there are n tests, the
/// first test from the first case on. So each case, a new one too, is in exactly one share.
macro_rules! shares {
    ($($test:ident)*) => {
        const SHARES: &[&str] = &[$(stringify!($test)),*];

        $(
            #[test]
            fn $test() {
                let share = SHARES.iter().position(|&name| name == stringify!($test));
                every_case_of_a_share_ends_as_it_must(share.unwrap());
            }
        )*
    };
}

shares! {
    every_case_ends_as_it_must_in_the_first_share
    every_case_ends_as_it_must_in_the_second_share
    every_case_ends_as_it_must_in_the_third_share
    every_case_ends_as_it_must_in_the_fourth_share
}

fn every_case_of_a_share_ends_as_it_must(share: usize) {
    let Some(folder) = folder() else { return };
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("expected.json").is_file())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    let cases: Vec<&PathBuf> = cases.iter().skip(share).step_by(SHARES.len()).collect();
    let wrong: Vec<String> = cases.iter().filter_map(|case| wrong(case)).collect();
    eprintln!(
        "{} of {} cases ended as they must",
        cases.len() - wrong.len(),
        cases.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with the end of a case, if anything.
fn wrong(case: &Path) -> Option<String> {
    let expected: Value =
        serde_json::from_slice(&fs::read(case.join("expected.json")).unwrap()).unwrap();
    let outcome = run(case, &expected["run"]);
    let problem = judge(&expected, &outcome).err()?;
    let name = case.file_name().unwrap().to_string_lossy();
    Some(format!(
        "{name}: {problem} (exit {:?})\n    {}",
        outcome.code,
        outcome.err.trim().replace('\n', "\n    ")
    ))
}

fn run(case: &Path, run: &Value) -> Outcome {
    let work = tempfile::tempdir().unwrap();
    let recipe = work.path().join("recipe.toml");
    fs::write(&recipe, recipe_text(run)).unwrap();
    let out = work.path().join("out");
    let inputs = inputs(case, run);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tribus"));
    command.arg("segment");
    command.args(&inputs);
    command
        .arg("--recipe")
        .arg(&recipe)
        .arg("-o")
        .arg(&out)
        .args(["--json", "--raw"]);
    if let Value::String(pattern) = &run["features"] {
        command.args(["--features", pattern]);
    }
    let size = |path: &PathBuf| fs::metadata(path).map_or(0, |file| file.len());
    if inputs.iter().map(size).sum::<u64>() > LARGE && std::env::var_os("TRIBUS_THOROUGH").is_none()
    {
        command.arg("--quick");
    }
    let output = command.output().unwrap();
    Outcome {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
        customers: fs::read_to_string(out.join("customers.csv")).unwrap_or_default(),
    }
}

/// The files of the case: one name, several, or a pattern with `*`.
fn inputs(case: &Path, run: &Value) -> Vec<PathBuf> {
    let names: Vec<&str> = match &run["input"] {
        Value::Array(names) => names.iter().map(|name| name.as_str().unwrap()).collect(),
        name => vec![name.as_str().unwrap()],
    };
    let mut files = Vec::new();
    for name in names {
        let Some((before, after)) = name.split_once('*') else {
            files.push(case.join(name));
            continue;
        };
        let entries = fs::read_dir(case)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        files.extend(entries.filter(|path| {
            let file = path.file_name().unwrap().to_string_lossy();
            file.starts_with(before) && file.ends_with(after)
        }));
    }
    files.sort();
    files
}

/// The neutral options of a case as a recipe.
fn recipe_text(run: &Value) -> String {
    let options = &run["options"];
    let mut recipe = toml::Table::new();
    let mut input = toml::Table::new();
    let mut segment = toml::Table::new();
    let mut clean = toml::Table::new();
    let as_toml = |value: &Value| toml::Value::try_from(value).unwrap();
    if run["id"].is_string() {
        input.insert("id".into(), as_toml(&run["id"]));
    }
    for key in ["delimiter", "decimal", "encoding", "skip_rows", "dates"] {
        if !options[key].is_null() {
            input.insert(key.into(), as_toml(&options[key]));
        }
    }
    if run["features"].is_array() {
        segment.insert("features".into(), as_toml(&run["features"]));
    }
    segment.insert("k".into(), as_toml(&run["k"]));
    for key in ["transform", "scale", "init"] {
        if !options[key].is_null() {
            segment.insert(key.into(), as_toml(&options[key]));
        }
    }
    if !options["missing"].is_null() {
        clean.insert("missing".into(), as_toml(&options["missing"]));
    }
    recipe.insert("input".into(), input.into());
    recipe.insert("clean".into(), clean.into());
    recipe.insert("segment".into(), segment.into());
    recipe.to_string()
}

fn judge(expected: &Value, outcome: &Outcome) -> Result<(), String> {
    let said = format!("{}\n{}", outcome.out, outcome.err);
    for never in expected["must_not_mention"].as_array().unwrap() {
        if said.contains(never.as_str().unwrap()) {
            return Err(format!("it mentions {never}"));
        }
    }
    if said.contains("panicked") {
        return Err("it panicked".to_owned());
    }
    let lenient = expected["policy"] == true;
    match (expected["expect"].as_str().unwrap(), outcome.code) {
        (_, Some(1) | None) => Err("it failed by a bug".to_owned()),
        ("ok" | "either", Some(0)) => right(expected, outcome),
        ("error", Some(0)) if lenient => Ok(()),
        ("error", Some(0)) => Err("it should be an error".to_owned()),
        ("ok", _) => Err("it should work".to_owned()),
        _ => mentions(&expected["must_mention"], &outcome.err),
    }
}

/// A successful run says what is true.
fn right(expected: &Value, outcome: &Outcome) -> Result<(), String> {
    let truth = &expected["truth"];
    let json: Value = serde_json::from_str(&outcome.out).map_err(|error| error.to_string())?;
    if truth["lenient"] == true {
        return Ok(());
    }
    if let Some(rows) = truth["rows"].as_u64()
        && json["rows"]["used"] != rows
    {
        return Err(format!("{} rows used, not {rows}", json["rows"]["used"]));
    }
    if let Some(inertia) = truth.get("inertia_raw_units").or(truth.get("inertia")) {
        let (found, wanted) = (json["inertia"].as_f64().unwrap(), inertia.as_f64().unwrap());
        if (found - wanted).abs() > 1e-9 * wanted.abs().max(1e-300) {
            return Err(format!("inertia {found}, not {wanted}"));
        }
    }
    if let Some(k) = truth["clusters_used"].as_u64()
        && json["k"] != k
    {
        return Err(format!("{} segments, not {k}", json["k"]));
    }
    if let Some(words) = truth.get("warn") {
        let warnings = json["warnings"].to_string() + &json["columns"].to_string() + &outcome.err;
        let any = words
            .as_array()
            .unwrap()
            .iter()
            .any(|word| warnings.contains(word.as_str().unwrap()));
        if !any {
            return Err(format!("no warning says one of {words}"));
        }
    }
    sums(truth, &json)?;
    people(truth, &outcome.customers)
}

fn sums(truth: &Value, json: &Value) -> Result<(), String> {
    let Some(sums) = truth["sum"].as_object() else {
        return Ok(());
    };
    for (column, sum) in sums {
        let sum = sum.as_f64().unwrap();
        let total: f64 = json["segments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|segment| segment["size"].as_f64().unwrap() * mean_of(segment, column))
            .sum();
        if (total - sum).abs() > 1e-9 * sum.abs().max(1.0) || total.is_nan() {
            return Err(format!("{column} sums to {total}, not {sum}"));
        }
    }
    Ok(())
}

/// The mean of a column, its name written in any case where that is not ambiguous.
fn mean_of(segment: &Value, column: &str) -> f64 {
    let means = segment["means"].as_object().unwrap();
    let folded = || {
        means
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(column))
            .map(|(_, mean)| mean)
    };
    means
        .get(column)
        .or_else(folded)
        .and_then(Value::as_f64)
        .unwrap_or(f64::NAN)
}

/// The ids byte for byte, and who is with whom.
fn people(truth: &Value, customers: &str) -> Result<(), String> {
    let mut reader = csv::Reader::from_reader(customers.as_bytes());
    let mut ids = Vec::new();
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        ids.push(record[1].to_owned());
        if !record[2].is_empty() {
            groups
                .entry(record[2].to_owned())
                .or_default()
                .insert(record[1].to_owned());
        }
    }
    let texts = |value: &Value| -> Vec<String> {
        value
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().unwrap().to_owned())
            .collect()
    };
    if truth["ids"].is_array() && texts(&truth["ids"]) != ids {
        return Err(format!("ids {ids:?}"));
    }
    if let Some(expected) = truth["groups"].as_array() {
        let wanted: BTreeSet<BTreeSet<String>> = expected
            .iter()
            .map(|group| texts(group).into_iter().collect())
            .collect();
        let found: BTreeSet<BTreeSet<String>> = groups.into_values().collect();
        if wanted != found {
            return Err(format!("groups {found:?}"));
        }
    }
    Ok(())
}

fn mentions(wanted: &Value, message: &str) -> Result<(), String> {
    for entry in wanted.as_array().unwrap() {
        let alternatives: Vec<&str> = match entry {
            Value::Array(words) => words.iter().map(|word| word.as_str().unwrap()).collect(),
            word => vec![word.as_str().unwrap()],
        };
        if !alternatives.iter().any(|word| says(message, word)) {
            return Err(format!("it does not mention {entry}"));
        }
    }
    Ok(())
}

/// Whether the message holds the word; "line 1" is not "line 13".
fn says(message: &str, word: &str) -> bool {
    let (message, word) = (message.to_lowercase(), word.to_lowercase());
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    message.match_indices(&word).any(|(at, found)| {
        let before = message[..at].chars().next_back();
        let after = message[at + found.len()..].chars().next();
        let runs_on = (digit(before) && digit(found.chars().next()))
            || (digit(after) && digit(found.chars().next_back()));
        !runs_on
    })
}
