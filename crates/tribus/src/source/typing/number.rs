//! Text into numbers: the anatomy of one cell.

use crate::source::readers::header::{is_space, trim};

/// What a cell is made of, round the digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Anatomy<'a> {
    pub(crate) negative: bool,
    /// `(26.50)`: accountants' minus.
    pub(crate) parentheses: bool,
    pub(crate) currency: Option<&'static str>,
    pub(crate) percent: bool,
    /// 1,000 for `1.2K`, 1,000,000 for `3M`, else 1.
    pub(crate) scale: f64,
    /// Digits, separators and exponent.
    pub(crate) body: &'a str,
}

/// Signs and codes of money; longer ones before those they begin with.
const CURRENCIES: [&str; 69] = [
    "US$", "R$", "A$", "C$", "AU$", "CA$", "NZ$", "HK$", "S$", "MX$", "$", "€", "£", "¥", "₹", "₽",
    "₺", "₩", "₪", "₴", "₫", "₦", "฿", "zł", "Kč", "kr", "CHF", "EUR", "USD", "GBP", "BRL", "INR",
    "JPY", "CNY", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "CAD", "AUD", "NZD", "MXN", "TRY",
    "ZAR", "RUB", "AED", "SAR", "QAR", "SGD", "HKD", "KRW", "THB", "IDR", "MYR", "PHP", "VND",
    "EGP", "NGN", "ARS", "CLP", "COP", "RON", "ILS", "UAH", "TL", "Rs.", "Rs",
];

/// Takes a cell apart; nothing if it cannot be a number in any notation.
pub(crate) fn dissect(cell: &str) -> Option<Anatomy<'_>> {
    let mut rest = trim(cell);
    if !rest.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let inner = rest
        .strip_prefix('(')
        .and_then(|open| open.strip_suffix(')'));
    let parentheses = inner.is_some();
    rest = trim(inner.unwrap_or(rest));
    let mut sign = take_sign(&mut rest);
    let bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let mut currency = None;
    if !bare(rest.as_bytes().first()) {
        currency = take(&mut rest, |text, mark| text.strip_prefix(mark));
    }
    if currency.is_some() && sign.is_none() {
        sign = take_sign(&mut rest);
    }
    let percent = rest.ends_with('%');
    rest = trim(rest.strip_suffix('%').unwrap_or(rest));
    if currency.is_none() && !percent && !bare(rest.as_bytes().last()) {
        currency = take(&mut rest, |text, mark| text.strip_suffix(mark));
    }
    if sign.is_none() && !parentheses {
        sign = take_last_sign(&mut rest);
    }
    let scale = take_scale(&mut rest);
    let begins = rest
        .bytes()
        .find(|byte| !matches!(byte, b'.' | b','))
        .is_some_and(|byte| byte.is_ascii_digit());
    let contradictory = (parentheses && sign.is_some()) || (percent && currency.is_some());
    (begins && !contradictory).then_some(Anatomy {
        negative: parentheses || sign == Some('-'),
        parentheses,
        currency,
        percent,
        scale,
        body: rest,
    })
}

/// The minus that SAP writes behind the digits, `306,16-`; and the plus of an open end: `3+`.
fn take_last_sign(rest: &mut &str) -> Option<char> {
    let sign = rest
        .chars()
        .next_back()
        .filter(|c| matches!(c, '+' | '-'))?;
    let digits = &rest[..rest.len() - 1];
    if !digits.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    *rest = digits;
    Some(sign)
}

/// Thousands and millions written as a letter: `1.2K`, `3M`.
fn take_scale(rest: &mut &str) -> f64 {
    for (letter, scale) in [('K', 1e3), ('k', 1e3), ('M', 1e6)] {
        let digits = rest.strip_suffix(letter).map(trim);
        if let Some(digits) = digits.filter(|text| text.ends_with(|c: char| c.is_ascii_digit())) {
            *rest = digits;
            return scale;
        }
    }
    1.0
}

fn take_sign(rest: &mut &str) -> Option<char> {
    let sign = rest.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    *rest = &rest[1..];
    Some(sign)
}

fn take<'a>(
    rest: &mut &'a str,
    strip: impl Fn(&'a str, &'static str) -> Option<&'a str>,
) -> Option<&'static str> {
    let (mark, stripped) = CURRENCIES
        .iter()
        .find_map(|mark| strip(rest, mark).map(|stripped| (*mark, stripped)))?;
    *rest = trim(stripped);
    Some(mark)
}

/// How the digits of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digits {
    /// `.` or `,`.
    pub(crate) decimal: char,
    pub(crate) grouping: Grouping,
}

