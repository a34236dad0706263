//! Customers with the contacts that stand on the lines of their purchases.

use std::collections::{BTreeSet, HashMap};

use arrow_array::LargeStringArray;

use super::{AudienceError, AudienceOptions, ConsentCheck};
use crate::purchases::{CUSTOMER_ID, customer_key};
use crate::segmentation::Segmentation;
use crate::table::Table;
use crate::vocabulary::contacts::{self, ConsentName};
use crate::words::counted;

/// The table that an audience is drawn from: customers as they are, purchases rolled up as those were that were segmented. Of
/// purchases the contacts, the consent and the columns of the options come along where all lines of a customer that say
/// anything say the same. What differs between lines is left empty; the notes tell how often.
///
/// # Errors
/// Purchases that cannot be rolled up.
pub fn customers_of(
    segmentation: &Segmentation,
    table: Table,
    options: &AudienceOptions,
) -> Result<(Table, Vec<String>), AudienceError> {
    let is_rolled_up = table.purchases().is_some();
    let lines = table.clone();
    let customers = segmentation.customers_of(table, options.as_of)?;
    if customers.purchases().is_none() || is_rolled_up {
        return Ok((customers, Vec::new()));
    }
    let owners = owners(segmentation, &lines, &customers);
    let (mut texts, mut notes) = (Vec::new(), Vec::new());
    for position in carried(&lines, &customers, options) {
        let name = lines.names().nth(position).unwrap_or_default().to_owned();
        let (cells, differing) = constant(&lines, position, &owners, customers.rows());
        if differing > 0 && !is_perhaps(&name) {
            let whose = counted(differing, "customer", "customers");
            notes.push(format!(
                "`{name}` differs between the lines of {whose}, and is empty for them"
            ));
        }
        texts.push((name, cells));
    }
    Ok((customers.with_texts(texts), notes))
}

/// A column that tells of consent only if its cells do: the state of an order has the same name.
fn is_perhaps(name: &str) -> bool {
    let says = contacts::consent(name);
    says.is_some_and(|says| !matches!(says, ConsentName::Given | ConsentName::Refused))
}

/// The customer of each line, as a row of the table of customers.
fn owners(segmentation: &Segmentation, lines: &Table, customers: &Table) -> Vec<Option<usize>> {
    let ids = customers.position(CUSTOMER_ID);
    let rows: HashMap<String, usize> = (0..customers.rows())
        .filter_map(|row| Some((customers.cell(ids?, row)?, row)))
        .collect();
    let parts = segmentation.recipe().purchases.as_ref();
    let parts = parts.map(|parts| [&parts.customer, &parts.email, &parts.phone]);
    let positions: Vec<usize> = parts
        .into_iter()
        .flatten()
        .filter_map(|part| lines.position(part.as_ref()?))
        .collect();
    let owner = |line: usize| {
        let mut keys = positions
            .iter()
            .filter_map(|position| customer_key(&lines.cell(*position, line)?));
        rows.get(&keys.next()?).copied()
    };
    (0..lines.rows()).map(owner).collect()
}

/// The columns of the lines that are of use for a list.
fn carried(lines: &Table, customers: &Table, options: &AudienceOptions) -> Vec<usize> {
    let mut named: BTreeSet<&str> = options.column_names().collect();
    named.extend(
        options
            .condition
            .iter()
            .flat_map(|condition| condition.columns()),
    );
    if let ConsentCheck::Column(name) = &options.consent {
        named.insert(name);
    }
    let is_of_use = |name: &str| {
        named.contains(name)
            || contacts::contact(name).is_some()
            || contacts::consent(name).is_some()
    };
    let names = lines.names().enumerate();
    names
        .filter(|(_, name)| customers.position(name).is_none() && is_of_use(name))
        .map(|(position, _)| position)
        .collect()
}

/// What all lines of a customer say that say anything, and of how many customers they differ.
fn constant(
    lines: &Table,
    position: usize,
    owners: &[Option<usize>],
    customers: usize,
) -> (LargeStringArray, u64) {
    let mut known: Vec<Option<String>> = vec![None; customers];
    let mut differs = vec![false; customers];
    for (line, owner) in owners.iter().enumerate() {
        let Some((owner, cell)) = owner.zip(lines.cell(position, line)) else {
            continue;
        };
        match &known[owner] {
            None => known[owner] = Some(cell),
            Some(before) => differs[owner] |= before.trim() != cell.trim(),
        }
    }
    let cells = known.into_iter().zip(&differs);
    let cells = cells.map(|(cell, differs)| cell.filter(|_| !differs));
    let differing = differs.iter().filter(|differs| **differs).count();
    (cells.collect(), differing as u64)
}
