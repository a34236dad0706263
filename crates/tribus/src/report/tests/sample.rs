//! Results of a made-up segmentation with everything in it.

use super::purchases::purchases;
use crate::campaign::{Campaign, Holdout, Policy, SegmentResponse, Targeting, Uplift};
use crate::evidence::{
    Candidate, Choice, Confidence, Elbow, Evidence, Gap, SegmentStability, SilhouetteValue,
    Stability, Verdict,
};
use crate::ledger::{Ledger, PurchaseLedger, Repair, SetAside};
use crate::plan::PleaseCheck;
use crate::profile::{
    Action, Claim, Difference, Differentiator, Effect, EffectMeasure, FromNearest, IdlePlay,
    Measure, Priority, Profile, Profiles,
};
use crate::report::{Report, ReportInput};
use crate::roles::{ColumnDecision, Fate, FeatureGroup, Role};
use crate::rules::{Bound, Rules, SegmentRule};
use crate::segment::SegmentNumber;
use crate::summary::{
    ColumnStatistics, ColumnSummary, Correlations, CustomerMap, FeatureHistograms, Histogram,
    Knife, MapPoint, NumberSummary, SegmentSummary, Summary,
};
use crate::words::language::Language;

/// Results of a made-up segmentation, owned.
pub(super) struct Results {
    pub(super) columns: Vec<ColumnDecision>,
    pub(super) ledger: Ledger,
    pub(super) purchases: Option<PurchaseLedger>,
    pub(super) evidence: Evidence,
    pub(super) summary: Summary,
    pub(super) profiles: Profiles,
    pub(super) rules: Option<Rules>,
    pub(super) campaign: Option<Campaign>,
    pub(super) notes: Vec<String>,
    pub(super) please_check: Vec<PleaseCheck>,
    pub(super) settings: Vec<(String, String)>,
}

impl Results {
    pub(super) fn input(&self) -> ReportInput<'_> {
        ReportInput {
            title: "customers.csv",
            language: Language::En,
            columns: &self.columns,
            ledger: &self.ledger,
            purchases: self.purchases.as_ref(),
            evidence: &self.evidence,
            summary: &self.summary,
            profiles: &self.profiles,
            rules: self.rules.as_ref(),
            campaign: self.campaign.as_ref(),
            notes: &self.notes,
            please_check: &self.please_check,
            settings: self.settings.clone(),
        }
    }

    pub(super) fn html(&self) -> String {
        Report::new(self.input()).to_html()
    }

    pub(super) fn charts(&self) -> Vec<(String, String)> {
        Report::new(self.input()).charts()
    }

    /// Every name a user can choose, in every place, becomes `name`.
    pub(super) fn named(mut self, name: &str) -> Self {
        self.summary.value = Some(name.to_owned());
        self.summary.map.axes = [name.to_owned(), name.to_owned()];
        for column in &mut self.summary.columns {
            name.clone_into(&mut column.name);
            if let ColumnStatistics::Categories { levels, .. } = &mut column.statistics {
                levels.fill(name.to_owned());
            }
        }
        let histograms = self.summary.histograms.iter_mut();
        histograms.for_each(|histogram| name.clone_into(&mut histogram.name));
        self.summary.correlations.names.fill(name.to_owned());
        self.name_explanations(name);
        for column in &mut self.columns {
            for text in [&mut column.name, &mut column.reason, &mut column.change] {
                name.clone_into(text);
            }
        }
        self.notes.fill(name.to_owned());
        for question in &mut self.please_check {
            for text in [
                &mut question.column,
                &mut question.reason,
                &mut question.recipe,
            ] {
                name.clone_into(text);
            }
        }
        self.settings.fill((name.to_owned(), name.to_owned()));
        name.clone_into(&mut self.evidence.choice.why);
        self.ledger
            .set_aside
            .iter_mut()
            .for_each(|entry| name.clone_into(&mut entry.reason));
        self.ledger
            .repaired
            .iter_mut()
            .for_each(|entry| name.clone_into(&mut entry.rule));
        self
    }

    fn name_explanations(&mut self, name: &str) {
        if let Some(campaign) = &mut self.campaign {
            for text in [
                &mut campaign.outcome,
                &mut campaign.found,
                &mut campaign.verdict,
            ] {
                name.clone_into(text);
            }
            for uplift in &mut campaign.uplift {
                uplift.arm = uplift.arm.as_ref().map(|_| name.to_owned());
            }
        }
        for rule in self.rules.iter_mut().flat_map(|rules| &mut rules.segments) {
            let bounds = rule.paths.iter_mut().flatten();
            bounds.for_each(|bound| name.clone_into(&mut bound.column));
        }
        self.profiles.insights.fill(name.to_owned());
        for play in &mut self.profiles.idle_plays {
            name.clone_into(&mut play.play);
            name.clone_into(&mut play.why);
        }
        for profile in &mut self.profiles.segments {
            name_profile(profile, name);
        }
    }
}

