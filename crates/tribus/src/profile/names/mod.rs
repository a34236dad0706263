//! Names made from facts by a small grammar: level of value, stage of life, what is bought, engagement.
//!
//! Each segment proposes names, best first, each word with the claims it rests on; a name is given to the first segment
//! that proposes it. When nothing else tells two segments apart, the segment's number does.

mod engagement;
mod level;
mod life;
mod order;
mod own_words;
mod rfm;
mod taste;

use std::collections::BTreeSet;

use super::claim::Claim;
use super::facts::Facts;
use crate::vocabulary::columns::word_count;

/// The longest name, in words.
const LONGEST: usize = 5;
/// A fact weaker than this (in standard deviations) gives no leading word.
const CLEAR: f64 = 0.4;

/// A name and what its words rest on.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) claims: Vec<Claim>,
}

/// Words that belong together, how strongly the segment stands out by them, and what they rest on.
#[derive(Debug, Clone)]
struct Part {
    text: String,
    score: f64,
    claims: Vec<Claim>,
}

/// One unique name per segment, in segment order.
pub(super) fn name_segments(facts: &Facts<'_>) -> Vec<Named> {
    if facts.segments() == 1 {
        return vec![Named {
            name: "All Customers".to_owned(),
            claims: Vec::new(),
        }];
    }
    let any_small = (0..facts.segments()).any(|segment| facts.summary.is_small(segment));
    if let Some(names) = order::by_one_column(facts).filter(|_| !any_small) {
        return names;
    }
    // A segment is called young only if all that are not are older: those who contradict do without the word. Each
    // round takes the word from one segment more, so there are at most as many rounds as segments.
    let mut ageless = BTreeSet::new();
    loop {
        let names = assign(facts, &ageless);
        let before = ageless.len();
        ageless.extend(life::contradicted(facts, &names));
        if ageless.len() == before {
            return names;
        }
    }
}

/// Gives each segment its first proposal that is free; those in `ageless` without a word for age.
fn assign(facts: &Facts<'_>, ageless: &BTreeSet<usize>) -> Vec<Named> {
    let mut taken = BTreeSet::new();
    (0..facts.segments())
        .map(|segment| {
            if facts.summary.is_small(segment) {
                return small(facts, segment);
            }
            let proposals = propose(facts, segment, ageless.contains(&segment));
            let named = proposals
                .iter()
                .find(|named| !taken.contains(&named.name.to_lowercase()))
                .cloned()
                .unwrap_or_else(|| numbered(&proposals, segment, &taken));
            taken.insert(named.name.to_lowercase());
            named
        })
        .collect()
}

/// Too few customers to say anything of but how few they are.
fn small(facts: &Facts<'_>, segment: usize) -> Named {
    let small = (0..facts.segments()).filter(|other| facts.summary.is_small(*other));
    let name = if small.count() > 1 {
        format!("Small Group {}", segment + 1)
    } else {
        "Small Group".to_owned()
    };
    Named {
        name,
        claims: Vec::new(),
    }
}

/// What recency, frequency and monetary value say, in one word of that trade, if the table is made of them.
pub(super) fn rfm_kind(facts: &Facts<'_>, segment: usize) -> Option<String> {
    rfm::kind(facts, segment).map(|kind| kind.text)
}

/// The best proposal that leaves room for the number, with the number.
fn numbered(proposals: &[Named], segment: usize, taken: &BTreeSet<String>) -> Named {
    let number = segment + 1;
    let name = |named: &Named| format!("{} {number}", named.name);
    let is_free = |named: &&Named| {
        word_count(&named.name) < LONGEST && !taken.contains(&name(named).to_lowercase())
    };
    proposals.iter().find(is_free).map_or_else(
        || Named {
            name: format!("Segment {number}"),
            claims: Vec::new(),
        },
        |named| Named {
            name: name(named),
            claims: named.claims.clone(),
        },
    )
}

/// Names for one segment, best first.
fn propose(facts: &Facts<'_>, segment: usize, is_ageless: bool) -> Vec<Named> {
    let mut proposals = Vec::new();
    if let Some(kind) = rfm::kind(facts, segment) {
        proposals.push(join(&[Some(&kind)]));
    }
    let mut words = Words::of(facts, segment);
    if is_ageless {
        words.life = None;
    }
    let own = own_words::phrases(facts, segment);
    if words.is_telling() {
        words.propose(&mut proposals);
        proposals.extend(own);
    } else {
        let (strong, weak): (Vec<_>, Vec<_>) = own
            .into_iter()
            .partition(|named| named.claims.iter().any(own_words::is_strong));
        proposals.extend(strong);
        words.propose(&mut proposals);
        proposals.extend(weak);
    }
    proposals.retain(|named| !named.name.is_empty() && word_count(&named.name) <= LONGEST);
    proposals
}

/// The words known columns give one segment.
struct Words {
    level: Option<level::Level>,
    life: Option<Part>,
    income: Option<Part>,
    recency: Option<Part>,
    /// What they are, strongest first.
    nouns: Vec<Part>,
    /// What any customer is here.
    plain: Part,
}

