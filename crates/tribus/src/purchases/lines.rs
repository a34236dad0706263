//! The lines of a file of purchases: whose each is, of which order and day, what it is worth, and why it does not count.

use std::borrow::Cow;

use super::amounts::{Discounts, Numbers, amounts, decimal};
use super::aside::Aside;
use super::buyers::buyers;
use super::copies::copies;
use super::keys::{Keys, NONE, count, dates, pairs};
use super::recognize::Found;
use super::states::{Told, older_states};
use super::{PurchasesError, notes};
use crate::date::Date;
use crate::expr::{Budget, Expr};
use crate::ledger::{DiscountKind, PurchaseMoney};
use crate::meaning::latest_day;
use crate::recipe::{Copies, PurchasesSection, Recipe, Returns};
use crate::statistics::sum;
use crate::table::Table;
use crate::vocabulary::parts::Part;
use crate::vocabulary::states::{RowKind, State};

/// The lines, column by column.
#[derive(Debug)]
pub(super) struct Lines {
    /// The day that counts as today.
    pub(super) as_of: Date,
    /// The customers' names, numbered.
    pub(super) names: Vec<String>,
    pub(super) customer: Vec<u32>,
    /// Orders, numbered; one number may be of several customers, who each have an order then.
    pub(super) order: Vec<u32>,
    pub(super) day: Vec<i32>,
    /// What was sold, below 0 where it came back.
    pub(super) amount: Vec<f64>,
    pub(super) refunds: Option<Refunds>,
    /// What was taken off the price.
    pub(super) discount: Option<Vec<f64>>,
    pub(super) discount_kind: DiscountKind,
    /// Numbers that belong to orders and count once.
    pub(super) once: Vec<Part>,
    pub(super) aside: Aside,
    pub(super) section: PurchasesSection,
    pub(super) notes: Vec<String>,
}

/// What was given back of each line later, and when.
#[derive(Debug)]
pub(super) struct Refunds {
    pub(super) money: Vec<f64>,
    pub(super) day: Vec<i32>,
}

impl Lines {
    /// What was given back of a line later.
    fn refund(&self, line: usize) -> f64 {
        let refunds = self.refunds.as_ref();
        refunds.map_or(0.0, |refunds| refunds.money[line])
    }

    pub(super) fn net(&self, line: usize) -> f64 {
        self.amount[line] - self.refund(line)
    }

    /// The account in money.
    pub(super) fn money(&self) -> PurchaseMoney {
        let used = || self.aside.counting();
        let back = |line: usize| self.refund(line) + (-self.amount[line]).max(0.0);
        PurchaseMoney {
            file: decimal(sum((0..self.amount.len()).map(|line| self.net(line)))),
            used: decimal(sum(used().map(|line| self.net(line)))),
            gross: decimal(sum(used().map(|line| self.amount[line].max(0.0)))),
            returned: decimal(sum(used().map(back))),
            set_aside: self.aside.account(|line| self.net(line)),
        }
    }
}

/// Reads the lines of a table of purchases.
pub(super) fn read(recipe: &Recipe, found: &mut Found<'_>) -> Result<Lines, PurchasesError> {
    let table = found.table();
    let section = recipe.purchases.clone().unwrap_or_default();
    let mut aside = Aside::new(table.rows());
    let mut notes = Vec::new();
    let order = found
        .take_keys(Part::Order)
        .map_or_else(|| (0..table.rows() as u32).collect(), blanks_apart);
    let told = Told::of(found, &order, &mut notes);
    let copies = copies(table);
    set_versions_aside(found, &order, &told, &mut aside);
    set_copies_aside(&section, &copies, &mut aside);
    let group = versions(&order, &aside, &told);
    drop_lines(&section, table, &mut aside)?;
    set_unpaid_aside(&told, &mut aside);
    let days = days(found, &order);
    let buyers = buyers(found, &order, &days, &mut notes);
    aside.set("no_customer", |line| buyers.of[line] == NONE);
    aside.set("no_date", |line| days[line].is_none());
    aside.set("no_purchase", |line| told.is_kind(line, RowKind::Other));
    set_no_products_aside(&section, found, &mut aside);
    let as_of = as_of(recipe, found);
    aside.set("after_as_of", |line| {
        days[line].is_some_and(|day| day > as_of.days())
    });
    let day: Vec<i32> = days.into_iter().map(Option::unwrap_or_default).collect();
    let worth = worth(found, &group, &told, &section, &mut aside);
    refuse_currencies(found, &aside)?;
    drop(group);
    let mut lines = Lines {
        as_of,
        order,
        customer: buyers.of,
        names: buyers.names,
        refunds: worth.refund.map(|money| Refunds {
            money,
            day: refund_days(found, &day),
        }),
        day,
        amount: worth.amount,
        discount: worth.discount,
        discount_kind: worth.discount_kind,
        once: worth.once,
        aside,
        section,
        notes,
    };
    refuse_nothing(&lines, table)?;
    let own = notes::of(&lines, found, &copies);
    lines.notes.extend(own);
    Ok(lines)
}

