//! The role of a column, from its name and its values, with the reason in words.

use super::traits::{NumberTraits, TextTraits, Traits, Values};
use crate::roles::{FeatureGroup, Role};
use crate::vocabulary::{
    AGE, ARM, BIRTH, CODE, COUNT, COUNTED, DAYS, DEMOGRAPHIC, ENGAGEMENT, INCOME, LOSS, NOT_MONEY,
    OTHER_MONEY, OUTCOME, PERSON_PARTS, PERSONAL, PLACE, PREDICTED, SCORE, SHARE, SPENDING,
    TREATMENT, WEIGHT, any, named_like_an_id, words,
};

/// A role and what it was taken from.
pub(super) struct Found {
    pub(super) role: Role,
    pub(super) because: String,
}

fn found(role: Role, because: &str) -> Found {
    Found {
        role,
        because: because.to_owned(),
    }
}

/// A text column with more kinds than this is no category.
const MOST_CATEGORIES: usize = 50;

/// An integer code has at most this many values.
const MOST_CODES: usize = 12;

pub(super) fn role_of(column: &Traits, rfm: bool) -> Found {
    if column.present() == 0 {
        return found(Role::Constant, "it is empty");
    }
    if column.distinct == 1 && column.rows > 1 {
        return found(Role::Constant, "it has the same value in every row");
    }
    if is_personal(&column.words) {
        return found(Role::Text, "it names a person, or how to reach one");
    }
    if named_like_an_id(&column.name) {
        return found(Role::Id, "its name is that of an id");
    }
    match &column.values {
        Values::Dates { .. } => found(Role::Date, "it holds dates"),
        Values::Text(text) => text_role(column, text),
        Values::Numbers(numbers) => {
            if rfm && let Some(found) = rfm_role(&column.name) {
                return found;
            }
            if numbers_rows(column, numbers) {
                return found(Role::Id, "it numbers the rows");
            }
            number_role(column, numbers)
        }
    }
}

/// Columns called R, F and M mean something only together.
fn rfm_role(name: &str) -> Option<Found> {
    match name.to_ascii_lowercase().as_str() {
        "r" => Some(found(Role::Days, "recency: R beside F and M")),
        "f" => Some(found(Role::Count, "frequency: F beside R and M")),
        "m" => Some(found(Role::Money, "monetary value: M beside R and F")),
        _ => None,
    }
}

fn is_personal(words: &[String]) -> bool {
    let named = words.len() == 2 && words[1] == "name" && any(&words[..1], PERSON_PARTS);
    any(words, PERSONAL) || named || (words.len() == 1 && words[0] == "name")
}

/// Whole numbers from 0 or 1 on, each once: a count of the rows, whatever the column is called.
fn numbers_rows(column: &Traits, numbers: &NumberTraits) -> bool {
    column.rows > 20
        && column.missing == 0
        && numbers.whole
        && (numbers.min == 0.0 || numbers.min == 1.0)
        && column.distinct == column.rows
        && numbers.max - numbers.min + 1.0 == column.rows as f64
}

fn text_role(column: &Traits, text: &TextTraits) -> Found {
    if text.with_at {
        return found(Role::Id, "it holds e-mail addresses");
    }
    if column.facts.ambiguous_dates {
        return found(
            Role::Text,
            "its dates can be read as day-month and as month-day",
        );
    }
    if any(&column.words, TREATMENT) && column.distinct <= 8 {
        return found(Role::Treatment, "its name is that of a test arm");
    }
    if any(&column.words, ARM)
        && column.distinct <= 8
        && text.levels.iter().any(|level| is_control(level))
    {
        return found(Role::Treatment, "one of its categories is a control group");
    }
    if column.distinct == column.present() && column.rows > 20 && text.mean_length <= 40.0 {
        return found(Role::Id, "it is different in every row");
    }
    if column.distinct == 2 && any(&column.words, OUTCOME) {
        return found(Role::Outcome, "its name is that of an outcome");
    }
    let most = MOST_CATEGORIES.min((column.present() / 2).max(2));
    if column.distinct <= most && text.mean_length <= 60.0 {
        return found(Role::Category, &format!("it has {} kinds", column.distinct));
    }
    found(
        Role::Text,
        &format!("it is free text ({} different values)", column.distinct),
    )
}

/// Whether a column is called like an outcome that a campaign is to prevent.
pub(crate) fn is_loss(name: &str) -> bool {
    any(&words(name), LOSS)
}

/// Whether a category is called like the customers of a test that are left alone.
pub(crate) fn is_control(level: &str) -> bool {
    let level = level.to_lowercase();
    let holdout = ["holdout", "hold-out", "hold out"];
    level.contains("control")
        || level.starts_with("no ")
        || level == "none"
        || holdout.iter().any(|word| level.contains(word))
}

fn number_role(column: &Traits, numbers: &NumberTraits) -> Found {
    by_name(column, numbers).unwrap_or_else(|| by_shape(column, numbers))
}

