//! What column names say: one splitter, and one lexicon for all languages.
//!
//! In: a column name. Out: its [`Term`]s, words or phrases in the order of the name, each with the [`Concept`] that the
//! lexicon has for it. Phrases beat words: "phone orders" is one term about purchases, and no phone. Nothing here looks at
//! values, and no other room has a list of column words.

pub(crate) mod columns;
mod concept;
pub(crate) mod contacts;
mod lexicon;
mod names;
pub(crate) mod parts;
mod split;
pub(crate) mod states;

pub(crate) use columns::column_words;
pub(crate) use concept::Concept;
pub(crate) use lexicon::Lexicon;
pub(crate) use names::{named_like_a_date, named_like_an_id};
pub(crate) use split::split;

#[cfg(test)]
mod tests;

/// A word or phrase of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// As in the lexicon: lower case, diacritics folded, words separated by spaces.
    pub(crate) text: String,
    /// What it stands for, if the lexicon has it.
    pub(crate) concept: Option<Concept>,
}

/// Whether a name tells of years.
pub(crate) fn says_years(name: &str) -> bool {
    let mut terms = terms(name).into_iter();
    terms.any(|term| term.concept == Some(Concept::Years))
}

/// The terms of a name.
pub(crate) fn terms(name: &str) -> Vec<Term> {
    Lexicon::get().terms(&split(name))
}
