//! Text for people: a large first letter, thousands apart, the nearest name, numbers, and the reader's language.

pub(crate) mod language;
pub(crate) mod nearest;
pub(crate) mod number;

/// The text with its first letter large.
pub(crate) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A number and its noun: `1 value`, `2,205 values`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", grouped(&number.to_string()))
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
