//! Contacts as advertising platforms compare them: the same person must give the same bytes before they are hashed.
//!
//! Sources: Google, Data Manager API, "Format user data",
//! <https://developers.google.com/data-manager/api/devguides/concepts/formatting>; Google Ads Help 7476159; Meta, Marketing
//! API, "Customer File Custom Audiences", and what its Business SDK does before it hashes.

use super::Platform;
use super::country::Country;
use crate::date::Date;

/// Digits of an international telephone number (E.164; shorter ones are services).
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// Domains in which dots and what follows a plus name the same mailbox.
const SAME_MAILBOX: [&str; 2] = ["gmail.com", "googlemail.com"];

/// Whether a cell was hashed before: SHA-256 as hexadecimal.
pub(super) fn is_hashed(cell: &str) -> bool {
    let cell = cell.trim();
    cell.len() == 64 && cell.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// An e-mail address; none where it is no address.
pub(super) fn email(cell: &str, platform: Platform) -> Option<String> {
    let cell: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
    let cell = cell.to_lowercase();
    let address = cell.strip_prefix("mailto:").unwrap_or(&cell);
    let (local, domain) = address.split_once('@')?;
    let is_odd = |c: char| c.is_control() || "<>,;\"()[]\\".contains(c);
    let is_domain = domain.contains('.')
        && domain.split('.').all(|part| !part.is_empty())
        && !domain.contains('@');
    if local.is_empty() || !is_domain || address.chars().any(is_odd) {
        return None;
    }
    if platform == Platform::Google && SAME_MAILBOX.contains(&domain) {
        let local = local.split('+').next().unwrap_or(local).replace('.', "");
        return (!local.is_empty()).then(|| format!("{local}@{domain}"));
    }
    Some(address.to_owned())
}

/// A telephone number in digits with its calling code, without the plus; none where it cannot be read, or is national and nobody
/// knows of which country.
pub(super) fn phone(cell: &str, country: Option<Country>) -> Option<String> {
    let cell = cell.trim();
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    let lower = cell.to_lowercase();
    let lower = ["tel:", "tel.", "p:"]
        .iter()
        .find_map(|prefix| lower.strip_prefix(prefix))
        .unwrap_or(&lower)
        .trim();
    // An extension is no part of the number.
    let main = ["ext", "x", "#", ";"]
        .iter()
        .filter_map(|mark| lower.find(mark))
        .min()
        .map_or(lower, |end| &lower[..end]);
    let is_plus = |c: char| matches!(c, '+' | '＋');
    let main = main.trim().trim_start_matches('\'');
    let plus = main.starts_with(is_plus) || main.starts_with("(+");
    // "+49 (0) 170" tells the national prefix as well.
    let main = if plus {
        main.replace("(0)", "")
    } else {
        main.to_owned()
    };
    let is_allowed = |c: char| c.is_numeric() || c.is_whitespace() || "+＋()-./–‑‐".contains(c);
    if !main.chars().all(is_allowed) || main.matches(is_plus).count() > 1 {
        return None;
    }
    let digits: String = main
        .chars()
        .filter_map(|c| c.to_digit(10).or_else(|| fullwidth(c)))
        .filter_map(|digit| char::from_digit(digit, 10))
        .collect();
    let international = match digits.strip_prefix("00") {
        _ if plus => Some(digits.as_str()),
        other => other,
    };
    let number = match international {
        Some(number) => number.to_owned(),
        None => country?.international(&digits)?,
    };
    (DIGITS.contains(&number.len()) && !number.starts_with('0')).then_some(number)
}

fn fullwidth(c: char) -> Option<u32> {
    ('０'..='９').contains(&c).then(|| c as u32 - '０' as u32)
}

/// A first or last name.
pub(super) fn name(cell: &str, platform: Platform) -> Option<String> {
    let lower = cell.to_lowercase();
    let kept: String = match platform {
        Platform::Google => lower,
        Platform::Meta => without_punctuation(&lower),
    };
    let words: Vec<&str> = kept.split_whitespace().collect();
    let name = words.join(" ");
    (!name.is_empty()).then_some(name)
}

/// A city or state, for Meta: small letters alone.
pub(super) fn place(cell: &str) -> Option<String> {
    let kept: String = without_punctuation(&cell.to_lowercase())
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_numeric())
        .collect();
    (!kept.is_empty()).then_some(kept)
}

/// A postal code: Google compares it as it is, Meta without spaces and without what stands behind a hyphen.
pub(super) fn zip(cell: &str, platform: Platform) -> Option<String> {
    let cell = cell.trim();
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    let code = match platform {
        Platform::Google => cell.split_whitespace().collect::<Vec<_>>().join(" "),
        Platform::Meta => {
            let first = cell.split('-').next().unwrap_or_default().to_lowercase();
            first.split_whitespace().collect()
        }
    };
    (!code.is_empty()).then_some(code)
}

/// A day of birth: `19850131`.
pub(super) fn birth(cell: &str) -> Option<String> {
    let date = Date::parse(cell.trim())?;
    Some(date.to_string().replace('-', ""))
}

