//! The lines of a file of purchases: whose each is, of which order and day, what it is worth, and why it does not count.

use std::collections::{HashMap, HashSet};

use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, LargeStringArray};

use super::PurchasesError;
use super::amounts::{Numbers, amounts, decimal, discounts};
use super::keys::{Interner, Keys, NONE, dates, pairs};
use super::recognize::Found;
use crate::date::Date;
use crate::expr::{Budget, Expr};
use crate::ledger::{LinesAside, PurchaseMoney};
use crate::meaning::latest_day;
use crate::recipe::{Copies, PurchasesSection, Recipe, Returns};
use crate::statistics::{draw, sum};
use crate::table::Table;
use crate::vocabulary::parts::Part;
use crate::vocabulary::states::{State, is_guest};

/// The lines, column by column.
#[derive(Debug)]
pub(super) struct Lines {
    /// The day that counts as today.
    pub(super) as_of: Date,
    /// The customers' names, numbered.
    pub(super) names: Vec<String>,
    pub(super) customer: Vec<u32>,
    /// Orders of one customer, numbered.
    pub(super) order: Vec<u32>,
    pub(super) day: Vec<i32>,
    /// What was sold, below 0 where it came back.
    pub(super) amount: Vec<f64>,
    /// What was given back later, and when.
    pub(super) refund: Vec<f64>,
    pub(super) refund_day: Vec<i32>,
    /// What was taken off the price.
    pub(super) discount: Option<Vec<f64>>,
    pub(super) aside: Aside,
    pub(super) section: PurchasesSection,
    pub(super) notes: Vec<String>,
}

/// Why lines do not count; the first reason does.
#[derive(Debug)]
pub(super) struct Aside {
    reasons: Vec<String>,
    of: Vec<u16>,
}

/// The line counts.
const USED: u16 = u16::MAX;

impl Aside {
    fn new(lines: usize) -> Self {
        Self {
            reasons: Vec::new(),
            of: vec![USED; lines],
        }
    }

    pub(super) fn counts(&self, line: usize) -> bool {
        self.of[line] == USED
    }

    fn counting(&self) -> Vec<bool> {
        self.of.iter().map(|reason| *reason == USED).collect()
    }

    fn set(&mut self, reason: &str, is_out: impl Fn(usize) -> bool) {
        let known = self.reasons.iter().position(|known| known == reason);
        let at = known.unwrap_or_else(|| {
            self.reasons.push(reason.to_owned());
            self.reasons.len() - 1
        });
        for (line, own) in self.of.iter_mut().enumerate() {
            if *own == USED && is_out(line) {
                *own = at as u16;
            }
        }
    }
}

impl Lines {
    /// The account in money.
    pub(super) fn money(&self) -> PurchaseMoney {
        let net = |line: usize| self.amount[line] - self.refund[line];
        let of = |reason: u16| {
            let lines = self.aside.of.iter().enumerate();
            lines
                .filter(move |(_, own)| **own == reason)
                .map(|(line, _)| line)
        };
        let used = || of(USED);
        let set_aside = self
            .aside
            .reasons
            .iter()
            .enumerate()
            .map(|(at, reason)| LinesAside {
                reason: reason.clone(),
                lines: of(at as u16).count() as u64,
                money: decimal(sum(of(at as u16).map(net))),
            });
        PurchaseMoney {
            file: decimal(sum((0..self.amount.len()).map(net))),
            used: decimal(sum(used().map(net))),
            gross: decimal(sum(used().map(|line| self.amount[line].max(0.0)))),
            returned: decimal(sum(
                used().map(|line| self.refund[line] + (-self.amount[line]).max(0.0))
            )),
            set_aside: set_aside.filter(|aside| aside.lines > 0).collect(),
        }
    }

