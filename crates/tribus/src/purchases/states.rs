//! What each line of purchases has come to.

use std::collections::HashMap;

use super::keys::{Keys, NONE, pairs};
use super::lines::fill;
use super::recognize::Found;
use crate::vocabulary::parts::Part;
use crate::vocabulary::states::{RowKind, State};

/// What the columns of states and kinds say of each line.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) states: Option<Vec<Option<State>>>,
    pub(super) kinds: Option<Vec<Option<RowKind>>>,
}

impl Told {
    pub(super) fn of(found: &Found<'_>, order: &[u32], notes: &mut Vec<String>) -> Self {
        Self {
            states: states(found, order, notes),
            kinds: found
                .keys(Part::Kind)
                .map(|keys| keys.meanings(RowKind::of)),
        }
    }

    /// Whether a line has come to this.
    pub(super) fn is_state(&self, line: usize, state: State) -> bool {
        let states = self.states.as_ref();
        states.is_some_and(|states| states[line] == Some(state))
    }

    /// Whether a line is this.
    pub(super) fn is_kind(&self, line: usize, kind: RowKind) -> bool {
        let kinds = self.kinds.as_ref();
        kinds.is_some_and(|kinds| kinds[line] == Some(kind))
    }
}

/// What each line has come to, where a column says it; what was not captured is unpaid.
fn states(found: &Found<'_>, order: &[u32], notes: &mut Vec<String>) -> Option<Vec<Option<State>>> {
    let (told, captured) = (found.keys(Part::State), found.keys(Part::Captured));
    if told.is_none() && captured.is_none() {
        return None;
    }
    let mut states = vec![None; order.len()];
    if let Some(keys) = told {
        states = keys.meanings(State::of);
        notes.extend(unknown(keys));
        // Blank below the first line of an order. Another file may tell of another state, so each is filled by itself first.
        if states.contains(&None) {
            fill(&mut states, &pairs(order, &found.table().origins().files()));
            fill(&mut states, order);
        }
    }
    if let Some(keys) = captured {
        let is_open = |name: &str| name == "0" || name.eq_ignore_ascii_case("false");
        let open = keys.meanings(|name| is_open(name).then_some(()));
        for (state, _) in states
            .iter_mut()
            .zip(open)
            .filter(|(_, open)| open.is_some())
        {
            if *state != Some(State::Failed) {
                *state = Some(State::Unpaid);
            }
        }
    }
    Some(states)
}

/// The states that are not known, in words; nothing where the column seems to hold something else.
fn unknown(keys: &Keys) -> Option<String> {
    /// A column of more values holds no states.
    const MOST_STATES: usize = 20;
    /// And longer text is none.
    const LONGEST: usize = 30;

    let unknown = keys.names().filter(|name| State::of(name).is_none());
    let mut unknown: Vec<_> = unknown.take(MOST_STATES + 1).collect();
    unknown.sort_unstable();
    let may_be_told = unknown
        .iter()
        .all(|name| name.len() <= LONGEST && !name.contains('@'));
    ((1..=MOST_STATES).contains(&unknown.len()) && may_be_told).then(|| {
        format!(
            "states that are not known count as paid: {} ([[purchases.drop]] sets lines aside)",
            unknown.join(", ")
        )
    })
}

/// Lines of an order that stand in the file once more with a newer state.
pub(super) fn older_states(
    found: &Found<'_>,
    order: &[u32],
    states: &[Option<State>],
) -> Vec<bool> {
    // In one file, lines of one product may be two pieces of which one came back.
    let files = found.table().origins().files();
    if found.at(Part::Product).is_some() && files.last() == Some(&0) {
        return vec![false; order.len()];
    }
    let mut key = order.to_vec();
    for part in [Part::Product, Part::Quantity, Part::Price, Part::Amount] {
        if let Some(keys) = found.keys(part) {
            key = pairs(&key, &keys.of);
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
