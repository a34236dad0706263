//! What to do with each segment: the plays of the playbook whose facts are there, with reach and value at stake.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::claim::{self, Measure};
use super::difference::{self, in_words};
use super::facts::{Fact, Facts};
use super::figures::{figure, percent, times};
use super::reasons::{brings, children, is_even, preference, products, recency_reason, worth};
use crate::profile::kind::FactKind;
use crate::recipe::{KnownFact, Play, Playbook, Trigger, TriggerMeasure};
use crate::vocabulary::columns::{Answer, answer, column_words};
use crate::words::capitalized;

/// Below this many times the average value customers are worth little.
const LOW: f64 = 0.65;

/// The same play is advised first to so many segments at most.
const SAME_PLAY: usize = 2;

/// What a segment is worth spending on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Worth far more than the average: keep them.
    Protect,
    /// Worth about the average, and here: more of the same.
    Grow,
    /// Worth less than they could be: give them a reason.
    Develop,
    /// Worth little, and not here: reach them at low cost.
    LowTouch,
}

impl Priority {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Protect => "Protect",
            Self::Grow => "Grow",
            Self::Develop => "Develop",
            Self::LowTouch => "Low-touch",
        }
    }
}

/// A play for one segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its name in the playbook.
    pub play: String,
    /// What to do.
    pub say: String,
    /// The facts that call for it, in words.
    pub because: String,
    /// Customers it reaches.
    pub reach: u64,
    /// What they are worth together, where that is known.
    pub value_at_stake: Option<f64>,
}

/// A play for nobody, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdlePlay {
    /// Its name in the playbook.
    pub play: String,
    /// What is missing.
    pub why: String,
}

/// What to do with one segment.
#[derive(Debug, Clone)]
pub(super) struct Advised {
    pub(super) priority: Option<Priority>,
    pub(super) actions: Vec<Action>,
    pub(super) advice: String,
}

/// What to do with each segment, and the plays for nobody.
pub(super) fn advise(facts: &Facts<'_>, playbook: &Playbook) -> (Vec<Advised>, Vec<IdlePlay>) {
    if facts.segments() == 1 {
        let advised = Advised {
            priority: None,
            actions: Vec::new(),
            advice: "Keep one program for all: there is only one segment.".to_owned(),
        };
        return (vec![advised], Vec::new());
    }
    let mut given: BTreeMap<String, usize> = BTreeMap::new();
    let advised: Vec<Advised> = (0..facts.segments())
        .map(|segment| {
            if facts.summary.is_small(segment) {
                return too_few();
            }
            let priority = priority(facts, segment);
            let actions = actions(facts, playbook, segment);
            let advice = advice(facts, segment, priority, &actions, &mut given);
            Advised {
                priority,
                actions,
                advice,
            }
        })
        .collect();
    let idle = idle(facts, playbook, &advised);
    (advised, idle)
}

/// Nothing is said of a segment too small to hide a customer in.
fn too_few() -> Advised {
    Advised {
        priority: None,
        actions: Vec::new(),
        advice: "Too few customers to describe: look at them one by one.".to_owned(),
    }
}

/// The plays of one segment in the order of the playbook; of several with one name, the first.
fn actions(facts: &Facts<'_>, playbook: &Playbook, segment: usize) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    for play in &playbook.plays {
        let known = actions.iter().any(|action| action.play == play.name);
        if let Some(action) = action(facts, play, segment).filter(|_| !known) {
            actions.push(action);
        }
    }
    actions
}

fn action(facts: &Facts<'_>, play: &Play, segment: usize) -> Option<Action> {
    let holds = play
        .when
        .iter()
        .all(|trigger| found(facts, trigger, segment).is_some_and(|found| found.holds));
    if !holds {
        return None;
    }
    let say = filled(facts, &play.say, segment)?;
    let own = facts.summary.segments.get(segment)?;
    Some(Action {
        play: play.name.clone(),
        say,
        because: because(facts, play, segment),
        reach: own.size,
        value_at_stake: own.value,
    })
}