    /// What was paid on these lines more than `from` and at most `to` days before the last one, that day itself counted.
    pub(super) fn paid_within(&self, own: &[u32], from: i32, to: i32) -> f64 {
        let as_of = self.as_of.days();
        let (first, last) = (as_of.saturating_sub(to), as_of.saturating_sub(from));
        let at = |day: i32, money: f64| {
            if day > first && day <= last {
                money
            } else {
                0.0
            }
        };
        let is_net = self.returns() != Returns::Separate;
        let each = own.iter().map(|line| *line as usize);
        decimal(sum(each.flat_map(|line| {
            let amount = self.amount[line];
            if is_net {
                let back = at(self.refund_day[line], -self.refund[line]);
                [at(self.day[line], amount), back]
            } else {
                [at(self.day[line], amount.max(0.0)), 0.0]
            }
        })))
    }

    pub(super) fn returns(&self) -> Returns {
        self.section.returns.unwrap_or(Returns::Net)
    }
}

/// Reads the lines of a table of purchases.
pub(super) fn read(recipe: &Recipe, table: &Table, found: &Found) -> Result<Lines, PurchasesError> {
    let section = recipe.purchases.clone().unwrap_or_default();
    let column = |part| found.at(part).map(|at| table.batch().column(at));
    let mut aside = Aside::new(table.rows());
    let mut notes = Vec::new();
    let order = match column(Part::Order) {
        Some(column) => blanks_apart(Keys::of(column)),
        None => (0..table.rows() as u32).collect(),
    };
    let states = states(table, found, &order, &mut notes);
    let copies = copies(table);
    set_versions_aside(table, found, &order, states.as_deref(), &mut aside);
    if section.copies == Some(Copies::Drop) {
        aside.set("copy", |line| copies[line]);
    }
    // Versions of an order that do not count have numbers of their own.
    let version: Vec<u32> = aside.of.iter().map(|reason| u32::from(*reason)).collect();
    let group = pairs(&order, &version);
    drop_lines(&section, table, &mut aside)?;
    set_unpaid_aside(states.as_deref(), &mut aside);
    let days = days(table, found, &order);
    let customers = customers(table, found, &of_one_day(&order, &days), &mut notes);
    aside.set("no_customer", |line| customers.of[line] == NONE);
    aside.set("no_date", |line| days[line].is_none());
    set_no_products_aside(&section, table, found, &mut aside);
    let as_of = as_of(recipe, table, found);
    aside.set("after_as_of", |line| {
        days[line].is_some_and(|day| day > as_of.days())
    });
    let day: Vec<i32> = days.into_iter().map(Option::unwrap_or_default).collect();
    let states = states.as_deref();
    let worth = worth(table, found, &group, states, &section, &mut aside);
    refuse_currencies(table, found, &aside)?;
    let lines = Lines {
        as_of,
        order: pairs(&order, &customers.of),
        customer: customers.of,
        names: customers.names,
        refund_day: refund_days(table, found, &day),
        day,
        amount: worth.amount,
        refund: worth.refund,
        discount: worth.discount,
        aside,
        section,
        notes,
    };
    lines.with_notes(table, found, worth.once, &copies)
}

/// The day of each line, or of its order.
fn days(table: &Table, found: &Found, order: &[u32]) -> Vec<Option<i32>> {
    let column = found.at(Part::Date).map(|at| table.batch().column(at));
    let mut days: Vec<Option<i32>> = column.into_iter().flat_map(dates).collect();
    fill(&mut days, order);
    days
}

/// The day on which a refund counts: its own, or that of the line.
fn refund_days(table: &Table, found: &Found, day: &[i32]) -> Vec<i32> {
    let mut days = day.to_vec();
    let column = found
        .at(Part::RefundDate)
        .map(|at| table.batch().column(at));
    for (day, refunded_on) in days.iter_mut().zip(column.into_iter().flat_map(dates)) {
        *day = refunded_on.unwrap_or(*day);
    }
    days
}

/// What each line is worth, and what was given back or taken off.
struct Worth {
    amount: Vec<f64>,
    refund: Vec<f64>,
    discount: Option<Vec<f64>>,
    /// Amounts belong to orders.
    once: bool,
}

