//! The machine summary: one JSON object per command, with names that stay.

mod evidence;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use tribus::audience::AudienceAccount;
use tribus::campaign::Campaign;
use tribus::date::Date;
use tribus::drift::Drift;
use tribus::evidence::Grade;
use tribus::export::Forgotten;
use tribus::expr::Dialect;
use tribus::ledger::{
    ColumnMade, Ledger, LifecycleGroup, PurchaseHistory, PurchaseLedger, PurchaseMoney, Repair,
    SetAside,
};
use tribus::plan::PleaseCheck;
use tribus::profile::{Action, Claim, Differentiator, IdlePlay, Priority};
use tribus::roles::{ColumnDecision, Fate, Role};
use tribus::rules::{Bound, SegmentRule};
use tribus::segment::SegmentNumber;
use tribus::segmentation::{Card, Customers, Explanation, Segmentation};
use tribus::summary::ColumnStatistics;

use evidence::{Criteria, Decision};
pub(crate) use evidence::{EvaluateObject, EvidenceObject};

/// What `segment` and `demo` say.
#[derive(Debug, Serialize)]
pub(crate) struct SegmentObject<'a> {
    inertia: f64,
    silhouette: Option<f64>,
    #[serde(flatten)]
    decision: Decision<'a>,
    rows: Rows<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purchases: Option<Purchases<'a>>,
    repaired: &'a [Repair],
    limited: &'a [Repair],
    value: Option<&'a str>,
    features: Vec<&'a str>,
    columns: Vec<Column<'a>>,
    evidence: Vec<Criteria<'a>>,
    criteria: Vec<Criteria<'a>>,
    please_check: &'a [PleaseCheck],
    segments: Vec<SegmentEntry<'a>>,
    insights: &'a [String],
    rules: Option<RulesEntry>,
    idle_plays: &'a [IdlePlay],
    campaign: Option<&'a Campaign>,
    output: String,
    files: &'a [String],
    warnings: &'a [String],
}

/// Where a segmentation was written, and what else is to be told of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'a> {
    pub(crate) folder: &'a std::path::Path,
    pub(crate) files: &'a [String],
    pub(crate) warnings: &'a [String],
}

impl<'a> SegmentObject<'a> {
    pub(crate) fn new(segmentation: &'a Segmentation, written: Written<'a>) -> Self {
        let chosen = segmentation.chosen();
        Self {
            decision: Decision::of(segmentation.evidence()),
            inertia: chosen.inertia,
            silhouette: chosen.silhouette.map(|silhouette| silhouette.mean),
            rows: Rows::of(segmentation.ledger()),
            purchases: segmentation.purchases().map(Purchases::of),
            repaired: &segmentation.ledger().repaired,
            limited: &segmentation.ledger().limited,
            value: segmentation.summary().value.as_deref(),
            features: segmentation
                .pipeline()
                .features
                .iter()
                .map(|feature| feature.name.as_str())
                .collect(),
            columns: segmentation.columns().iter().map(Column::of).collect(),
            evidence: Criteria::all(segmentation.evidence()),
            criteria: Criteria::all(segmentation.evidence()),
            please_check: segmentation.please_check(),
            segments: SegmentEntry::all(segmentation),
            insights: &segmentation.profiles().insights,
            rules: RulesEntry::of(segmentation),
            idle_plays: &segmentation.profiles().idle_plays,
            campaign: segmentation.campaign(),
            output: written.folder.display().to_string(),
            files: written.files,
            warnings: written.warnings,
        }
    }
}

/// What `audience` says.
#[derive(Debug, Serialize)]
pub(crate) struct AudienceObject<'a> {
    #[serde(flatten)]
    pub(crate) account: &'a AudienceAccount,
    pub(crate) output: Option<String>,
    pub(crate) holdout_output: Option<String>,
    pub(crate) warnings: &'a [String],
}

/// What `evaluate-campaign` says.
#[derive(Debug, Serialize)]
pub(crate) struct EvaluateCampaignObject<'a> {
    pub(crate) campaign: &'a Campaign,
    pub(crate) holdout: String,
    pub(crate) list: Option<String>,
    pub(crate) warnings: &'a [String],
}

/// What `forget` says; the id is no part of it.
#[derive(Debug, Serialize)]
pub(crate) struct ForgetObject {
    pub(crate) folders: Vec<ForgottenEntry>,
}

/// What was taken out of one folder.
#[derive(Debug, Serialize)]
pub(crate) struct ForgottenEntry {
    folder: String,
    found: bool,
    removed: BTreeMap<String, u64>,
    make_again: Vec<String>,
    not_searched: Vec<String>,
}

impl ForgottenEntry {
    pub(crate) fn new(folder: &std::path::Path, forgotten: Forgotten) -> Self {
        Self {
            folder: folder.display().to_string(),
            found: !forgotten.removed.is_empty(),
            removed: forgotten.removed,
            make_again: forgotten.make_again,
            not_searched: forgotten.not_searched,
        }
    }
}

