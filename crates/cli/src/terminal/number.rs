//! Numbers for people: 2,205 and 35 %.

/// A count with thousands apart.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count and its noun: `1 row`, `2 rows`.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A share of 0 to 1 as a percentage; what is not nothing is not called 0, what is not all is not called 100.
pub(super) fn percent(share: f64) -> String {
    let whole = (share * 100.0).round();
    if share > 0.0 && whole == 0.0 {
        "<1 %".to_owned()
    } else if share < 1.0 && whole == 100.0 {
        ">99 %".to_owned()
    } else {
        format!("{whole:.0} %")
    }
}

/// A number with as many digits as help: 1,316, 61.4, 3.24, 0.052.
pub(super) fn figure(number: f64) -> String {
    let size = number.abs();
    if !number.is_finite() {
        return "-".to_owned();
    }
    if size >= 1000.0 {
        let sign = if number < 0.0 { "-" } else { "" };
        return format!("{sign}{}", count(size.round() as u64));
    }
    match size {
        size if size >= 100.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        size if size >= 1.0 || size == 0.0 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

/// A number as a word up to twelve, to begin a sentence.
pub(super) fn in_words(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
        "Eleven", "Twelve",
    ];
    WORDS
        .get(number)
        .map_or_else(|| count(number as u64), |word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_their_thousands_apart() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn shares_are_whole_percentages_that_do_not_lie() {
        assert_eq!(
            [0.0, 0.001, 0.35, 0.999, 1.0].map(percent),
            ["0 %", "<1 %", "35 %", ">99 %", "100 %"]
        );
    }
}
