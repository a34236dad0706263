//! Who may be written to: the columns that say so, and what they say of each customer.
//!
//! A name suggests, the cells decide, and a doubt is a no: a customer is written to only where every column that concerns the
//! list says yes. What nobody can tell is an error that names the columns.

use serde::Serialize;

use super::AudienceError;
use crate::roles::Kind;
use crate::table::Table;
use crate::vocabulary::contacts::{self, Answer, Channel, ConsentName};

/// How consent is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ConsentCheck {
    /// By the columns that tell of it.
    #[default]
    Found,
    /// By this column.
    Column(String),
    /// Not at all.
    None,
}

/// A column that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsentColumn {
    /// Its name.
    pub column: String,
    /// Yes in it means that the customer must not be written to.
    pub negated: bool,
    /// It holds days: a day means yes.
    pub days: bool,
    /// Rows of the file in which it is empty, or neither yes nor no.
    pub unclear: u64,
}

/// What is known of consent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Consent {
    /// The columns that decided; none where nothing tells of consent, or nothing was to be checked.
    pub columns: Vec<ConsentColumn>,
    /// Columns of consent to other ways to write.
    pub ignored: Vec<String>,
    /// Ways to write that the list is for and no column speaks of.
    pub unspoken: Vec<&'static str>,
}

struct Candidate {
    position: usize,
    column: String,
    negated: bool,
    days: bool,
    channels: Vec<Channel>,
}

/// The columns that decide, and for each row of the table whether all of them say yes.
pub(super) fn consent(
    table: &Table,
    check: &ConsentCheck,
    channels: &[Channel],
) -> Result<(Consent, Vec<bool>), AudienceError> {
    let candidates = match check {
        ConsentCheck::None => Vec::new(),
        ConsentCheck::Column(name) => vec![named(table, name)?],
        ConsentCheck::Found => found(table)?,
    };
    let mut known = Consent::default();
    let deciding = match check {
        ConsentCheck::Found => concerning(candidates, channels, &mut known)?,
        _ => candidates,
    };
    let mut agreed = vec![true; table.rows()];
    for candidate in deciding {
        let mut unclear = 0;
        for (row, agreed) in agreed.iter_mut().enumerate() {
            let says = candidate.says(table, row);
            unclear += u64::from(says.is_none());
            *agreed &= says == Some(true);
        }
        known.columns.push(ConsentColumn {
            column: candidate.column,
            negated: candidate.negated,
            days: candidate.days,
            unclear,
        });
    }
    Ok((known, agreed))
}

impl Candidate {
    /// Whether the customer of a row agreed; none where it is unclear.
    fn says(&self, table: &Table, row: usize) -> Option<bool> {
        let cell = table.cell(self.position, row);
        if self.days {
            return Some(cell.is_some() != self.negated);
        }
        match contacts::answer(&cell?)? {
            Answer::Yes => Some(!self.negated),
            Answer::No => Some(self.negated),
            Answer::Agreed => Some(true),
            Answer::Refused => Some(false),
        }
    }
}

fn named(table: &Table, name: &str) -> Result<Candidate, AudienceError> {
    let position = table.require(name)?;
    let says = contacts::consent(name);
    let candidate = Candidate {
        position,
        column: name.to_owned(),
        negated: matches!(
            says,
            Some(ConsentName::Refused | ConsentName::PerhapsRefused)
        ),
        days: table.kind(position) == Kind::Date,
        channels: Vec::new(),
    };
    let clear = (0..table.rows()).any(|row| candidate.says(table, row).is_some());
    if !clear && table.rows() > 0 {
        return Err(AudienceError::UnclearConsent {
            columns: vec![name.to_owned()],
        });
    }
    Ok(candidate)
}

/// All columns that tell of consent.
fn found(table: &Table) -> Result<Vec<Candidate>, AudienceError> {
    let (mut candidates, mut unclear) = (Vec::new(), Vec::new());
    for (position, column) in table.names().enumerate() {
        let Some(says) = contacts::consent(column) else {
            continue;
        };
        let days = table.kind(position) == Kind::Date;
        let fits = match says {
            ConsentName::Given | ConsentName::Refused => days || are_answers(table, position),
            ConsentName::PerhapsGiven | ConsentName::PerhapsRefused => are_answers(table, position),
            ConsentName::State => are_states(table, position),
        };
        let is_sure = matches!(says, ConsentName::Given | ConsentName::Refused);
        if fits {
            candidates.push(Candidate {
                position,
                column: column.to_owned(),
                negated: matches!(says, ConsentName::Refused | ConsentName::PerhapsRefused),
                days,
                channels: contacts::channels(column),
            });
        } else if is_sure {
            unclear.push(column.to_owned());
        }
    }
    if unclear.is_empty() {
        Ok(candidates)
    } else {
        Err(AudienceError::UnclearConsent { columns: unclear })
    }
}

fn present(table: &Table, position: usize) -> impl Iterator<Item = String> {
    (0..table.rows()).filter_map(move |row| table.cell(position, row))
}

