//! The draft of a plan: columns, roles, and what becomes of each.

use std::collections::BTreeSet;

use super::redundant::{Identity, identities, most_alike, near_copies, one_hot_blocks, shadows};
use super::role::{group_of, is_spending, role_of};
use super::traits::{Traits, Values};
use super::weigh::weigh;
use super::{Plan, PlanError, recognized};
use crate::expr::Expr;
use crate::recipe::{DropRule, Limits, Recipe, Scale, Transforms, Weights};
use crate::roles::{ColumnDecision, Fate, Role};
use crate::table::{ColumnFacts, Table};
use crate::words::nearest::{nearest, showable};

/// Columns with more than this share of gaps are left out.
const MOST_MISSING: f64 = 0.4;

/// More named features than this are not compared pair by pair.
const MOST_COMPARED: usize = 200;

/// At most so many columns are clustered on without being asked for.
const MOST_FEATURES: usize = 24;

pub(super) struct Draft<'t> {
    pub(super) table: &'t Table,
    pub(super) recipe: Recipe,
    /// The user named the features.
    pub(super) explicit: bool,
    pub(super) columns: Vec<Traits>,
    pub(super) roles: Vec<Role>,
    pub(super) because: Vec<String>,
    /// What was found out about a column that rules clustering on it out.
    pub(super) verdicts: Vec<Option<(Fate, String)>>,
    pub(super) fates: Vec<(Fate, String)>,
    pub(super) blocks: Vec<(String, Vec<String>)>,
    pub(super) notes: Vec<String>,
}

impl<'t> Draft<'t> {
    pub(super) fn new(recipe: &Recipe, table: &'t Table) -> Result<Self, PlanError> {
        let mut draft = Self {
            table,
            recipe: recipe.clone(),
            explicit: !recipe.segment.features.is_empty(),
            columns: Vec::new(),
            roles: Vec::new(),
            because: Vec::new(),
            verdicts: Vec::new(),
            fates: Vec::new(),
            blocks: Vec::new(),
            notes: Vec::new(),
        };
        draft.require_names()?;
        let lower: BTreeSet<String> = table.names().map(str::to_lowercase).collect();
        let rfm = ["r", "f", "m"].iter().all(|name| lower.contains(*name));
        for at in 0..table.batch().num_columns() {
            let name = table.batch().schema_ref().field(at).name();
            let array = table.batch().column(at).clone();
            draft.push(
                Traits::new(name, array, table.facts(at).clone(), false),
                rfm,
            );
        }
        draft.add_recipe_columns()?;
        Ok(draft)
    }

