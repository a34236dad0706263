//! The evidence on the terminal: the decision, why, and a line per number of segments.

use tribus::evidence::{Candidate, Confidence, Evaluation, Evidence, SilhouetteValue, Verdict};

use super::number::{count, counted, in_words, percent};
use super::page::{Page, padded};

/// Labels longer than this are cut in the table.
const LABEL: usize = 24;

/// The bar of an inertia of all differences is so long.
const BAR: usize = 14;

/// Segments that a table has room for.
const COLUMNS: usize = 12;

/// Evidence, and what stands around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EvidenceSummary<'a> {
    pub(crate) evidence: &'a Evidence,
    /// Customers used.
    pub(crate) customers: u64,
    /// More is wanted.
    pub(crate) verbose: bool,
}

/// The verdict, the number, why, and the criteria.
pub(crate) fn evidence_summary(page: &mut Page, summary: &EvidenceSummary<'_>) {
    let evidence = summary.evidence;
    let choice = &evidence.choice;
    page.heading(&format!(
        "{} for {}",
        counted(choice.k as u64, "segment", "segments"),
        counted(summary.customers, "customer", "customers")
    ));
    page.blank();
    let verdict = match choice.verdict {
        Verdict::Groups => "groups",
        Verdict::Continuum => "a continuum: segments are useful slices, not natural groups",
        Verdict::None => "no structure to speak of",
    };
    let runner_up = choice
        .runner_up
        .map_or_else(|| "none".to_owned(), |k| k.to_string());
    page.line(&format!("  Verdict     {verdict}"));
    page.line(&format!("  Confidence  {}", confidence(choice.confidence)));
    page.line(&format!("  Runner-up   {runner_up}"));
    page.heading("Why");
    page.hanging("  ", &choice.why);
    page.blank();
    page.hanging("  ", &choice.paragraph);
    page.heading("Each number of segments");
    if summary.verbose {
        criteria(page, evidence);
    } else {
        first_criteria(page, evidence);
    }
    meanings(page, summary);
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Weak => "weak",
        Confidence::Moderate => "moderate",
        Confidence::Strong => "strong",
    }
}

/// What people look at first: the elbow, the silhouette, and whether segments are found again.
fn first_criteria(page: &mut Page, evidence: &Evidence) {
    let head = page.dim(&format!(
        "  {:>4}{:>14}  {:BAR$}{:>12}{:>13}{:>18}",
        "k", "inertia", "", "silhouette", "found again", "smallest segment"
    ));
    page.line(&head);
    for candidate in &evidence.candidates {
        let share = candidate.inertia / evidence.inertia_of_one;
        let bar = page.cyan(&padded(
            &"█".repeat((share * BAR as f64).round() as usize),
            BAR,
        ));
        let smallest = candidate.sizes.iter().min().copied().unwrap_or(0);
        let line = format!(
            "  {:>4}{:>14.2}  {bar}{:>12}{:>13}{:>18}",
            candidate.k,
            candidate.inertia,
            shown(candidate.silhouette.map(|silhouette| silhouette.mean), 3),
            candidate
                .similarity()
                .map_or_else(|| "-".to_owned(), percent),
            count(smallest),
        );
        chosen(page, &line, candidate.k == evidence.choice.k);
    }
}

fn chosen(page: &mut Page, line: &str, chosen: bool) {
    let line = if chosen {
        page.bold(&format!("{line}  <"))
    } else {
        line.to_owned()
    };
    page.line(&line);
}

/// All criteria, in two tables that fit a terminal of 80 columns.
pub(super) fn criteria(page: &mut Page, evidence: &Evidence) {
    let head = page.dim(&format!(
        "  {:>4}{:>14}{:>12}{:>10}{:>8}{:>15}{:>9}",
        "k", "inertia", "silhouette", "CH", "DB", "gap", "valley",
    ));
    page.line(&head);
    for candidate in &evidence.candidates {
        let line = tight_and_apart(candidate);
        chosen(page, &line, candidate.k == evidence.choice.k);
    }
    page.blank();
    let head = page.dim(&format!(
        "  {:>4}{:>11}{:>8}{:>10}{:>12}{:>12}{:>9}",
        "k", "predicted", "Rand", "Jaccard", "smallest", "its silh.", "likely"
    ));
    page.line(&head);
    for candidate in &evidence.candidates {
        let line = found_again(candidate);
        chosen(page, &line, candidate.k == evidence.choice.k);
    }
}

fn tight_and_apart(candidate: &Candidate) -> String {
    let gap = candidate.gap.map_or_else(
        || "-".to_owned(),
        |gap| format!("{:.3}±{:.3}", gap.value, gap.standard_error),
    );
    let valley = candidate
        .separation
        .map(|separation| separation.along_centroids);
    format!(
        "  {:>4}{:>14.2}{:>12}{:>10}{:>8}{:>15}{:>9}",
        candidate.k,
        candidate.inertia,
        shown(candidate.silhouette.map(|silhouette| silhouette.mean), 3),
        shown(candidate.calinski_harabasz, 1),
        shown(candidate.davies_bouldin, 3),
        gap,
        shown(valley, 2),
    )
}

fn found_again(candidate: &Candidate) -> String {
    let smallest = (0..candidate.sizes.len()).min_by_key(|at| candidate.sizes[*at]);
    let distinct = smallest.and_then(|at| candidate.distinctness.get(at).copied());
    format!(
        "  {:>4}{:>11}{:>8}{:>10}{:>12}{:>12}{:>9}",
        candidate.k,
        shown(candidate.prediction_strength, 2),
        shown(candidate.similarity(), 2),
        shown(candidate.least_jaccard(), 2),
        smallest.map_or_else(String::new, |at| count(candidate.sizes[at])),
        shown(distinct, 2),
        candidate.likelihood.map_or_else(|| "-".to_owned(), percent),
    )
}

