//! How often the number of segments is right, on made-up customers whose groups are known.
//!
//!     tribus-evidence-bench KIND FIRST COUNT    made-up tables of a kind, by their seeds: grouped, grouped-in-part,
//!                                               ungrouped, ungrouped-in-part
//!     tribus-evidence-bench files FILE...       real tables
//!
//! Prints a JSON object per table: what was decided, what simple rules would say, and what the rule saw (`--features`).
#![expect(clippy::print_stdout, reason = "a program that prints what it found")]

#[expect(
    clippy::disallowed_methods,
    clippy::too_many_lines,
    reason = "made-up customers may differ in the last digit between platforms; a kind of table is read from top to bottom"
)]
mod sets;

use std::io::Write as _;
use std::ops::ControlFlow;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tribus::evidence::{Candidate, Evidence, Question, Usable, features, group_features};
use tribus::pipeline::FeatureMatrix;
use tribus::recipe::{Clusters, Depth, Recipe};
use tribus::segmentation::{agreement, prepare};
use tribus::table::Table;
use tribus_kmeans::{KMeans, Points};

use sets::Set;

const USAGE: &str = "usage: tribus-evidence-bench KIND FIRST COUNT [--features], or files FILE...; kinds are grouped, grouped-in-part, ungrouped and ungrouped-in-part";

/// Groups that K-Means with the right number does not find this well are left out: no rule could find them.
const LEAST_AGREEMENT: f64 = 0.8;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let with_features = arguments.iter().any(|argument| argument == "--features");
    let arguments: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|argument| *argument != "--features")
        .collect();
    match arguments[..] {
        [kind, first, count] if kind != "files" => {
            let make: fn(u64) -> Set = match kind {
                "grouped" => sets::grouped,
                "grouped-in-part" => sets::grouped_in_part,
                "ungrouped" => sets::ungrouped,
                "ungrouped-in-part" => sets::ungrouped_in_part,
                _ => bail!(USAGE),
            };
            let sets = (first.parse()?..).map(make).filter(can_be_found);
            for set in sets.take(count.parse()?) {
                study(&set, with_features)?;
            }
        }
        ["files", ref files @ ..] => {
            for file in files {
                let table = Table::open(file)?;
                println!(
                    "{}",
                    decided(&table, &json!({ "table": file }), with_features)?
                );
            }
        }
        _ => bail!(USAGE),
    }
    Ok(())
}

fn study(set: &Set, with_features: bool) -> Result<()> {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile()?;
    file.write_all(set.csv().as_bytes())?;
    let table = Table::open(file.path())?;
    let about = json!({ "table": set.kind, "seed": set.seed, "groups": set.k });
    match decided(&table, &about, with_features) {
        Ok(decided) => println!("{decided}"),
        Err(error) => println!(
            "{}",
            json!({ "about": about, "refused": error.to_string() })
        ),
    }
    Ok(())
}

/// Whether K-Means with the right number finds the groups, if there are any.
fn can_be_found(set: &Set) -> bool {
    if set.k == 1 {
        return true;
    }
    let matrix = set.standardized();
    let columns = set.rows[0].len();
    let labels = Points::new(&matrix, set.rows.len(), columns).and_then(|points| {
        let settings = KMeans {
            k: set.k,
            recombinations: 0,
            ..KMeans::default()
        };
        settings.fit(&points)
    });
    labels.is_ok_and(|fit| agreement(&fit.labels, &set.groups) >= LEAST_AGREEMENT)
}

fn decided(table: &Table, about: &Value, with_features: bool) -> Result<Value> {
    let (_, _, prepared) = prepare(&Recipe::default(), table)?;
    let matrix = &prepared.matrix;
    let start = Instant::now();
    let evidence = gathered(matrix)?;
    let seconds = start.elapsed().as_secs_f64();
    let choice = &evidence.choice;
    let mut found = json!({
        "about": about,
        "rows": matrix.rows,
        "columns": matrix.columns(),
        "seconds": seconds,
        "k": choice.k,
        "natural_k": choice.natural_k,
        "verdict": choice.verdict,
        "confidence": choice.confidence,
        "runner_up": choice.runner_up,
        "groups_likelihood": choice.groups_likelihood,
        "independence_p": choice.independence_p,
        "why": choice.why,
        "simple_rules": simple_rules(&evidence),
    });
    if with_features {
        let run = &evidence.candidates[..];
        let of_groups: Vec<_> = (0..run.len()).map(|at| group_features(run, at)).collect();
        found["paragraph"] = json!(choice.paragraph);
        found["features"] = json!(features(run));
        found["group_features"] = json!(of_groups);
        found["likelihoods"] = json!(
            run.iter()
                .map(|candidate| candidate.likelihood)
                .collect::<Vec<_>>()
        );
        found["candidates"] = json!(run.iter().map(without_centroids).collect::<Vec<_>>());
    }
    Ok(found)
}

fn gathered(matrix: &FeatureMatrix) -> Result<Evidence> {
    let question = Question {
        clusters: Clusters::Auto,
        depth: Depth::Full,
        usable: Usable::default(),
        seed: 0,
        value: None,
        init: None,
    };
    let (evidence, _) = Evidence::gather(matrix, &question, &|_| ControlFlow::Continue(()))
        .context("no evidence")?;
    Ok(evidence)
}

fn without_centroids(candidate: &Candidate) -> Candidate {
    Candidate {
        centroids: Vec::new(),
        ..candidate.clone()
    }
}

/// What the rules that people use would say.
fn simple_rules(evidence: &Evidence) -> Value {
    let best = |of: &dyn Fn(&Candidate) -> Option<f64>| {
        let measured = evidence
            .candidates
            .iter()
            .filter_map(|c| of(c).map(|value| (c.k, value)));
        measured.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(k, _)| k)
    };
    let gaps: Vec<_> = evidence
        .gap_of_one
        .map(|gap| (1, gap))
        .into_iter()
        .chain(
            evidence
                .candidates
                .iter()
                .filter_map(|c| c.gap.map(|gap| (c.k, gap))),
        )
        .collect();
    let gap = gaps
        .windows(2)
        .find(|pair| pair[0].1.value >= pair[1].1.value - pair[1].1.standard_error)
        .map(|pair| pair[0].0);
    json!({
        "silhouette": best(&|c| c.silhouette.map(|silhouette| silhouette.mean)),
        "calinski_harabasz": best(&|c| c.calinski_harabasz),
        "davies_bouldin": best(&|c| c.davies_bouldin.map(|value| -value)),
        "elbow": evidence.choice.elbow.map(|elbow| elbow.k),
        "gap": gap,
    })
}
