//! A summary read as facts: one per column of numbers, one per category, each with a mean over all customers and one
//! per segment. Every decision below is made on these.

use super::effect::Moments;
use super::figures::steady;
use crate::profile::kind::FactKind;
use crate::roles::{ColumnDecision, Fate, Role};
use crate::summary::{ColumnStatistics, ColumnSummary, NumberSummary, Summary};
use crate::vocabulary::columns::{Answer, answer, column_words, ending_answer};

/// Below this distance (in standard deviations) a difference is none.
const CLEAR: f64 = 0.2;
/// The same for shares of customers.
const CLEAR_POINTS: f64 = 0.05;

/// One thing measured of every customer, over all and by segment.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    /// Column.
    pub(super) column: String,
    /// The category, if the column holds categories.
    pub(super) level: Option<String>,
    /// The category says yes to what the column is called: the column's name says all.
    pub(super) is_yes: bool,
    /// What the column means.
    pub(super) role: Role,
    /// What it tells about a customer.
    pub(super) meaning: FactKind,
    /// Clustered on, or described only.
    pub(super) fate: Fate,
    /// The mean is a share of customers, 0 to 1.
    pub(super) is_share: bool,
    /// Mean over all customers.
    pub(super) overall: f64,
    /// Standard deviation over all customers.
    pub(super) sd: f64,
    /// Mean by segment; not finite where no customer of the segment has a value.
    pub(super) means: Vec<f64>,
    /// Median over all customers.
    pub(super) median: f64,
    /// Median by segment.
    pub(super) medians: Vec<f64>,
    /// 95 % quantile over all customers: how large the numbers are.
    pub(super) q95: f64,
    /// Customers with a value, by segment.
    pub(super) counts: Vec<u64>,
    /// Moments by segment, where the column holds numbers.
    pub(super) moments: Vec<Moments>,
}

impl Fact {
    /// Distance of a segment's mean from the overall mean in standard deviations; 0 where there is no spread.
    pub(super) fn z(&self, segment: usize) -> f64 {
        let z = (self.mean(segment) - self.overall) / self.sd;
        if self.sd > 0.0 && z.is_finite() {
            steady(z)
        } else {
            0.0
        }
    }

    /// Those who say no, of those who say yes.
    pub(super) fn opposite(&self, level: &str) -> Self {
        Self {
            level: Some(level.to_owned()),
            is_yes: false,
            meaning: FactKind::Other,
            overall: 1.0 - self.overall,
            means: self.means.iter().map(|share| 1.0 - share).collect(),
            ..self.clone()
        }
    }

    /// What is measured, in words: `partner` for those who say yes, `gender Female`.
    pub(super) fn words(&self) -> String {
        let words = column_words(&self.column);
        match &self.level {
            Some(level) if !self.is_yes => format!("{words} {level}"),
            _ => words,
        }
    }

    /// Whether a segment differs at all: 0.2 standard deviations, and 5 percentage points of a share. A few customers who
    /// spend a fortune stretch the standard deviation of money, so half or twice the average differs from half of that on.
    pub(super) fn is_clear(&self, segment: usize) -> bool {
        let distance = self.z(segment).abs();
        if self.is_share {
            let points = (self.mean(segment) - self.overall).abs();
            return distance >= CLEAR && steady(points) >= CLEAR_POINTS;
        }
        let is_money = matches!(
            self.meaning,
            FactKind::Spend | FactKind::Part | FactKind::TotalSpend
        );
        let is_multiple = self
            .ratio(segment)
            .is_some_and(|ratio| !(0.5..2.0).contains(&ratio));
        distance >= CLEAR || is_money && is_multiple && distance >= CLEAR / 2.0
    }

    /// A segment's mean.
    pub(super) fn mean(&self, segment: usize) -> f64 {
        self.means.get(segment).copied().unwrap_or(f64::NAN)
    }

    /// A segment's mean over the overall mean; `None` where amounts may be negative or there are none.
    pub(super) fn ratio(&self, segment: usize) -> Option<f64> {
        let ratio = self.mean(segment) / self.overall;
        let positive =
            self.overall > 0.0 && self.means.iter().all(|mean| mean.is_nan() || *mean >= 0.0);
        (positive && ratio.is_finite()).then(|| steady(ratio))
    }

    /// A segment's median over the overall median, where that is positive.
    pub(super) fn median_ratio(&self, segment: usize) -> Option<f64> {
        let ratio = self.medians.get(segment)? / self.median;
        (self.median > 0.0 && ratio.is_finite()).then(|| steady(ratio))
    }

    /// 1 for the highest mean of all segments. Segments that tie both count as beaten: neither is the highest.
    pub(super) fn rank_from_top(&self, segment: usize) -> usize {
        let own = steady(self.mean(segment));
        1 + self
            .others(segment)
            .filter(|&other| steady(other) >= own || !own.is_finite())
            .count()
    }

    /// 1 for the lowest mean of all segments; ties as in [`Fact::rank_from_top`].
    pub(super) fn rank_from_bottom(&self, segment: usize) -> usize {
        let own = steady(self.mean(segment));
        1 + self
            .others(segment)
            .filter(|&other| steady(other) <= own || !own.is_finite())
            .count()
    }