fn worth(
    table: &Table,
    found: &Found,
    group: &[u32],
    states: Option<&[Option<State>]>,
    section: &PurchasesSection,
    aside: &mut Aside,
) -> Worth {
    let counting = aside.counting();
    let part = |part| Numbers::of_part(table, found, part, group, &counting);
    let filled = |numbers: Numbers| -> Vec<f64> {
        let values = numbers.of.into_iter();
        values.map(|value| value.unwrap_or(0.0)).collect()
    };
    let numbers = amounts(table, found, group, &counting);
    aside.set("no_amount", |line| numbers.of[line].is_none());
    let once = numbers.once;
    let amount = filled(numbers);
    let mut refund = refunds(part(Part::Refunded), &amount, states);
    if section.returns == Some(Returns::Ignore) {
        aside.set("return", |line| amount[line] < 0.0);
        refund = vec![0.0; table.rows()];
    }
    let off = discounts(table, found, group, &counting);
    let discount = off.map(|off| off.of_paid(&amount));
    Worth {
        amount,
        refund,
        discount,
        once,
    }
}

/// The orders of a column of numbers; each line without one is an order of its own.
fn blanks_apart(keys: Keys) -> Vec<u32> {
    let mut next = keys.names.len() as u32;
    let number = |key| {
        if key == NONE {
            next += 1;
            next - 1
        } else {
            key
        }
    };
    keys.of.into_iter().map(number).collect()
}

/// Older versions of orders do not count.
fn set_versions_aside(
    table: &Table,
    found: &Found,
    order: &[u32],
    states: Option<&[Option<State>]>,
    aside: &mut Aside,
) {
    if let Some(states) = states {
        let older = older_states(table, found, order, states);
        aside.set("older_state", |line| older[line]);
    }
}

/// What was not paid, or called off, does not count.
fn set_unpaid_aside(states: Option<&[Option<State>]>, aside: &mut Aside) {
    let reasons = [
        ("cancelled", State::Cancelled),
        ("failed", State::Failed),
        ("unpaid", State::Unpaid),
    ];
    for (reason, state) in reasons {
        let is_so = |line: usize| states.is_some_and(|states| states[line] == Some(state));
        aside.set(reason, is_so);
    }
}

fn set_no_products_aside(
    section: &PurchasesSection,
    table: &Table,
    found: &Found,
    aside: &mut Aside,
) {
    let Some(at) = found
        .at(Part::Product)
        .filter(|_| !section.not_products.is_empty())
    else {
        return;
    };
    let products = Keys::of(table.batch().column(at));
    let listed: Vec<bool> = products
        .names
        .iter()
        .map(|name| section.not_products.contains(name))
        .collect();
    aside.set("not_a_product", |line| {
        listed
            .get(products.of[line] as usize)
            .copied()
            .unwrap_or(false)
    });
}

impl Lines {
    /// Tells what people should know; refuses where nothing is left.
    fn with_notes(
        mut self,
        table: &Table,
        found: &Found,
        once: bool,
        copies: &[bool],
    ) -> Result<Self, PurchasesError> {
        if !(0..table.rows()).any(|line| self.aside.counts(line)) {
            let reasons: Vec<String> = self
                .money()
                .set_aside
                .iter()
                .map(|aside| format!("{}: {}", aside.reason, aside.lines))
                .collect();
            return Err(PurchasesError::NothingLeft {
                file: table.file(),
                lines: table.rows() as u64,
                reasons: reasons.join("; "),
            });
        }
        let amount = found
            .columns
            .get(&Part::Amount)
            .map(|column| column.name.as_str());
        match amount {
            Some(name) if once => self.notes.push(format!(
                "{name} belongs to the order and counts once per order"
            )),
            Some(_) => {}
            None => self.notes.push(computed(found)),
        }
        if amount.is_some() && !found.beside.is_empty() {
            let names = found.beside.join(", ");
            self.notes.push(format!(
                "amounts are as found; the file tells {names} beside them"
            ));
        }
        let counted = || (0..table.rows()).filter(|line| copies[*line] && self.aside.counts(*line));
        let lines = counted().count();
        if lines > 0 {
            let money = decimal(sum(
                counted().map(|line| self.amount[line] - self.refund[line])
            ));
            self.notes.push(format!(
                "{lines} lines equal another one in every column ({money:.2} of the money) and count ([purchases] copies = \"drop\" sets them aside)"
            ));
        }
        Ok(self)
    }
}