/// The orders of a column of numbers; each line without one is an order of its own.
fn blanks_apart(keys: Keys) -> Vec<u32> {
    let numbers = keys.len() as u32..;
    let mut of = keys.of;
    let blanks = of.iter_mut().filter(|key| **key == NONE);
    for (key, number) in blanks.zip(numbers) {
        *key = number;
    }
    of
}

/// Older versions of orders do not count.
fn set_versions_aside(found: &Found<'_>, order: &[u32], told: &Told, aside: &mut Aside) {
    if let Some(states) = &told.states {
        let older = older_states(found, order, states);
        aside.set("older_state", |line| older[line]);
    }
}

fn set_copies_aside(section: &PurchasesSection, copies: &[bool], aside: &mut Aside) {
    if section.copies == Some(Copies::Drop) {
        aside.set("copy", |line| copies[line]);
    }
}

/// The orders; versions of an order that do not count have numbers of their own, and so have returns.
fn versions<'o>(order: &'o [u32], aside: &Aside, told: &Told) -> Cow<'o, [u32]> {
    let mut own = Cow::Borrowed(order);
    if !aside.is_empty() {
        own = Cow::Owned(pairs(&own, &aside.numbers()));
    }
    if let Some(kinds) = &told.kinds {
        let kinds: Vec<u32> = kinds
            .iter()
            .map(|kind| kind.map_or(NONE, |kind| kind as u32))
            .collect();
        own = Cow::Owned(pairs(&own, &kinds));
    }
    own
}

/// Sets the lines aside that the recipe says.
fn drop_lines(
    section: &PurchasesSection,
    table: &Table,
    aside: &mut Aside,
) -> Result<(), PurchasesError> {
    let budget = Budget::of(table.rows());
    for rule in &section.drop {
        let error = |source| PurchasesError::Expression {
            place: format!("purchases.drop ({})", rule.condition),
            source,
        };
        let condition = Expr::parse(&rule.condition).map_err(error)?;
        let out = condition
            .select_within(table.batch(), &budget)
            .map_err(error)?;
        aside.set(&rule.because, |line| out[line]);
    }
    Ok(())
}

/// What was not paid, or called off, does not count.
fn set_unpaid_aside(told: &Told, aside: &mut Aside) {
    let reasons = [
        ("cancelled", State::Cancelled),
        ("failed", State::Failed),
        ("unpaid", State::Unpaid),
    ];
    for (reason, state) in reasons {
        aside.set(reason, |line| told.is_state(line, state));
    }
}

fn set_no_products_aside(section: &PurchasesSection, found: &Found<'_>, aside: &mut Aside) {
    if section.not_products.is_empty() {
        return;
    }
    let Some(products) = found.keys(Part::Product) else {
        return;
    };
    let is_listed = |name: &str| section.not_products.iter().any(|listed| listed == name);
    let listed = products.meanings(|name| is_listed(name).then_some(()));
    aside.set("not_a_product", |line| listed[line].is_some());
}

/// The day of each line, or of its order.
fn days(found: &Found<'_>, order: &[u32]) -> Vec<Option<i32>> {
    let mut days: Vec<Option<i32>> = found
        .column(Part::Date)
        .into_iter()
        .flat_map(dates)
        .collect();
    fill(&mut days, order);
    days
}

/// The day on which a refund counts: its own, or that of the line.
fn refund_days(found: &Found<'_>, day: &[i32]) -> Vec<i32> {
    let mut days = day.to_vec();
    let column = found.column(Part::RefundDate);
    for (day, refunded_on) in days.iter_mut().zip(column.into_iter().flat_map(dates)) {
        *day = refunded_on.unwrap_or(*day);
    }
    days
}

/// The day that counts as today: what was said, or the last of the file that is not an isolated tail.
fn as_of(recipe: &Recipe, found: &Found<'_>) -> Date {
    let latest = || latest_day(found.column(Part::Date)?).and_then(Date::from_days);
    recipe.input.as_of.or_else(latest).unwrap_or(Date::MIN)
}

/// Gives lines without a value that of their order, where all its lines agree.
pub(super) fn fill<T: Copy + PartialEq>(values: &mut [Option<T>], order: &[u32]) {
    #[derive(Clone, Copy)]
    enum Of<T> {
        Nothing,
        One(T),
        Several,
    }

    if values.iter().all(Option::is_some) {
        return;
    }
    let mut known = vec![Of::Nothing; count(order)];
    let numbered = |order: &u32| *order != NONE;
    for (value, order) in values
        .iter()
        .zip(order)
        .filter(|(_, order)| numbered(order))
    {
        let own = &mut known[*order as usize];
        *own = match (*own, value) {
            (own, None) => own,
            (Of::Nothing, Some(value)) => Of::One(*value),
            (Of::One(own), Some(value)) if own == *value => Of::One(own),
            _ => Of::Several,
        };
    }
    let lines = values.iter_mut().zip(order);
    for (value, order) in lines.filter(|(_, order)| numbered(order)) {
        if let (None, Of::One(own)) = (&value, known[*order as usize]) {
            *value = Some(own);
        }
    }
}

