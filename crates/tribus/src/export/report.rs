//! The report of a segmentation.

use crate::recipe::{Scale, Weights};
use crate::report::{Report, ReportInput};
use crate::segmentation::Segmentation;

/// How the segments were made, line by line.
pub fn report_settings(segmentation: &Segmentation) -> Vec<(String, String)> {
    let segment = &segmentation.recipe.segment;
    let mut lines: Vec<(&str, String)> = vec![
        ("Program", segmentation.manifest.program.clone()),
        (
            "Method",
            "K-Means, greedy k-means++ starts, run to exact convergence".to_owned(),
        ),
        ("Number of segments", segmentation.k.to_string()),
        ("Seed", segmentation.manifest.seed.to_string()),
        (
            "Scale",
            segment.scale.unwrap_or(Scale::Standard).to_string(),
        ),
        (
            "Weights of feature groups",
            segment.weights.unwrap_or(Weights::Equal).to_string(),
        ),
    ];
    if segmentation.group_shares.len() > 1 {
        let shares: Vec<String> = segmentation
            .group_shares
            .iter()
            .map(|(group, share)| format!("{group} {:.0} %", 100.0 * share))
            .collect();
        lines.push(("Share of the distance", shares.join(", ")));
    }
    let transformed = segmentation.pipeline.transformed();
    if !transformed.is_empty() {
        lines.push(("Transformed", transformed.join(", ")));
    }
    if let Some(date) = segmentation.pipeline.as_of {
        lines.push(("Reference date", date.to_string()));
    }
    for step in &segmentation.pipeline.derive {
        lines.push(("Derived", format!("{} = {}", step.name, step.expression)));
    }
    lines.push(("Rows", segmentation.manifest.rows.to_string()));
    lines.push((
        "SHA-256 of the rows",
        segmentation.manifest.rows_sha256.clone(),
    ));
    lines
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// The report, its method lines made by [`report_settings`].
pub(super) fn of<'s>(
    segmentation: &'s Segmentation,
    settings: &'s [(String, String)],
) -> Report<'s> {
    Report::new(ReportInput {
        title: "Customer segments",
        columns: &segmentation.columns,
        ledger: &segmentation.ledger,
        evidence: &segmentation.evidence,
        summary: &segmentation.summary,
        profiles: &segmentation.profiles,
        notes: &segmentation.notes,
        settings,
    })
}
