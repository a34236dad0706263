//! The words of order and payment states.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::lexicon::TEXT;
use super::split;

/// What an order or payment has come to, in the order in which one follows the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum State {
    Failed,
    Unpaid,
    Paid,
    PartlyRefunded,
    Refunded,
    Cancelled,
}

static STATES: LazyLock<HashMap<String, State>> = LazyLock::new(|| {
    let mut states = HashMap::new();
    for line in TEXT.lines() {
        let mut fields = line.split('\t');
        let state = match fields.next().and_then(|key| key.strip_prefix("state:")) {
            Some("failed") => State::Failed,
            Some("unpaid") => State::Unpaid,
            Some("paid") => State::Paid,
            Some("partly_refunded") => State::PartlyRefunded,
            Some("refunded") => State::Refunded,
            Some("cancelled") => State::Cancelled,
            _ => continue,
        };
        for entry in fields.nth(1).unwrap_or_default().split(',') {
            states.insert(split(entry.trim()).join(" "), state);
        }
    }
    states
});

/// Words that turn the state behind them around, and words for nobody in particular.
static NEGATIONS: LazyLock<HashSet<String>> = LazyLock::new(|| words("state:not"));
static GUESTS: LazyLock<HashSet<String>> = LazyLock::new(|| words("state:guest"));

fn words(key: &str) -> HashSet<String> {
    let lines = TEXT.lines().filter_map(|line| line.split_once('\t'));
    let lists = lines.filter(|(own, _)| *own == key);
    let entries =
        lists.flat_map(|(_, rest)| rest.split('\t').next_back().unwrap_or_default().split(','));
    entries.map(|entry| split(entry.trim()).join(" ")).collect()
}

/// Whether a cell names nobody in particular: a guest.
pub(crate) fn is_guest(cell: &str) -> bool {
    GUESTS.contains(&split(cell).join(" "))
}

/// A single word for yes or no says something only where it is the whole cell.
const WHOLE_ONLY: [&str; 5] = ["yes", "no", "true", "false", "open"];

impl State {
    /// The state that a cell names, alone or within a phrase; nothing where no word of it is known.
    pub(crate) fn of(cell: &str) -> Option<Self> {
        let words = split(cell);
        let known = |words: &[String]| STATES.get(&words.join(" ")).copied();
        if let Some(state) = known(&words) {
            return Some(state);
        }
        let longest = (1..words.len()).rev().find_map(|length| {
            let places = words.windows(length).enumerate();
            let mut known = places.filter_map(|(at, phrase)| Some((at, known(phrase)?)));
            known.find(|(at, _)| length > 1 || !WHOLE_ONLY.contains(&words[*at].as_str()))
        });
        let (at, state) = longest?;
        let is_denied = at > 0 && NEGATIONS.contains(&words[at - 1]);
        Some(if is_denied { Self::Unpaid } else { state })
    }
}

/// What a row of purchases is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RowKind {
    /// A view, a cart, a fee: nothing was bought.
    Other,
    /// Something was bought.
    Sale,
    /// Something came back.
    Return,
}

static KINDS: LazyLock<HashMap<String, RowKind>> = LazyLock::new(|| {
    let kinds = [
        ("kind:sale", RowKind::Sale),
        ("kind:other", RowKind::Other),
        ("kind:return", RowKind::Return),
    ];
    let words = kinds
        .into_iter()
        .flat_map(|(key, kind)| words(key).into_iter().map(move |word| (word, kind)));
    words.collect()
});

impl RowKind {
    /// The kind that a cell names: by its longest phrase that is known; of two of one length a return says most, then a sale.
    pub(crate) fn of(cell: &str) -> Option<Self> {
        /// Within a phrase these may be of a sale: a membership fee.
        const WHOLE_ONLY: [&str; 4] = ["fee", "fees", "deposit", "transfer"];
        let words = split(cell);
        let is_whole_only = |phrase: &str| words.len() > 1 && WHOLE_ONLY.contains(&phrase);
        let known = |length: usize| {
            let phrases = words.windows(length).map(|phrase| phrase.join(" "));
            let phrases = phrases.filter(|phrase| !is_whole_only(phrase));
            phrases
                .filter_map(|phrase| KINDS.get(&phrase).copied())
                .max()
        };
        (1..=words.len()).rev().find_map(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_known_within_phrases() {
        for (cell, state) in [
            ("Paid", Some(State::Paid)),
            ("Cancelled by customer", Some(State::Cancelled)),
            ("wc-refunded", Some(State::Refunded)),
            ("partially_refunded", Some(State::PartlyRefunded)),
            ("İptal Edildi", Some(State::Cancelled)),
            ("nicht bezahlt", Some(State::Unpaid)),
            ("no", Some(State::Failed)),
            ("no show", None),
            ("teleported", None),
        ] {
            assert_eq!(State::of(cell), state, "{cell}");
        }
        for (cell, kind) in [
            ("purchase", Some(RowKind::Sale)),
            ("Payment Refund", Some(RowKind::Return)),
            ("Express Checkout Payment", Some(RowKind::Sale)),
            ("begin_checkout", Some(RowKind::Other)),
            ("add_to_cart", Some(RowKind::Other)),
            ("Gutschrift", Some(RowKind::Return)),
            ("Bank transfer payment", Some(RowKind::Sale)),
            ("Refund reversed", Some(RowKind::Sale)),
            ("Membership fee", None),
            ("fee", Some(RowKind::Other)),
            ("Visa", None),
        ] {
            assert_eq!(RowKind::of(cell), kind, "{cell}");
        }
        assert!(is_guest("Walk-in Customer") && !is_guest("Walker"));
    }
}
