//! What makes each segment itself: its differences, a name made from facts, and advice.
//!
//! In comes a [`Summary`]; out go [`Profiles`]. Nothing here knows rows, so the result does not depend on their order,
//! and every comparison is made on numbers cut to nine digits, so it does not depend on the last bits of a sum.

mod actions;
mod claim;
mod difference;
mod differentiator;
mod effect;
mod facts;
mod figures;
mod insights;
mod kind;
mod names;
mod reasons;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use actions::{Action, IdlePlay, Priority};
pub use claim::{Claim, Measure};
pub use differentiator::{Differentiator, EffectMeasure, FromNearest};
pub use effect::Effect;

use crate::recipe::Playbook;
use crate::roles::ColumnDecision;
use crate::segment::SegmentNumber;
use crate::summary::Summary;
use facts::Facts;

/// How one segment differs from all customers in one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Column.
    pub column: String,
    /// The category, where the column holds categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The segment's mean in raw units (share of customers, 0 to 1, for a category or flag).
    pub mean: f64,
    /// The mean over all customers.
    pub overall: f64,
    /// (mean - overall) / standard deviation over all customers.
    pub z: f64,
    /// In words: `spends 3.2 times the average on meat products (534 against 166)`.
    pub words: String,
}

/// One segment, described.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Segment.
    pub segment: SegmentNumber,
    /// Its name: unique, short, true of the numbers.
    pub name: String,
    /// The user gave the name.
    pub locked: bool,
    /// What the words of the name rest on.
    pub claims: Vec<Claim>,
    /// The strongest differences that say something new, strongest first.
    pub differences: Vec<Difference>,
    /// Every column that sets it apart, strongest first.
    pub differentiators: Vec<Differentiator>,
    /// What they are worth spending on, where value or spending is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The plays of the playbook that their facts call for, first things first.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// One line of advice: the priority, the first plays, and why.
    pub advice: String,
}

/// All segments described, and the three insights on top.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profiles {
    /// One per segment, in order.
    pub segments: Vec<Profile>,
    /// How diverse the customers are; whom to retain; whom to win, and with what.
    pub insights: Vec<String>,
    /// The plays of the playbook that no segment calls for, and why.
    #[serde(default)]
    pub idle_plays: Vec<IdlePlay>,
}

impl Profiles {
    /// Puts what was found about targeting second of the three insights; whom to retain and whom to win become one.
    pub(crate) fn tell_verdict(&mut self, verdict: &str) {
        if let [diversity, retain, win] = self.insights.as_slice() {
            let win = win
                .strip_prefix("Win ")
                .map_or_else(|| win.clone(), |rest| format!("win {rest}"));
            let whom = format!("{}; {win}", retain.trim_end_matches('.'));
            self.insights = vec![diversity.clone(), format!("{verdict}."), whom];
        }
    }

    /// Gives a segment a name that stays. [`Profiles::tell_anew`] brings it into what is said of all segments.
    pub(crate) fn rename(&mut self, segment: SegmentNumber, name: &str) {
        let profile = &mut self.segments[segment.index()];
        name.clone_into(&mut profile.name);
        profile.locked = true;
        profile.claims.clear();
    }

    /// The insights, with the names that the segments have now.
    pub(crate) fn tell_anew(&mut self, summary: &Summary, columns: &[ColumnDecision]) {
        self.insights = insights::insights(&Facts::gather(summary, columns), &self.segments);
    }
}

/// Describes every segment of `summary`: its differences, name and advice, and three insights over all.
///
/// `columns` says what became of each column; those left out are not spoken of. Cost: O(columns² x segments).
pub fn describe(summary: &Summary, columns: &[ColumnDecision], playbook: &Playbook) -> Profiles {
    let facts = Facts::gather(summary, columns);
    let names = names::name_segments(&facts);
    let (advised, idle_plays) = actions::advise(&facts, playbook);
    let mut differentiators = differentiator::differentiators(&facts);
    let segments: Vec<Profile> = names
        .into_iter()
        .zip(advised)
        .enumerate()
        .map(|(index, (named, advised))| Profile {
            segment: SegmentNumber::at(index),
            name: named.name,
            locked: false,
            claims: named.claims,
            differences: difference::strongest(&facts, index),
            differentiators: std::mem::take(&mut differentiators[index]),
            priority: advised.priority,
            actions: advised.actions,
            advice: advised.advice,
        })
        .collect();
    let insights = insights::insights(&facts, &segments);
    Profiles {
        segments,
        insights,
        idle_plays,
    }
}