/// What separates thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// Nothing: `1234567`.
    None,
    /// This character.
    Char(char),
    /// A space of any width: plain, no-break, narrow no-break, thin.
    Space,
    /// Commas as in India: three digits, then two by two, `12,34,567`.
    Indian,
}

impl Grouping {
    fn is(self, character: char) -> bool {
        match self {
            Self::None => false,
            Self::Char(own) => own == character,
            Self::Indian => character == ',',
            Self::Space => matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'),
        }
    }
}

/// The value of digits in a notation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Value {
    /// Not negative; infinite if too large for a double.
    pub(crate) size: f64,
    /// Thousands were separated.
    pub(crate) grouped: bool,
    /// The notation shows beyond doubt: thousands and decimals are both separated, or thousands twice.
    pub(crate) certain: bool,
    /// The decimal sign is there.
    pub(crate) decimals: bool,
}

/// The value of a [`Number`] alone.
pub(crate) fn plain(body: &str) -> Option<f64> {
    Number::of(body).map(|number| number.size)
}

/// Plain digits with an optional point and exponent, correctly rounded; no `inf`, hexadecimals, underscores or foreign digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    /// Not negative; infinite if too large for a double.
    pub(super) size: f64,
    /// Digits before the point.
    whole: usize,
    /// Digits behind the point, where there is one.
    pub(super) decimals: Option<usize>,
    has_exponent: bool,
    /// A zero before other digits: of a code, rather than of a number.
    pub(super) leading_zero: bool,
    begins_with_zero: bool,
}

impl Number {
    pub(super) fn of(body: &str) -> Option<Self> {
        let bytes = body.as_bytes();
        let whole = count_digits(bytes);
        let mut at = whole;
        let mut decimals = None;
        if bytes.get(at) == Some(&b'.') {
            let digits = count_digits(&bytes[at + 1..]);
            decimals = Some(digits);
            at += 1 + digits;
        }
        let digits = whole + decimals.unwrap_or(0);
        if digits == 0 {
            return None;
        }
        let has_exponent = matches!(bytes.get(at), Some(b'e' | b'E'));
        if has_exponent {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            let exponent = count_digits(&bytes[at.min(bytes.len())..]);
            if exponent == 0 {
                return None;
            }
            at += exponent;
        }
        if at < bytes.len() {
            return None;
        }
        let size = if digits <= EXACT_DIGITS && !has_exponent {
            exact(bytes, decimals.unwrap_or(0))
        } else {
            body.parse().ok()?
        };
        let begins_with_zero = bytes[0] == b'0';
        Some(Self {
            size,
            whole,
            decimals,
            has_exponent,
            leading_zero: begins_with_zero && whole > 1,
            begins_with_zero,
        })
    }

    pub(super) fn is_digits(&self) -> bool {
        self.decimals.is_none() && !self.has_exponent
    }

    /// A point and two digits end it.
    pub(super) fn has_cents(&self) -> bool {
        self.whole > 0 && self.decimals == Some(2) && !self.has_exponent
    }

    /// Up to three digits, alone or with a point and exactly three more.
    pub(super) fn may_be_point_of_thousands(&self) -> bool {
        match self.decimals {
            Some(decimals) => {
                let is_group = decimals == 3 && !self.has_exponent;
                is_group && (1..=3).contains(&self.whole) && !self.begins_with_zero
            }
            None => self.whole <= 3 && !self.has_exponent,
        }
    }
}

/// So many decimal digits are a whole number that a double holds.
const EXACT_DIGITS: usize = 15;

/// The value of at most [`EXACT_DIGITS`] digits with a point among them: the quotient of two numbers that doubles hold, so that
/// it is rounded once (Clinger 1990, DOI 10.1145/93542.93557).
fn exact(digits: &[u8], decimals: usize) -> f64 {
    const POWERS: [f64; EXACT_DIGITS + 1] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];
    let digits = digits.iter().filter(|byte| **byte != b'.');
    let whole = digits.fold(0_u64, |whole, digit| whole * 10 + u64::from(digit - b'0'));
    whole as f64 / POWERS[decimals]
}