/// What to say, if there is something to fill in.
fn filled(facts: &Facts<'_>, say: &str, segment: usize) -> Option<String> {
    let mut text = say.to_owned();
    if text.contains("{products}") {
        text = text.replace("{products}", &products(facts, segment)?);
    }
    if text.contains("{preference}") {
        text = text.replace("{preference}", &preference(facts, segment)?.0);
    }
    Some(text)
}

/// What a trigger measured of a segment.
struct Found<'a> {
    fact: Cow<'a, Fact>,
    measured: f64,
    holds: bool,
}

fn found<'a>(facts: &'a Facts<'_>, trigger: &Trigger, segment: usize) -> Option<Found<'a>> {
    let fact = fact(facts, trigger, segment)?;
    let measure = match trigger.measured() {
        TriggerMeasure::Ratio => Measure::MeanRatio,
        TriggerMeasure::Z => Measure::Z,
        TriggerMeasure::Mean => Measure::Mean,
        TriggerMeasure::MedianRatio => Measure::MedianRatio,
        TriggerMeasure::RankFromTop => Measure::RankFromTop,
        TriggerMeasure::RankFromBottom => Measure::RankFromBottom,
    };
    let measured = claim::measure(&measure, &fact, facts.summary, segment)?;
    let holds = trigger.at_least.is_none_or(|bound| measured >= bound)
        && trigger.at_most.is_none_or(|bound| measured <= bound);
    Some(Found {
        fact,
        measured,
        holds,
    })
}

/// The fact a trigger speaks of. Value that tells no segment from another is none.
fn fact<'a>(facts: &'a Facts<'_>, trigger: &Trigger, segment: usize) -> Option<Cow<'a, Fact>> {
    match &trigger.column {
        Some(column) => of_column(facts, column, trigger.level.as_deref()),
        None => known(facts, trigger.fact?, segment).map(Cow::Borrowed),
    }
}

/// A column, or one of its categories. Of a column that says yes or no the yes is meant, unless the other is asked for.
fn of_column<'a>(facts: &'a Facts<'_>, column: &str, level: Option<&str>) -> Option<Cow<'a, Fact>> {
    let mut of_it = facts.all.iter().filter(|fact| fact.column == column);
    let yes = of_it.clone().find(|fact| fact.is_yes);
    match (level, yes) {
        (None, Some(yes)) => Some(Cow::Borrowed(yes)),
        (Some(level), Some(yes)) if answer(level) == Some(Answer::No) => {
            Some(Cow::Owned(yes.opposite(level)))
        }
        _ => of_it
            .find(|fact| fact.level.as_deref() == level)
            .map(Cow::Borrowed),
    }
}

fn known<'a>(facts: &'a Facts<'_>, fact: KnownFact, segment: usize) -> Option<&'a Fact> {
    let meaning = match fact {
        KnownFact::Value => {
            let value = facts.value.as_ref();
            return value.filter(|value| !is_even(facts, value));
        }
        KnownFact::AnyChildren => {
            return children(facts, segment).or_else(|| {
                [
                    FactKind::SmallChildren,
                    FactKind::Children,
                    FactKind::Teenagers,
                ]
                .into_iter()
                .find_map(|meaning| facts.strongest(meaning, segment))
            });
        }
        KnownFact::Income => FactKind::Income,
        KnownFact::SpendingScore => FactKind::SpendingScore,
        KnownFact::Age => FactKind::Age,
        KnownFact::SmallChildren => FactKind::SmallChildren,
        KnownFact::Teenagers => FactKind::Teenagers,
        KnownFact::Children => FactKind::Children,
        KnownFact::Recency => FactKind::Recency,
        KnownFact::Tenure => FactKind::Tenure,
        KnownFact::Frequency => FactKind::Frequency,
        KnownFact::Channel => FactKind::Channel,
        KnownFact::Deals => FactKind::Deals,
        KnownFact::Visits => FactKind::Visits,
        KnownFact::Response => FactKind::Response,
        KnownFact::Couple => FactKind::Couple,
        KnownFact::Single => FactKind::Single,
        KnownFact::Woman => FactKind::Woman,
        KnownFact::Man => FactKind::Man,
    };
    facts.strongest(meaning, segment)
}

