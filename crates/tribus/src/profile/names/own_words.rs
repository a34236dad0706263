//! Names in the columns' own words, for tables nobody knows: "High Balance, Rare Cash Advance".

use std::collections::BTreeMap;

use super::{LONGEST, Named};
use crate::profile::claim::{Claim, Condition, Measure, at_least, at_most, claims};
use crate::profile::facts::{Fact, Facts};
use crate::profile::kind::FactKind;
use crate::roles::{Fate, Role};
use crate::vocabulary::columns::{
    Answer, answer, column_words, ending_answer, is_mute, title, tokens, word_count,
};

/// A column is named from this distance (in standard deviations) on.
const NAMED: f64 = 0.3;
/// The second column of a name stands out at least this much of the first.
const SECOND: f64 = 0.6;
/// A column that is described only counts this much of one that was clustered on.
const DESCRIBED: f64 = 0.7;
/// From this distance on a column's own words tell more than a level of value alone.
const STRONG: f64 = 0.35;

/// From this share of customers on a category is theirs ("With Partner"; "No Partner" from the rest down).
const NEARLY_ALL: f64 = 0.75;
/// From this share on most have it ("Mostly Female"; "Rarely" from the rest down).
const MOST: f64 = 0.6;

/// A longer column name, in characters, is no name for people.
const LONGEST_THING: usize = 40;

/// One column that stands out, in words.
struct Trait<'a> {
    fact: &'a Fact,
    /// High, Low, Frequent, Rare, Mostly, Rarely, With, No.
    side: &'static str,
    thing: String,
    claims: Vec<Claim>,
    z: f64,
}

impl Trait<'_> {
    /// What was clustered on comes before what is described only.
    fn weight(&self) -> f64 {
        let share = if self.fact.fate == Fate::Clustered {
            1.0
        } else {
            DESCRIBED
        };
        self.z.abs() * share
    }
}

/// Whether a claim is strong enough to lead a name.
pub(super) fn is_strong(claim: &Claim) -> bool {
    claim.measure == Measure::Z && claim.found.abs() >= STRONG
}

/// Names of two columns, then of one, strongest first.
pub(super) fn phrases(facts: &Facts<'_>, segment: usize) -> Vec<Named> {
    let things = Things::of(facts);
    let told = |fact| tell(facts, segment, fact).filter(|_| things.agree(fact, segment));
    let mut traits: Vec<Trait<'_>> = facts.all.iter().filter_map(told).collect();
    // Of two categories that are all there is, the one they have says more than the one they do not.
    traits.sort_by(|a, b| b.weight().total_cmp(&a.weight()).then(b.z.total_cmp(&a.z)));
    let mut phrases = Vec::new();
    if let Some((first, rest)) = traits.split_first() {
        let clear = rest.iter().filter(|second| {
            second.weight() >= SECOND * first.weight() && second.fact.column != first.fact.column
        });
        phrases.extend(clear.map(|second| pair(first, second)));
    }
    phrases.retain(|named| word_count(&named.name) <= LONGEST);
    phrases.extend(traits.iter().map(single));
    phrases
}

/// The columns by the words that are left of them in a name.
struct Things<'a>(BTreeMap<String, Vec<&'a Fact>>);

impl<'a> Things<'a> {
    fn of(facts: &'a Facts<'_>) -> Self {
        let mut things: BTreeMap<String, Vec<&'a Fact>> = BTreeMap::new();
        for fact in &facts.all {
            if let Some(thing) = thing(fact) {
                things.entry(thing).or_default().push(fact);
            }
        }
        Self(things)
    }

    /// Whether what is said with the words of a column is true of every column that has the same words in a name.
    fn agree(&self, fact: &Fact, segment: usize) -> bool {
        let Some(alike) = thing(fact).and_then(|thing| self.0.get(&thing)) else {
            return true;
        };
        let z = fact.z(segment);
        let mut columns = alike.iter().filter(|other| other.column != fact.column);
        columns.all(|other| {
            let other = other.z(segment);
            other.abs() >= NAMED && (other > 0.0) == (z > 0.0)
        })
    }
}

fn thing(fact: &Fact) -> Option<String> {
    Some(shortened(&title(&subject(fact)?)))
}

fn tell<'a>(facts: &Facts<'_>, segment: usize, fact: &'a Fact) -> Option<Trait<'a>> {
    let z = fact.z(segment);
    let is_total = facts
        .value
        .as_ref()
        .is_some_and(|value| value.column == fact.column);
    let is_outcome = matches!(fact.role, Role::Outcome | Role::Treatment | Role::Date);
    let has_better_words = matches!(
        fact.meaning,
        FactKind::Recency | FactKind::Age | FactKind::BirthYear
    );
    // A code ("Channel 1") says nothing to a reader.
    let is_code = fact
        .level
        .as_ref()
        .is_some_and(|level| !fact.is_yes && !level.chars().any(char::is_alphabetic));
    if is_total || is_outcome || has_better_words || is_code || z.abs() < NAMED {
        return None;
    }
    let words = subject(fact)?;
    let (side, words) = side(facts, fact, segment, &words);
    let thing = shortened(&title(&words));
    let conditions = conditions(facts, side, z);
    let claims = claims(
        facts,
        segment,
        &format!("{side} {thing}"),
        fact,
        &conditions,
    )?;
    (!thing.is_empty() && thing.chars().count() <= LONGEST_THING).then_some(Trait {
        fact,
        side,
        thing,
        claims,
        z,
    })
}

