//! Whether the rows are purchases, and which column plays which part.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use arrow_array::{Array, ArrayRef};
use rayon::prelude::*;

use super::PurchasesError;
use super::keys::Keys;
use crate::ledger::PartPlayed;
use crate::meaning::{Event, Looks, Traits, Values, Whose, decide};
use crate::recipe::{PARTS, PurchasesSection, Recipe};
use crate::roles::Role;
use crate::table::{Kind, Table};
use crate::vocabulary::Concept;
use crate::vocabulary::parts::{Fit, Part, fit};
use crate::vocabulary::states::RowKind;
use crate::words::nearest::nearest;

/// Rows per customer from which a table with a day and an amount is one of purchases.
const PURCHASES_PER_CUSTOMER: f64 = 1.5;

/// Rows per customer from which it is one where a column names orders, too.
const ORDERS_PER_CUSTOMER: f64 = 1.05;

/// Parts that no recipe names.
const UNNAMED: [Part; 4] = [Part::Tax, Part::Shipping, Part::Adjusted, Part::Captured];

/// What a row of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// A line of an order.
    Line,
    Order,
    /// Nothing names orders: each row is one.
    Payment,
    /// The same, and some rows are no purchases: views, carts.
    Event,
}

impl Grain {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Order => "order",
            Self::Payment => "payment",
            Self::Event => "event",
        }
    }
}

/// A column that plays a part.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) at: usize,
    because: String,
}

/// A file of purchases, and its parts.
#[derive(Debug)]
pub(super) struct Found<'t> {
    pub(super) grain: Grain,
    pub(super) columns: BTreeMap<Part, Column>,
    /// The names of columns that tell of tax and shipping.
    pub(super) beside: Vec<String>,
    file: Keyed<'t>,
}

/// A table, and the keys of its columns, which are made once.
#[derive(Debug)]
struct Keyed<'t> {
    table: &'t Table,
    keys: Vec<OnceLock<Keys>>,
}

impl<'t> Keyed<'t> {
    fn new(table: &'t Table) -> Self {
        let columns = table.batch().num_columns();
        Self {
            table,
            keys: vec![OnceLock::new(); columns],
        }
    }

    fn keys(&self, at: usize) -> &Keys {
        self.keys[at].get_or_init(|| Keys::of(self.table.batch().column(at)))
    }
}

impl<'t> Found<'t> {
    pub(super) fn table(&self) -> &'t Table {
        self.file.table
    }

    pub(super) fn at(&self, part: Part) -> Option<usize> {
        self.columns.get(&part).map(|column| column.at)
    }

    pub(super) fn name(&self, part: Part) -> Option<&str> {
        self.columns.get(&part).map(|column| column.name.as_str())
    }

    pub(super) fn column(&self, part: Part) -> Option<&'t ArrayRef> {
        self.at(part).map(|at| self.file.table.batch().column(at))
    }

    pub(super) fn keys(&self, part: Part) -> Option<&Keys> {
        self.at(part).map(|at| self.file.keys(at))
    }

    /// The same, for one who needs them last.
    pub(super) fn take_keys(&mut self, part: Part) -> Option<Keys> {
        let at = self.at(part)?;
        self.file.keys(at);
        self.file.keys[at].take()
    }

    /// Whether the amounts were converted to one currency.
    pub(super) fn is_converted(&self) -> bool {
        let amount = self.name(Part::Amount);
        amount.is_some_and(|name| fit(name, Part::Converted).is_some())
    }

    pub(super) fn played(&self) -> Vec<PartPlayed> {
        let known = PARTS.iter().filter_map(|part| {
            let column = self.columns.get(part)?;
            Some(PartPlayed {
                part: part.word().to_owned(),
                column: column.name.clone(),
                because: column.because.clone(),
            })
        });
        known.collect()
    }
}