fn by_name(column: &Traits, numbers: &NumberTraits) -> Option<Found> {
    let has = |list: &[&str]| any(&column.words, list);
    let years = numbers.median > 1850.0 && numbers.median < 2100.0;
    if has(BIRTH) && numbers.whole && years {
        return Some(named(Role::BirthYear, "a year of birth"));
    }
    if has(AGE) && numbers.median >= 0.0 && numbers.median <= 120.0 {
        return Some(named(Role::Age, "an age"));
    }
    if column.zero_or_one() {
        return Some(flag_role(column));
    }
    if has(OUTCOME) && numbers.whole && column.distinct <= 10 && column.words.len() <= 2 {
        return Some(named(Role::Outcome, "an outcome"));
    }
    if WEIGHT.contains(&column.name.to_lowercase().as_str()) && numbers.min > 0.0 {
        return Some(named(Role::Weight, "a weight"));
    }
    if has(OUTCOME) && has(PREDICTED) {
        return Some(found(Role::Outcome, "it tells an outcome in advance"));
    }
    if has(PLACE) {
        return Some(found(Role::Text, "it is a place, not a measure"));
    }
    if has(SCORE) {
        return Some(named(Role::Score, "a score"));
    }
    let percent =
        column.name.contains('%') || column.facts.notation.iter().any(|note| note.contains('%'));
    if has(SHARE) || percent {
        return Some(named(Role::Share, "a share"));
    }
    if numbers.min >= 0.0 && numbers.max <= 1.0 && !numbers.whole {
        return Some(found(Role::Share, "its values lie between 0 and 1"));
    }
    money_or_count(column, numbers)
}

fn named(role: Role, what: &str) -> Found {
    found(role, &format!("its name is that of {what}"))
}

fn flag_role(column: &Traits) -> Found {
    if any(&column.words, OUTCOME) && column.words.len() <= 2 {
        return found(Role::Outcome, "its name is that of an outcome");
    }
    if any(&column.words, TREATMENT) {
        return found(Role::Treatment, "its name is that of a test arm");
    }
    found(Role::Flag, "it is 0 or 1")
}

fn money_or_count(column: &Traits, numbers: &NumberTraits) -> Option<Found> {
    let has = |list: &[&str]| any(&column.words, list);
    if has(INCOME) {
        return Some(named(Role::Money, "an income"));
    }
    if column.facts.currency.is_some() || column.name.contains(['$', '€', '£', '¥']) {
        return Some(found(Role::Money, "it carries a currency sign"));
    }
    if has(COUNT) && numbers.whole {
        return Some(named(Role::Count, "a count"));
    }
    if has(SPENDING) || has(OTHER_MONEY) {
        return Some(named(Role::Money, "an amount of money"));
    }
    if has(COUNTED) && numbers.whole {
        return Some(named(Role::Count, "a count"));
    }
    if has(DEMOGRAPHIC) && numbers.whole {
        return Some(named(Role::Count, "a count of people"));
    }
    if has(DAYS) {
        return Some(named(Role::Days, "a time span"));
    }
    if has(CODE) && numbers.whole && column.distinct <= 1000 {
        return Some(named(Role::Category, "a code"));
    }
    None
}

fn by_shape(column: &Traits, numbers: &NumberTraits) -> Found {
    let consecutive = numbers.max - numbers.min + 1.0 == column.distinct as f64;
    if numbers.whole && column.distinct == 2 {
        return found(Role::Category, "it has two values");
    }
    if numbers.whole && numbers.min >= 1.0 && consecutive && column.distinct <= MOST_CODES {
        return found(
            Role::Category,
            &format!(
                "its values are the codes {} to {}",
                numbers.min, numbers.max
            ),
        );
    }
    let long_tail = numbers.q95 - numbers.median > 2.0 * (numbers.median - numbers.q05);
    let money_like = numbers.min >= 0.0 && !any(&column.words, NOT_MONEY);
    if money_like && numbers.cents && column.distinct > 20 && long_tail {
        return found(
            Role::Money,
            "its values have two decimals and a long tail, like money",
        );
    }
    if money_like && numbers.whole && numbers.max >= 1000.0 && column.distinct > 30 && long_tail {
        return found(
            Role::Money,
            "its values are large whole numbers with a long tail, like amounts",
        );
    }
    if numbers.whole && numbers.min >= 0.0 && numbers.max <= 1000.0 {
        return found(Role::Count, "its values are small whole numbers");
    }
    found(Role::Number, "it is a number")
}

/// The group in which a feature is shown and weighed.
pub(super) fn group_of(words: &[String], role: Role) -> FeatureGroup {
    if matches!(role, Role::Age | Role::BirthYear) || any(words, DEMOGRAPHIC) || any(words, INCOME)
    {
        return FeatureGroup::Demographics;
    }
    if matches!(
        role,
        Role::Days | Role::Date | Role::Outcome | Role::Treatment
    ) {
        return FeatureGroup::Engagement;
    }
    if any(words, SPENDING) {
        return FeatureGroup::Behavior;
    }
    if any(words, ENGAGEMENT) {
        return FeatureGroup::Engagement;
    }
    if matches!(role, Role::Category | Role::Flag | Role::Text) {
        return FeatureGroup::Demographics;
    }
    FeatureGroup::Behavior
}

/// Whether a money column says what customers spend (and not what they earn or own).
pub(super) fn is_spending(column: &Traits, role: Role) -> bool {
    role == Role::Money && !any(&column.words, INCOME) && !any(&column.words, OTHER_MONEY)
}

/// Whether that is known by its name or a currency sign, not only guessed from its values.
pub(super) fn is_surely_spending(column: &Traits) -> bool {
    any(&column.words, SPENDING)
        || column.facts.currency.is_some()
        || column.name.contains(['$', '€', '£', '¥'])
}