/// What was paid, where no column says it.
fn computed(found: &Found) -> String {
    let name = |part| found.columns.get(&part).map(|column| column.name.as_str());
    let pieces = name(Part::Quantity).map_or_else(String::new, |name| format!("{name} x "));
    let off = name(Part::Discount).map_or_else(String::new, |name| format!(" - {name}"));
    let price = name(Part::Price).unwrap_or_default();
    format!("what was paid is {pieces}{price}{off}")
}

/// Orders of one day: numbers of receipts may begin anew in another shop or year.
fn of_one_day(order: &[u32], days: &[Option<i32>]) -> Vec<u32> {
    let days: Vec<u32> = days
        .iter()
        .map(|day| day.map_or(NONE, |day| day as u32))
        .collect();
    pairs(order, &days)
}

/// The day that counts as today: what was said, or the last of the file that is not an isolated tail.
fn as_of(recipe: &Recipe, table: &Table, found: &Found) -> Date {
    let latest =
        || latest_day(table.batch().column(found.at(Part::Date)?)).and_then(Date::from_days);
    recipe.input.as_of.or_else(latest).unwrap_or(Date::MIN)
}

/// Gives lines without a value that of their order, where all its lines agree.
fn fill<T: Copy + PartialEq>(values: &mut [Option<T>], order: &[u32]) {
    let mut known: HashMap<u32, Option<T>> = HashMap::new();
    for (value, order) in values.iter().zip(order) {
        if let Some(value) = value {
            let own = known.entry(*order).or_insert(Some(*value));
            *own = own.filter(|own| own == value);
        }
    }
    for (value, order) in values
        .iter_mut()
        .zip(order)
        .filter(|(_, order)| **order != NONE)
    {
        *value = value.or_else(|| known.get(order).copied().flatten());
    }
}

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

/// What each line has come to, where a column says it; what was not captured is unpaid.
fn states(
    table: &Table,
    found: &Found,
    order: &[u32],
    notes: &mut Vec<String>,
) -> Option<Vec<Option<State>>> {
    /// A column of more values holds no states.
    const MOST_STATES: usize = 20;
    /// And longer text is none.
    const LONGEST: usize = 30;

    let column = |part| found.at(part).map(|at| Keys::of(table.batch().column(at)));
    let (told, captured) = (column(Part::State), column(Part::Captured));
    if told.is_none() && captured.is_none() {
        return None;
    }
    let mut states = vec![None; table.rows()];
    if let Some(keys) = told {
        let known: Vec<Option<State>> = keys.names.iter().map(|name| State::of(name)).collect();
        for (state, key) in states.iter_mut().zip(&keys.of) {
            *state = known.get(*key as usize).copied().flatten();
        }
        let unknown = keys
            .names
            .iter()
            .zip(&known)
            .filter(|(_, state)| state.is_none());
        let mut unknown: Vec<&str> = unknown.map(|(name, _)| name.as_str()).collect();
        unknown.sort_unstable();
        let may_be_told = unknown
            .iter()
            .all(|name| name.len() <= LONGEST && !name.contains('@'));
        if (1..=MOST_STATES).contains(&unknown.len()) && may_be_told {
            notes.push(format!(
                "states that are not known count as paid: {} ([[purchases.drop]] sets lines aside)",
                unknown.join(", ")
            ));
        }
        // Blank below the first line of an order. Another file may tell of another state, so each is filled by itself first.
        fill(&mut states, &pairs(order, &table.origins().files()));
        fill(&mut states, order);
    }
    if let Some(keys) = captured {
        let is_open = |key: &u32| {
            let name = keys.names.get(*key as usize);
            name.is_some_and(|name| name == "0" || name.eq_ignore_ascii_case("false"))
        };
        let open = states
            .iter_mut()
            .zip(&keys.of)
            .filter(|(_, key)| is_open(key));
        for (state, _) in open.filter(|(state, _)| **state != Some(State::Failed)) {
            *state = Some(State::Unpaid);
        }
    }
    Some(states)
}