fn name_profile(profile: &mut Profile, name: &str) {
    name.clone_into(&mut profile.name);
    name.clone_into(&mut profile.advice);
    for difference in &mut profile.differences {
        name.clone_into(&mut difference.words);
    }
    for found in &mut profile.differentiators {
        name.clone_into(&mut found.column);
        found.level = found.level.as_ref().map(|_| name.to_owned());
    }
    for claim in &mut profile.claims {
        name.clone_into(&mut claim.word);
        name.clone_into(&mut claim.fact);
    }
    for action in &mut profile.actions {
        name.clone_into(&mut action.say);
        name.clone_into(&mut action.because);
    }
}

/// A number between 0 and 1 that looks random and always comes out the same.
pub(super) fn noise(seed: usize) -> f64 {
    let mixed = (seed as u64)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ (mixed >> 32)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn numbers(mean: f64, sd: f64, count: u64) -> NumberSummary {
    let at = |part: f64| part.mul_add(sd, mean);
    NumberSummary {
        count,
        mean,
        sd,
        skewness: 0.0,
        excess_kurtosis: 0.0,
        q05: at(-1.6),
        q25: at(-0.7),
        median: mean,
        q75: at(0.7),
        q95: at(1.6),
    }
}

/// `k` segments over `features` clustered columns.
pub(super) fn results(k: usize, features: usize) -> Results {
    Results {
        columns: decisions(features),
        ledger: Ledger {
            read: 2_240,
            used: 2_205,
            set_aside: vec![SetAside {
                reason: "Income is missing".into(),
                rows: 35,
            }],
            repaired: vec![Repair {
                column: "Age".into(),
                rule: "median 51".into(),
                cells: 24,
            }],
            limited: Vec::new(),
            duplicates: 1,
        },
        purchases: Some(purchases()),
        evidence: evidence(k),
        summary: summary(k, features),
        profiles: profiles(k),
        rules: Some(rules(k, features)),
        campaign: Some(campaign(k)),
        notes: vec!["A remark.".into()],
        please_check: vec![PleaseCheck {
            column: "Income".into(),
            decided: "no value".into(),
            alternatives: vec!["Income".into()],
            reason: "it is money, but nothing says that customers spend it here".into(),
            recipe: "segment.value = \"Income\"".into(),
            flag: Some("--value Income".into()),
            agreement: Some(0.93),
        }],
        settings: vec![("Seed".into(), "7".into())],
    }
}

/// One with everything in it; a real one has responses or changes, never both.
fn campaign(k: usize) -> Campaign {
    let whose = || std::iter::once(None).chain((1..=k).map(Some));
    let arms = [None, Some("by letter")];
    Campaign {
        outcome: "Response".into(),
        binary: true,
        cost: Some(3.0),
        revenue: Some(11.0),
        break_even: Some(3.0 / 11.0),
        found: "Response is the outcome".into(),
        response: (0..k).map(response).collect(),
        policies: policies(),
        holdout: Some(Holdout {
            customers: 2_205,
            groups: 2_023,
            repeats: 20,
            folds: 5,
            sampled: false,
        }),
        uplift: arms
            .into_iter()
            .flat_map(|arm| whose().map(move |segment| uplift(segment, arm)))
            .collect(),
        verdict: "Targeting by segments does not pay for sure".into(),
    }
}

fn policies() -> Vec<Policy> {
    let policy = |policy: Targeting, profit: f64, contacted: f64| Policy {
        policy,
        profit_per_customer: profit,
        low: profit - 0.3,
        high: profit + 0.3,
        contacted,
        response_rate: Some(0.15),
        captured: Some(0.5),
        gain_over_everybody: profit + 1.36,
        gain_low: profit + 1.0,
        gain_high: profit + 1.7,
    };
    vec![
        policy(Targeting::Everybody, -1.36, 1.0),
        policy(Targeting::Nobody, 0.0, 0.0),
        policy(Targeting::Segments, 0.21, 0.17),
        policy(Targeting::Regression, 0.56, 0.12),
    ]
}

fn response(segment: usize) -> SegmentResponse {
    let told = segment != 1;
    SegmentResponse {
        customers: 441,
        responses: told.then_some(66),
        rate: told.then_some(0.15),
        low: told.then_some(0.11),
        high: told.then_some(0.19),
    }
}

fn uplift(segment: Option<usize>, arm: Option<&str>) -> Uplift {
    Uplift {
        segment: segment.and_then(SegmentNumber::new),
        arm: arm.map(str::to_owned),
        treated_customers: 300,
        control_customers: 141,
        treated: 0.18,
        control: 0.11,
        difference: 0.07,
        low: 0.01 * segment.unwrap_or(1) as f64 - 0.02,
        high: 0.13,
        profit_per_contact: Some(0.2),
        profit_low: Some(-0.1),
        profit_high: Some(0.5),
    }
}

fn rules(k: usize, features: usize) -> Rules {
    let bound = |index: usize| Bound {
        column: format!("Feature_{index}"),
        above: Some(12.5),
        up_to: (index > 0).then_some(400.0),
    };
    let rule = |segment: usize| SegmentRule {
        segment: SegmentNumber::at(segment - 1),
        paths: vec![(0..features.min(3)).map(bound).collect()],
        customers: 400,
        coverage: 0.93,
        precision: 0.88,
    };
    Rules {
        fidelity: 0.9,
        segments: (1..=k).map(rule).collect(),
    }
}

fn decisions(features: usize) -> Vec<ColumnDecision> {
    let groups = [
        FeatureGroup::Behavior,
        FeatureGroup::Demographics,
        FeatureGroup::Engagement,
    ];
    let decision = |index: usize| ColumnDecision {
        name: format!("Feature_{index}"),
        role: Role::Money,
        fate: Fate::Clustered,
        group: Some(groups[index % 3]),
        reason_code: String::new(),
        redundant_with: Vec::new(),
        reason: "an amount".into(),
        change: "[columns]".into(),
        derived: index == 0,
    };
    (0..features).map(decision).collect()
}

fn evidence(k: usize) -> Evidence {
    let silhouette = |k: usize| SilhouetteValue {
        mean: 0.5 / k as f64,
        interval: Some([0.4 / k as f64, 0.6 / k as f64]),
        customers: 900,
    };
    let stable = SegmentStability {
        jaccard: 0.9,
        recovered: 0.97,
        dissolved: 0.0,
    };
    let candidate = |k: usize| Candidate {
        k,
        inertia: 17_640.0 / k as f64,
        silhouette: (k > 1).then(|| silhouette(k)),
        calinski_harabasz: (k > 1).then_some(524.4),
        davies_bouldin: (k > 1).then_some(1.96),
        sizes: vec![2_205 / k as u64; k],
        centroids: Vec::new(),
        flow: Vec::new(),
        distinctness: vec![0.2; k],
        gap: Some(Gap {
            value: 0.1 * k as f64,
            standard_error: 0.02,
        }),
        prediction_strength: Some(0.8),
        stability: (k > 1).then(|| Stability {
            rand: 0.87,
            interval: Some([0.7, 0.95]),
            segments: vec![stable; k],
            resamples: 100,
        }),
        separation: None,
        against_null: None,
        likelihood: Some(0.1),
    };
    Evidence {
        candidates: (1..=k.max(10)).map(candidate).collect(),
        sampled: [2_205, 2_205],
        inertia_of_one: 17_640.0,
        gap_of_one: None,
        choice: choice(k),
    }
}

fn choice(k: usize) -> Choice {
    Choice {
        k,
        natural_k: 2,
        elbow: Some(Elbow {
            k: 3,
            confidence: Confidence::Moderate,
        }),
        verdict: Verdict::Continuum,
        groups_likelihood: Some(0.2),
        reproduced: Some(1.0),
        independence_p: Some(0.025),
        confidence: Confidence::Moderate,
        runner_up: Some(4),
        requested: false,
        why: "Because.".into(),
        paragraph: "Because of this and that.".into(),
    }
}

fn summary(k: usize, features: usize) -> Summary {
    let share = 1.0 / k as f64;
    let segment = |_| SegmentSummary {
        size: 2_205 / k as u64,
        share,
        value: Some(1e5),
        value_share: Some(share),
        nearest: None,
    };
    let values = (0..200)
        .map(|index| 0.6 - f64::from(index) / 200.0)
        .collect();
    let knife = Knife { values, mean: 0.1 };
    let mut columns: Vec<ColumnSummary> =
        (0..features).map(|index| number_column(index, k)).collect();
    columns.push(category_column(k));
    Summary {
        min_group: 0,
        customers: 2_205,
        value: Some("MntTotal".into()),
        columns,
        segments: (0..k).map(segment).collect(),
        map: customer_map(k),
        knives: if k < 2 { Vec::new() } else { vec![knife; k] },
        histograms: (0..features).map(histograms).collect(),
        correlations: correlations(features),
    }
}

fn histograms(index: usize) -> FeatureHistograms {
    let counts = |seed: usize| {
        (0..24)
            .map(|bin| (noise(seed + bin) * 300.0) as u64)
            .collect()
    };
    let histogram = |seed: usize, high: f64| Histogram {
        low: 0.0,
        high,
        counts: counts(seed),
        below: 0,
        above: 3,
        missing: 24,
    };
    FeatureHistograms {
        name: format!("Feature_{index}"),
        read: (!index.is_multiple_of(3)).then(|| histogram(index, 113_734.0)),
        cleaned: histogram(index + 7, 113_734.0),
        scaled: histogram(index + 9, 2.7),
    }
}

fn correlations(features: usize) -> Correlations {
    let mut values = vec![1.0; features * features];
    for row in 0..features {
        for column in 0..row {
            let r = 2.0 * noise(row * 97 + column) - 1.0;
            values[row * features + column] = r;
            values[column * features + row] = r;
        }
    }
    Correlations {
        names: (0..features)
            .map(|index| format!("Feature_{index}"))
            .collect(),
        values,
        customers: 2_205,
    }
}

fn number_column(index: usize, k: usize) -> ColumnSummary {
    let mean = |segment: usize| 400.0 * noise(index * 31 + segment) + 100.0;
    ColumnSummary {
        name: format!("Feature_{index}"),
        role: Role::Money,
        fate: Fate::Clustered,
        statistics: ColumnStatistics::Numbers {
            overall: numbers(300.0, 100.0, 2_205),
            segments: (0..k)
                .map(|segment| numbers(mean(segment), 40.0, 441))
                .collect(),
            centroid: None,
        },
    }
}

fn category_column(k: usize) -> ColumnSummary {
    ColumnSummary {
        name: "Education".into(),
        role: Role::Category,
        fate: Fate::Described,
        statistics: ColumnStatistics::Categories {
            levels: vec!["PhD".into(), "Master".into()],
            joined: false,
            overall: vec![1_000, 1_205],
            segments: vec![vec![200, 241]; k],
            code_means: None,
        },
    }
}

fn customer_map(k: usize) -> CustomerMap {
    let across = |index: usize| 8.0 * noise(index) - 4.0;
    let up = |index: usize| 5.0 * noise(index + 9_999) - 2.5;
    CustomerMap {
        points: (0..2_000)
            .map(|index| MapPoint(across(index), up(index), SegmentNumber::at(index % k)))
            .collect(),
        of: 2_205,
        centroids: (0..k)
            .map(|index| [noise(index), noise(index + 50)])
            .collect(),
        variance: [0.51, 0.14],
        axes: [
            "more Feature_0, less Feature_1".into(),
            "more Feature_2".into(),
        ],
    }
}

fn profiles(k: usize) -> Profiles {
    let difference = Difference {
        column: "Feature_0".into(),
        level: None,
        mean: 1.0,
        overall: 2.0,
        z: -1.0,
        words: "half the average".into(),
    };
    let profile = |segment: usize| Profile {
        segment: SegmentNumber::at(segment - 1),
        name: format!("Loyal wine buyers {segment}"),
        locked: false,
        claims: vec![claim()],
        differences: vec![difference.clone(); 5],
        differentiators: (0..15).map(differentiator).collect(),
        priority: Some(Priority::Protect),
        actions: vec![action()],
        advice: "Retain.".into(),
    };
    Profiles {
        segments: (1..=k).map(profile).collect(),
        insights: vec!["One.".into(), "Two.".into(), "Three.".into()],
        idle_plays: vec![IdlePlay {
            play: "Win back".into(),
            why: "nobody has gone".into(),
        }],
    }
}

fn claim() -> Claim {
    Claim {
        word: "Loyal".into(),
        column: "Feature_0".into(),
        level: None,
        measure: Measure::Z,
        found: 1.0,
        at_least: Some(0.5),
        at_most: None,
        fact: "much above the average".into(),
    }
}

fn action() -> Action {
    Action {
        play: "Loyalty program".into(),
        say: "start a loyalty program".into(),
        because: "they bring 40 % of the value".into(),
        reach: 441,
        value_at_stake: Some(58_000.0),
    }
}

/// Every third one of a category.
fn differentiator(index: usize) -> Differentiator {
    let effect = |value: f64| Effect {
        value,
        low: value - 0.1,
        high: value + 0.1,
    };
    let of_category = index.is_multiple_of(3);
    let column = if of_category {
        "Education".to_owned()
    } else {
        format!("Feature_{index}")
    };
    Differentiator {
        column,
        level: of_category.then(|| "PhD".to_owned()),
        clustered: !of_category,
        measure: if of_category {
            EffectMeasure::DifferenceOfShares
        } else {
            EffectMeasure::StandardizedMeanDifference
        },
        mean: 0.4,
        overall: 0.2,
        effect: effect(0.2),
        lift: of_category.then(|| effect(2.0)),
        nearest: Some(FromNearest {
            segment: SegmentNumber::at(0),
            mean: 0.3,
            effect: effect(0.1),
        }),
    }
}
