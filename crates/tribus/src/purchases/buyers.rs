//! Whose each line of purchases is.

use std::cell::{Cell, LazyCell};
use std::collections::HashMap;

use super::keys::{NONE, Named, Names, pairs};
use super::lines::fill;
use super::recognize::Found;
use crate::vocabulary::parts::Part;
use crate::vocabulary::states::is_guest;
use crate::words::counted;

/// The customer of each line: the number that names them, or of guests the address or telephone number.
pub(super) fn buyers(
    found: &Found<'_>,
    order: &[u32],
    days: &[Option<i32>],
    notes: &mut Vec<String>,
) -> Named {
    let order = LazyCell::new(|| of_one_day(order, days));
    let mut all = Names::default();
    let mut of = vec![NONE; days.len()];
    let mut lowered = 0;
    let mut guests = 0;
    // Of each address the registered customer who has it; none where several do.
    let mut registered: HashMap<String, Option<u32>> = HashMap::new();
    for part in [Part::Customer, Part::Email, Part::Phone] {
        let Some(keys) = found.keys(part) else {
            continue;
        };
        let changed = Cell::new(0_u64);
        let mut own = keys.changed(|text| {
            let name = key_of(text)?;
            changed.set(changed.get() + u64::from(name != text.trim()));
            Some(name)
        });
        lowered += changed.get();
        if own.of.contains(&NONE) {
            fill_keys(&mut own.of, &order);
        }
        let is_first = all.is_empty();
        let mut numbers: Vec<u32> = vec![NONE; own.names.len()];
        for (customer, key) in of.iter_mut().zip(&own.of) {
            if *customer != NONE || *key == NONE {
                continue;
            }
            guests += u64::from(!is_first);
            let number = &mut numbers[*key as usize];
            if *number == NONE {
                let name = &own.names[*key as usize];
                let known = registered.get(name).copied().flatten();
                *number = known.unwrap_or_else(|| all.number(name.clone()));
            }
            *customer = *number;
        }
        if part == Part::Customer {
            registered = owners(found, &order, &of);
        }
    }
    notes.extend(told(lowered, guests));
    Named {
        of,
        names: all.into_vec(),
    }
}

fn told(lowered: u64, guests: u64) -> impl Iterator<Item = String> {
    let lowered = (lowered > 0).then(|| {
        format!(
            "{} written in small letters, so that each is one customer",
            counted(lowered, "e-mail address was", "e-mail addresses were")
        )
    });
    let guests = (guests > 0).then(|| {
        format!(
            "{} of guests without a customer number are kept apart by e-mail or telephone",
            counted(guests, "line", "lines")
        )
    });
    lowered.into_iter().chain(guests)
}

/// Orders of one day: numbers of receipts may begin anew in another shop or year.
fn of_one_day(order: &[u32], days: &[Option<i32>]) -> Vec<u32> {
    let days: Vec<u32> = days
        .iter()
        .map(|day| day.map_or(NONE, |day| day as u32))
        .collect();
    pairs(order, &days)
}

/// Gives lines without a key that of their order, where all its lines agree.
fn fill_keys(keys: &mut [u32], order: &[u32]) {
    let mut values: Vec<Option<u32>> = keys
        .iter()
        .map(|key| (*key != NONE).then_some(*key))
        .collect();
    fill(&mut values, order);
    for (key, value) in keys.iter_mut().zip(values) {
        *key = value.unwrap_or(NONE);
    }
}

/// The key of a customer; nothing for a guest.
pub(crate) fn key_of(text: &str) -> Option<String> {
    let key = text.trim();
    match key {
        "" | "0" | "0.0" | "-1" => None,
        guest if is_guest(guest) => None,
        address if address.contains('@') => Some(address.to_lowercase()),
        key => Some(key.to_owned()),
    }
}

/// Of each address the customer who has it on lines with a number.
fn owners(found: &Found<'_>, order: &[u32], customer: &[u32]) -> HashMap<String, Option<u32>> {
    let Some(keys) = found.keys(Part::Email) else {
        return HashMap::new();
    };
    let mut emails = keys.changed(key_of);
    fill_keys(&mut emails.of, order);
    let mut owners: HashMap<u32, Option<u32>> = HashMap::new();
    let known = emails
        .of
        .iter()
        .zip(customer)
        .filter(|(email, customer)| **email != NONE && **customer != NONE);
    for (email, customer) in known {
        let owner = owners.entry(*email).or_insert(Some(*customer));
        *owner = owner.filter(|owner| owner == customer);
    }
    let named = owners
        .into_iter()
        .map(|(email, owner)| (emails.names[email as usize].clone(), owner));
    named.collect()
}