/// Lines of an order that stand in the file once more with a newer state.
fn older_states(
    table: &Table,
    found: &Found,
    order: &[u32],
    states: &[Option<State>],
) -> Vec<bool> {
    // In one file, lines of one product may be two pieces of which one came back.
    let files = table.origins().files();
    if found.at(Part::Product).is_some() && files.last() == Some(&0) {
        return vec![false; order.len()];
    }
    let mut key = order.to_vec();
    for part in [Part::Product, Part::Quantity, Part::Price, Part::Amount] {
        if let Some(at) = found.at(part) {
            key = pairs(&key, &Keys::of(table.batch().column(at)).of);
        }
    }
    let mut newest: HashMap<u32, State> = HashMap::new();
    for (key, state) in key.iter().zip(states) {
        if let Some(state) = state {
            let newest = newest.entry(*key).or_insert(*state);
            *newest = (*newest).max(*state);
        }
    }
    let is_older = |(key, state): (&u32, &Option<State>)| {
        *key != NONE && state.is_some_and(|state| newest[key] > state)
    };
    key.iter().zip(states).map(is_older).collect()
}

/// Lines that equal an earlier one in every column.
fn copies(table: &Table) -> Vec<bool> {
    let mut hashes = vec![0_u128; table.rows()];
    for (at, column) in table.batch().columns().iter().enumerate() {
        let times = table.facts(at).times.as_deref().unwrap_or_default();
        for (row, cell) in cell_hashes(column).into_iter().enumerate() {
            let cell = cell.wrapping_add(times.get(row).copied().map_or(0, u64::from));
            let [low, high] = [hashes[row] as u64, (hashes[row] >> 64) as u64];
            let mixed = |half: u64, salt: u64| draw::Key::new(half, salt).of(cell);
            hashes[row] = u128::from(mixed(low, 1)) | u128::from(mixed(high, 2)) << 64;
        }
    }
    let mut seen = HashSet::with_capacity(hashes.len());
    hashes.into_iter().map(|hash| !seen.insert(hash)).collect()
}

