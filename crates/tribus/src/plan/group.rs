//! The group in which a feature is shown and weighed.

use crate::meaning::{Event, Meaning, Measure, Whose};
use crate::roles::FeatureGroup;

/// The group of a column with this meaning.
pub(super) fn group_of(meaning: &Meaning) -> FeatureGroup {
    let is_means = matches!(meaning.whose, Some(Whose::Owned | Whose::Owed));
    let is_paid = matches!(
        meaning.whose,
        Some(Whose::Spent | Whose::Worth | Whose::Cost | Whose::Price)
    );
    match meaning.measure {
        Measure::Age | Measure::BirthYear => FeatureGroup::Demographics,
        _ if meaning.event == Some(Event::People) || meaning.is_income => {
            FeatureGroup::Demographics
        }
        Measure::Duration | Measure::Date | Measure::Outcome | Measure::Treatment => {
            FeatureGroup::Engagement
        }
        _ if is_paid || is_means => FeatureGroup::Behavior,
        _ if meaning.event.is_some_and(is_engagement) => FeatureGroup::Engagement,
        Measure::Category
        | Measure::Label
        | Measure::Flag
        | Measure::Text
        | Measure::Place
        | Measure::Code => FeatureGroup::Demographics,
        _ => FeatureGroup::Behavior,
    }
}

/// How customers come back and respond.
fn is_engagement(event: Event) -> bool {
    matches!(
        event,
        Event::Visit
            | Event::Login
            | Event::SignUp
            | Event::Message
            | Event::Call
            | Event::Complaint
            | Event::Renewal
    )
}
