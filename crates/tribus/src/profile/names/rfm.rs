//! The words of recency, frequency and monetary value, where a table has all three and they are true.
//!
//! These numbers are heavy-tailed, so a segment's median is compared with that of all customers.

use super::Part;
use crate::profile::claim::{Condition, Measure, at_least, at_most, claims, highest};
use crate::profile::facts::{Fact, Facts};
use crate::profile::kind::FactKind;

/// Recency, frequency and value of a table that is made of them.
struct Rfm<'a> {
    recency: &'a Fact,
    frequency: &'a Fact,
    monetary: &'a Fact,
}

impl<'a> Rfm<'a> {
    fn find(facts: &'a Facts<'_>) -> Option<Self> {
        let value = facts.value.as_ref();
        Some(Self {
            recency: facts.meaning(FactKind::Recency).next()?,
            frequency: facts.meaning(FactKind::Frequency).next()?,
            monetary: value.or_else(|| facts.meaning(FactKind::TotalSpend).next())?,
        })
    }
}

/// A word of the trade and what makes it true of which column.
type Kind<'a> = (&'static str, Vec<(&'a Fact, Condition)>);

/// Champions, Loyal, At Risk, New, Promising, Hibernating: the first that is true.
pub(super) fn kind(facts: &Facts<'_>, segment: usize) -> Option<Part> {
    let rfm = Rfm::find(facts)?;
    let score = rfm.recency.z(segment).abs();
    kinds(&rfm).into_iter().find_map(|(text, conditions)| {
        let claims = conditions
            .iter()
            .map(|(fact, condition)| {
                claims(facts, segment, text, fact, std::slice::from_ref(condition))
            })
            .collect::<Option<Vec<_>>>()?
            .concat();
        Some(Part {
            text: text.to_owned(),
            score,
            claims,
        })
    })
}

fn kinds<'a>(rfm: &Rfm<'a>) -> [Kind<'a>; 6] {
    let (recency, frequency, monetary) = (rfm.recency, rfm.frequency, rfm.monetary);
    let least = |fact: &'a Fact, bound| (fact, at_least(Measure::MedianRatio, bound));
    let most = |fact: &'a Fact, bound| (fact, at_most(Measure::MedianRatio, bound));
    let few = (frequency, at_most(Measure::Mean, 2.0));
    [
        (
            "Champions",
            vec![
                most(recency, 0.6),
                least(frequency, 2.0),
                (monetary, highest()),
            ],
        ),
        (
            "Loyal Customers",
            vec![most(recency, 1.25), least(frequency, 1.5)],
        ),
        (
            "At Risk",
            vec![
                least(recency, 1.25),
                least(frequency, 1.0),
                least(monetary, 1.2),
            ],
        ),
        ("New Customers", vec![most(recency, 0.6), few]),
        ("Promising", vec![most(recency, 0.6), most(frequency, 1.2)]),
        (
            "Hibernating",
            vec![
                least(recency, 1.5),
                most(frequency, 1.0),
                most(monetary, 1.0),
            ],
        ),
    ]
}