/// `f` or `m`; nothing for other words.
pub(super) fn gender(cell: &str) -> Option<String> {
    const WOMEN: [&str; 12] = [
        "f",
        "female",
        "w",
        "weiblich",
        "frau",
        "woman",
        "femme",
        "mujer",
        "k",
        "женский",
        "女",
        "ж",
    ];
    const MEN: [&str; 11] = [
        "m",
        "male",
        "mann",
        "mannlich",
        "männlich",
        "man",
        "homme",
        "hombre",
        "мужской",
        "男",
        "м",
    ];
    let cell = cell.trim().to_lowercase();
    let of = |words: &[&str], letter: &str| words.contains(&&*cell).then(|| letter.to_owned());
    of(&WOMEN, "f").or_else(|| of(&MEN, "m"))
}

/// An advertising id in small letters, with its hyphens.
pub(super) fn device(cell: &str) -> Option<String> {
    let id = cell.trim().to_lowercase();
    let groups: Vec<usize> = id.split('-').map(str::len).collect();
    let is_hexadecimal = id
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    // Where tracking is not allowed all are zeros.
    let is_blank = id.bytes().all(|byte| matches!(byte, b'0' | b'-'));
    (groups == [8, 4, 4, 4, 12] && is_hexadecimal && !is_blank).then_some(id)
}

fn without_punctuation(text: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || c.is_whitespace() || is_mark(*c);
    text.chars().filter(kept).collect()
}

/// Accents and vowel signs that stand behind their letter.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_the_same_for_the_same_mailbox() {
        for (cell, google, meta) in [
            (
                " Jane.Doe@Example.COM ",
                Some("jane.doe@example.com"),
                Some("jane.doe@example.com"),
            ),
            (
                "J.Ane.Doe+news@GMail.com",
                Some("janedoe@gmail.com"),
                Some("j.ane.doe+news@gmail.com"),
            ),
            (
                "a.b@googlemail.com",
                Some("ab@googlemail.com"),
                Some("a.b@googlemail.com"),
            ),
            ("mailto:a@b.de", Some("a@b.de"), Some("a@b.de")),
            (
                "user.name+nyc@example.com",
                Some("user.name+nyc@example.com"),
                Some("user.name+nyc@example.com"),
            ),
            ("+@gmail.com", None, Some("+@gmail.com")),
            ("jane", None, None),
            ("jane@", None, None),
            ("@b.de", None, None),
            ("a@b", None, None),
            ("a@b@c.de", None, None),
            ("a@b.de; c@d.de", None, None),
        ] {
            assert_eq!(email(cell, Platform::Google).as_deref(), google, "{cell}");
            assert_eq!(email(cell, Platform::Meta).as_deref(), meta, "{cell}");
        }
    }

    #[test]
    fn telephone_numbers_are_international_or_nothing() {
        let germany = Country::of("DE");
        for (cell, country, number) in [
            ("+49 170 1234567", None, Some("491701234567")),
            ("+49 (0) 170 / 123-4567", None, Some("491701234567")),
            ("0049 170 1234567", None, Some("491701234567")),
            ("(+49) 170 1234567", None, Some("491701234567")),
            ("'+491701234567", None, Some("491701234567")),
            ("tel:+1-212-555-1234;ext=5", None, Some("12125551234")),
            ("+1 212 555 1234 x77", None, Some("12125551234")),
            ("＋４９１７０１２３４５６７", None, Some("491701234567")),
            ("0170 1234567", None, None),
            ("0170 1234567", germany, Some("491701234567")),
            ("1701234567.0", germany, Some("491701234567")),
            ("+43 660 1234567", germany, Some("436601234567")),
            ("4.91701E+11", germany, None),
            ("1-800-FLOWERS", Country::of("US"), None),
            ("+49", None, None),
            ("+1234567890123456", None, None),
            ("none", germany, None),
        ] {
            assert_eq!(phone(cell, country).as_deref(), number, "{cell}");
        }
    }

    #[test]
    fn names_and_places_are_small_letters() {
        assert_eq!(
            name(" Mary  Ann ", Platform::Google).as_deref(),
            Some("mary ann")
        );
        assert_eq!(name("O'Neil", Platform::Google).as_deref(), Some("o'neil"));
        assert_eq!(
            name("O'Neil-Zoë", Platform::Meta).as_deref(),
            Some("oneilzoë")
        );
        assert_eq!(place("St. Gallen 2").as_deref(), Some("stgallen"));
        assert_eq!(
            zip("94303-5300", Platform::Google).as_deref(),
            Some("94303-5300")
        );
        assert_eq!(zip("94303-5300", Platform::Meta).as_deref(), Some("94303"));
        assert_eq!(zip("WC2H 8LG", Platform::Meta).as_deref(), Some("wc2h8lg"));
        assert_eq!(birth("1985-01-31").as_deref(), Some("19850131"));
        assert_eq!(gender("Female").as_deref(), Some("f"));
        assert_eq!(
            device("AECE52E7-03EE-455A-B3C4-E57283966239").as_deref(),
            Some("aece52e7-03ee-455a-b3c4-e57283966239")
        );
        assert_eq!(device("00000000-0000-0000-0000-000000000000"), None);
    }
}
