//! The draft of a plan: columns, roles, and what becomes of each.

use std::collections::{BTreeSet, HashMap, HashSet};

use arrow_array::RecordBatch;
use rayon::prelude::*;

use super::PlanError;
use crate::expr::{self, Budget, Expr};
use crate::meaning::{
    Event, Meaning, Measure, Traits, Unit, Values, Whose, decide, standardized, without_values,
};
use crate::recipe::{Recipe, Transforms};
use crate::roles::{Fate, Role};
use crate::table::{ColumnFacts, Table};
use crate::vocabulary::Concept;
use crate::words::nearest::{nearest, showable};

/// Columns with more than this share of gaps are left out.
const MOST_MISSING: f64 = 0.4;

/// So many numbered questions make a survey.
const FEWEST_QUESTIONS: usize = 3;

/// The largest value of a scale of answers.
pub(super) const LONGEST_SCALE: f64 = 11.0;

/// A name of so many words is a question, or part of one.
const LONG_NAME: usize = 8;

/// Whether the name asks something itself: "How would you rate the price range?".
pub(super) fn asks(column: &Traits) -> bool {
    column.name.contains(['?', '？']) || crate::vocabulary::split(&column.name).len() >= LONG_NAME
}

/// Whether a column holds the answers to a numbered question (`Q4`, `F12_marke`) or to one that its name asks: words, or
/// numbers on a short scale.
pub(super) fn is_question(column: &Traits) -> bool {
    let words = crate::vocabulary::split(&column.name);
    let is_numbered = match words.as_slice() {
        [letter, number, ..] => {
            let is_letter = letter.chars().count() == 1 && letter.chars().all(char::is_alphabetic);
            is_letter && number.chars().all(char::is_numeric)
        }
        _ => false,
    };
    let is_answer = match &column.values {
        Values::Numbers(numbers) => {
            numbers.whole && numbers.min >= 0.0 && numbers.max <= LONGEST_SCALE
        }
        Values::Text(_) => true,
        Values::Dates { .. } => false,
    };
    (is_numbered || asks(column)) && is_answer
}

/// So many columns about health make a table of patients.
const FEWEST_MEDICAL: usize = 2;

/// A column of the draft.
pub(super) struct DraftColumn {
    pub(super) traits: Traits,
    pub(super) meaning: Meaning,
    pub(super) role: Role,
    /// It is the sum of other columns of money.
    pub(super) is_total: bool,
    /// It is one of several answers about one thing: clustered on, though it is yes or no.
    pub(super) in_battery: bool,
    /// The columns that say the same.
    pub(super) twins: Vec<String>,
    /// What was found out about it that rules clustering on it out.
    pub(super) verdict: Option<Verdict>,
}

/// A fate that other columns or the recipe decide.
pub(super) struct Verdict {
    pub(super) fate: Fate,
    /// Why, as a stable word for programs.
    pub(super) code: &'static str,
    /// Why, for people.
    pub(super) reason: String,
}

impl Verdict {
    pub(super) fn new(fate: Fate, code: &'static str, reason: String) -> Self {
        Self { fate, code, reason }
    }
}

impl DraftColumn {
    pub(super) fn missing_share(&self) -> f64 {
        self.traits.missing as f64 / self.traits.rows.max(1) as f64
    }

    pub(super) fn is_complete_enough(&self) -> bool {
        self.missing_share() <= MOST_MISSING
    }

    /// Money that customers spend with us, or a measure of their worth; or money of unknown kind.
    pub(super) fn is_spending(&self) -> bool {
        let is_ours = matches!(
            self.meaning.whose,
            Some(Whose::Spent | Whose::Worth | Whose::Unknown)
        );
        self.role == Role::Money && is_ours
    }

    /// Whether only a part of the time is looked at.
    pub(super) fn has_window(&self) -> bool {
        self.traits.clues.has_window
    }

    /// Changes what it measures, and why.
    pub(super) fn becomes(&mut self, measure: Measure, code: &'static str, because: String) {
        self.meaning.measure = measure;
        self.meaning.code = code;
        self.meaning.because = because;
        self.role = measure.role();
    }