impl Words {
    fn of(facts: &Facts<'_>, segment: usize) -> Self {
        let level = level::level(facts, segment);
        let income = if level.is_none() {
            level::income(facts, segment)
        } else {
            None
        };
        let mut nouns: Vec<Part> = [
            life::household(facts, segment),
            life::person(facts, segment),
            taste::taste(facts, segment),
            taste::channels(facts, segment),
            engagement::responders(facts, segment),
            engagement::newcomers(facts, segment),
        ]
        .into_iter()
        .flatten()
        .collect();
        nouns.sort_by(|a, b| b.score.total_cmp(&a.score));
        Self {
            level,
            life: life::age(facts, segment),
            income,
            recency: engagement::recency(facts, segment),
            nouns,
            plain: level::plain_noun(facts, segment),
        }
    }

    /// Whether any fact beyond the level of value says who they are.
    fn is_telling(&self) -> bool {
        let parts = [
            self.life.as_ref(),
            self.recency.as_ref(),
            self.income.as_ref(),
            self.nouns.first(),
            Some(&self.plain),
        ];
        let is_top = self.level.as_ref().is_some_and(|level| level.takes_all);
        is_top || parts.into_iter().flatten().any(|part| part.score >= CLEAR)
    }

    fn propose(&self, proposals: &mut Vec<Named>) {
        if self.level.is_none() {
            self.propose_without_level(proposals);
        }
        self.propose_leading(proposals);
        self.propose_any(proposals);
    }

    fn level(&self) -> Option<&Part> {
        self.level.as_ref().map(|level| &level.part)
    }

    /// The level, unless it is near the average and says little.
    fn told_level(&self) -> Option<&Part> {
        self.level
            .as_ref()
            .filter(|level| !level.is_middle)
            .map(|level| &level.part)
    }

    /// Age, income and spending together: "Young Affluent Big Spenders".
    fn propose_without_level(&self, proposals: &mut Vec<Named>) {
        let (life, income) = (self.life.as_ref(), self.income.as_ref());
        let clear_life = life.filter(|life| life.score >= CLEAR);
        let stronger = self
            .nouns
            .first()
            .filter(|noun| noun.score > self.plain.score);
        let noun = Some(stronger.unwrap_or(&self.plain));
        proposals.push(join(&[clear_life, income, noun]));
        proposals.push(join(&[life, income, self.recency.as_ref(), noun]));
    }

    /// What stands out most first: the best segment, recency, age, or what they are.
    fn propose_leading(&self, proposals: &mut Vec<Named>) {
        let takes_all = self.level.as_ref().is_some_and(|level| level.takes_all);
        let best_noun = self
            .nouns
            .first()
            .map_or(CLEAR, |noun| noun.score.max(CLEAR));
        let leads = |part: &&Part| !takes_all && part.score >= best_noun;
        let life = self.life.as_ref().filter(leads);
        let recency = self.recency.as_ref().filter(leads);
        let (level, told_level) = (self.level(), self.told_level());
        if takes_all || self.nouns.is_empty() && life.is_none() && recency.is_none() {
            proposals.push(join(&[level, Some(&self.plain)]));
        }
        let shoppers = engagement::shoppers();
        let by_life = life.map(|_| {
            [
                [life, told_level, Some(&self.plain)],
                [life, level, Some(&self.plain)],
            ]
        });
        let by_recency = recency.map(|_| {
            [
                [told_level, recency, Some(&shoppers)],
                [level, recency, Some(&shoppers)],
            ]
        });
        let score = |part: Option<&Part>| part.map_or(0.0, |part| part.score);
        let order = if score(recency) >= score(life) {
            [by_recency, by_life]
        } else {
            [by_life, by_recency]
        };
        proposals.extend(
            order
                .into_iter()
                .flatten()
                .flatten()
                .map(|parts| join(&parts)),
        );
    }

    /// Every other way to say what they are, for segments whose first names are taken.
    fn propose_any(&self, proposals: &mut Vec<Named>) {
        let (level, told_level) = (self.level(), self.told_level());
        let (life, income, recency) = (
            self.life.as_ref(),
            self.income.as_ref(),
            self.recency.as_ref(),
        );
        for noun in &self.nouns {
            proposals.push(join(&[told_level, Some(noun)]));
            proposals.push(join(&[level, Some(noun)]));
        }
        for noun in self.nouns.iter().chain([&self.plain]) {
            proposals.push(join(&[life, told_level.or(income), Some(noun)]));
            proposals.push(join(&[life, level, Some(noun)]));
            proposals.push(join(&[recency, level.or(income), Some(noun)]));
        }
        proposals.push(join(&[level.or(income), Some(&self.plain)]));
    }
}

/// Parts to one name, their claims together.
fn join(parts: &[Option<&Part>]) -> Named {
    let parts: Vec<&Part> = parts.iter().flatten().copied().collect();
    let name = parts
        .iter()
        .map(|part| part.text.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    Named {
        name,
        claims: parts
            .iter()
            .flat_map(|part| part.claims.iter().cloned())
            .collect(),
    }
}
