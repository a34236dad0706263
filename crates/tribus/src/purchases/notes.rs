//! What people should know of the lines of purchases.

use super::amounts::{Numbers, ROUNDING, decimal};
use super::keys::{NONE, count};
use super::lines::Lines;
use super::recognize::Found;
use crate::ledger::cents;
use crate::statistics::sum;
use crate::vocabulary::parts::Part;
use crate::words::counted;

pub(super) fn of(lines: &Lines, found: &Found<'_>, copies: &[bool]) -> Vec<String> {
    let notes = [
        amount(lines, found),
        beside(found),
        agreement(lines, found),
        copied(lines, copies),
        odd_products(lines, found),
    ];
    notes.into_iter().flatten().collect()
}

/// What was paid, and where it stands.
fn amount(lines: &Lines, found: &Found<'_>) -> Option<String> {
    match found.name(Part::Amount) {
        Some(name) if lines.once.contains(&Part::Amount) => Some(format!(
            "{name} belongs to the order and counts once per order"
        )),
        Some(_) => None,
        None => Some(computed(found)),
    }
}

/// What was paid, where no column says it.
fn computed(found: &Found<'_>) -> String {
    let quantity = found.name(Part::Quantity);
    let pieces = quantity.map_or_else(String::new, |name| format!("{name} x "));
    let discount = found.name(Part::Discount);
    let off = discount.map_or_else(String::new, |name| format!(" - {name}"));
    let price = found.name(Part::Price).unwrap_or_default();
    format!("what was paid is {pieces}{price}{off}")
}

fn beside(found: &Found<'_>) -> Option<String> {
    found.name(Part::Amount)?;
    let names = found.beside.join(", ");
    (!names.is_empty()).then(|| format!("amounts are as found; the file tells {names} beside them"))
}

/// In how many orders the amount is quantity times price, less what was taken off.
fn agreement(lines: &Lines, found: &Found<'_>) -> Option<String> {
    #[derive(Clone, Copy, Default)]
    struct Order {
        lines: f64,
        full: f64,
        off: f64,
        paid: f64,
    }
    let amount = found.name(Part::Amount)?;
    let quantity = Numbers::column(found, Part::Quantity)?.filled();
    let price = Numbers::column(found, Part::Price)?.filled();
    let mut orders = vec![Order::default(); count(&lines.order)];
    for line in lines
        .aside
        .counting()
        .filter(|line| lines.amount[*line] >= 0.0)
    {
        let order = &mut orders[lines.order[line] as usize];
        order.lines += 1.0;
        order.full += quantity[line] * price[line];
        order.off += lines.discount.as_ref().map_or(0.0, |off| off[line]);
        order.paid += lines.amount[line];
    }
    orders.retain(|order| order.lines > 0.0);
    let agrees = |order: &&Order| {
        let off = [0.0, order.off].map(|off| (order.full - off - order.paid).abs());
        off[0].min(off[1]) <= ROUNDING * order.lines
    };
    let agreeing = orders.iter().filter(agrees).count();
    Some(format!(
        "{amount} is {} x {}, with or without the discount, in {agreeing} of {}",
        found.name(Part::Quantity)?,
        found.name(Part::Price)?,
        counted(orders.len() as u64, "order", "orders"),
    ))
}

fn copied(lines: &Lines, copies: &[bool]) -> Option<String> {
    let copied = || lines.aside.counting().filter(|line| copies[*line]);
    let number = copied().count() as u64;
    let money = decimal(sum(copied().map(|line| lines.net(line))));
    (number > 0).then(|| format!(
        "{} equal another one in every column ({} of the money) and count ([purchases] copies = \"drop\" sets them aside)",
        counted(number, "line", "lines"),
        cents(money)
    ))
}

/// Product codes without a digit, where nearly all have one: postage, fees and corrections rather than products.
fn odd_products(lines: &Lines, found: &Found<'_>) -> Option<String> {
    const FEWEST_CODES: usize = 20;
    const MOST_TOLD: usize = 5;

    let keys = found.keys(Part::Product)?;
    let is_odd: Vec<bool> = keys
        .names()
        .map(|name| !name.bytes().any(|byte| byte.is_ascii_digit()))
        .collect();
    let odd = is_odd.iter().filter(|is_odd| **is_odd).count();
    if odd == 0 || keys.len() < FEWEST_CODES || odd * 20 > keys.len() {
        return None;
    }
    let mut of = vec![(0_u64, 0.0, 0_u32); keys.len()];
    for line in lines.aside.counting().filter(|line| keys.of[*line] != NONE) {
        let key = keys.of[line];
        let (number, money, own) = &mut of[key as usize];
        (*number, *money, *own) = (*number + 1, *money + lines.net(line), key);
    }
    let mut told: Vec<(u64, f64, u32)> = of
        .into_iter()
        .zip(is_odd)
        .filter(|(_, is_odd)| *is_odd)
        .map(|(own, _)| own)
        .filter(|own| own.0 > 0)
        .collect();
    told.sort_by(|a, b| {
        b.0.cmp(&a.0)
            .then_with(|| keys.name(a.2).cmp(&keys.name(b.2)))
    });
    told.truncate(MOST_TOLD);
    let names: Vec<String> = told
        .iter()
        .map(|own| format!("{:?}", keys.name(own.2)))
        .collect();
    let each = told.iter().map(|(number, money, key)| {
        let number = counted(*number, "line", "lines");
        format!(
            "{} ({number}, {} of the money)",
            keys.name(*key),
            cents(*money)
        )
    });
    let each = each.collect::<Vec<_>>().join(", ");
    (!names.is_empty()).then(|| format!(
        "please check: {} without a digit may be no products, such as {each}; [purchases] not_products = [{}] sets them aside",
        counted(odd as u64, "product code", "product codes"),
        names.join(", ")
    ))
}