/// Whether most cells that are there say yes or no.
fn are_answers(table: &Table, position: usize) -> bool {
    let (mut clear, mut all) = (0, 0);
    for cell in present(table, position) {
        all += 1;
        clear += usize::from(contacts::answer(&cell).is_some());
    }
    2 * clear >= all
}

/// Whether the cells are states of consent: orders and contracts have states as well.
fn are_states(table: &Table, position: usize) -> bool {
    let (mut clear, mut speaking, mut all) = (0, false, 0);
    for cell in present(table, position) {
        all += 1;
        let answer = contacts::answer(&cell);
        let is_state = matches!(answer, Some(Answer::Agreed | Answer::Refused));
        clear += usize::from(is_state);
        speaking |= is_state && contacts::consent(&cell).is_some();
    }
    speaking && 2 * clear >= all
}

/// The columns that concern a list for these channels. One that names no channel concerns every list; where the list is for no
/// channel that is known, the only column there is.
fn concerning(
    candidates: Vec<Candidate>,
    channels: &[Channel],
    known: &mut Consent,
) -> Result<Vec<Candidate>, AudienceError> {
    let is_only = candidates.len() == 1 && channels.is_empty();
    let concerns = |candidate: &Candidate| {
        let own = &candidate.channels;
        own.is_empty() || is_only || own.iter().any(|channel| channels.contains(channel))
    };
    let (deciding, others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(concerns);
    let others: Vec<String> = others.into_iter().map(|other| other.column).collect();
    if deciding.is_empty() && !others.is_empty() {
        return Err(AudienceError::OtherConsent { columns: others });
    }
    let is_general = deciding.iter().any(|column| column.channels.is_empty());
    let spoken = |channel: &Channel| {
        let mut all = deciding.iter().flat_map(|column| &column.channels);
        all.any(|own| own == channel || is_same_number(*own, *channel))
    };
    if !deciding.is_empty() && !is_general && !is_only {
        let unspoken = channels.iter().filter(|channel| !spoken(channel));
        known.unspoken = unspoken.map(|channel| channel.word()).collect();
        // A telephone number is one for calls and for messages.
        known.unspoken.dedup();
    }
    known.ignored = others;
    Ok(deciding)
}

/// Calls and messages go to one number.
fn is_same_number(one: Channel, other: Channel) -> bool {
    let number = [Channel::Phone, Channel::Sms];
    number.contains(&one) && number.contains(&other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audience::tests::table;

    fn agreed(text: &str, channels: &[Channel]) -> Result<(Consent, Vec<bool>), String> {
        consent(&table(text), &ConsentCheck::Found, channels).map_err(|error| error.to_string())
    }

    #[test]
    fn every_column_that_concerns_the_list_must_say_yes() {
        let text = "id,email_opt_in,sms_opt_in,unsubscribed\n\
            1,yes,no,0\n2,no,yes,0\n3,yes,yes,1\n4,,yes,0\n5,perhaps,yes,0\n6,yes,yes,\n";
        let (known, rows) = agreed(text, &[Channel::Email]).unwrap();
        assert_eq!(rows, [true, false, false, false, false, false]);
        assert_eq!(known.ignored, ["sms_opt_in"]);
        assert_eq!(known.columns[0].unclear, 2);
        assert!(known.columns[1].negated);
        let both = [Channel::Email, Channel::Phone, Channel::Sms];
        assert_eq!(agreed(text, &both).unwrap().1, [false; 6]);
    }

    #[test]
    fn days_say_that_it_happened() {
        let text = "id,unsubscribed_at,optin_time\n1,,2024-01-02\n2,2024-05-06,2024-01-03\n3,,\n";
        let (known, rows) = agreed(text, &[]).unwrap();
        assert_eq!(rows, [true, false, false]);
        assert!(known.columns.iter().all(|column| column.days));
    }

    #[test]
    fn states_of_consent_are_read_and_states_of_orders_are_not() {
        let text = "id,email_status\n1,subscribed\n2,unsubscribed\n3,cleaned\n4,\n";
        let (_, rows) = agreed(text, &[Channel::Email]).unwrap();
        assert_eq!(rows, [true, false, false, false]);
        let (known, rows) = agreed("id,status\n1,confirmed\n2,pending\n", &[]).unwrap();
        assert!(known.columns.is_empty());
        assert_eq!(rows, [true, true]);
    }

    #[test]
    fn what_nobody_can_tell_is_an_error_with_the_columns() {
        let unclear = agreed("id,opt_out\n1,12.5\n2,13.5\n3,99\n", &[]).unwrap_err();
        assert!(unclear.contains("`opt_out` seems"), "{unclear}");
        let other = agreed("id,sms_opt_in\n1,yes\n2,no\n", &[Channel::Email]).unwrap_err();
        assert!(other.contains("`sms_opt_in` tells"), "{other}");
        let two = "id,sms_opt_in,email_opt_in\n1,yes,no\n2,no,no\n";
        assert!(
            agreed(two, &[]).unwrap_err().contains("other ways"),
            "no channel, two columns"
        );
        // Counts of newsletters are no consent.
        let (known, _) = agreed("id,newsletters\n1,12\n2,40\n3,7\n", &[]).unwrap();
        assert!(known.columns.is_empty());
    }
}
