//! What the page says, as names, numbers and sentences, before it becomes markup.

use std::fmt::Write as _;

use super::ReportInput;
use super::number::{compact, count, counting_word, fixed, percent, plain};
use crate::evidence::{Candidate, Verdict};
use crate::profile::Profile;
use crate::roles::{Fate, FeatureGroup, Role};
use crate::segment::SegmentNumber;
use crate::summary::{ColumnStatistics, NumberSummary, SegmentSummary};
use crate::vocabulary::column_words;
use crate::words::shortened;

const STRING: &str = "writing to a String cannot fail";

/// A numeric column as the page shows it.
#[derive(Debug, Clone)]
pub(super) struct Feature<'a> {
    /// Column name.
    pub(super) name: &'a str,
    /// The name in words people read; the column name where two would read alike.
    pub(super) label: String,
    /// What it means.
    pub(super) role: Role,
    /// Clustered on, or described only.
    pub(super) fate: Fate,
    /// The heading it stands under.
    pub(super) group: Option<FeatureGroup>,
    /// Over all customers.
    pub(super) overall: &'a NumberSummary,
    /// One per segment.
    pub(super) segments: &'a [NumberSummary],
    /// The centroid in raw units.
    pub(super) centroid: Option<&'a [f64]>,
}

impl Feature<'_> {
    /// A value of this column as text; flags and shares of one are percentages.
    pub(super) fn text(&self, value: f64) -> String {
        if self.role == Role::Flag {
            percent(value)
        } else {
            plain(value)
        }
    }

    /// The segment's mean.
    pub(super) fn mean(&self, segment: usize) -> f64 {
        self.segments
            .get(segment)
            .filter(|numbers| numbers.count > 0)
            .map_or(f64::NAN, |numbers| numbers.mean)
    }

    /// The centroid's coordinate, or the mean of a column that was not clustered on.
    pub(super) fn center(&self, segment: usize) -> f64 {
        let told = self
            .segments
            .get(segment)
            .is_some_and(|numbers| numbers.count > 0);
        self.centroid
            .and_then(|centroid| centroid.get(segment).copied())
            .filter(|_| told)
            .unwrap_or_else(|| self.mean(segment))
    }

    /// How many standard deviations (over all customers) `value` lies above the mean of all.
    pub(super) fn z(&self, value: f64) -> f64 {
        if self.overall.sd > 0.0 {
            (value - self.overall.mean) / self.overall.sd
        } else {
            0.0
        }
    }

    /// How much of the column's variance lies between the segments, 0 to 1.
    pub(super) fn explained(&self, segments: &[SegmentSummary]) -> f64 {
        let parts = segments.iter().enumerate().map(|(index, segment)| {
            let z = self.z(self.mean(index));
            segment.share * z * z
        });
        let sum: f64 = parts.filter(|part| part.is_finite()).sum();
        sum.clamp(0.0, 1.0)
    }
}

/// The input with what is derived from it.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// As given.
    pub(super) input: ReportInput<'a>,
    /// Name of every segment, in order; as many as the summary has segments.
    pub(super) names: Vec<String>,
    /// Numeric columns: clustered on first, each part by group.
    pub(super) features: Vec<Feature<'a>>,
}

impl<'a> View<'a> {
    pub(super) fn new(input: ReportInput<'a>) -> Self {
        let names = (0..input.summary.segments.len())
            .map(|at| segment_name(&input, SegmentNumber::at(at)))
            .collect();
        Self {
            names,
            features: features(&input),
            input,
        }
    }

    /// Segments.
    pub(super) fn k(&self) -> usize {
        self.names.len()
    }

