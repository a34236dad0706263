//! Numbers as the shortest text that reads back equal.

use std::fmt::Write;

/// From here on, plain digits would be longer than scientific notation and pretend to a precision that is not there.
const LARGE: f64 = 1e16;
/// Below, zeros would hide the digits.
const SMALL: f64 = 1e-5;

/// Appends a finite number; negative zero is zero.
pub(crate) fn push_number(text: &mut String, value: f64) {
    // Adding zero makes negative zero positive and changes nothing else.
    let value = value + 0.0;
    let plain = value == 0.0 || (SMALL..LARGE).contains(&value.abs());
    let pushed = if plain {
        write!(text, "{value}")
    } else {
        write!(text, "{value:e}")
    };
    pushed.expect("a string takes all text");
}

/// A finite number as text.
pub(crate) fn number_text(value: f64) -> String {
    let mut text = String::new();
    push_number(&mut text, value);
    text
}

#[cfg(test)]
mod tests {
    use super::number_text;

    #[test]
    fn numbers_are_short_and_read_back_equal() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (-52_247.5, "-52247.5"),
            (1e300, "1e300"),
            (123_456_789_012.0, "123456789012"),
            (1e-9, "1e-9"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(number_text(value), text);
            assert_eq!(text.parse::<f64>().unwrap(), value);
        }
    }
}