/// The parts of a table of purchases; nothing where its rows are customers.
pub(super) fn recognize<'t>(
    recipe: &Recipe,
    table: &'t Table,
) -> Result<Option<Found<'t>>, PurchasesError> {
    let section = recipe.purchases.as_ref();
    if section.is_none() && says_customers(recipe, table) {
        return Ok(None);
    }
    let mut search = Search {
        table,
        file: Keyed::new(table),
        columns: BTreeMap::new(),
    };
    search.take_named(section.unwrap_or(&PurchasesSection::default()))?;
    search.take_by_header();
    search.take_order_by_values();
    search.settle(section.is_some())
}

/// The user says that a row is a customer: an id that is different in every row, or features that the rows have.
fn says_customers(recipe: &Recipe, table: &Table) -> bool {
    let is_id = |id: &String| table.require_unique_ids(id).is_ok();
    let features = &recipe.segment.features;
    let has_all = features.iter().all(|name| table.position(name).is_some());
    recipe.input.id.as_ref().is_some_and(is_id) || !features.is_empty() && has_all
}

/// Whether a name tells of the last, the first or the mean of many: of a customer, rather than of a purchase.
fn says_aggregate(name: &str) -> bool {
    crate::vocabulary::terms(name).iter().any(|term| {
        matches!(
            term.concept,
            Some(
                Concept::Last
                    | Concept::First
                    | Concept::Next
                    | Concept::Average
                    | Concept::Maximum
                    | Concept::Minimum
            )
        )
    })
}

struct Search<'t> {
    table: &'t Table,
    file: Keyed<'t>,
    columns: BTreeMap<Part, Column>,
}

impl<'t> Search<'t> {
    fn take(&mut self, part: Part, at: usize, because: impl Into<String>) {
        let name = self.name(at).to_owned();
        let because = because.into();
        self.columns.insert(part, Column { name, at, because });
    }

    fn name(&self, at: usize) -> &str {
        self.table.batch().schema_ref().field(at).name()
    }

    fn is_taken(&self, at: usize) -> bool {
        self.columns.values().any(|column| column.at == at)
    }

    /// The columns that the recipe names.
    fn take_named(&mut self, section: &PurchasesSection) -> Result<(), PurchasesError> {
        for part in PARTS {
            let Some(column) = section.column(part) else {
                continue;
            };
            let (problem, nearest) = match self.table.position(column) {
                None => ("which is not there", nearest(column, self.table.names())),
                Some(at) if !self.allows(part, at) => ("which does not hold what it should", None),
                Some(at) => {
                    self.take(part, at, "the recipe says so");
                    continue;
                }
            };
            return Err(PurchasesError::Column {
                file: self.table.file(),
                part: part.word(),
                column: column.clone(),
                problem,
                nearest,
            });
        }
        Ok(())
    }

    /// For each part that is open the column whose header says it best.
    fn take_by_header(&mut self) {
        let count = self.table.batch().num_columns();
        let is_own = |at: &usize| !says_aggregate(self.name(*at));
        let fits: Vec<Option<(Part, Fit)>> = (0..count)
            .map(|at| Some(at).filter(is_own).and_then(|at| self.part_of(at)))
            .collect();
        for part in PARTS.into_iter().chain(UNNAMED) {
            let fitting = (0..count).filter_map(|at| match fits[at] {
                Some((own, fit)) if own == part && !self.is_taken(at) => {
                    Some((!fit.whole, fit.place, fit.others, self.name(at), at))
                }
                _ => None,
            });
            let best = fitting.min();
            if let Some((.., at)) = best.filter(|_| !self.columns.contains_key(&part)) {
                self.take(part, at, "its name says so");
            }
        }
    }