fn count_digits(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

impl Digits {
    /// The value of `body` in this notation; nothing if it is written in another. Where thousands are separated, all are.
    pub(crate) fn value(self, body: &str, scratch: &mut String) -> Option<Value> {
        let (whole, fraction) = match body.split_once(self.decimal) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (body, None),
        };
        scratch.clear();
        let groups = self.ungroup(whole, scratch)?;
        if groups == 1 && self.grouping != Grouping::None && count_digits(whole.as_bytes()) > 3 {
            return None;
        }
        if let Some(fraction) = fraction {
            scratch.push('.');
            scratch.push_str(fraction);
        }
        let size = plain(scratch)?;
        Some(Value {
            size,
            grouped: groups > 1,
            certain: groups > 2 || (groups == 2 && fraction.is_some()),
            decimals: fraction.is_some(),
        })
    }

    /// Writes the digits without separators of thousands; the number of groups, which are of three digits but the first (of
    /// two, but the last, in India).
    fn ungroup(self, whole: &str, digits: &mut String) -> Option<usize> {
        if self.grouping == Grouping::None {
            digits.push_str(whole);
            return Some(1);
        }
        let mut groups = 0;
        let last = whole.split(|character| self.grouping.is(character)).count();
        for group in whole.split(|character| self.grouping.is(character)) {
            groups += 1;
            let first = groups == 1;
            let ahead_of_more = first && group.len() < whole.len();
            let all_digits = group.bytes().all(|byte| byte.is_ascii_digit());
            let is_pair = self.grouping == Grouping::Indian && groups < last;
            let size = if is_pair { 2 } else { 3 };
            let bad_first =
                ahead_of_more && (group.len() > size || group.is_empty() || group.starts_with('0'));
            if (!first && (group.len() != size || !all_digits))
                || bad_first
                || (ahead_of_more && !all_digits)
            {
                return None;
            }
            digits.push_str(group);
        }
        Some(groups)
    }
}

/// Text for infinity.
pub(crate) fn is_infinite(cell: &str) -> bool {
    let cell = cell.trim_matches(is_space).trim_start_matches(['+', '-']);
    ["inf", "infinity", "∞", "1.#inf"]
        .iter()
        .any(|name| cell.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(decimal: char, grouping: Grouping, body: &str) -> Option<f64> {
        let digits = Digits { decimal, grouping };
        digits
            .value(body, &mut String::new())
            .map(|value| value.size)
    }

    proptest::proptest! {
        #[test]
        fn plain_numbers_are_rounded_as_the_standard_library_does(text in "[0-9]{0,18}(\\.[0-9]{0,18})?(e[+-]?[0-9]{1,3})?") {
            let digits = text.bytes().take_while(|byte| *byte != b'e').any(|byte| byte.is_ascii_digit());
            let expected = if digits { text.parse::<f64>().ok() } else { None };
            proptest::prop_assert_eq!(plain(&text).map(f64::to_bits), expected.map(f64::to_bits));
        }
    }

    #[test]
    fn only_plain_decimals_are_plain() {
        for (text, expected) in [
            ("12.5", 12.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("1.25E+01", 12.5),
            ("0012", 12.0),
        ] {
            assert_eq!(plain(text), Some(expected), "{text}");
        }
        for text in [
            "", ".", "1e", "1e+", "0x0F", "1.55D1", "1_000", "inf", "nan", "١٢", "1.2.3", "1,2",
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn thousands_come_in_threes() {
        assert_eq!(value('.', Grouping::Char(','), "1,002.00"), Some(1002.0));
        assert_eq!(
            value(',', Grouping::Char('.'), "1.234.567,8"),
            Some(1_234_567.8)
        );
        assert_eq!(value(',', Grouping::Space, "1\u{a0}234,5"), Some(1234.5));
        for wrong in [
            "1,02",
            "1,0020",
            "12,34,567",
            ",123",
            "0,123",
            "1002",
            "1,,234",
        ] {
            assert_eq!(value('.', Grouping::Char(','), wrong), None, "{wrong}");
        }
    }

    #[test]
    fn signs_and_currencies_are_taken_off() {
        let cell = dissect("R$ 1,441.00").unwrap();
        assert_eq!((cell.currency, cell.body), (Some("R$"), "1,441.00"));
        let cell = dissect("-$5").unwrap();
        assert_eq!(
            (cell.negative, cell.currency, cell.body),
            (true, Some("$"), "5")
        );
        let cell = dissect("(26.50)").unwrap();
        assert!(cell.negative && cell.parentheses);
        assert_eq!(dissect("12,50 €").unwrap().currency, Some("€"));
        assert!(dissect("12.5%").unwrap().percent);
        let cell = dissect("306,16-").unwrap();
        assert!(cell.negative && cell.body == "306,16");
        let cell = dissect("3+").unwrap();
        assert!(!cell.negative && cell.body == "3");
        let cell = dissect("1.2K").unwrap();
        assert_eq!((cell.scale, cell.body), (1e3, "1.2"));
        assert_eq!(dissect("Rs. 135").unwrap().currency, Some("Rs."));
        assert_eq!(
            value('.', Grouping::Indian, "12,34,567.50"),
            Some(1_234_567.5)
        );
        assert_eq!(value('.', Grouping::Indian, "1,234,567"), None);
        assert!(dissect("2014-06-").is_none_or(|cell| cell.body.contains('-')));
        assert!(dissect("Oslo").is_none());
        assert!(dissect("EUR").is_none());
    }
}