/// A number for each cell, the same for the same cell.
fn cell_hashes(column: &ArrayRef) -> Vec<u64> {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    let build = BuildHasherDefault::<DefaultHasher>::default();
    let any = column.as_any();
    if let Some(text) = any.downcast_ref::<LargeStringArray>() {
        text.iter().map(|cell| build.hash_one(cell)).collect()
    } else if let Some(numbers) = any.downcast_ref::<Float64Array>() {
        numbers
            .iter()
            .map(|cell| build.hash_one(cell.map(f64::to_bits)))
            .collect()
    } else {
        let days = any.downcast_ref::<Date32Array>();
        days.into_iter()
            .flat_map(arrow_array::PrimitiveArray::iter)
            .map(|day| build.hash_one(day))
            .collect()
    }
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

/// The customer of each line: the number that names them, or of guests the address or telephone number.
fn customers(table: &Table, found: &Found, order: &[u32], notes: &mut Vec<String>) -> Keys {
    let mut all = Interner::default();
    let mut of = vec![NONE; table.rows()];
    let mut lowered = 0;
    let mut guests = 0;
    // Of each address the registered customer who has it; none where several do.
    let mut registered: HashMap<String, Option<u32>> = HashMap::new();
    for part in [Part::Customer, Part::Email, Part::Phone] {
        let Some(at) = found.at(part) else { continue };
        let changed = std::cell::Cell::new(0_u64);
        let mut keys = Keys::of_changed(table.batch().column(at), |text| {
            let name = key_of(text)?;
            changed.set(changed.get() + u64::from(name != text.trim()));
            Some(name)
        });
        lowered += changed.get();
        fill_keys(&mut keys.of, order);
        let is_first = all.names.is_empty();
        for (line, key) in keys.of.iter().enumerate().filter(|(_, key)| **key != NONE) {
            let name = &keys.names[*key as usize];
            if of[line] == NONE {
                guests += u64::from(!is_first);
                let known = registered.get(name).copied().flatten();
                of[line] = known.unwrap_or_else(|| all.number(name.clone()));
            }
        }
        if part == Part::Customer {
            registered = owners(table, found, order, &of);
        }
    }
    if lowered > 0 {
        notes.push(format!(
            "{lowered} e-mail addresses were written in small letters, so that each is one customer"
        ));
    }
    if guests > 0 {
        notes.push(format!("{guests} lines of guests without a customer number are kept apart by e-mail or telephone"));
    }
    Keys {
        of,
        names: all.names,
    }
}

/// The key of a customer; nothing for a guest.
fn key_of(text: &str) -> Option<String> {
    let key = text.trim();
    match key {
        "" | "0" | "0.0" | "-1" => None,
        guest if is_guest(guest) => None,
        address if address.contains('@') => Some(address.to_lowercase()),
        key => Some(key.to_owned()),
    }
}

/// Of each address the customer who has it on lines with a number.
fn owners(
    table: &Table,
    found: &Found,
    order: &[u32],
    customer: &[u32],
) -> HashMap<String, Option<u32>> {
    let Some(at) = found.at(Part::Email) else {
        return HashMap::new();
    };
    let mut emails = Keys::of_changed(table.batch().column(at), key_of);
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

/// Amounts of several currencies cannot be added up, unless they were converted.
fn refuse_currencies(table: &Table, found: &Found, aside: &Aside) -> Result<(), PurchasesError> {
    let Some(column) = found.columns.get(&Part::Currency) else {
        return Ok(());
    };
    if found.is_converted() {
        return Ok(());
    }
    let amount = found
        .columns
        .get(&Part::Amount)
        .or_else(|| found.columns.get(&Part::Price));
    let amount = amount.map(|column| column.name.clone()).unwrap_or_default();
    let keys = Keys::of_changed(table.batch().column(column.at), |text| {
        Some(text.trim().to_uppercase())
    });
    let mut used: Vec<&str> = (keys.of.iter().enumerate())
        .filter(|(line, key)| **key != NONE && aside.counts(*line))
        .map(|(_, key)| keys.names[*key as usize].as_str())
        .collect();
    used.sort_unstable();
    used.dedup();
    if used.len() < 2 {
        return Ok(());
    }
    Err(PurchasesError::Currencies {
        file: table.file(),
        amount,
        column: column.name.clone(),
        currencies: used.iter().take(5).copied().collect::<Vec<_>>().join(", "),
    })
}

/// What was given back of each line: as a column says, or all of an order that the state calls refunded.
fn refunds(refunds: Option<Numbers>, amount: &[f64], states: Option<&[Option<State>]>) -> Vec<f64> {
    match (refunds, states) {
        (Some(refunds), _) => refunds
            .of
            .iter()
            .map(|value| value.unwrap_or(0.0).abs())
            .collect(),
        (None, Some(states)) => amount
            .iter()
            .zip(states)
            .map(|(amount, state)| {
                if *state == Some(State::Refunded) {
                    amount.max(0.0)
                } else {
                    0.0
                }
            })
            .collect(),
        (None, None) => vec![0.0; amount.len()],
    }
}
