//! Numbers as people read them: thousands separators, a real minus sign, few digits. In: numbers; out: text with marks
//! in the place of separators (see [`crate::words::language`]).

use crate::words::language::{DECIMAL, MINUS, THOUSANDS};
use crate::words::{self, counted_by, grouped_by};

/// A count with thousands separators: `2,205`.
pub(super) fn count(value: u64) -> String {
    grouped_by(&value.to_string(), THOUSANDS)
}

/// Three significant digits and a unit: `58.1k`, `1.25M`, `0.581`. Beyond the units, a power of ten.
pub(super) fn compact(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    // Rounding to the printed digits first lets 999.9 become 1k and not 1,000.
    let rounded: f64 = format!("{value:.2e}")
        .parse()
        .expect("Rust reads the floats it prints");
    let size = rounded.abs();
    let (scaled, unit) = match size {
        _ if size >= 1e15 => return marked(&format!("{rounded:e}")),
        _ if size >= 1e12 => (size / 1e12, "T"),
        _ if size >= 1e9 => (size / 1e9, "bn"),
        _ if size >= 1e6 => (size / 1e6, "M"),
        _ if size >= 1e3 => (size / 1e3, "k"),
        _ if size < 1e-4 => return marked(&format!("{rounded:e}")),
        _ => (size, ""),
    };
    let decimals = if scaled >= 100.0 {
        0
    } else if scaled >= 10.0 {
        1
    } else if scaled >= 1.0 {
        2
    } else {
        5
    };
    let digits = format!("{scaled:.decimals$}");
    signed_text(
        rounded < 0.0,
        &format!("{}{unit}", marked(trimmed(&digits))),
    )
}

/// A number for a table: `75,361`, `58.4`, `0.25`; whole numbers stay whole.
pub(super) fn plain(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() || size >= 1e15 || (size < 0.001 && value != 0.0) {
        return compact(value);
    }
    let decimals = if size >= 1000.0 || value == value.trunc() {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 0.1 {
        2
    } else {
        3
    };
    let digits = format!("{size:.decimals$}");
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let text = if fraction.is_empty() {
        grouped_by(whole, THOUSANDS)
    } else {
        format!("{}{DECIMAL}{fraction}", grouped_by(whole, THOUSANDS))
    };
    signed_text(value < 0.0, &text)
}

/// A value with a fixed number of decimals: `0.18`; never `−0.00`.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let digits = format!("{:.decimals$}", value.abs());
    let is_zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    signed_text(value < 0.0 && !is_zero, &marked(&digits))
}

/// A difference with its sign: `+1.06`, `−0.55`, `0.00`.
pub(super) fn signed(value: f64) -> String {
    with_sign(value, 2)
}

/// A difference of shares in percentage points, with its sign: `+6.1`, `−0.4`.
pub(super) fn points(value: f64) -> String {
    with_sign(100.0 * value, 1)
}

fn with_sign(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    if value.is_finite() && value > 0.0 && text != fixed(0.0, decimals) {
        format!("+{text}")
    } else {
        text
    }
}

/// A share of a whole as a percentage: `35%`, `0.4%`, `<0.1%`; only a whole is `100%`.
pub(super) fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "–".to_owned();
    }
    let value = share.abs() * 100.0;
    let text = match value {
        _ if value == 0.0 => "0%".to_owned(),
        _ if value < 0.1 => {
            return if share < 0.0 {
                "0%".to_owned()
            } else {
                marked("<0.1%")
            };
        }
        _ if value < 0.95 => format!("{value:.1}%"),
        _ if (99.5..100.0).contains(&value) => format!("{:.1}%", value.min(99.9)),
        // Halves away from zero, as everywhere.
        _ => format!("{:.0}%", value.round()),
    };
    signed_text(share < 0.0, &marked(&text))
}

/// A small count in words, as a sentence begins: `Five`; digits from thirteen on.
pub(super) fn counting_word(value: usize) -> String {
    words::counting_word(value).map_or_else(|| count(value as u64), str::to_owned)
}

/// `1 segment`, `3 segments`: a mark in the place of the separator is all that sets it apart from [`words::counted`].
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    counted_by(number, THOUSANDS, one, many)
}

fn signed_text(negative: bool, digits: &str) -> String {
    if negative {
        format!("{MINUS}{digits}")
    } else {
        digits.to_owned()
    }
}

/// Digits as Rust writes them, with marks.
fn marked(digits: &str) -> String {
    let mark = |character| match character {
        '.' => DECIMAL,
        '-' => MINUS,
        other => other,
    };
    digits.chars().map(mark).collect()
}

fn trimmed(digits: &str) -> &str {
    if digits.contains('.') {
        digits.trim_end_matches('0').trim_end_matches('.')
    } else {
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::language::Language;

    fn read(text: impl AsRef<str>) -> String {
        Language::En.write(text.as_ref())
    }

    #[test]
    fn counts_have_thousands_separators() {
        assert_eq!(
            [0, 999, 1000, 2_205, 1_234_567].map(count).map(read),
            ["0", "999", "1,000", "2,205", "1,234,567"]
        );
    }

    #[test]
    fn compact_numbers_keep_three_digits_and_carry_into_the_next_unit() {
        let numbers = [
            58_138.0, 999.96, 999_960.0, 1.25e6, 0.581, -584.0, 0.0, -0.0, 12.0, 0.000_123, 5e-6,
        ];
        let texts = [
            "58.1k", "1k", "1M", "1.25M", "0.581", "−584", "0", "0", "12", "0.00012", "5e−6",
        ];
        assert_eq!(numbers.map(compact).map(read), texts);
    }

    #[test]
    fn nothing_is_ever_minus_nought() {
        assert_eq!(percent(-0.000_001), "0%");
        assert_eq!(read(signed(-0.001)), "0.00");
        assert_eq!(read(fixed(-0.0, 1)), "0.0");
        assert_eq!(plain(-0.0), "0");
    }

    #[test]
    fn percentages_say_neither_nought_nor_all_unless_it_is() {
        assert_eq!(
            [0.0, 0.0004, 0.004, 0.35, 0.998, 1.0]
                .map(percent)
                .map(read),
            ["0%", "<0.1%", "0.4%", "35%", "99.8%", "100%"]
        );
    }

    #[test]
    fn tables_keep_whole_numbers_whole() {
        assert_eq!(
            [75_361.4, 1_316.0, 58.44, 3.0, 0.25, -1.5]
                .map(plain)
                .map(read),
            ["75,361", "1,316", "58.4", "3", "0.25", "−1.50"]
        );
    }

    #[test]
    fn what_is_no_number_is_a_dash() {
        assert_eq!(
            [
                compact(f64::NAN),
                plain(f64::INFINITY),
                percent(f64::NAN),
                signed(f64::NAN)
            ],
            ["–"; 4]
        );
    }
}