    /// The evidence for the number of segments shown.
    pub(super) fn candidate(&self) -> Option<&'a Candidate> {
        self.input.evidence.candidate(self.k())
    }

    /// The numeric columns clustered on.
    pub(super) fn clustered(&self) -> impl Iterator<Item = &Feature<'a>> {
        self.features
            .iter()
            .filter(|feature| feature.fate == Fate::Clustered)
    }

    /// The features clustered on, the one that sets the segments apart most first.
    pub(super) fn deciding(&self) -> Vec<&Feature<'a>> {
        let segments = &self.input.summary.segments;
        let mut features: Vec<(f64, &Feature<'a>)> = self
            .clustered()
            .map(|feature| (feature.explained(segments), feature))
            .collect();
        features.sort_by(|one, other| other.0.total_cmp(&one.0));
        features.into_iter().map(|(_, feature)| feature).collect()
    }

    /// At most so many features clustered on, those that set the segments apart most, in the order of the page.
    pub(super) fn most_telling(&self, most: usize) -> Vec<&Feature<'a>> {
        let mut kept = self.deciding();
        kept.truncate(most);
        self.clustered()
            .filter(|feature| kept.iter().any(|kept| std::ptr::eq(*kept, *feature)))
            .collect()
    }

    /// The label of a column.
    pub(super) fn label_of(&self, name: &str) -> String {
        self.features
            .iter()
            .find(|feature| feature.name == name)
            .map_or_else(|| name.to_owned(), |feature| feature.label.clone())
    }

    /// What the value column is called: its label, unless that says no more than "total".
    pub(super) fn value_words(&self) -> String {
        let name = self.input.summary.value.as_deref().unwrap_or("value");
        let label = self.label_of(name);
        if label.contains(' ') {
            label
        } else {
            name.to_owned()
        }
    }

    /// `more Income, less Kidhome`, with the labels of the columns.
    pub(super) fn axis_words(&self, words: &str) -> String {
        let labeled: Vec<String> = axis_parts(words)
            .into_iter()
            .map(|part| match part.split_once(' ') {
                Some((sense @ ("more" | "less"), name)) => {
                    format!("{sense} {}", self.label_of(name))
                }
                _ => part.to_owned(),
            })
            .collect();
        labeled.join(", ")
    }

    /// What is known of a segment beside its numbers.
    pub(super) fn profile(&self, segment: usize) -> Option<&'a Profile> {
        let profiles = &self.input.profiles.segments;
        profiles
            .iter()
            .find(|profile| profile.segment.index() == segment)
    }

    /// What the data says, as one sentence at the head of the page.
    pub(super) fn headline(&self) -> String {
        let k = self.k();
        if k <= 1 {
            return format!(
                "One segment: the {} customers stay together",
                count(self.input.summary.customers)
            );
        }
        let kinds = format!("{} kinds of customer", counting_word(k));
        let segments = &self.input.summary.segments;
        if let Some((number, customers, value)) = bringers(segments)
            && self.input.summary.value.is_some()
        {
            let who = if number == 1 {
                "one of them".to_owned()
            } else {
                format!("{} of them", counting_word(number).to_lowercase())
            };
            let (verb, name) = (
                if number == 1 { "brings" } else { "bring" },
                shortened(&self.value_words(), 40),
            );
            return format!(
                "{kinds}; {who}, {} of customers, {verb} {} of {name}",
                percent(customers),
                percent(value)
            );
        }
        let largest = largest(segments);
        format!(
            "{kinds}; the largest, {}, holds {}",
            shortened(&self.names[largest], 60),
            percent(segments[largest].share)
        )
    }

    /// Whether there are groups at all, in plain words.
    pub(super) fn verdict(&self) -> &'static str {
        match self.input.evidence.choice.verdict {
            Verdict::Groups => "The customers form natural groups.",
            Verdict::Continuum => {
                "The customers form a continuum: the segments are useful slices of it, and their borders could lie elsewhere."
            }
            Verdict::None => {
                "The data shows no groups to speak of: read the segments as an arbitrary division."
            }
        }
    }

    /// What the mean silhouette means.
    pub(super) fn separation(&self) -> Option<(String, &'static str)> {
        let silhouette = self.candidate()?.silhouette?;
        let words = match silhouette.mean {
            mean if mean > 0.7 => "the segments stand far apart",
            mean if mean > 0.5 => "the segments stand apart",
            mean if mean > 0.25 => "the segments touch each other",
            _ => "the segments overlap",
        };
        Some((fixed(silhouette.mean, 2), words))
    }

    /// How often a segment is found again.
    pub(super) fn stability_of(&self, segment: usize) -> Option<String> {
        let stability = self.candidate()?.stability.as_ref()?;
        let of_segment = stability.segments.get(segment)?;
        Some(of_segment.in_words(stability.resamples))
    }

    /// How alike the segments come out on other samples of the same customers.
    pub(super) fn stability(&self) -> Option<String> {
        let stability = self.candidate()?.similarity()?;
        let words = match stability {
            _ if stability >= 0.85 => {
                "strong: other samples of these customers give nearly the same segments"
            }
            _ if stability >= 0.7 => {
                "moderate: other samples of these customers give similar segments"
            }
            _ => "weak: other samples of these customers give other segments",
        };
        Some(format!(
            "Stability is {words} ({} of 1).",
            fixed(stability, 2)
        ))
    }

    /// How much of the data had to be set aside or repaired, in a word and with its numbers.
    pub(super) fn data_quality(&self) -> String {
        let ledger = self.input.ledger;
        let aside = ledger.rows_set_aside() as f64 / ledger.read.max(1) as f64;
        let columns = self.input.summary.columns.len().max(1) as u64;
        let repaired = ledger.cells_repaired() as f64 / (ledger.used * columns).max(1) as f64;
        let word = match aside.max(repaired) {
            worst if worst <= 0.01 => "strong",
            worst if worst <= 0.05 => "moderate",
            _ => "weak",
        };
        format!(
            "Data quality is {word}: {} of the rows set aside, {} of the cells repaired.",
            percent(aside),
            percent(repaired)
        )
    }

    /// The account of the rows in one sentence.
    pub(super) fn account(&self) -> String {
        let ledger = self.input.ledger;
        let mut text = format!(
            "{} rows read = {} used + {} set aside",
            count(ledger.read),
            count(ledger.used),
            count(ledger.rows_set_aside())
        );
        if ledger.cells_repaired() > 0 {
            write!(text, "; {} cells repaired", count(ledger.cells_repaired())).expect(STRING);
        }
        text.push('.');
        text
    }

    /// The whole story of one cell of the heat map.
    pub(super) fn cell_tip(&self, feature: &Feature<'_>, segment: usize) -> String {
        let mean = feature.mean(segment);
        format!(
            "{}, {}: mean {}; all customers {}",
            shortened(&feature.label, 80),
            shortened(&self.names[segment], 60),
            feature.text(mean),
            feature.text(feature.overall.mean)
        )
    }

    /// Size and value of one segment in words.
    pub(super) fn segment_tip(&self, segment: usize) -> String {
        let numbers = &self.input.summary.segments[segment];
        let mut text = format!(
            "{}. {}: {} customers ({})",
            segment + 1,
            self.names[segment],
            count(numbers.size),
            percent(numbers.share)
        );
        if let (Some(value), Some(share)) = (numbers.value, numbers.value_share) {
            let name = self.value_words();
            write!(text, "; {name} {} ({})", compact(value), percent(share)).expect(STRING);
        }
        text
    }
}