/// Rows in = rows used + rows set aside.
#[derive(Debug, Serialize)]
pub(crate) struct Rows<'a> {
    read: u64,
    used: u64,
    set_aside: &'a [SetAside],
}

impl<'a> Rows<'a> {
    pub(crate) fn of(ledger: &'a Ledger) -> Self {
        Self {
            read: ledger.read,
            used: ledger.used,
            set_aside: &ledger.set_aside,
        }
    }
}

/// What was decided about a column.
#[derive(Debug, Serialize)]
pub(crate) struct Column<'a> {
    name: &'a str,
    role: Role,
    fate: Fate,
    reason: &'a str,
    change: &'a str,
}

impl<'a> Column<'a> {
    pub(crate) fn of(decision: &'a ColumnDecision) -> Self {
        Self {
            name: &decision.name,
            role: decision.role,
            fate: decision.fate,
            reason: &decision.reason,
            change: &decision.change,
        }
    }
}

/// One segment: its card, and its means.
#[derive(Debug, Serialize)]
struct SegmentEntry<'a> {
    segment: usize,
    name: &'a str,
    size: u64,
    share: f64,
    value: Option<f64>,
    value_share: Option<f64>,
    nearest: Option<SegmentNumber>,
    stability: Option<StabilityEntry>,
    priority: Option<Priority>,
    advice: &'a str,
    actions: &'a [Action],
    claims: &'a [Claim],
    differentiators: &'a [Differentiator],
    rule: Option<RuleEntry<'a>>,
    means: Means<'a>,
}

impl<'a> SegmentEntry<'a> {
    fn all(segmentation: &'a Segmentation) -> Vec<Self> {
        let cards = segmentation.cards().into_iter().enumerate();
        cards
            .map(|(at, card)| Self::of(segmentation, at, &card))
            .collect()
    }

    fn of(segmentation: &'a Segmentation, at: usize, card: &Card<'a>) -> Self {
        Self {
            segment: at + 1,
            name: &card.profile.name,
            size: card.numbers.size,
            share: card.numbers.share,
            value: card.numbers.value,
            value_share: card.numbers.value_share,
            nearest: card.numbers.nearest,
            stability: StabilityEntry::of(card),
            priority: card.profile.priority,
            advice: &card.profile.advice,
            actions: &card.profile.actions,
            claims: &card.profile.claims,
            differentiators: &card.profile.differentiators,
            rule: card.rule.map(RuleEntry::of),
            means: Means::of(segmentation, at),
        }
    }
}

/// How well a segment is found again on resampled customers.
#[derive(Debug, Serialize)]
struct StabilityEntry {
    jaccard: f64,
    recovered: f64,
    dissolved: f64,
    grade: Grade,
    words: Option<String>,
}

impl StabilityEntry {
    fn of(card: &Card<'_>) -> Option<Self> {
        let stability = card.stability?;
        Some(Self {
            jaccard: stability.jaccard,
            recovered: stability.recovered,
            dissolved: stability.dissolved,
            grade: stability.grade(),
            words: card.stability_in_words(),
        })
    }
}

/// The rule of one segment.
#[derive(Debug, Serialize)]
struct RuleEntry<'a> {
    words: String,
    sql: String,
    customers: u64,
    coverage: f64,
    precision: f64,
    paths: &'a [Vec<Bound>],
}

impl<'a> RuleEntry<'a> {
    fn of(rule: &'a SegmentRule) -> Self {
        Self {
            words: rule.words(),
            sql: rule.sql(Dialect::Ansi),
            customers: rule.customers,
            coverage: rule.coverage,
            precision: rule.precision,
            paths: &rule.paths,
        }
    }
}

/// All rules together.
#[derive(Debug, Serialize)]
struct RulesEntry {
    fidelity: f64,
    sql: String,
}

impl RulesEntry {
    fn of(segmentation: &Segmentation) -> Option<Self> {
        let rules = segmentation.rules()?;
        Some(Self {
            fidelity: rules.fidelity,
            sql: rules.sql(Dialect::Ansi),
        })
    }
}

/// What `explain` says of the segments.
#[derive(Debug, Serialize)]
pub(crate) struct CardsObject<'a> {
    segments: Vec<SegmentEntry<'a>>,
    insights: &'a [String],
    rules: Option<RulesEntry>,
    idle_plays: &'a [IdlePlay],
}

impl<'a> CardsObject<'a> {
    pub(crate) fn new(segmentation: &'a Segmentation) -> Self {
        Self {
            segments: SegmentEntry::all(segmentation),
            insights: &segmentation.profiles().insights,
            rules: RulesEntry::of(segmentation),
            idle_plays: &segmentation.profiles().idle_plays,
        }
    }
}

/// What `explain` says of one customer; of several where an id is there several times.
#[derive(Debug, Serialize)]
pub(crate) struct ExplainObject<'a> {
    customers: Vec<Explained<'a>>,
    warnings: &'a [String],
}

#[derive(Debug, Serialize)]
struct Explained<'a> {
    segment_name: &'a str,
    second_segment_name: Option<&'a str>,
    #[serde(flatten)]
    explanation: &'a Explanation,
}