    /// The part that the header of a column says best, among those that its values allow.
    fn part_of(&self, at: usize) -> Option<(Part, Fit)> {
        /// Of two parts that fit alike the special one is meant: a refund total is a refund.
        const SPECIAL_FIRST: [Part; 22] = [
            Part::Adjusted,
            Part::Captured,
            Part::RefundDate,
            Part::Refunded,
            Part::Tax,
            Part::Shipping,
            Part::Discount,
            Part::Quantity,
            Part::Price,
            Part::Currency,
            Part::State,
            Part::Kind,
            Part::Email,
            Part::Phone,
            Part::Category,
            Part::Product,
            Part::Country,
            Part::Channel,
            Part::Order,
            Part::Date,
            Part::Customer,
            Part::Amount,
        ];
        let fits = SPECIAL_FIRST.into_iter().enumerate();
        let allowed = fits.filter_map(|(order, part)| {
            let fit = fit(self.name(at), part)?;
            let is_loose = matches!(
                part,
                Part::Amount
                    | Part::Date
                    | Part::Email
                    | Part::State
                    | Part::Refunded
                    | Part::Tax
                    | Part::Shipping
                    | Part::Discount
                    | Part::Quantity
            );
            let is_clerk = part == Part::Customer && self.is_too_few(at);
            if is_clerk || !fit.whole && !self.allows_loosely(part, at) {
                return None;
            }
            (fit.whole || is_loose || fit.words > 1)
                .then_some((part, fit, order))
                .filter(|_| self.allows(part, at) && (part != Part::Kind || self.tells_kinds(at)))
        });
        let best = allowed.min_by_key(|(_, fit, order)| (!fit.whole, fit.others, *order));
        best.map(|(part, fit, _)| (part, fit))
    }

    /// Whether a column can play a part that only some words of its header name: what was paid is money of ours, a day is none of
    /// birth or of joining, an address has an `@`.
    fn allows_loosely(&self, part: Part, at: usize) -> bool {
        if !matches!(part, Part::Amount | Part::Date | Part::Email) {
            return true;
        }
        let traits = self.traits(at);
        let meaning = decide(&traits, false);
        match part {
            Part::Amount => {
                let is_ours = matches!(meaning.whose, Some(Whose::Spent | Whose::Unknown));
                meaning.measure.role() == Role::Money && is_ours
            }
            Part::Date => !matches!(
                meaning.event,
                Some(Event::Birth | Event::SignUp | Event::Record)
            ),
            _ => matches!(&traits.values, Values::Text(text) if text.looks == Looks::Addresses),
        }
    }

    fn traits(&self, at: usize) -> Traits {
        let array = self.table.batch().column(at).clone();
        Traits::new(self.name(at), array, self.table.facts(at).clone(), false)
    }

    /// Whether a column can play a part at all.
    fn allows(&self, part: Part, at: usize) -> bool {
        let column = self.table.batch().column(at);
        if column.null_count() == column.len() {
            return false;
        }
        let kind = self.table.kind(at);
        let is_name = kind == Kind::Text || kind == Kind::Number && self.table.facts(at).whole;
        match part {
            Part::Date => kind == Kind::Date || self.table.facts(at).ambiguous_dates,
            Part::RefundDate => kind == Kind::Date,
            Part::Amount => kind == Kind::Number && !self.is_flag(at),
            Part::Quantity
            | Part::Price
            | Part::Discount
            | Part::Refunded
            | Part::Tax
            | Part::Adjusted
            | Part::Shipping => kind == Kind::Number,
            Part::Customer | Part::Phone => is_name,
            // An id that stands on the first line of an order only does not say which lines are its own.
            Part::Order => {
                is_name && column.null_count() * 20 <= column.len() && self.has_digits(at)
            }
            Part::Email | Part::Currency | Part::Category | Part::Channel | Part::Country => {
                kind == Kind::Text
            }
            Part::Kind => kind == Kind::Text,
            Part::State | Part::Product | Part::Captured => kind != Kind::Date,
            Part::Converted | Part::OfOrder | Part::OfLine => false,
        }
    }