    /// Whether its numbers make customers alike or different.
    pub(super) fn is_measure(&self) -> bool {
        let is_measure = self.role.is_amount_or_measure() && self.meaning.measure != Measure::Year;
        is_measure || self.in_battery
    }

    /// Whether it may be clustered on, as far as is known.
    pub(super) fn is_candidate(&self) -> bool {
        self.verdict.is_none()
            && self.is_measure()
            && matches!(self.traits.values, Values::Numbers(_))
            && self.is_complete_enough()
    }
}

/// Puts columns in the order of their names, so that the order in the file decides nothing.
pub(super) fn sort_by_name(columns: &[DraftColumn], chosen: &mut [usize]) {
    chosen.sort_by(|a, b| columns[*a].traits.name.cmp(&columns[*b].traits.name));
}

pub(super) struct Draft<'t> {
    pub(super) table: &'t Table,
    pub(super) recipe: Recipe,
    /// The user named the features.
    pub(super) explicit: bool,
    /// The user said which column is the value, or that none is.
    pub(super) value_is_given: bool,
    pub(super) columns: Vec<DraftColumn>,
    /// Where each column stands, by its name.
    places: HashMap<String, usize>,
    /// The features that the user named.
    named: HashSet<String>,
    pub(super) blocks: Vec<(String, Vec<String>)>,
    pub(super) notes: Vec<String>,
    /// The columns were scaled to mean 0 and standard deviation 1 before.
    pub(super) standardized: bool,
}

