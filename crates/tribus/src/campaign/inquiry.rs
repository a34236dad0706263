//! What is asked about a campaign: outcome, cost, revenue and control group, from the recipe or found where obvious.

use std::collections::BTreeSet;

use arrow_array::{Array, Float64Array, LargeStringArray};

use super::CampaignError;
use crate::meaning::{Clues, is_control};
use crate::pipeline::Prepared;
use crate::plan::Plan;
use crate::recipe;
use crate::roles::Role;
use crate::vocabulary::Concept;

/// A question about a campaign that the rows can answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Inquiry {
    /// Column that the campaign is to change.
    pub outcome: String,
    /// Every outcome is 0 or 1.
    pub binary: bool,
    /// Cost and revenue, where both are known.
    pub economics: Option<Economics>,
    /// Who was contacted in a test with a control group.
    pub treatment: Option<Treatment>,
    /// Where all this was found, in words.
    pub found: Vec<String>,
}

/// What a contact costs and a response brings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Economics {
    /// Cost of contacting one customer, 0 or more.
    pub cost: f64,
    /// Revenue of one response, above 0.
    pub revenue: f64,
}

impl Economics {
    /// A cost and a revenue that a campaign can have.
    ///
    /// # Errors
    /// [`CampaignError::Economics`] for a cost below 0 and a revenue that is not above it.
    pub fn new(cost: f64, revenue: f64) -> Result<Self, CampaignError> {
        let wrong = |key, problem| Err(CampaignError::Economics { key, problem });
        if !(cost.is_finite() && cost >= 0.0) {
            return wrong("cost", "a contact costs 0 or more");
        }
        if !(revenue.is_finite() && revenue > 0.0) {
            return wrong("revenue", "a response brings more than 0");
        }
        Ok(Self { cost, revenue })
    }

    /// The response rate from which contacting pays.
    pub fn break_even(self) -> f64 {
        self.cost / self.revenue
    }
}

/// A randomized test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treatment {
    /// Column that says what was done to a customer.
    pub column: String,
    /// Its value for those who were left alone.
    pub control: String,
}

impl Treatment {
    /// Per row kept: what was done to the customer, as text.
    pub(super) fn arms(&self, prepared: &Prepared) -> Vec<Option<String>> {
        levels(prepared, &self.column)
    }
}

impl Inquiry {
    /// What the recipe asks, or what the columns make obvious; none where there is no outcome.
    ///
    /// # Errors
    /// A recipe whose outcome is not 0 or 1 (without a control group), whose control group is not to be found, or whose
    /// cost or revenue cannot be.
    pub fn find(plan: &Plan, prepared: &Prepared) -> Result<Option<Self>, CampaignError> {
        match &plan.recipe.campaign {
            Some(campaign) => asked(campaign, plan, prepared).map(Some),
            None => Ok(obvious(plan, prepared)),
        }
    }

    /// Per row kept: the outcome, where it is known.
    pub(super) fn outcomes(&self, prepared: &Prepared) -> Vec<Option<f64>> {
        numbers(prepared, &self.outcome).map_or_else(
            || vec![None; prepared.matrix.rows],
            |numbers| numbers.iter().collect(),
        )
    }
}

fn asked(
    campaign: &recipe::Campaign,
    plan: &Plan,
    prepared: &Prepared,
) -> Result<Inquiry, CampaignError> {
    let economics = Economics::new(campaign.cost, campaign.revenue)?;
    let outcome = campaign.outcome.clone();
    let column = || outcome.clone();
    let Some(values) = numbers(prepared, &outcome) else {
        return Err(CampaignError::NoNumbers { column: column() });
    };
    if values.null_count() == values.len() {
        return Err(CampaignError::Empty { column: column() });
    }
    let binary = is_binary(values);
    let treatment = asked_treatment(campaign, plan, prepared)?;
    if !binary && treatment.is_none() {
        return Err(CampaignError::NotBinary { column: column() });
    }
    let mut found = vec![format!(
        "the recipe names {outcome} as the outcome, cost {} and revenue {}",
        economics.cost, economics.revenue
    )];
    found.extend(treatment.as_ref().map(compared));
    Ok(Inquiry {
        outcome,
        binary,
        economics: Some(economics),
        treatment,
        found,
    })
}

fn asked_treatment(
    campaign: &recipe::Campaign,
    plan: &Plan,
    prepared: &Prepared,
) -> Result<Option<Treatment>, CampaignError> {
    let control = campaign.control.as_ref().map(ToString::to_string);
    let column = campaign.treatment.clone().or_else(|| the_treatment(plan));
    let Some(column) = column else {
        return match control {
            None => Ok(None),
            Some(control) => Err(CampaignError::NoTreatment { control }),
        };
    };
    let levels: BTreeSet<String> = levels(prepared, &column).into_iter().flatten().collect();
    let named = campaign.treatment.is_some();
    match control {
        Some(control) if levels.contains(&control) => Ok(Some(Treatment { column, control })),
        Some(control) => Err(CampaignError::UnknownControl {
            treatment: column,
            control,
        }),
        None => match the_control(&levels) {
            Some(control) => Ok(Some(Treatment { column, control })),
            None if named => Err(CampaignError::NoControl { treatment: column }),
            None => Ok(None),
        },
    }
}

