//! What people should know of the lines of purchases.

use std::collections::BTreeMap;

use super::amounts::{Numbers, ROUNDING, decimal};
use super::keys::count;
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
        let off = [0.0, order.off].map(|off| decimal((order.full - off - order.paid).abs()));
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
    /// Longer text is no code.
    const LONGEST: usize = 30;

    let keys = found.keys(Part::Product)?;
    let is_odd = |name: &str| !name.bytes().any(|byte| byte.is_ascii_digit());
    let is_odd: Vec<bool> = keys.names().map(|name| is_odd(&name)).collect();
    let odd = is_odd.iter().filter(|is_odd| **is_odd).count();
    if odd == 0 || keys.len() < FEWEST_CODES || odd * 20 > keys.len() {
        return None;
    }
    let mut money: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for line in lines.aside.counting() {
        let key = keys.of[line];
        if is_odd.get(key as usize) == Some(&true) {
            money.entry(key).or_default().push(lines.net(line));
        }
    }
    let named = money
        .into_iter()
        .map(|(key, money)| (keys.name(key), money));
    let may_be_told = |name: &str| name.len() <= LONGEST && !name.contains('@');
    let mut told: Vec<_> = named.filter(|(name, _)| may_be_told(name)).collect();
    told.sort_by(|(a, x), (b, y)| y.len().cmp(&x.len()).then_with(|| a.cmp(b)));
    told.truncate(MOST_TOLD);
    let names = told.iter().map(|(name, _)| format!("{name:?}"));
    let names = names.collect::<Vec<_>>().join(", ");
    let each = told.iter().map(|(name, money)| {
        let number = counted(money.len() as u64, "line", "lines");
        let money = cents(decimal(sum(money.iter().copied())));
        format!("{name} ({number}, {money} of the money)")
    });
    let each = each.collect::<Vec<_>>().join(", ");
    (!names.is_empty()).then(|| format!(
        "please check: {} without a digit may be no products, such as {each}; [purchases] not_products = [{names}] sets them aside",
        counted(odd as u64, "product code", "product codes")
    ))
}
