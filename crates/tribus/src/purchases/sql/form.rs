//! What a statement needs to know of a file of purchases, kept for a time when the file is not at hand.

use std::collections::BTreeMap;

use crate::expr::Expr;
use crate::ledger::{FormColumn, PurchaseForm};
use crate::purchases::buyers::key_of;
use crate::purchases::keys::Keys;
use crate::purchases::lines::Lines;
use crate::purchases::recognize::Found;
use crate::vocabulary::parts::Part;
use crate::vocabulary::states::{RowKind, State};

/// States of so many spellings are free text.
const MOST_STATES: usize = 100;

/// How the file is written, for a model, which holds nobody's words: nothing where states or kinds of rows are free text.
pub(in crate::purchases) fn form_to_keep(found: &Found<'_>, lines: &Lines) -> PurchaseForm {
    let form = form_of(found, lines);
    let words = || form.states.keys().chain(form.row_kinds.keys());
    if words().count() > MOST_STATES || words().any(|word| word.contains('@')) {
        return PurchaseForm::default();
    }
    form
}

/// How the file is written.
pub(in crate::purchases) fn form_of(found: &Found<'_>, lines: &Lines) -> PurchaseForm {
    let table = found.table();
    let column = |at: usize| FormColumn {
        name: table.batch().schema_ref().field(at).name().clone(),
        kind: table.kind(at),
    };
    let keys = [Part::Customer, Part::Email, Part::Phone];
    let guests = keys
        .into_iter()
        .map(|part| (part.word().to_owned(), guests(found, part)));
    PurchaseForm {
        columns: found
            .columns
            .iter()
            .map(|(part, played)| (part.word().to_owned(), column(played.at)))
            .collect(),
        guests: guests.filter(|(_, guests)| !guests.is_empty()).collect(),
        states: meanings(found, Part::State, |word| {
            State::of(word).map(|state| state as u8)
        }),
        row_kinds: meanings(found, Part::Kind, |word| {
            RowKind::of(word).map(|kind| kind as u8)
        }),
        once: lines
            .once
            .iter()
            .map(|part| part.word().to_owned())
            .collect(),
        discounts: lines.discount.as_ref().map(|_| lines.discount_kind),
        is_one_file: table.origins().is_one_file(),
        ruled: ruled(lines)
            .iter()
            .filter_map(|name| table.position(name))
            .map(column)
            .collect(),
    }
}

/// Values of a key that name nobody.
fn guests(found: &Found<'_>, part: Part) -> Vec<String> {
    let names = found.keys(part).into_iter().flat_map(Keys::names);
    let guests = names.filter(|name| key_of(name).is_none());
    guests.map(std::borrow::Cow::into_owned).collect()
}

/// What the words of a column mean, as numbers.
fn meanings(
    found: &Found<'_>,
    part: Part,
    meaning: impl Fn(&str) -> Option<u8>,
) -> BTreeMap<String, u8> {
    let words = found.keys(part).into_iter().flat_map(Keys::names);
    let known = words.filter_map(|word| Some((word.to_string(), meaning(&word)?)));
    known.collect()
}

/// Columns that rules of the recipe read.
fn ruled(lines: &Lines) -> Vec<String> {
    let rules = lines.section.drop.iter();
    let conditions = rules.filter_map(|rule| Expr::parse(&rule.condition).ok());
    let names = conditions.flat_map(|condition| {
        let columns = condition.columns().into_iter();
        columns.map(ToOwned::to_owned).collect::<Vec<String>>()
    });
    names.collect()
}
