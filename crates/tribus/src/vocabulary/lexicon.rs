//! The lexicon: words and phrases of many languages, and what they stand for.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::Term;
use super::concept::Concept;
use super::split::is_ideographic;

/// Lines of concept, language, and entries separated by commas.
pub(super) const TEXT: &str = include_str!("lexicon.tsv");

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(TEXT));

/// Shortest part of a compound, but for [`SHORT_PARTS`].
const SHORTEST_PART: usize = 3;

/// An abbreviation glued to a known word has at most so many letters, the known word at least so many.
const LONGEST_ABBREVIATION: usize = 4;
const SHORTEST_TAIL: usize = 4;

/// Parts of compounds are no plurals up to this length.
const SHORTEST_PLURAL: usize = 5;

/// Longer words are no compounds: looking for their parts takes time that grows with the square of their length.
const LONGEST_COMPOUND: usize = 60;

/// Parts of compounds that are shorter.
const SHORT_PARTS: [&str; 3] = ["id", "no", "nr"];

/// "No" is a number at the end of a word, and a denial at its beginning.
const NO: &str = "no";

/// Letters that German puts between the parts of a compound.
const LINKS: [&str; 5] = ["", "s", "n", "en", "es"];

/// Words and phrases, and what they stand for.
pub(crate) struct Lexicon {
    entries: HashMap<&'static str, Concept>,
    /// The words of phrases: none of them is cut up.
    words: HashSet<&'static str>,
    /// Words of the longest phrase.
    longest: usize,
}

impl Lexicon {
    /// The embedded one.
    pub(crate) fn get() -> &'static Self {
        &LEXICON
    }

    /// Whether it has this word or phrase.
    #[cfg(test)]
    pub(super) fn has(&self, text: &str) -> bool {
        self.entries.contains_key(text)
    }

    fn parse(text: &'static str) -> Self {
        let mut entries = HashMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let concept = fields.next().and_then(Concept::from_word);
            let Some((concept, list)) = concept.zip(fields.nth(1)) else {
                continue;
            };
            for entry in list
                .split(',')
                .map(str::trim)
                .filter(|entry| !entry.is_empty())
            {
                // Of two concepts the first in the file is meant; `tests` finds such entries.
                entries.entry(entry).or_insert(concept);
            }
        }
        let words = |entry: &&&str| entry.split(' ').count();
        let longest = entries.keys().map(|entry| words(&entry)).max().unwrap_or(0);
        let words = entries.keys().flat_map(|entry| entry.split(' ')).collect();
        Self {
            entries,
            words,
            longest,
        }
    }

    /// The terms of a name that was split into words: from left to right the longest phrase each time.
    pub(crate) fn terms(&self, words: &[String]) -> Vec<Term> {
        let words: Vec<String> = words.iter().flat_map(|word| self.parts(word)).collect();
        let mut terms = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let longest = self.longest.min(words.len() - at);
            let phrase = (1..=longest).rev().find_map(|length| {
                let text = words[at..at + length].join(" ");
                self.concept(&text).map(|concept| (length, text, concept))
            });
            let (length, text, concept) = match phrase {
                Some((length, text, concept)) => (length, text, Some(concept)),
                None => (1, words[at].clone(), None),
            };
            terms.push(Term { text, concept });
            at += length;
        }
        terms
    }

    /// What a word or phrase stands for; the last word may have an English plural.
    fn concept(&self, text: &str) -> Option<Concept> {
        let known = |text: &str| self.entries.get(text).copied();
        known(text).or_else(|| {
            let stem = text
                .strip_suffix('s')
                .filter(|stem| stem.len() >= SHORTEST_PART)?;
            let singular = stem.strip_suffix("ie").map(|stem| format!("{stem}y"));
            known(stem)
                .or_else(|| known(stem.strip_suffix('e')?))
                .or_else(|| known(&singular?))
        })
    }

    /// The parts of a word: of a run of han and kana, of a compound such as `jahresumsatz` or `customerid`.
    fn parts(&self, word: &str) -> Vec<String> {
        if is_ideographic(word) {
            return self.ideographic_parts(word);
        }
        let whole = || vec![word.to_owned()];
        if word.len() > LONGEST_COMPOUND
            || self.concept(word).is_some()
            || word.len() < 2 * SHORTEST_PART
            || !word.is_ascii()
        {
            return whole();
        }
        (self.compound(word))
            .or_else(|| self.abbreviated(word))
            .unwrap_or_else(whole)
    }

    /// An unknown beginning of a few letters before a word that says what it is: `TCODE`, `FISTDATE`.
    fn abbreviated(&self, word: &str) -> Option<Vec<String>> {
        if self.words.contains(word) {
            return None;
        }
        (1..=LONGEST_ABBREVIATION).find_map(|start| {
            let (head, tail) = word.split_at_checked(start)?;
            let is_telling = matches!(
                self.entries.get(tail)?,
                Concept::Code
                    | Concept::Date
                    | Concept::Identifier
                    | Concept::Flag
                    | Concept::Weight
            );
            (is_telling && tail.len() >= SHORTEST_TAIL)
                .then(|| vec![head.to_owned(), tail.to_owned()])
        })
    }

    /// The fewest known words that a compound consists of.
    fn compound(&self, word: &str) -> Option<Vec<String>> {
        // For each end, the shortest list of parts that leads there.
        let mut best: Vec<Option<Vec<String>>> = vec![None; word.len() + 1];
        best[0] = Some(Vec::new());
        for start in 0..word.len() {
            let Some(before) = best[start].clone() else {
                continue;
            };
            for end in start + 1..=word.len() {
                let part = &word[start..end];
                let is_short = SHORT_PARTS.contains(&part) && (start == 0) != (end == word.len());
                let is_long = part.len() >= SHORTEST_PART || is_short && (part != NO || start > 0);
                // Plurals of short words would be found in the middle of any word.
                let is_known = self.entries.contains_key(part)
                    || part.len() > SHORTEST_PLURAL && self.concept(part).is_some();
                if !is_long || start == 0 && end == word.len() || !is_known {
                    continue;
                }
                for link in LINKS {
                    let next = end + link.len();
                    // A link stands between two parts, not at the end.
                    let fits =
                        word[end..].starts_with(link) && (link.is_empty() || next < word.len());
                    if fits
                        && best[next]
                            .as_ref()
                            .is_none_or(|known| known.len() > before.len())
                    {
                        let mut parts = before.clone();
                        parts.push(part.to_owned());
                        best[next] = Some(parts);
                    }
                }
            }
        }
        best.pop().flatten()
    }

    /// From left to right the longest entry each time; what no entry covers is a part of its own.
    fn ideographic_parts(&self, word: &str) -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        let mut parts: Vec<String> = Vec::new();
        let mut unknown = String::new();
        let mut at = 0;
        while at < letters.len() {
            let found = (at + 1..=letters.len()).rev().find_map(|end| {
                let part: String = letters[at..end].iter().collect();
                self.entries
                    .contains_key(part.as_str())
                    .then_some((end, part))
            });
            match found {
                Some((end, part)) => {
                    parts.extend((!unknown.is_empty()).then(|| std::mem::take(&mut unknown)));
                    parts.push(part);
                    at = end;
                }
                None => {
                    unknown.push(letters[at]);
                    at += 1;
                }
            }
        }
        parts.extend((!unknown.is_empty()).then_some(unknown));
        parts
    }
}
