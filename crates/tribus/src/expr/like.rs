//! LIKE: `%` for any text, `_` for any one character.

/// Whether the pattern covers the whole text; `O(text x pattern)` time at worst.
///
/// Only the last `%` seen ever needs to be widened: if an earlier one could take more, so could it.
pub(super) fn matches(text: &[char], pattern: &[char]) -> bool {
    let (mut at, mut next) = (0, 0);
    let mut widen: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(next) {
            Some('%') => {
                next += 1;
                widen = Some((at, next));
            }
            Some(wanted) if *wanted == '_' || *wanted == text[at] => {
                at += 1;
                next += 1;
            }
            _ => match &mut widen {
                Some((covered, after)) => {
                    *covered += 1;
                    (at, next) = (*covered, *after);
                }
                None => return false,
            },
        }
    }
    pattern[next..].iter().all(|c| *c == '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_the_whole_text() {
        let is_match = |text: &str, pattern: &str| {
            let characters = |s: &str| s.chars().collect::<Vec<_>>();
            matches(&characters(text), &characters(pattern))
        };
        for (text, pattern) in [
            ("", ""),
            ("", "%"),
            ("", "%%"),
            ("abc", "abc"),
            ("abc", "a%"),
            ("abc", "%c"),
            ("abc", "%b%"),
            ("abc", "___"),
            ("abcabd", "%ab_"),
            ("naïve", "na_ve"),
            ("a%", "a%"),
            ("aab", "%a_"),
            ("mississippi", "%iss%ip%"),
        ] {
            assert!(is_match(text, pattern), "{text} LIKE {pattern}");
        }
        for (text, pattern) in [
            ("", "_"),
            ("abc", ""),
            ("abc", "ABC"),
            ("abc", "ab"),
            ("abc", "_"),
            ("abc", "%b"),
            ("abc", "____"),
            ("abc", "b%"),
            ("mississippi", "%iss%ipx%"),
        ] {
            assert!(!is_match(text, pattern), "{text} LIKE {pattern}");
        }
    }
}