    /// Where no header names the order: text with digits that repeats, within which day and customer are the same; or else an id
    /// that is different in every row, beside one of customers.
    fn take_order_by_values(&mut self) {
        let date = self.columns.get(&Part::Date).map(|column| column.at);
        let Some((date, key)) = date.zip(self.key()) else {
            return;
        };
        if self.columns.contains_key(&Part::Order) || self.table.kind(date) != Kind::Date {
            return;
        }
        let (days, customers) = (self.file.keys(date), self.file.keys(key));
        let open = || (0..self.table.batch().num_columns()).filter(|at| !self.is_taken(*at));
        let is_id = |at: usize| {
            let terms = crate::vocabulary::terms(self.name(at));
            terms
                .iter()
                .all(|term| term.concept == Some(Concept::Identifier))
        };
        let orders = open()
            .filter(|at| self.is_numbered_text(*at))
            .filter_map(|at| {
                let keys = self.file.keys(at);
                let repeats = (customers.len() + 1..keys.present()).contains(&keys.len());
                let is_one = repeats && keys.determines(days) && keys.determines(customers);
                is_one.then(|| (keys.len(), is_id(at), self.name(at), at))
            });
        if let Some((.., at)) = orders.min() {
            let because = "day and customer are the same wherever it is the same";
            self.take(Part::Order, at, because);
            return;
        }
        // An id of rows is as likely one of contacts, of whom a household has several.
        if self.rows_per_value(key) < PURCHASES_PER_CUSTOMER {
            return;
        }
        let is_unique = |at: &usize| self.table.require_unique_ids(self.name(*at)).is_ok();
        let ids = open().filter(|at| is_id(*at)).filter(is_unique);
        if let Some((_, at)) = ids.map(|at| (self.name(at), at)).min() {
            let because = "it is an id, different in every row, beside one of customers";
            self.take(Part::Order, at, because);
        }
    }

    /// Nearly every cell says what its row is, some that it is a sale and some that it is none.
    fn tells_kinds(&self, at: usize) -> bool {
        /// A column of more values says other things.
        const MOST_KINDS: usize = 50;
        let keys = self.file.keys(at);
        if keys.len() > MOST_KINDS {
            return false;
        }
        let kinds: Vec<Option<RowKind>> = keys.names().map(|name| RowKind::of(&name)).collect();
        let of = keys.of.iter().filter_map(|key| kinds.get(*key as usize));
        let known = of.flatten().count();
        let has = |kind| kinds.contains(&Some(kind));
        let is_telling = has(RowKind::Sale) && (has(RowKind::Return) || has(RowKind::Other));
        is_telling && known * 10 >= keys.present() * 9
    }

    /// Numbers 0 and 1 and nothing else.
    fn is_flag(&self, at: usize) -> bool {
        let numbers = self.table.numbers(at);
        numbers.is_some_and(|numbers| {
            numbers
                .iter()
                .flatten()
                .all(|value| value == 0.0 || value == 1.0)
        })
    }

    /// A word alone, such as `User`, may name a clerk, a card or a yes or no: of those there are few.
    fn is_too_few(&self, at: usize) -> bool {
        /// At least so many customers in a file of some length.
        const FEWEST: usize = 10;
        let words = crate::vocabulary::split(self.name(at)).len();
        if words > 1 {
            return false;
        }
        let keys = self.file.keys(at);
        keys.len() < FEWEST.min(keys.present() / 4)
    }

    /// A digit stands in nearly every cell.
    fn has_digits(&self, at: usize) -> bool {
        self.table.text(at).is_none_or(|text| {
            let has_digit = |cell: &&str| cell.bytes().any(|byte| byte.is_ascii_digit());
            let present = text.len() - text.null_count();
            text.iter().flatten().filter(has_digit).count() * 10 >= present * 8
        })
    }

    /// Text, a digit in nearly every cell, none of them empty.
    fn is_numbered_text(&self, at: usize) -> bool {
        let text = self.table.text(at);
        text.is_some_and(|text| text.null_count() == 0) && self.has_digits(at)
    }

    /// The column that names customers, or guests.
    fn key(&self) -> Option<usize> {
        let parts = [Part::Customer, Part::Email, Part::Phone];
        let mut known = parts.iter().filter_map(|part| self.columns.get(part));
        known.next().map(|column| column.at)
    }