/// What each line is worth, and what was given back or taken off.
struct Worth {
    amount: Vec<f64>,
    refund: Option<Vec<f64>>,
    discount: Option<Vec<f64>>,
    discount_kind: DiscountKind,
    /// Numbers that belong to orders.
    once: Vec<Part>,
}

fn worth(
    found: &Found<'_>,
    group: &[u32],
    told: &Told,
    section: &PurchasesSection,
    aside: &mut Aside,
) -> Worth {
    let mut counting = vec![false; group.len()];
    for line in aside.counting() {
        counting[line] = true;
    }
    let off = Discounts::of(found, group, &counting);
    let numbers = amounts(found, group, &counting, off.as_ref());
    aside.set("no_amount", |line| !numbers.has(line));
    let part = |part| Numbers::of_part(found, part, group, &counting);
    let refunded = part(Part::Refunded);
    let is_once = |part: &Option<Numbers>| part.as_ref().is_some_and(|numbers| numbers.once);
    let of_orders = [
        (Part::Amount, numbers.once),
        (Part::Adjusted, is_once(&part(Part::Adjusted))),
        (Part::Refunded, is_once(&refunded)),
        (Part::Discount, off.as_ref().is_some_and(|off| off.once)),
    ];
    let of_orders = of_orders.into_iter().filter(|(_, once)| *once);
    let once = of_orders.map(|(part, _)| part).collect();
    let mut amount = numbers.filled();
    for (line, amount) in amount.iter_mut().enumerate() {
        if told.is_kind(line, RowKind::Return) {
            *amount = -amount.abs();
        }
    }
    let mut refund = refunds(refunded, &amount, told);
    if section.returns == Some(Returns::Ignore) {
        aside.set("return", |line| amount[line] < 0.0);
        refund = None;
    }
    let discount_kind = off.as_ref().map_or(DiscountKind::Money, |off| off.kind);
    let discount = off.map(|off| off.of_paid(&amount));
    Worth {
        amount,
        refund,
        discount,
        discount_kind,
        once,
    }
}

/// What was given back of each line: as a column says, or all of an order that the state calls refunded.
fn refunds(refunds: Option<Numbers>, amount: &[f64], told: &Told) -> Option<Vec<f64>> {
    if let Some(refunds) = refunds {
        return Some(refunds.filled().into_iter().map(f64::abs).collect());
    }
    told.states.as_ref()?;
    let lines = amount.iter().enumerate();
    let refund = lines.map(|(line, amount)| {
        if told.is_state(line, State::Refunded) {
            amount.max(0.0)
        } else {
            0.0
        }
    });
    Some(refund.collect())
}

/// Amounts of several currencies cannot be added up, unless they were converted.
fn refuse_currencies(found: &Found<'_>, aside: &Aside) -> Result<(), PurchasesError> {
    let Some(keys) = found.keys(Part::Currency).filter(|_| !found.is_converted()) else {
        return Ok(());
    };
    let keys = keys.changed(|text| Some(text.trim().to_uppercase()));
    let mut is_used = vec![false; keys.names.len()];
    for line in aside.counting().filter(|line| keys.of[*line] != NONE) {
        is_used[keys.of[line] as usize] = true;
    }
    let used = keys
        .names
        .iter()
        .zip(is_used)
        .filter(|(_, is_used)| *is_used);
    let mut used: Vec<&str> = used.map(|(name, _)| name.as_str()).collect();
    used.sort_unstable();
    if used.len() < 2 {
        return Ok(());
    }
    let amount = found.name(Part::Amount).or_else(|| found.name(Part::Price));
    Err(PurchasesError::Currencies {
        file: found.table().file(),
        amount: amount.unwrap_or_default().to_owned(),
        column: found.name(Part::Currency).unwrap_or_default().to_owned(),
        currencies: used.iter().take(5).copied().collect::<Vec<_>>().join(", "),
    })
}

fn refuse_nothing(lines: &Lines, table: &Table) -> Result<(), PurchasesError> {
    if lines.aside.counting().next().is_some() {
        return Ok(());
    }
    let reasons = lines.money().set_aside;
    let reasons = reasons
        .iter()
        .map(|aside| format!("{}: {}", aside.reason, aside.lines));
    Err(PurchasesError::NothingLeft {
        file: table.file(),
        lines: table.rows() as u64,
        reasons: reasons.collect::<Vec<_>>().join("; "),
    })
}