fn shown(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

/// What the first columns mean.
const FIRST: [(&str, &str); 3] = [
    (
        "inertia",
        "what is left of the differences between customers; the elbow is where it stops falling fast",
    ),
    (
        "silhouette",
        "how much nearer customers are to their own segment than to the next, -1 to 1",
    ),
    (
        "found again",
        "how alike the segments of resampled customers are (adjusted Rand index)",
    ),
];

/// What all columns mean.
const ALL: [(&str, &str); 9] = [
    (
        "silhouette",
        "how much nearer customers are to their own segment than to the next, -1 to 1",
    ),
    (
        "CH, DB",
        "Calinski-Harabasz (higher is better) and Davies-Bouldin (lower): spread between against within segments",
    ),
    (
        "gap",
        "how much tighter than customers spread evenly, with its standard error",
    ),
    (
        "predicted",
        "prediction strength: does one half of the customers predict the segments of the other; above 0.8 is good",
    ),
    ("Rand", "how alike the segments of resampled customers are"),
    (
        "Jaccard",
        "the same for the least stable segment: below 0.6 dissolved, to 0.75 doubtful, to 0.85 stable, then highly stable",
    ),
    (
        "valley",
        "how far the least separated pair stands apart; about 0.25 where a cut runs through a crowd",
    ),
    ("its silh.", "silhouette of the smallest segment"),
    ("likely", "likelihood of each number if there are groups"),
];

/// What the columns mean, a line each.
fn meanings(page: &mut Page, summary: &EvidenceSummary<'_>) {
    page.blank();
    let told: &[(&str, &str)] = if summary.verbose { &ALL } else { &FIRST };
    for (word, meaning) in told {
        page.hanging(&format!("  {word:13}"), meaning);
    }
    let [sampled, of] = summary.evidence.sampled;
    if sampled < of {
        page.hanging(
            "  ",
            &format!(
                "All but inertia, silhouette, CH and DB were computed on {} of the {} customers.",
                count(sampled),
                count(of)
            ),
        );
    }
    if !summary.verbose {
        page.blank();
        page.hanging("  ", "-v shows all criteria.");
    }
}

/// Labels that customers have, beside the segments.
pub(crate) fn evaluation_summary(
    page: &mut Page,
    column: &str,
    evaluation: &Evaluation,
    evidence: &Evidence,
) {
    page.heading(&format!(
        "{} labels of {} in `{column}`",
        in_words(evaluation.labels.len()),
        counted(evaluation.customers, "customer", "customers")
    ));
    page.blank();
    beside(page, evaluation, evidence);
    page.heading("How they agree");
    page.line(&format!(
        "  Adjusted Rand index            {:>6.3}  (1 the same, 0 as by chance)",
        evaluation.adjusted_rand
    ));
    page.line(&format!(
        "  Normalized mutual information  {:>6.3}  (1 the same, 0 nothing in common)",
        evaluation.normalized_mutual_information
    ));
    page.heading("Customers of each label in each segment");
    confusion(page, evaluation);
}

/// The measures of the labels beside those of the segments.
fn beside(page: &mut Page, evaluation: &Evaluation, evidence: &Evidence) {
    let ours = evidence.candidate(evidence.choice.k);
    let mean = |silhouette: Option<SilhouetteValue>| silhouette.map(|silhouette| silhouette.mean);
    let of_ours = |of: &dyn Fn(&Candidate) -> Option<f64>| ours.and_then(of);
    let head = page.dim(&format!(
        "  {:22}{:>14}{:>16}",
        "", "these labels", "our segments"
    ));
    page.line(&head);
    let number = evaluation.labels.len();
    page.line(&format!(
        "  {:22}{number:>14}{:>16}",
        "number", evidence.choice.k
    ));
    let lines = [
        (
            "inertia",
            Some(evaluation.inertia),
            of_ours(&|ours| Some(ours.inertia)),
            2,
        ),
        (
            "silhouette",
            mean(evaluation.silhouette),
            of_ours(&|ours| mean(ours.silhouette)),
            3,
        ),
        (
            "Calinski-Harabasz",
            evaluation.calinski_harabasz,
            of_ours(&|ours| ours.calinski_harabasz),
            1,
        ),
        (
            "Davies-Bouldin",
            evaluation.davies_bouldin,
            of_ours(&|ours| ours.davies_bouldin),
            3,
        ),
    ];
    for (what, theirs, ours, digits) in lines {
        page.line(&format!(
            "  {what:22}{:>14}{:>16}",
            shown(theirs, digits),
            shown(ours, digits)
        ));
    }
}

fn confusion(page: &mut Page, evaluation: &Evaluation) {
    let columns = evaluation.confusion.first().map_or(0, Vec::len);
    let shown_columns = columns.min(COLUMNS);
    let heads: String = (1..=shown_columns)
        .map(|segment| format!("{segment:>8}"))
        .collect();
    let head = page.dim(&format!(
        "  {:LABEL$}{:>10}{:>12}{heads}",
        "", "customers", "silhouette"
    ));
    page.line(&head);
    for (label, row) in evaluation.labels.iter().zip(&evaluation.confusion) {
        let name: String = label.label.chars().take(LABEL - 1).collect();
        let cells: String = row[..shown_columns]
            .iter()
            .map(|cell| format!("{:>8}", count(*cell)))
            .collect();
        page.line(&format!(
            "  {}{:>10}{:>12}{cells}",
            padded(&name, LABEL),
            count(label.size),
            shown(label.silhouette, 3)
        ));
    }
    if columns > shown_columns {
        page.line(&format!(
            "  {} more segments: --json has them all",
            columns - shown_columns
        ));
    }
}