    fn others(&self, segment: usize) -> impl Iterator<Item = f64> {
        self.means
            .iter()
            .enumerate()
            .filter(move |(index, mean)| *index != segment && mean.is_finite())
            .map(|(_, mean)| *mean)
    }

    /// The fact about `column` (and `level`) in a summary.
    pub(super) fn find(summary: &Summary, column: &str, level: Option<&str>) -> Option<Self> {
        let found = summary
            .columns
            .iter()
            .find(|candidate| candidate.name == column);
        match (found, level) {
            (Some(found), _) => of_column(found, summary)
                .into_iter()
                .find(|fact| fact.level.as_deref() == level),
            (None, None) => Self::of_value(summary).filter(|fact| fact.column == column),
            (None, Some(_)) => None,
        }
    }

    /// The value column from the segments' sums, for a summary that does not hold the column itself.
    fn of_value(summary: &Summary) -> Option<Self> {
        let column = summary.value.clone()?;
        let sums: Vec<f64> = summary
            .segments
            .iter()
            .map(|segment| segment.value)
            .collect::<Option<_>>()?;
        let sizes: Vec<f64> = summary
            .segments
            .iter()
            .map(|segment| segment.size as f64)
            .collect();
        let overall = sums.iter().sum::<f64>() / sizes.iter().sum::<f64>();
        if !overall.is_finite() {
            return None;
        }
        let means: Vec<f64> = sums
            .iter()
            .zip(&sizes)
            .map(|(sum, size)| sum / size)
            .collect();
        let meaning = FactKind::of_column(&column, Role::Money, true);
        Some(Self {
            column,
            level: None,
            is_yes: false,
            role: Role::Money,
            meaning,
            fate: Fate::LeftOut,
            is_share: false,
            overall,
            sd: 0.0,
            means,
            median: f64::NAN,
            medians: Vec::new(),
            q95: overall,
            counts: Vec::new(),
            moments: Vec::new(),
        })
    }

    fn of_numbers(
        column: &ColumnSummary,
        overall: &NumberSummary,
        segments: &[NumberSummary],
        is_value: bool,
    ) -> Self {
        let share = overall.mean * (1.0 - overall.mean);
        // Only zeros and ones have this variance.
        let is_binary = (0.0..=1.0).contains(&overall.mean)
            && overall.q95 <= 1.0
            && (overall.sd * overall.sd - share).abs() < 1e-9;
        Self {
            column: column.name.clone(),
            level: None,
            is_yes: is_binary && !is_value && ending_answer(&column.name) == Some(Answer::Yes),
            role: column.role,
            meaning: FactKind::of_column(&column.name, column.role, is_value),
            fate: column.fate,
            is_share: is_binary && !is_value,
            overall: overall.mean,
            sd: overall.sd,
            means: segments
                .iter()
                .map(|segment| {
                    if segment.count == 0 {
                        f64::NAN
                    } else {
                        segment.mean
                    }
                })
                .collect(),
            median: overall.median,
            medians: segments.iter().map(|segment| segment.median).collect(),
            q95: overall.q95,
            counts: segments.iter().map(|segment| segment.count).collect(),
            moments: segments.iter().map(Moments::of).collect(),
        }
    }
}

fn of_column(column: &ColumnSummary, summary: &Summary) -> Vec<Fact> {
    match &column.statistics {
        ColumnStatistics::Numbers {
            overall, segments, ..
        } => {
            let is_value = summary.value.as_deref() == Some(&column.name);
            if overall.count == 0 || !overall.mean.is_finite() {
                return Vec::new();
            }
            vec![Fact::of_numbers(column, overall, segments, is_value)]
        }
        ColumnStatistics::Categories {
            levels,
            joined,
            overall,
            segments,
            ..
        } => {
            let named = &levels[..levels.len() - usize::from(*joined && !levels.is_empty())];
            of_categories(column, named, overall, segments)
        }
    }
}

/// Some level is a yes and another a no; 1 and 0 only where they are all there is.
fn answers_a_question(levels: &[String]) -> bool {
    let has = |wanted| levels.iter().any(|level| answer(level) == Some(wanted));
    let is_code = |level: &String| !level.chars().any(char::is_alphabetic);
    let has_code = levels.iter().any(is_code);
    has(Answer::Yes) && has(Answer::No) && (levels.len() == 2 || !has_code)
}