impl<'t> Draft<'t> {
    pub(super) fn new(recipe: &Recipe, table: &'t Table) -> Result<Self, PlanError> {
        let mut draft = Self {
            table,
            recipe: recipe.clone(),
            explicit: !recipe.segment.features.is_empty(),
            value_is_given: recipe.segment.value.is_some(),
            columns: Vec::new(),
            places: HashMap::new(),
            named: recipe.segment.features.iter().cloned().collect(),
            blocks: Vec::new(),
            notes: Vec::new(),
            standardized: false,
        };
        draft.require_names()?;
        let lower: BTreeSet<String> = table.names().map(str::to_lowercase).collect();
        let rfm = ["r", "f", "m"].iter().all(|name| lower.contains(*name));
        let read = |at: usize| {
            let name = table.batch().schema_ref().field(at).name();
            let array = table.batch().column(at).clone();
            Traits::new(name, array, table.facts(at).clone(), false)
        };
        let columns = (0..table.batch().num_columns()).into_par_iter();
        let columns: Vec<Traits> = columns.map(read).collect();
        for column in columns {
            draft.push(column, rfm);
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
        let given = |role, because: &str| Meaning {
            because: because.to_owned(),
            ..without_values(&column.name, role)
        };
        let (role, meaning) = match self.recipe.columns.get(&column.name) {
            Some(role) => (*role, given(*role, "the recipe says so")),
            None if is_outcome => (
                Role::Outcome,
                given(Role::Outcome, "a campaign is to change it"),
            ),
            None if is_treatment => (
                Role::Treatment,
                given(Role::Treatment, "it says who was contacted"),
            ),
            None => {
                let meaning = decide(&column, rfm);
                (meaning.measure.role(), meaning)
            }
        };
        let at = self.columns.len();
        self.places.entry(column.name.clone()).or_insert(at);
        self.columns.push(DraftColumn {
            traits: column,
            meaning,
            role,
            is_total: false,
            in_battery: false,
            twins: Vec::new(),
            verdict: None,
        });
    }

    /// What the columns say together of each.
    pub(super) fn read_together(&mut self) {
        let traits: Vec<&Traits> = self.columns.iter().map(|column| &column.traits).collect();
        let scaled = standardized(&traits);
        self.standardized = !scaled.is_empty();
        for at in scaled {
            if !self.is_given(at) {
                let because = "its values were scaled before".to_owned();
                self.columns[at].becomes(Measure::Number, "standardized", because);
            }
        }
        if self.standardized {
            let note = "the columns look scaled already (mean 0 and spread 1, or 0 to 1): no column is the value of a customer, and shares of it cannot be told";
            self.notes.push(note.to_owned());
        }
        self.charge_patients();
        self.expect_outcomes();
        self.set_survey_apart();
    }

    /// Beside the arms of a test, yes or no about one event is what the test was made for.
    fn expect_outcomes(&mut self) {
        if self.with_role(Role::Treatment).is_empty() {
            return;
        }
        for at in 0..self.columns.len() {
            let column = &self.columns[at];
            let clues = &column.traits.clues;
            let is_event = matches!(column.meaning.event, Some(Event::Visit | Event::Purchase));
            let is_plain = clues.concepts.len() == 1 && clues.unknown.is_empty();
            if column.role == Role::Flag && is_event && is_plain && !self.is_given(at) {
                let because = "it says whether it happened, beside the arms of a test".to_owned();
                self.columns[at].becomes(Measure::Outcome, "outcome", because);
            }
        }
    }

    /// Beside numbered questions, dates and short times are about the answering, not about the customer.
    fn set_survey_apart(&mut self) {
        let is_question = |column: &&DraftColumn| is_question(&column.traits);
        if self.columns.iter().filter(is_question).count() < FEWEST_QUESTIONS {
            return;
        }
        for column in &mut self.columns {
            let is_short = column
                .traits
                .clues
                .unit
                .is_some_and(|unit| unit < Unit::Days);
            let is_time = matches!(column.meaning.measure, Measure::Date)
                || is_short
                    && matches!(column.meaning.measure, Measure::Duration | Measure::Number);
            if is_time && column.meaning.event != Some(Event::Birth) {
                column.meaning.event = Some(Event::Record);
            }
        }
    }

    /// What patients are charged is a cost of treating them, not what they chose to spend.
    fn charge_patients(&mut self) {
        let is_medical = |column: &&DraftColumn| column.traits.clues.has(Concept::Medical);
        if self.columns.iter().filter(is_medical).count() < FEWEST_MEDICAL {
            return;
        }
        for column in &mut self.columns {
            if column.meaning.whose == Some(Whose::Spent) {
                column.meaning.whose = Some(Whose::Cost);
            }
        }
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub(super) fn with_role(&self, wanted: Role) -> Vec<usize> {
        (0..self.columns.len())
            .filter(|at| self.columns[*at].role == wanted)
            .collect()
    }

    /// The user gave the column its role, and means it.
    pub(super) fn is_given(&self, at: usize) -> bool {
        self.recipe
            .columns
            .contains_key(&self.columns[at].traits.name)
    }

    /// The user named it as a feature.
    pub(super) fn is_named(&self, at: usize) -> bool {
        self.named.contains(&self.columns[at].traits.name)
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
        let value = segment.value_column().map(str::to_owned);
        let wanted = (segment.features.iter().map(|name| (name, "to cluster on")))
            .chain(value.iter().map(|name| (name, "the value")))
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
        let numbers = segment.features.iter().chain(&value);
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
        let ordered = expr::in_order(waiting).map_err(|columns| PlanError::Circle { columns })?;
        let budget = Budget::of(self.table.rows());
        for (name, expression) in ordered {
            let array = match expression.evaluate_within(&self.read_by(&expression), &budget) {
                Ok(array) => crate::table::flags_as_numbers(array),
                Err(source) if source.is_about_cost() => {
                    let place = format!("derive.{name}");
                    return Err(PlanError::Expression { place, source });
                }
                // The pipeline comes to the same one first, and says what is wrong with it.
                Err(_) => return Ok(()),
            };
            let traits = Traits::new(&name, array, ColumnFacts::default(), true);
            self.push(traits, false);
        }
        Ok(())
    }

    /// The columns that an expression reads; all columns where one of those is not there, so that an error can name the nearest.
    pub(super) fn read_by(&self, expression: &Expr) -> RecordBatch {
        let columns = expression.columns().into_iter();
        let read: Option<Vec<usize>> = columns.map(|name| self.position(name)).collect();
        let shown = read.unwrap_or_else(|| (0..self.columns.len()).collect());
        let traits = shown.into_iter().map(|at| &self.columns[at].traits);
        crate::table::batch_of(
            traits.map(|traits| (traits.name.as_str(), traits.array.clone())),
            self.table.rows(),
        )
    }
}