/// What needs no recipe: columns that say by name and values what they are.
fn obvious(plan: &Plan, prepared: &Prepared) -> Option<Inquiry> {
    let outcomes: Vec<(&str, f64)> = plan
        .columns
        .iter()
        // Customers who leave are no response that brings revenue; a recipe may ask for them.
        .filter(|column| {
            column.role == Role::Outcome && !Clues::of(&column.name).has(Concept::Loss)
        })
        .filter_map(|column| {
            let values = numbers(prepared, &column.name)?;
            let known = values.len() - values.null_count();
            let told = known > 0 && is_binary(values);
            told.then(|| (column.name.as_str(), share_of_ones(values)))
        })
        .collect();
    let treatment = obvious_treatment(plan, prepared);
    let outcome = match outcomes.as_slice() {
        [] => return None,
        [(only, _)] => *only,
        // Which response counts is the user's to say; of a test, the most frequent outcome shows most.
        several if treatment.is_some() => most_frequent(several),
        _ => return None,
    };
    let reason = &plan
        .columns
        .iter()
        .find(|column| column.name == outcome)?
        .reason;
    let mut found = vec![if outcomes.len() == 1 {
        format!("{outcome} is the outcome ({reason})")
    } else {
        let others = outcomes.iter().map(|(name, _)| *name);
        let mut others: Vec<&str> = others.filter(|name| *name != outcome).collect();
        others.sort_unstable();
        format!(
            "{outcome} is the outcome, the most frequent of several ([campaign] outcome takes {} instead)",
            others.join(" or ")
        )
    }];
    let economics = obvious_economics(plan, prepared, &mut found);
    found.extend(treatment.as_ref().map(compared));
    Some(Inquiry {
        outcome: outcome.to_owned(),
        binary: true,
        economics,
        treatment,
        found,
    })
}

/// Of equally frequent ones the first by name.
fn most_frequent<'n>(outcomes: &[(&'n str, f64)]) -> &'n str {
    let rank = |a: &&(&str, f64), b: &&(&str, f64)| a.1.total_cmp(&b.1).then(b.0.cmp(a.0));
    outcomes.iter().max_by(rank).map_or("", |(name, _)| name)
}

fn obvious_treatment(plan: &Plan, prepared: &Prepared) -> Option<Treatment> {
    let column = the_treatment(plan)?;
    let levels: BTreeSet<String> = levels(prepared, &column).into_iter().flatten().collect();
    let control = the_control(&levels)?;
    Some(Treatment { column, control })
}

/// The only column that says who was contacted.
fn the_treatment(plan: &Plan) -> Option<String> {
    let mut columns = plan.columns.iter();
    let first = columns.find(|column| column.role == Role::Treatment)?;
    let another = columns.any(|column| column.role == Role::Treatment);
    (!another).then(|| first.name.clone())
}

/// The only level that is called like a control group; there must be another to compare with it.
fn the_control(levels: &BTreeSet<String>) -> Option<String> {
    let mut controls = levels
        .iter()
        .filter(|level| is_control(level) || *level == "0");
    let first = controls.next()?;
    (controls.next().is_none() && levels.len() > 1).then(|| first.clone())
}

fn compared(treatment: &Treatment) -> String {
    let Treatment { column, control } = treatment;
    format!("{column} tells who was contacted, and \"{control}\" is the control group")
}

/// Cost and revenue from columns of constants that are called so, such as Z_CostContact and Z_Revenue.
fn obvious_economics(
    plan: &Plan,
    prepared: &Prepared,
    found: &mut Vec<String>,
) -> Option<Economics> {
    let (cost_column, cost) = the_constant(plan, prepared, "cost")?;
    let (revenue_column, revenue) = the_constant(plan, prepared, "revenue")?;
    if cost < 0.0 || revenue <= 0.0 {
        return None;
    }
    found.push(format!(
        "cost {cost} and revenue {revenue} are the constants {cost_column} and {revenue_column}"
    ));
    Some(Economics { cost, revenue })
}

/// The only constant number whose name holds a word.
fn the_constant<'p>(plan: &'p Plan, prepared: &Prepared, word: &str) -> Option<(&'p str, f64)> {
    let mut constants = plan
        .columns
        .iter()
        .filter(|column| column.role == Role::Constant)
        .filter(|column| column.name.to_lowercase().contains(word))
        .filter_map(|column| {
            let first = numbers(prepared, &column.name)?.iter().flatten().next()?;
            Some((column.name.as_str(), first))
        });
    let first = constants.next()?;
    constants.next().is_none().then_some(first)
}

fn numbers<'p>(prepared: &'p Prepared, column: &str) -> Option<&'p Float64Array> {
    let column = prepared.batch.column_by_name(column)?;
    column.as_any().downcast_ref()
}

fn is_binary(values: &Float64Array) -> bool {
    values
        .iter()
        .flatten()
        .all(|value| value == 0.0 || value == 1.0)
}

fn share_of_ones(values: &Float64Array) -> f64 {
    let ones = values.iter().flatten().filter(|value| *value == 1.0);
    ones.count() as f64 / (values.len() - values.null_count()).max(1) as f64
}

/// The cells of a column of text or numbers, as text.
fn levels(prepared: &Prepared, column: &str) -> Vec<Option<String>> {
    let none = || vec![None; prepared.matrix.rows];
    let Some(array) = prepared.batch.column_by_name(column) else {
        return none();
    };
    if let Some(text) = array.as_any().downcast_ref::<LargeStringArray>() {
        return text
            .iter()
            .map(|cell| cell.map(ToOwned::to_owned))
            .collect();
    }
    match array.as_any().downcast_ref::<Float64Array>() {
        Some(numbers) => numbers
            .iter()
            .map(|cell| cell.map(|cell| cell.to_string()))
            .collect(),
        None => none(),
    }
}
