//! Summaries for tests: made from rows and labels, as the pipeline will make them.

use std::path::{Path, PathBuf};

use crate::roles::{Fate, Role};
use crate::summary::{
    ColumnStatistics, ColumnSummary, Correlations, CustomerMap, NumberSummary, SegmentSummary,
    Summary,
};

/// A file of the shared folder, or a printed reason why the test is skipped.
pub(super) fn shared(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("TRIBUS_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    say_skipped(&path);
    None
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn say_skipped(path: &Path) {
    eprintln!("skipped: {} is not there", path.display());
}

/// Header and cells of a CSV file.
pub(super) struct Cells {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Cells {
    pub(super) fn read(path: &Path) -> Self {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let header = reader
            .headers()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect();
        let rows = reader
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        Self { header, rows }
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn column(&self, name: &str) -> Vec<String> {
        let at = self
            .header
            .iter()
            .position(|column| column == name)
            .unwrap();
        self.rows.iter().map(|row| row[at].clone()).collect()
    }

    pub(super) fn numbers(&self, name: &str) -> Vec<f64> {
        self.column(name)
            .iter()
            .map(|cell| cell.parse().unwrap())
            .collect()
    }
}

/// One label per line.
pub(super) fn labels(path: &Path) -> Vec<usize> {
    std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| line.trim().parse().unwrap())
        .collect()
}

/// Labels from 1 in order of falling mean value.
pub(super) fn by_value(labels: &[usize], value: &[f64]) -> Vec<usize> {
    let k = labels.iter().max().unwrap() + 1;
    let mean = |segment: usize| {
        let values: Vec<f64> = labels
            .iter()
            .zip(value)
            .filter(|(label, _)| **label == segment)
            .map(|(_, value)| *value)
            .collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    let mut order: Vec<usize> = (0..k).filter(|segment| labels.contains(segment)).collect();
    order.sort_by(|a, b| mean(*b).total_cmp(&mean(*a)));
    labels
        .iter()
        .map(|label| 1 + order.iter().position(|segment| segment == label).unwrap())
        .collect()
}

/// A summary in the making.
pub(super) struct Maker {
    labels: Vec<usize>,
    columns: Vec<ColumnSummary>,
}

impl Maker {
    /// `labels` from 1.
    pub(super) fn new(labels: Vec<usize>) -> Self {
        Self {
            labels,
            columns: Vec::new(),
        }
    }

    fn k(&self) -> usize {
        self.labels.iter().copied().max().unwrap_or(0)
    }

    pub(super) fn numbers(&mut self, name: &str, role: Role, values: &[f64]) {
        let of = |segment: usize| {
            let own = self
                .labels
                .iter()
                .zip(values)
                .filter(|(label, _)| **label == segment)
                .map(|(_, value)| *value);
            number_summary(own.collect())
        };
        let statistics = ColumnStatistics::Numbers {
            overall: number_summary(values.to_vec()),
            segments: (1..=self.k()).map(of).collect(),
            centroid: None,
        };
        self.columns.push(ColumnSummary {
            name: name.to_owned(),
            role,
            fate: Fate::Clustered,
            statistics,
        });
    }

    pub(super) fn categories(&mut self, name: &str, values: &[String]) {
        let mut levels: Vec<String> = values.to_vec();
        levels.sort();
        levels.dedup();
        let count = |segment: Option<usize>| {
            let own = |label: usize| segment.is_none_or(|segment| segment == label);
            levels
                .iter()
                .map(|level| {
                    self.labels
                        .iter()
                        .zip(values)
                        .filter(|(label, value)| own(**label) && *value == level)
                        .count() as u64
                })
                .collect::<Vec<u64>>()
        };
        let statistics = ColumnStatistics::Categories {
            overall: count(None),
            segments: (1..=self.k()).map(|segment| count(Some(segment))).collect(),
            levels: levels.clone(),
            joined: false,
            code_means: None,
        };
        self.columns.push(ColumnSummary {
            name: name.to_owned(),
            role: Role::Category,
            fate: Fate::Described,
            statistics,
        });
    }

    pub(super) fn summary(self, value: Option<(&str, &[f64])>) -> Summary {
        let n = self.labels.len();
        let total: f64 = value.map_or(0.0, |(_, values)| values.iter().sum());
        let segment = |segment: usize| {
            let size = self
                .labels
                .iter()
                .filter(|label| **label == segment)
                .count();
            let sum = value.map(|(_, values)| {
                self.labels
                    .iter()
                    .zip(values)
                    .filter(|(label, _)| **label == segment)
                    .map(|(_, value)| value)
                    .sum::<f64>()
            });
            SegmentSummary {
                size: size as u64,
                share: size as f64 / n as f64,
                value: sum,
                value_share: sum.map(|sum| sum / total),
                nearest: None,
            }
        };
        Summary {
            min_group: 0,
            customers: n as u64,
            value: value.map(|(name, _)| name.to_owned()),
            segments: (1..=self.k()).map(segment).collect(),
            columns: self.columns,
            map: CustomerMap {
                points: Vec::new(),
                of: 0,
                centroids: Vec::new(),
                variance: [0.0; 2],
                axes: [String::new(), String::new()],
            },
            knives: Vec::new(),
            histograms: Vec::new(),
            correlations: Correlations::default(),
        }
    }
}

fn number_summary(mut values: Vec<f64>) -> NumberSummary {
    values.retain(|value| !value.is_nan());
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum::<f64>()
        / n;
    let quantile = |share: f64| {
        let at = share * (n - 1.0);
        let (low, high) = (at.floor() as usize, at.ceil() as usize);
        values.get(low).map_or(f64::NAN, |value| {
            value + (values[high] - value) * (at - at.floor())
        })
    };
    NumberSummary {
        count: values.len() as u64,
        mean,
        sd: variance.sqrt(),
        skewness: 0.0,
        excess_kurtosis: 0.0,
        q05: quantile(0.05),
        q25: quantile(0.25),
        median: quantile(0.5),
        q75: quantile(0.75),
        q95: quantile(0.95),
    }
}
