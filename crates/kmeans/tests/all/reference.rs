//! The reference runs and the customer tables they were made on; `shared/reference/README.md` tells how.
#![expect(
    clippy::unwrap_used,
    reason = "a reference that cannot be read fails its test"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
/// The folder of shared data, or `None` (and a line that says so) where it is absent.
pub(crate) fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("TRIBUS_SHARED").map_or_else(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: no reference data at {}", folder.display());
        return None;
    }
    Some(folder)
}

/// One Lloyd run of scikit-learn from given rows.
pub(crate) struct Reference {
    pub name: String,
    pub table: String,
    pub set: String,
    pub init_rows: Vec<usize>,
    pub iterations: usize,
    pub sizes: Vec<u64>,
    pub inertia: f64,
    pub silhouette: f64,
    pub calinski_harabasz: f64,
    pub davies_bouldin: f64,
    pub first_centroid: Vec<f64>,
}

impl Reference {
    /// All runs of `ref_lloyd.json`; its other entries describe scalers.
    pub(crate) fn read_all(shared: &Path) -> Vec<Self> {
        let runs: BTreeMap<String, Value> = json(&shared.join("reference/ref_lloyd.json"));
        let runs = runs.into_iter().filter(|(name, _)| name.contains("k="));
        runs.map(|(name, run)| Self::parse(name, &run)).collect()
    }

    fn parse(name: String, run: &Value) -> Self {
        let words: Vec<&str> = name.split(' ').collect();
        Self {
            table: words[0].to_owned(),
            set: words[1].to_owned(),
            init_rows: list(&run["init_rows"])
                .iter()
                .map(|&row| row as usize)
                .collect(),
            iterations: run["n_iter"].as_f64().unwrap() as usize,
            sizes: list(&run["sizes"])
                .iter()
                .map(|&size| size as u64)
                .collect(),
            inertia: run["inertia"].as_f64().unwrap(),
            silhouette: run["sil"].as_f64().unwrap(),
            calinski_harabasz: run["ch"].as_f64().unwrap(),
            davies_bouldin: run["db"].as_f64().unwrap(),
            first_centroid: list(&run["center0"]),
            name,
        }
    }
}

/// The labels of the best known solution with five clusters.
pub(crate) fn best_labels(shared: &Path, table: &str, set: &str) -> Vec<u32> {
    let path = shared.join(format!("reference/labels_{table}_{set}_k5.csv"));
    let text = std::fs::read_to_string(path).unwrap();
    let labels = text.lines().filter_map(|line| line.parse().ok());
    labels.collect()
}

/// The columns of a feature set, standardized with the population's standard deviation: row-major, and their number.
pub(crate) fn columns(shared: &Path, table: &str, set: &str) -> (Vec<f64>, usize) {
    let metrics: Value = json(&shared.join("reference/ref_metrics.json"));
    let names: Vec<String> =
        serde_json::from_value(metrics[table][set]["columns"].clone()).unwrap();
    let rows = match table {
        "ifood" => read(&shared.join("data/ifood_df.csv"), b','),
        _ => read(&shared.join("data/marketing_campaign.csv"), b'\t')
            .iter()
            .filter_map(clean)
            .collect(),
    };
    let d = names.len();
    let mut data: Vec<f64> = rows
        .iter()
        .flat_map(|row| names.iter().map(|name| cell(row, name)))
        .collect();
    let n = rows.len() as f64;
    for column in 0..d {
        let mean = data.iter().skip(column).step_by(d).sum::<f64>() / n;
        let variance = data
            .iter()
            .skip(column)
            .step_by(d)
            .map(|x| (x - mean) * (x - mean))
            .sum::<f64>()
            / n;
        data.iter_mut()
            .skip(column)
            .step_by(d)
            .for_each(|x| *x = (*x - mean) / variance.sqrt());
    }
    (data, d)
}

type Row = BTreeMap<String, String>;

fn read(path: &Path, delimiter: u8) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_path(path)
        .unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// The campaign table as the reference cleans it; `None` for the rows it drops.
fn clean(row: &Row) -> Option<Row> {
    let mut row = row.clone();
    if row["Income"].is_empty()
        || cell(&row, "Income") >= 200_000.0
        || cell(&row, "Year_Birth") < 1910.0
    {
        return None;
    }
    let age = 2014.0 - cell(&row, "Year_Birth");
    let spent: f64 = row
        .keys()
        .filter(|name| name.starts_with("Mnt"))
        .map(|name| cell(&row, name))
        .sum();
    let accepted: f64 = row
        .keys()
        .filter(|name| name.starts_with("AcceptedCmp"))
        .map(|name| cell(&row, name))
        .sum();
    let days = day_number(29, 6, 2014) - day_of(&row["Dt_Customer"]);
    let status = match row["Marital_Status"].as_str() {
        "Alone" | "Absurd" | "YOLO" => "Single",
        other => other,
    };
    let flags = [
        format!("Marital_Status_{status}"),
        format!("Education_{}", row["Education"]),
    ];
    row.extend(flags.map(|flag| (flag, "1".to_owned())));
    let numbers = [
        ("Age", age),
        ("MntTotal", spent),
        ("AcceptedCmpOverall", accepted),
        ("Customer_Days", days),
    ];
    row.extend(numbers.map(|(name, value)| (name.to_owned(), value.to_string())));
    Some(row)
}

/// The number in a cell; a flag that is not there is 0.
fn cell(row: &Row, name: &str) -> f64 {
    row.get(name).map_or(0.0, |text| text.parse().unwrap())
}

/// The day number of a `dd-mm-yyyy` date.
fn day_of(date: &str) -> f64 {
    let parts: Vec<i64> = date.split('-').map(|part| part.parse().unwrap()).collect();
    day_number(parts[0], parts[1], parts[2])
}

/// Days since 0000-03-01 in the Gregorian calendar; years begin in March, so that leap days come last.
fn day_number(day: i64, month: i64, year: i64) -> f64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    (365 * year + leap_days + (153 * month + 2) / 5 + day - 1) as f64
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn list(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}
