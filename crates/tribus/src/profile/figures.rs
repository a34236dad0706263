//! Numbers as people read them, and as decisions are made on them.

use crate::words::grouped;

/// Cuts a number to nine significant digits. Sums of the same rows in another order differ in the last bits only, so
/// decisions made on these numbers do not.
pub(super) fn steady(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { 0.0 } else { x };
    }
    format!("{x:.8e}").parse().unwrap_or(x)
}

/// A number with as many digits as help: `1,316`, `61`, `3.2`, `0.05`, `0.000053`.
pub(super) fn figure(x: f64) -> String {
    let x = steady(x);
    let size = x.abs();
    let decimals = if size >= 9.95 || x == 0.0 {
        0
    } else if size >= 0.995 {
        1
    } else if size >= 0.00995 {
        2
    } else if size >= 0.000_095 {
        4
    } else {
        // Two digits that count.
        let leading = -libm::floor(libm::log10(size));
        (leading as usize + 1).min(15)
    };
    with_decimals(x, decimals)
}

/// Two numbers to be compared, with enough digits to tell them apart.
pub(super) fn figures(a: f64, b: f64) -> (String, String) {
    let (first, second) = (figure(a), figure(b));
    if first != second || steady(a) == steady(b) {
        return (first, second);
    }
    (1..=12)
        .map(|decimals| (with_decimals(a, decimals), with_decimals(b, decimals)))
        .find(|(a, b)| a != b)
        .unwrap_or((first, second))
}

/// A share from 0 to 1 as a percentage: `25 %`, `0.7 %`.
pub(super) fn percent(share: f64) -> String {
    let percent = steady(share * 100.0);
    let decimals =
        usize::from(percent != 0.0 && percent.abs() < 0.95 || percent > 99.5 && percent < 100.0);
    format!("{} %", with_decimals(percent, decimals))
}

/// Two shares to be compared, with enough digits to tell them apart.
pub(super) fn percents(a: f64, b: f64) -> (String, String) {
    let (first, second) = (percent(a), percent(b));
    if first != second || steady(a) == steady(b) {
        return (first, second);
    }
    (1..=4)
        .map(|decimals| {
            (
                with_decimals(a * 100.0, decimals),
                with_decimals(b * 100.0, decimals),
            )
        })
        .find(|(a, b)| a != b)
        .map_or((first, second), |(a, b)| {
            (format!("{a} %"), format!("{b} %"))
        })
}

/// `2.3 times`, `13 times`, `twice` for a ratio of at least one.
pub(super) fn times(ratio: f64) -> String {
    let text = if ratio >= 9.95 {
        with_decimals(ratio, 0)
    } else {
        with_decimals(ratio, 1)
    };
    if text == "2.0" {
        "twice".to_owned()
    } else {
        format!("{} times", text.trim_end_matches(".0"))
    }
}

fn with_decimals(x: f64, decimals: usize) -> String {
    // Halves away from zero, as everywhere.
    let x = steady(x);
    let x = if decimals == 0 { x.round() } else { x };
    let text = format!("{x:.decimals$}");
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let sign = if digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        sign
    } else {
        ""
    };
    let grouped = format!("{sign}{}", grouped(whole));
    match fraction {
        Some(fraction) => grouped + "." + fraction,
        None => grouped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_as_many_digits_as_help() {
        let texts: Vec<String> = [1315.52, 61.4, 3.24, 0.05, 0.0, -0.0, -1234.0, 0.0034]
            .map(figure)
            .to_vec();
        assert_eq!(
            texts,
            ["1,316", "61", "3.2", "0.05", "0", "0", "-1,234", "0.0034"]
        );
        assert_eq!([0.000_053, 22.5, 0.0].map(figure), ["0.000053", "23", "0"]);
        assert_eq!(figures(48.8, 49.1), ("48.8".to_owned(), "49.1".to_owned()));
        assert_eq!(
            (percent(0.247), percent(0.0034), percent(1.0)),
            ("25 %".into(), "0.3 %".into(), "100 %".into())
        );
        assert_eq!(
            percents(0.151, 0.1512),
            ("15.10 %".into(), "15.12 %".into())
        );
        assert_eq!(
            (times(2.0), times(3.23), times(13.2)),
            ("twice".into(), "3.2 times".into(), "13 times".into())
        );
    }

    #[test]
    fn the_last_bits_of_a_sum_decide_nothing() {
        assert_eq!(steady(0.1 + 0.2), steady(0.3));
        assert_eq!(steady(1e15 + 1.0), steady(1e15));
        assert!(steady(f64::NAN).is_nan());
    }
}