impl<'a> ExplainObject<'a> {
    pub(crate) fn new(
        segmentation: &'a Segmentation,
        explained: &'a [Explanation],
        warnings: &'a [String],
    ) -> Self {
        let customers = explained.iter().map(|explanation| Explained {
            segment_name: segmentation.name(explanation.segment),
            second_segment_name: explanation.second.map(|second| segmentation.name(second)),
            explanation,
        });
        Self {
            customers: customers.collect(),
            warnings,
        }
    }
}

/// Raw mean of every numeric column over the rows of one segment; null where none of them has a value.
#[derive(Debug)]
struct Means<'a>(Vec<(&'a str, Option<f64>)>);

impl<'a> Means<'a> {
    fn of(segmentation: &'a Segmentation, at: usize) -> Self {
        let columns = segmentation.summary().columns.iter();
        let means = columns.filter_map(|column| match &column.statistics {
            ColumnStatistics::Numbers { segments, .. } => {
                let numbers = &segments[at];
                Some((
                    column.name.as_str(),
                    (numbers.count > 0).then_some(numbers.mean),
                ))
            }
            ColumnStatistics::Categories { code_means, .. } => code_means.as_ref().map(|means| {
                let told = !segmentation.summary().is_small(at);
                (column.name.as_str(), told.then(|| means[at]))
            }),
        });
        Self(means.collect())
    }
}

impl Serialize for Means<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// What `assign` says.
#[derive(Debug, Serialize)]
pub(crate) struct AssignObject<'a> {
    rows: Rows<'a>,
    repaired: &'a [Repair],
    segments: Vec<AssignedEntry<'a>>,
    drift: Option<&'a Drift>,
    output: Option<String>,
    warnings: &'a [String],
}

/// Customers of one segment.
#[derive(Debug, Serialize)]
struct AssignedEntry<'a> {
    segment: usize,
    name: &'a str,
    size: u64,
}

impl<'a> AssignObject<'a> {
    pub(crate) fn new(
        segmentation: &'a Segmentation,
        customers: &'a Customers,
        output: Option<String>,
        warnings: &'a [String],
    ) -> Self {
        let by_rule = segmentation.lifecycle().iter();
        let mut sizes = vec![0; segmentation.k() + by_rule.len()];
        for placement in customers.placements.iter().flatten() {
            sizes[placement.segment.index()] += 1;
        }
        let by_rule = by_rule.map(|group| group.group.as_str());
        let names = segmentation.names().chain(by_rule);
        let segments = sizes.into_iter().zip(names).enumerate();
        Self {
            rows: Rows::of(&customers.ledger),
            repaired: &customers.ledger.repaired,
            segments: segments
                .map(|(at, (size, name))| AssignedEntry {
                    segment: at + 1,
                    name,
                    size,
                })
                .collect(),
            drift: customers.drift.as_ref(),
            output,
            warnings,
        }
    }
}

/// What `rollup` says.
#[derive(Debug, Serialize)]
pub(crate) struct RollupObject<'a> {
    pub(crate) purchases: Purchases<'a>,
    pub(crate) output: Option<String>,
    pub(crate) warnings: &'a [String],
}

/// The account of purchases, its columns by the part they play.
#[derive(Debug, Serialize)]
pub(crate) struct Purchases<'a> {
    grain: &'a str,
    lines: u64,
    orders: u64,
    customers: u64,
    as_of: Date,
    columns: BTreeMap<&'a str, &'a str>,
    money: &'a PurchaseMoney,
    lifecycle: &'a [LifecycleGroup],
    made: &'a [ColumnMade],
    history: &'a PurchaseHistory,
    notes: &'a [String],
}

impl<'a> Purchases<'a> {
    pub(crate) fn of(ledger: &'a PurchaseLedger) -> Self {
        let parts = ledger.parts.iter();
        Self {
            grain: &ledger.grain,
            lines: ledger.lines,
            orders: ledger.orders,
            customers: ledger.customers,
            as_of: ledger.as_of,
            columns: parts
                .map(|played| (played.part.as_str(), played.column.as_str()))
                .collect(),
            money: &ledger.money,
            lifecycle: &ledger.lifecycle,
            made: &ledger.columns,
            history: &ledger.history,
            notes: &ledger.notes,
        }
    }
}

/// What `prepare` says.
#[derive(Debug, Serialize)]
pub(crate) struct PrepareObject<'a> {
    pub(crate) rows: Rows<'a>,
    pub(crate) repaired: &'a [Repair],
    pub(crate) columns: Vec<&'a str>,
    pub(crate) output: Option<String>,
    pub(crate) warnings: &'a [String],
}

/// What `report` and `name` say.
#[derive(Debug, Serialize)]
pub(crate) struct RefreshObject<'a> {
    pub(crate) output: String,
    pub(crate) files: &'a [String],
    pub(crate) segments: Vec<&'a str>,
    pub(crate) warnings: &'a [String],
}
