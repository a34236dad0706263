//! The columns of a table that tell how to reach its customers.

use super::country::Country;
use super::normalize::is_hashed;
use crate::roles::Kind;
use crate::table::Table;
use crate::vocabulary::contacts::{Channel, Contact, contact};

/// Cells looked at to tell what a column holds.
const LOOKED_AT: usize = 10_000;

/// A column that tells how to reach a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ContactColumn {
    pub(super) contact: Contact,
    pub(super) position: usize,
    /// Words of its header beside those that say what it is; fewer is better.
    others: usize,
}

/// All such columns among those at `positions`, in their order.
pub(super) fn find(table: &Table, positions: &[usize]) -> Vec<ContactColumn> {
    let names: Vec<&str> = table.names().collect();
    let columns = positions.iter().filter_map(|&position| {
        let named = contact(names[position]).filter(|(contact, _)| {
            let share = share_that(table, position, |cell| is_like(*contact, cell));
            share.is_some_and(|share| share >= 0.5) && is_of_kind(table, position, *contact)
        });
        // Addresses are addresses whatever their column is called.
        let addresses = || {
            let share = share_that(table, position, |cell| {
                is_like(Contact::Email, cell) && !is_hashed(cell)
            });
            share
                .filter(|share| *share > 0.5)
                .map(|_| (Contact::Email, usize::MAX))
        };
        let (contact, others) = named.or_else(addresses)?;
        Some(ContactColumn {
            contact,
            position,
            others,
        })
    });
    columns.collect()
}

/// The best column of a kind: the plainest header, then the first in the file.
pub(super) fn best(columns: &[ContactColumn], contact: Contact) -> Option<&ContactColumn> {
    let own = columns.iter().filter(|column| column.contact == contact);
    own.min_by_key(|column| (column.others, column.position))
}

/// The ways to write to somebody whose contacts these are.
pub(super) fn channels(columns: &[ContactColumn]) -> Vec<Channel> {
    let has = |contact| columns.iter().any(|column| column.contact == contact);
    let mut channels = Vec::new();
    if has(Contact::Email) {
        channels.push(Channel::Email);
    }
    if has(Contact::Phone) {
        channels.extend([Channel::Phone, Channel::Sms]);
    }
    if has(Contact::Street) {
        channels.push(Channel::Post);
    }
    channels
}

/// The share of the cells that are there for which something is so; none of an empty column.
fn share_that(table: &Table, position: usize, is_so: impl Fn(&str) -> bool) -> Option<f64> {
    let cells = (0..table.rows()).filter_map(|row| table.cell(position, row));
    let (mut all, mut so) = (0_usize, 0_usize);
    for cell in cells.take(LOOKED_AT) {
        all += 1;
        so += usize::from(is_so(&cell));
    }
    (all > 0).then(|| so as f64 / all as f64)
}

fn is_of_kind(table: &Table, position: usize, contact: Contact) -> bool {
    match table.kind(position) {
        Kind::Date => contact == Contact::Birth,
        Kind::Number => matches!(contact, Contact::Phone | Contact::Zip),
        Kind::Text => true,
    }
}

fn is_like(contact: Contact, cell: &str) -> bool {
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    match contact {
        Contact::Email => cell.contains('@') || is_hashed(cell),
        Contact::Phone => is_hashed(cell) || (6..=20).contains(&digits) && !cell.contains('@'),
        Contact::Country => Country::of(cell).is_some(),
        Contact::FirstName | Contact::LastName | Contact::City => {
            cell.chars().any(char::is_alphabetic)
        }
        Contact::Device => cell.matches('-').count() == 4,
        Contact::FullName
        | Contact::Street
        | Contact::State
        | Contact::Zip
        | Contact::Birth
        | Contact::Gender => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audience::tests::table;

    #[test]
    fn names_suggest_and_cells_decide() {
        let table = table(
            "id,Kontakt,phone_orders,Mobile,First Name,Billing City,city,email_opens,plz\n\
             1,a@b.de,3,+49 170 1234567,Ann,Bonn,Ulm,12,01067\n2,c@d.de,0,+49 170 1234568,Bob,Köln,Bonn,3,10115\n",
        );
        let all: Vec<usize> = (0..9).collect();
        let found = find(&table, &all);
        let position = |contact| best(&found, contact).map(|column| column.position);
        assert_eq!(position(Contact::Email), Some(1));
        assert_eq!(position(Contact::Phone), Some(3));
        assert_eq!(position(Contact::FirstName), Some(4));
        assert_eq!(position(Contact::City), Some(6));
        assert_eq!(position(Contact::Zip), Some(8));
        assert_eq!(found.len(), 6);
        assert_eq!(
            channels(&found),
            [Channel::Email, Channel::Phone, Channel::Sms]
        );
    }
}