    /// Whether these are purchases, and complete.
    fn settle(mut self, is_said: bool) -> Result<Option<Found<'t>>, PurchasesError> {
        let file = || self.table.file();
        let keys = |column: &Column| self.file.keys(column.at);
        let has_money =
            self.columns.contains_key(&Part::Amount) || self.columns.contains_key(&Part::Price);
        let date = self.columns.get(&Part::Date);
        let is_complete = has_money && date.is_some();
        if is_complete {
            self.make_keys();
        }
        let order = self.columns.get(&Part::Order).map(keys);
        let Some(key) = self.key() else {
            let are_orders = is_complete && order.is_some_and(|keys| keys.len() > 1);
            return if is_said || are_orders {
                Err(self.no_customer())
            } else {
                Ok(None)
            };
        };
        let least = match order {
            Some(_) => ORDERS_PER_CUSTOMER,
            None => PURCHASES_PER_CUSTOMER,
        };
        let repeats = || self.rows_per_value(key) >= least && self.is_one_person(key);
        if !(is_said || is_complete && repeats()) {
            return Ok(None);
        }
        if !has_money {
            return Err(PurchasesError::NoAmount { file: file() });
        }
        let Some(date) = date else {
            return Err(PurchasesError::NoDate { file: file() });
        };
        self.refuse_ambiguous(date)?;
        let grain = match order {
            None if self.has_others() => Grain::Event,
            None => Grain::Payment,
            Some(keys) if keys.len() < keys.present() => Grain::Line,
            Some(_) => Grain::Order,
        };
        let beside = [Part::Tax, Part::Shipping];
        let beside = beside.iter().filter_map(|part| self.columns.remove(part));
        let beside = beside.map(|column| column.name).collect();
        Ok(Some(Found {
            grain,
            columns: self.columns,
            beside,
            file: self.file,
        }))
    }

    /// Whether some rows are no purchases at all.
    fn has_others(&self) -> bool {
        let kinds = self.columns.get(&Part::Kind);
        let keys = kinds.map(|column| self.file.keys(column.at));
        keys.is_some_and(|keys| {
            let mut names = keys.names();
            names.any(|name| RowKind::of(&name) == Some(RowKind::Other))
        })
    }

    /// Whether a customer has one address: a clerk or a shop that many rows share is none.
    fn is_one_person(&self, key: usize) -> bool {
        let customers = self.file.keys(key);
        let addresses = [Part::Email, Part::Phone];
        let addresses = addresses.iter().filter_map(|part| self.columns.get(part));
        let mut others = addresses.filter(|address| address.at != key);
        others.all(|address| {
            2 * customers.differing(self.file.keys(address.at)) <= customers.repeating()
        })
    }

    /// Makes the keys that are needed anyway, side by side.
    fn make_keys(&self) {
        let parts = [Part::Order, Part::Customer, Part::Product].into_par_iter();
        let columns = parts.filter_map(|part| self.columns.get(&part));
        columns.for_each(|column| {
            self.file.keys(column.at);
        });
    }

    fn rows_per_value(&self, at: usize) -> f64 {
        let keys = self.file.keys(at);
        keys.present() as f64 / keys.len().max(1) as f64
    }

    fn no_customer(&self) -> PurchasesError {
        let order = self.columns.get(&Part::Order);
        PurchasesError::NoCustomer {
            file: self.table.file(),
            order: order.map_or_else(|| "each row is one".to_owned(), |order| order.name.clone()),
        }
    }

    fn refuse_ambiguous(&self, date: &Column) -> Result<(), PurchasesError> {
        if !self.table.facts(date.at).ambiguous_dates {
            return Ok(());
        }
        let text = self.table.text(date.at);
        let example = text.and_then(|text| text.iter().flatten().next());
        let day = example.unwrap_or_default().split(' ').next();
        Err(PurchasesError::AmbiguousDates {
            file: self.table.file(),
            column: date.name.clone(),
            example: day.unwrap_or_default().to_owned(),
        })
    }
}