/// The facts behind a play, each once.
fn because(facts: &Facts<'_>, play: &Play, segment: usize) -> String {
    let mut told: Vec<String> = Vec::new();
    let is_value = |trigger: &&Trigger| trigger.fact == Some(KnownFact::Value);
    let value = play.when.iter().filter(is_value);
    // What they are worth is said last: it holds for every play.
    for trigger in play
        .when
        .iter()
        .filter(|trigger| !is_value(trigger))
        .chain(value)
    {
        let Some(Found { fact, .. }) = found(facts, trigger, segment) else {
            continue;
        };
        let words = match (trigger.fact, fact.ratio(segment)) {
            (Some(KnownFact::Value), Some(ratio)) if ratio < LOW => worth(ratio),
            (Some(KnownFact::Value), Some(ratio)) => brings(facts, segment, ratio),
            (Some(KnownFact::Recency), _) => {
                let side = fact.z(segment).signum();
                recency_reason(facts, segment, side).unwrap_or_else(|| in_words(&fact, segment))
            }
            _ => in_words(&fact, segment),
        };
        if !told.contains(&words) {
            told.push(words);
        }
    }
    if play.say.contains("{preference}")
        && let Some((_, reason)) = preference(facts, segment)
    {
        told.insert(0, reason);
    }
    told.join("; ")
}

/// Value by recency or engagement. Without a value: by the spending score and by income.
fn priority(facts: &Facts<'_>, segment: usize) -> Option<Priority> {
    const HIGH: f64 = 1.4;
    const AHEAD: f64 = 1.1;
    const APART: f64 = 0.2;
    let engaged = || engagement(facts, segment);
    let value = facts.value.as_ref().filter(|value| !is_even(facts, value));
    if let Some((value, ratio)) = value.and_then(|value| Some((value, value.ratio(segment)?))) {
        let is_best = value.rank_from_top(segment) == 1 && ratio >= AHEAD;
        return Some(match ratio {
            ratio if ratio >= HIGH || is_best => Priority::Protect,
            ratio if ratio >= LOW && engaged() >= -APART => Priority::Grow,
            ratio if ratio >= LOW || engaged() >= APART => Priority::Develop,
            _ => Priority::LowTouch,
        });
    }
    let score = facts
        .strongest(FactKind::SpendingScore, segment)?
        .z(segment);
    let income = facts
        .strongest(FactKind::Income, segment)
        .map_or(0.0, |income| income.z(segment));
    Some(match score {
        score if score >= APART => Priority::Protect,
        score if score > -APART => Priority::Grow,
        _ if income >= APART => Priority::Develop,
        _ => Priority::LowTouch,
    })
}

/// How present customers are: how recently they bought, or where nobody knows, how they visit and answer.
fn engagement(facts: &Facts<'_>, segment: usize) -> f64 {
    if let Some(recency) = facts.meaning(FactKind::Recency).next() {
        let response = facts.strongest(FactKind::Response, segment);
        return (-recency.z(segment)).max(response.map_or(f64::MIN, |fact| fact.z(segment)));
    }
    [FactKind::Frequency, FactKind::Visits, FactKind::Response]
        .into_iter()
        .find_map(|meaning| facts.strongest(meaning, segment))
        .map_or(0.0, |fact| fact.z(segment))
}

