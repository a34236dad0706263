//! Text for people: a large first letter, thousands apart, the nearest name, numbers, and the reader's language.
//!
//! There is no one `percent` here. The rooms round shares differently on purpose: the terminal to whole percentages
//! (`<1 %`), the evidence as words of a sentence (`under 1 %`), the campaign to one decimal because rates of response are
//! small, the profiles to as many digits as tell two shares apart, and the report without a space, with the reader's
//! decimal sign.

pub(crate) mod language;
pub(crate) mod nearest;
pub(crate) mod number;
mod printable;

pub use printable::printable;

/// The text with its first letter large.
pub(crate) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// At most `most` characters; if the text has more, the last is an ellipsis.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// `a, b need each other`; of a long circle its beginning.
pub(crate) fn circle(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown = names.iter().take(SHOWN).map(String::as_str);
    let shown = shown.collect::<Vec<_>>().join(", ");
    match names.len() {
        0 | 1 => format!("{shown} needs itself"),
        few if few <= SHOWN => format!("{shown} need each other"),
        many => format!("{shown} and {} more need each other", many - SHOWN),
    }
}

/// A count with commas between thousands: `2,205`.
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// A count and its noun: `1 value`, `2,205 values`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    counted_by(number, ',', one, many)
}

/// A count and its noun, with a separator between thousands.
pub(crate) fn counted_by(number: u64, separator: char, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", grouped_by(&number.to_string(), separator))
}

/// A small count as a word that begins a sentence, from `No` to `Twelve`; `None` above.
pub fn counting_word(number: usize) -> Option<&'static str> {
    const WORDS: [&str; 13] = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
        "Eleven", "Twelve",
    ];
    WORDS.get(number).copied()
}

/// Digits with commas between thousands.
pub(crate) fn grouped(digits: &str) -> String {
    grouped_by(digits, ',')
}

/// Digits with a separator between thousands.
pub(crate) fn grouped_by(digits: &str, separator: char) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_commas_between_thousands() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(counted(1, "value", "values"), "1 value");
        assert_eq!(counted(2_205, "value", "values"), "2,205 values");
    }

    #[test]
    fn text_is_shortened_only_if_it_is_too_long() {
        assert_eq!(shortened("naïve", 5), "naïve");
        assert_eq!(shortened("naïvely", 5), "naïv…");
        assert_eq!(shortened("two words", 5), "two…");
        assert_eq!(shortened("", 0), "");
    }
}