    /// Adds a column and finds its role.
    pub(super) fn push(&mut self, column: Traits, rfm: bool) {
        let campaign = self.recipe.campaign.as_ref();
        let is_outcome = campaign.is_some_and(|campaign| campaign.outcome == column.name);
        let is_treatment =
            campaign.is_some_and(|campaign| campaign.treatment.as_ref() == Some(&column.name));
        let (role, because) = match self.recipe.columns.get(&column.name) {
            Some(role) => (*role, "the recipe says so".to_owned()),
            None if is_outcome => (Role::Outcome, "a campaign is to change it".to_owned()),
            None if is_treatment => (Role::Treatment, "it says who was contacted".to_owned()),
            None => {
                let found = role_of(&column, rfm);
                (found.role, found.because)
            }
        };
        self.columns.push(column);
        self.roles.push(role);
        self.because.push(because);
        self.verdicts.push(None);
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    pub(super) fn with_role(&self, wanted: Role) -> Vec<usize> {
        (0..self.columns.len())
            .filter(|at| self.roles[*at] == wanted)
            .collect()
    }

    pub(super) fn unknown(&self, column: &str, wanted_for: &str) -> PlanError {
        let names: Vec<&str> = self.table.names().collect();
        PlanError::UnknownColumn {
            file: self.table.file(),
            column: column.to_owned(),
            wanted_for: wanted_for.to_owned(),
            nearest: nearest(column, names.iter().copied()),
            available: showable(names.iter().copied()),
        }
    }

    /// Columns that the recipe gives a role, or that flags name, must be there (or be derived).
    fn require_names(&self) -> Result<(), PlanError> {
        let known = |name: &String| {
            self.table.position(name).is_some()
                || self.recipe.derive.contains_key(name)
                || self
                    .recipe
                    .encode
                    .iter()
                    .any(|(column, encode)| encode.makes(column, name))
        };
        let segment = &self.recipe.segment;
        let transformed = segment
            .transform
            .iter()
            .flat_map(|transforms| match transforms {
                Transforms::All(_) => Vec::new(),
                Transforms::PerColumn(columns) => columns.keys().collect(),
            });
        let wanted = (segment.features.iter().map(|name| (name, "to cluster on")))
            .chain(segment.value.iter().map(|name| (name, "the value")))
            .chain(self.recipe.input.id.iter().map(|name| (name, "the id")))
            .chain(self.recipe.columns.keys().map(|name| (name, "columns")))
            .chain(
                self.recipe
                    .campaign
                    .iter()
                    .map(|campaign| (&campaign.outcome, "campaign.outcome")),
            )
            .chain(
                (self.recipe.campaign.iter())
                    .filter_map(|campaign| campaign.treatment.as_ref())
                    .map(|treatment| (treatment, "campaign.treatment")),
            )
            .chain(transformed.map(|name| (name, "segment.transform")));
        for (name, wanted_for) in wanted {
            if !known(name) {
                return Err(self.unknown(name, wanted_for));
            }
        }
        let numbers = segment.features.iter().chain(&segment.value);
        for name in numbers.filter(|name| self.table.position(name).is_some()) {
            self.table.require_numbers(name)?;
        }
        Ok(())
    }

    /// Evaluates the recipe's derived columns on the raw rows, to know what they are like.
    fn add_recipe_columns(&mut self) -> Result<(), PlanError> {
        let mut waiting: Vec<(String, Expr)> = Vec::new();
        for (name, text) in &self.recipe.derive {
            let expression = Expr::parse(text).map_err(|source| PlanError::Expression {
                place: format!("derive.{name}"),
                source,
            })?;
            waiting.push((name.clone(), expression));
        }
        // Each round adds those that have what they need; the pipeline reports circles and unknown columns.
        loop {
            let before = waiting.len();
            let mut rest = Vec::new();
            for (name, expression) in waiting {
                match expression.evaluate(&self.batch()) {
                    Ok(array) => {
                        let array = crate::table::flags_as_numbers(array);
                        self.push(
                            Traits::new(&name, array, ColumnFacts::default(), true),
                            false,
                        );
                    }
                    Err(_) => rest.push((name, expression)),
                }
            }
            if rest.is_empty() || rest.len() == before {
                return Ok(());
            }
            waiting = rest;
        }
    }

    /// The columns so far as one record batch.
    pub(super) fn batch(&self) -> arrow_array::RecordBatch {
        crate::table::batch_of(
            self.columns
                .iter()
                .map(|column| (column.name.as_str(), column.array.clone())),
            self.table.rows(),
        )
    }

    /// Marks sums, near copies, one-hot blocks and shadows of outcomes.
    pub(super) fn find_redundant(&mut self) {
        self.mark_shadows();
        let flags = self.with_role(Role::Flag);
        let blocks = one_hot_blocks(&self.columns, &flags);
        for (prefix, block) in &blocks {
            for at in block {
                let reason = format!("one of the columns of the category {prefix}");
                self.verdicts[*at] = Some((Fate::Described, reason));
            }
        }
        self.blocks = blocks
            .into_iter()
            .map(|(prefix, block)| {
                (
                    prefix,
                    block
                        .into_iter()
                        .map(|at| self.columns[at].name.clone())
                        .collect(),
                )
            })
            .collect();
        if self.explicit {
            self.tell_copies();
        } else {
            self.mark_sums(&flags);
            self.mark_copies();
        }
    }

    fn mark_shadows(&mut self) {
        let outcomes = self.with_role(Role::Outcome);
        for at in 0..self.columns.len() {
            let money = matches!(self.roles[at], Role::Money | Role::Count | Role::Number);
            if !money || self.is_given(at) {
                continue;
            }
            let outcome = outcomes
                .iter()
                .find(|other| shadows(&self.columns[at], &self.columns[**other]));
            if let Some(outcome) = outcome {
                self.because[at] = format!("it is 0 wherever {} is", self.columns[*outcome].name);
                self.roles[at] = Role::Outcome;
            }
        }
    }

    pub(super) fn sums(&self) -> Vec<Identity> {
        let candidates: Vec<usize> = (0..self.columns.len())
            .filter(|at| {
                let role = self.roles[*at];
                role.is_amount_or_measure() || role == Role::Flag
            })
            .collect();
        identities(&self.columns, &candidates)
    }

    fn mark_sums(&mut self, flags: &[usize]) {
        for identity in self.sums() {
            let at = identity.column;
            if flags.contains(&at) || self.is_given(at) {
                continue;
            }
            let reason = format!("it is exactly {}", identity.formula(&self.columns));
            let money = identity.minus.is_empty()
                && is_spending(&self.columns[at], self.roles[at])
                && identity
                    .plus
                    .iter()
                    .all(|part| self.roles[*part] == Role::Money);
            if money && self.recipe.segment.value.is_none() {
                self.recipe.segment.value = Some(self.columns[at].name.clone());
            }
            self.verdicts[at] = Some((Fate::LeftOut, reason));
        }
    }

    /// Columns that may be clustered on, as far as is known.
    fn candidates(&self) -> Vec<usize> {
        (0..self.columns.len())
            .filter(|at| {
                self.verdicts[*at].is_none() && self.is_candidate(*at) && !self.is_given(*at)
            })
            .collect()
    }

    /// The user gave the column its role, and means it.
    fn is_given(&self, at: usize) -> bool {
        self.recipe.columns.contains_key(&self.columns[at].name)
    }

    fn is_candidate(&self, at: usize) -> bool {
        self.roles[at].is_amount_or_measure()
            && matches!(self.columns[at].values, Values::Numbers(_))
            && self.is_complete_enough(at)
    }

    fn missing_share(&self, at: usize) -> f64 {
        let column = &self.columns[at];
        column.missing as f64 / column.rows.max(1) as f64
    }

    /// Features that were named and say the same count twice; people should know.
    fn tell_copies(&mut self) {
        let named: Vec<usize> = (0..self.columns.len())
            .filter(|at| {
                self.recipe
                    .segment
                    .features
                    .contains(&self.columns[*at].name)
            })
            .filter(|at| self.columns[*at].numbers().is_some())
            .collect();
        if named.len() > MOST_COMPARED {
            return;
        }
        for (at, twin, r) in near_copies(&self.columns, &named) {
            self.notes.push(format!(
                "{} and {} are correlated ({r:.3}): what they say counts twice in the distance",
                self.columns[twin].name, self.columns[at].name
            ));
        }
    }

    pub(super) fn is_complete_enough(&self, at: usize) -> bool {
        self.missing_share(at) <= MOST_MISSING
    }

    fn mark_copies(&mut self) {
        for (at, twin, r) in near_copies(&self.columns, &self.candidates()) {
            let reason = format!(
                "it says what {} says (correlation {r:.3})",
                self.columns[twin].name
            );
            let is_money = |at: usize| is_spending(&self.columns[at], self.roles[at]);
            // Money that says what another kind of column says may be the value all the same.
            let fate = if is_money(at) && !is_money(twin) {
                Fate::Described
            } else {
                Fate::LeftOut
            };
            self.verdicts[at] = Some((fate, reason));
        }
        for (at, twin, r) in most_alike(&self.columns, &self.candidates(), MOST_FEATURES) {
            let reason = format!(
                "{MOST_FEATURES} columns are the most that is clustered on without being asked, and it is among those most like another ({}, correlation {r:.2})",
                self.columns[twin].name
            );
            self.verdicts[at] = Some((Fate::Described, reason));
        }
    }

    /// What becomes of each column, and the features.
    pub(super) fn choose_fates(&mut self) {
        self.fates = (0..self.columns.len()).map(|at| self.fate(at)).collect();
        if !self.explicit {
            let mut features: Vec<String> = (0..self.columns.len())
                .filter(|at| self.fates[*at].0 == Fate::Clustered)
                .map(|at| self.columns[at].name.clone())
                .collect();
            features.sort_unstable();
            self.recipe.segment.features = features;
            self.set_impossible_aside();
        }
        let segment = &self.recipe.segment;
        if !self.explicit && segment.features.len() == 1 {
            self.notes.push(format!(
                "only one column can be clustered on ({}): the segments are slices of it",
                segment.features[0]
            ));
        }
    }

    fn fate(&self, at: usize) -> (Fate, String) {
        let column = &self.columns[at];
        let because = self.because[at].clone();
        let named = self.recipe.segment.features.contains(&column.name);
        if self.explicit && named {
            return (Fate::Clustered, "it was named".to_owned());
        }
        if self.recipe.segment.value.as_ref() == Some(&column.name) && !self.is_feature(at) {
            let reason = match &self.verdicts[at] {
                Some((_, reason)) => format!("it is the value of a customer; {reason}"),
                None => "it is the value of a customer".to_owned(),
            };
            return (Fate::Described, reason);
        }
        if let Some(verdict) = &self.verdicts[at] {
            return verdict.clone();
        }
        if self.missing_share(at) > MOST_MISSING && column.present() > 0 {
            let reason = format!(
                "{:.0} % of its cells are empty",
                100.0 * self.missing_share(at)
            );
            return (Fate::LeftOut, reason);
        }
        match self.roles[at] {
            Role::Id | Role::Text | Role::Constant | Role::Weight => (Fate::LeftOut, because),
            Role::Date => (Fate::Described, because),
            Role::Outcome | Role::Treatment | Role::Category | Role::Flag => {
                (Fate::Described, because)
            }
            _ if self.explicit => (Fate::Described, "it was not named to cluster on".to_owned()),
            _ if column.numbers().is_none() => (Fate::Described, "it holds no numbers".to_owned()),
            _ => (Fate::Clustered, because),
        }
    }

    fn is_feature(&self, at: usize) -> bool {
        if self.explicit {
            return self
                .recipe
                .segment
                .features
                .contains(&self.columns[at].name);
        }
        self.verdicts[at].is_none() && self.is_candidate(at) && !self.is_total_of_others(at)
    }

    fn is_total_of_others(&self, at: usize) -> bool {
        self.columns[at].derived
            && !self
                .recipe
                .segment
                .features
                .contains(&self.columns[at].name)
            && self.recipe.segment.value.as_ref() == Some(&self.columns[at].name)
    }

    /// Rows with impossible ages or negative counts are set aside, also among rows to come.
    fn set_impossible_aside(&mut self) {
        let (mut ages, mut counts) = (Vec::new(), Vec::new());
        for at in 0..self.columns.len() {
            let Some(numbers) = self.columns[at].numbers() else {
                continue;
            };
            if self.fates[at].0 != Fate::Clustered {
                continue;
            }
            let name = &self.columns[at].name;
            let formula = self.recipe.derive.get(name).map(|text| format!("({text})"));
            let operand = formula.unwrap_or_else(|| crate::expr::identifier(name));
            match self.roles[at] {
                Role::Age => ages.push(format!("{operand} < 0 OR {operand} > 110")),
                Role::Count => counts.push(format!("{operand} < 0")),
                Role::Money if numbers.min < 0.0 => {
                    let negative = self.columns[at]
                        .filled()
                        .iter()
                        .filter(|value| **value < 0.0)
                        .count();
                    self.notes
                        .push(format!("{name}: {negative} negative amounts, kept"));
                }
                _ => {}
            }
        }
        for (mut conditions, because) in [
            (ages, "impossible age (under 0 or over 110)"),
            (counts, "negative count"),
        ] {
            conditions.sort_unstable();
            if !conditions.is_empty() {
                let (condition, because) = (conditions.join(" OR "), because.to_owned());
                self.recipe.clean.drop.push(DropRule { condition, because });
            }
        }
    }

    pub(super) fn into_plan(mut self) -> Plan {
        let mut columns: Vec<ColumnDecision> = Vec::with_capacity(self.columns.len());
        for (at, column) in self.columns.iter().enumerate() {
            let (fate, reason) = self.fates[at].clone();
            let role = self.roles[at];
            columns.push(ColumnDecision {
                name: column.name.clone(),
                role,
                fate,
                group: (fate != Fate::LeftOut).then(|| group_of(&column.words, role)),
                reason,
                change: change(column, role, fate, self.explicit),
                derived: column.derived,
            });
        }
        let segment = &mut self.recipe.segment;
        let raw = segment.scale == Some(Scale::None);
        let unset = if self.explicit {
            Weights::Equal
        } else {
            Weights::Balanced
        };
        let weights = *segment.weights.get_or_insert(unset);
        segment.scale.get_or_insert(Scale::Standard);
        segment
            .limits
            .get_or_insert(if raw { Limits::None } else { Limits::Auto });
        segment.seed.get_or_insert(0);
        let (weights, group_shares) = weigh(&columns, &segment.features, weights);
        let amounts = columns
            .iter()
            .filter(|column| matches!(column.role, Role::Money | Role::Count))
            .map(|column| column.name.clone())
            .collect();
        let mut notes = self.notes;
        if !self.explicit {
            notes.extend(recognized(self.table));
        }
        Plan {
            recipe: self.recipe,
            columns,
            blocks: self.blocks,
            notes,
            group_shares,
            amounts,
            weights,
        }
    }
}

/// The recipe line that would change a decision.
fn change(column: &Traits, role: Role, fate: Fate, explicit: bool) -> String {
    let name = &column.name;
    let key = if name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    {
        name.clone()
    } else {
        format!("{name:?}")
    };
    let numbers = column.numbers().is_some();
    match (fate, role) {
        _ if explicit => "segment.features = [...]".to_owned(),
        (Fate::Clustered, _) => format!("columns.{key} = \"category\""),
        (_, Role::Date) => format!("input.dates = [{name:?}]"),
        (_, Role::Id) => format!("input.id = {name:?}"),
        (Fate::Described, _) if !numbers => format!("columns.{key} = \"text\""),
        (Fate::LeftOut, _) if !numbers => format!("columns.{key} = \"category\""),
        _ => format!("columns.{key} = \"number\""),
    }
}