/// One line: the priority, the first two plays (none advised first to two others already), and the facts behind the first.
fn advice(
    facts: &Facts<'_>,
    segment: usize,
    priority: Option<Priority>,
    actions: &[Action],
    given: &mut BTreeMap<String, usize>,
) -> String {
    let is_free = |action: &&Action| {
        given
            .get(&action.say)
            .is_none_or(|count| *count < SAME_PLAY)
    };
    let lead = priority.map_or_else(String::new, |priority| format!("{}: ", priority.words()));
    let Some(first) = actions.iter().find(is_free) else {
        return apart(facts, segment, &lead);
    };
    let second = actions
        .iter()
        .skip_while(|action| action.play != first.play)
        .nth(1)
        .filter(|second| priority == Some(Priority::Protect) && !first.say.contains(&second.say));
    *given.entry(first.say.clone()).or_default() += 1;
    let and = second.map_or_else(String::new, |second| {
        let comma = if first.say.contains(" and ") { "," } else { "" };
        format!("{comma} and {}", second.say)
    });
    let line = format!("{lead}{}{and}; {}.", first.say, first.because);
    if lead.is_empty() {
        capitalized(&line)
    } else {
        line
    }
}

/// Advice where no play is free: what sets them apart most.
fn apart(facts: &Facts<'_>, segment: usize, lead: &str) -> String {
    let strongest = difference::strongest(facts, segment);
    let line = strongest.first().map_or_else(
        || format!("{lead}treat them like the average customer: nothing sets them apart."),
        |difference| {
            format!(
                "{lead}address them by what sets them apart: {}.",
                difference.words
            )
        },
    );
    if lead.is_empty() {
        capitalized(&line)
    } else {
        line
    }
}

/// The plays that no segment's facts call for.
fn idle(facts: &Facts<'_>, playbook: &Playbook, advised: &[Advised]) -> Vec<IdlePlay> {
    let actions = advised.iter().flat_map(|advised| &advised.actions);
    let mut known: BTreeSet<&str> = actions.map(|action| action.play.as_str()).collect();
    let mut idle = Vec::new();
    for play in &playbook.plays {
        // Of several with one name the first says what is missing.
        if known.insert(&play.name) {
            idle.push(IdlePlay {
                play: play.name.clone(),
                why: missing(facts, play),
            });
        }
    }
    idle
}

/// What keeps a play from the segment that meets most of its conditions.
fn missing(facts: &Facts<'_>, play: &Play) -> String {
    let unmet = |segment: usize| -> Vec<&Trigger> {
        let holds =
            |trigger: &Trigger| found(facts, trigger, segment).is_some_and(|found| found.holds);
        play.when.iter().filter(|trigger| !holds(trigger)).collect()
    };
    let nearest = (0..facts.segments()).min_by_key(|segment| unmet(*segment).len());
    let Some((segment, trigger)) =
        nearest.and_then(|segment| Some((segment, *unmet(segment).first()?)))
    else {
        return "nothing stands out that could be filled in".to_owned();
    };
    let what = trigger.fact.map_or_else(
        || column_words(trigger.column.as_deref().unwrap_or_default()),
        |fact| fact.words().to_owned(),
    );
    match found(facts, trigger, segment) {
        None => format!("no column that is used tells {what}"),
        Some(Found { measured, .. }) => format!(
            "segment {} comes nearest, but its {what} is {}, not {}",
            segment + 1,
            measure_words(trigger.measured(), measured),
            bounds(trigger)
        ),
    }
}

fn measure_words(measure: TriggerMeasure, measured: f64) -> String {
    match measure {
        TriggerMeasure::Ratio if measured >= 1.05 => format!("{} the average", times(measured)),
        TriggerMeasure::Ratio => format!("{} of the average", percent(measured)),
        TriggerMeasure::MedianRatio => format!("{} of the median", percent(measured)),
        TriggerMeasure::Z => format!("{} standard deviations from the average", figure(measured)),
        TriggerMeasure::Mean => figure(measured),
        TriggerMeasure::RankFromTop => format!("number {measured} from the top"),
        TriggerMeasure::RankFromBottom => format!("number {measured} from the bottom"),
    }
}

fn bounds(trigger: &Trigger) -> String {
    match (trigger.at_least, trigger.at_most) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("{high} or less"),
        (None, None) => String::new(),
    }
}