fn of_categories(
    column: &ColumnSummary,
    levels: &[String],
    overall: &[u64],
    segments: &[Vec<u64>],
) -> Vec<Fact> {
    let total: u64 = overall.iter().sum();
    if total == 0 {
        return Vec::new();
    }
    // Who says no is who does not say yes: one side is enough, and yes is the one people read.
    let has_yes = answers_a_question(levels);
    levels
        .iter()
        .enumerate()
        .filter(|(_, level)| !(has_yes && answer(level) == Some(Answer::No)))
        .map(|(index, level)| {
            let of = |counts: &[u64]| {
                counts.get(index).map_or(f64::NAN, |&count| {
                    count as f64 / counts.iter().sum::<u64>() as f64
                })
            };
            let share = of(overall);
            Fact {
                column: column.name.clone(),
                level: Some(level.clone()),
                is_yes: has_yes && answer(level) == Some(Answer::Yes),
                role: column.role,
                meaning: FactKind::of_category(level),
                fate: column.fate,
                is_share: true,
                overall: share,
                sd: (share * (1.0 - share)).max(0.0).sqrt(),
                means: segments.iter().map(|counts| of(counts)).collect(),
                median: f64::NAN,
                medians: Vec::new(),
                q95: 1.0,
                counts: segments.iter().map(|counts| counts.iter().sum()).collect(),
                moments: Vec::new(),
            }
        })
        .collect()
}

/// Marks the money columns that add up to the value.
fn mark_parts(all: &mut [Fact], value: &Fact) {
    let is_part = |fact: &Fact| {
        fact.role == Role::Money && fact.meaning == FactKind::Other && fact.column != value.column
    };
    let sum: f64 = all
        .iter()
        .filter(|fact| is_part(fact))
        .map(|fact| fact.overall)
        .sum();
    // Not exact: a column with missing cells has its mean over fewer customers.
    if sum > 0.0 && (sum - value.overall).abs() <= 1e-4 * sum {
        all.iter_mut()
            .filter(|fact| is_part(fact))
            .for_each(|fact| fact.meaning = FactKind::Part);
    }
}

/// A column of spending that holds most of the value is another total, and no one product.
fn mark_totals(all: &mut [Fact], value: &Fact) {
    const MOST: f64 = 0.75;
    for fact in all.iter_mut() {
        let is_most = fact.overall >= MOST * value.overall && value.overall > 0.0;
        if fact.meaning == FactKind::Spend && fact.column != value.column && is_most {
            fact.meaning = FactKind::TotalSpend;
        }
    }
}

/// All facts of a summary, and who the segments are.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) summary: &'a Summary,
    /// By column name, then category: the order of columns in the file changes nothing.
    pub(super) all: Vec<Fact>,
    /// The value column.
    pub(super) value: Option<Fact>,
}

impl<'a> Facts<'a> {
    /// Reads a summary as facts, without the columns left out.
    pub(super) fn gather(summary: &'a Summary, columns: &[ColumnDecision]) -> Self {
        let left_out = |column: &ColumnSummary| {
            let is_value = summary.value.as_deref() == Some(&column.name);
            let decided = columns.iter().find(|decision| decision.name == column.name);
            let fate = decided.map_or(column.fate, |decision| decision.fate);
            !is_value
                && (fate == Fate::LeftOut
                    || matches!(
                        column.role,
                        Role::Id | Role::Text | Role::Weight | Role::Constant
                    ))
        };
        let mut all: Vec<Fact> = summary
            .columns
            .iter()
            .filter(|column| !left_out(column))
            .flat_map(|column| of_column(column, summary))
            .collect();
        all.sort_by(|a, b| (&a.column, &a.level).cmp(&(&b.column, &b.level)));
        let value = summary
            .value
            .as_ref()
            .and_then(|name| Fact::find(summary, name, None));
        if let Some(value) = &value {
            mark_parts(&mut all, value);
            mark_totals(&mut all, value);
        }
        Self {
            summary,
            all,
            value,
        }
    }

    /// How many segments there are.
    pub(super) fn segments(&self) -> usize {
        self.summary.segments.len()
    }

    /// The segment whose centroid is nearest, 0-based.
    pub(super) fn nearest(&self, segment: usize) -> Option<usize> {
        let near = self.summary.segments.get(segment)?.nearest?;
        Some(near.index()).filter(|near| *near < self.segments() && *near != segment)
    }

    /// Facts of one meaning.
    pub(super) fn meaning(&self, meaning: FactKind) -> impl Iterator<Item = &Fact> {
        self.all.iter().filter(move |fact| fact.meaning == meaning)
    }

    /// The fact of one meaning that sets the segment apart most upwards.
    pub(super) fn strongest(&self, meaning: FactKind, segment: usize) -> Option<&Fact> {
        self.meaning(meaning).reduce(|best, fact| {
            if fact.z(segment) > best.z(segment) {
                fact
            } else {
                best
            }
        })
    }

    /// A segment's customers as a share of all, 0 to 1.
    pub(super) fn share(&self, segment: usize) -> f64 {
        self.summary
            .segments
            .get(segment)
            .map_or(0.0, |segment| segment.share)
    }

    /// Similarity of two facts' patterns over the segments (weighted correlation of means), -1 to 1.
    pub(super) fn alike(&self, a: &Fact, b: &Fact) -> f64 {
        let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
        for (index, segment) in self.summary.segments.iter().enumerate() {
            let (za, zb) = (a.z(index), b.z(index));
            ab += segment.size as f64 * za * zb;
            aa += segment.size as f64 * za * za;
            bb += segment.size as f64 * zb * zb;
        }
        if aa > 0.0 && bb > 0.0 {
            steady(ab / (aa * bb).sqrt())
        } else {
            0.0
        }
    }
}