/// What the side is said of: a category that says nothing alone takes its column along, a no is not spoken of.
fn subject(fact: &Fact) -> Option<String> {
    let words = column_words(&fact.column);
    match &fact.level {
        None if fact.is_share && ending_answer(&fact.column) == Some(Answer::No) => None,
        None => Some(words),
        Some(_) if fact.is_yes => Some(words),
        Some(level) if answer(level).is_some() => None,
        Some(level) if is_mute(level) => Some(format!("{words} {level}")),
        Some(level) => Some(level.clone()),
    }
}

/// What makes the side true: distance from the average, the half of the segments, and for a share its size.
fn conditions(facts: &Facts<'_>, side: &str, z: f64) -> Vec<Condition> {
    let half = facts.segments().div_ceil(2) as f64;
    let mut conditions = if z > 0.0 {
        vec![
            at_least(Measure::Z, NAMED),
            at_most(Measure::RankFromTop, half),
        ]
    } else {
        vec![
            at_most(Measure::Z, -NAMED),
            at_most(Measure::RankFromBottom, half),
        ]
    };
    match side {
        "With" => conditions.push(at_least(Measure::Mean, NEARLY_ALL)),
        "Mostly" | "Mostly With" => conditions.push(at_least(Measure::Mean, MOST)),
        "Rarely" => conditions.push(at_most(Measure::Mean, 1.0 - MOST)),
        "No" => conditions.push(at_most(Measure::Mean, 1.0 - NEARLY_ALL)),
        _ => {}
    }
    conditions
}

fn side(facts: &Facts<'_>, fact: &Fact, segment: usize, words: &str) -> (&'static str, String) {
    let high = fact.z(segment) > 0.0;
    if fact.is_yes {
        let side = match high {
            true if fact.mean(segment) >= NEARLY_ALL => "With",
            true => "Mostly With",
            false => "No",
        };
        return (side, words.to_owned());
    }
    if fact.meaning == FactKind::Tenure {
        return (if high { "Long" } else { "Short" }, "Tenure".to_owned());
    }
    let often = words
        .strip_suffix(" frequency")
        .filter(|thing| !is_a_column(facts, thing));
    match (often, fact.is_share, high) {
        (Some(thing), _, true) => ("Frequent", thing.to_owned()),
        (Some(thing), _, false) => ("Rare", thing.to_owned()),
        (None, true, true) => ("Mostly", words.to_owned()),
        (None, true, false) => ("Rarely", words.to_owned()),
        (None, false, true) => ("High", words.to_owned()),
        (None, false, false) => ("Low", words.to_owned()),
    }
}

/// Whether a column of the table is called so, in any order of words: "Rare Balance" would speak of the balance.
fn is_a_column(facts: &Facts<'_>, thing: &str) -> bool {
    let sorted = |words: &str| {
        let mut words = tokens(words);
        words.sort();
        words
    };
    let thing = sorted(thing);
    let columns = &facts.summary.columns;
    columns
        .iter()
        .any(|column| sorted(&column_words(&column.name)) == thing)
}

/// At most four words, so that the side fits; the last leads to nothing that is left out.
fn shortened(words: &str) -> String {
    let is_small = |word: &&str| matches!(*word, "Of" | "The" | "A" | "Per" | "At");
    let told = words.split_whitespace().filter(|word| !is_small(word));
    let mut told: Vec<&str> = told.take(4).collect();
    if told.is_empty() {
        // A column may be called `a`.
        return words.to_owned();
    }
    while told.last().is_some_and(|word| leads_on(word)) {
        told.pop();
    }
    told.join(" ")
}

fn leads_on(word: &str) -> bool {
    matches!(
        word,
        "And" | "Or" | "In" | "On" | "To" | "From" | "For" | "By" | "With" | "Without" | "Until"
    )
}

/// "High Grocery & Milk" on the same side, "High Grocery, Low Fresh" on two; what is high comes first.
fn pair(first: &Trait<'_>, second: &Trait<'_>) -> Named {
    let (first, second) = if first.z < 0.0 && second.z > 0.0 {
        (second, first)
    } else {
        (first, second)
    };
    let name = if first.side == second.side {
        format!("{} {} & {}", first.side, first.thing, second.thing)
    } else {
        format!(
            "{} {}, {} {}",
            first.side, first.thing, second.side, second.thing
        )
    };
    Named {
        name,
        claims: first.claims.iter().chain(&second.claims).cloned().collect(),
    }
}

fn single(one: &Trait<'_>) -> Named {
    Named {
        name: format!("{} {}", one.side, one.thing),
        claims: one.claims.clone(),
    }
}