/// The fewest segments that bring half of the value: how many, their share of customers, their share of value.
pub(super) fn bringers(segments: &[SegmentSummary]) -> Option<(usize, f64, f64)> {
    let mut shares: Vec<(f64, f64)> = segments
        .iter()
        .filter_map(|segment| Some((segment.value_share?, segment.share)))
        .collect();
    if shares.len() < segments.len() || shares.iter().any(|(value, _)| !(0.0..=1.0).contains(value))
    {
        return None;
    }
    shares.sort_by(|one, other| other.0.total_cmp(&one.0));
    let (mut value, mut customers) = (0.0, 0.0);
    for (index, share) in shares.iter().enumerate() {
        value += share.0;
        customers += share.1;
        if value >= 0.5 {
            // Of more customers than value there is nothing to tell.
            let tells = index + 1 < shares.len() && value > customers;
            return tells.then_some((index + 1, customers, value));
        }
    }
    None
}

/// Index of the segment with the most customers; the first of equals.
pub(super) fn largest(segments: &[SegmentSummary]) -> usize {
    let most = segments.iter().map(|segment| segment.size).max();
    segments
        .iter()
        .position(|segment| Some(segment.size) == most)
        .unwrap_or(0)
}

/// The parts of `more Income, less Kidhome`. Names may hold commas, so a part ends where the next one says more or less.
fn axis_parts(words: &str) -> Vec<&str> {
    let next = [", more ", ", less "].map(|next| words.find(next));
    match next.into_iter().flatten().min() {
        None => vec![words],
        Some(end) => {
            let mut parts = vec![&words[..end]];
            parts.extend(axis_parts(&words[end + ", ".len()..]));
            parts
        }
    }
}

fn segment_name(input: &ReportInput<'_>, number: SegmentNumber) -> String {
    let profile = input
        .profiles
        .segments
        .iter()
        .find(|profile| profile.segment == number);
    profile
        .map(|profile| profile.name.trim())
        .filter(|name| !name.is_empty())
        .map_or_else(|| format!("Segment {number}"), str::to_owned)
}

fn features<'a>(input: &ReportInput<'a>) -> Vec<Feature<'a>> {
    let group_of = |name: &str| {
        input
            .columns
            .iter()
            .find(|column| column.name == name)
            .and_then(|column| column.group)
    };
    let mut features = Vec::new();
    for column in &input.summary.columns {
        if let ColumnStatistics::Numbers {
            overall,
            segments,
            centroid,
        } = &column.statistics
        {
            features.push(Feature {
                name: &column.name,
                label: column_words(&column.name),
                role: column.role,
                fate: column.fate,
                group: group_of(&column.name),
                overall,
                segments,
                centroid: centroid.as_deref(),
            });
        }
    }
    let labels: Vec<String> = features
        .iter()
        .map(|feature| feature.label.clone())
        .collect();
    for feature in &mut features {
        let alike = labels
            .iter()
            .filter(|label| **label == feature.label)
            .count();
        if alike > 1 || feature.label.trim().is_empty() {
            feature.name.clone_into(&mut feature.label);
        }
    }
    // Stable, so columns of one group keep their order; those without a group come last.
    features.sort_by_key(|feature| {
        (
            feature.fate != Fate::Clustered,
            feature.group.is_none(),
            feature.group,
        )
    });
    features
}

#[cfg(test)]
mod tests {
    use super::axis_parts;

    #[test]
    fn names_with_commas_are_not_cut() {
        assert_eq!(
            axis_parts("more Wine, red, less Age, more b"),
            ["more Wine, red", "less Age", "more b"]
        );
        assert_eq!(axis_parts("more b"), ["more b"]);
        assert_eq!(axis_parts(""), [""]);
    }
}
