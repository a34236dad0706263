//! Foreign text on its way to a terminal: names of columns and files, categories, what a parser quotes.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every character written out as `<U+001B>` that a terminal obeys instead of showing it, that nobody can see, or
/// that turns the order of others around. Line feeds and tabs stay.
///
/// ```
/// use tribus::words::printable;
///
/// assert_eq!(printable("spend\u{1b}[31m"), "spend<U+001B>[31m");
/// assert_eq!(printable("größe\n"), "größe\n");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unprintable(character) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "<U+{:04X}>", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Controls of the terminal (C0 with escape, bell and carriage return, DEL, C1), direction marks and overrides, characters
/// without width, line and paragraph separators, tags, and what Unicode says is no character.
fn is_unprintable(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{fffe}'..='\u{ffff}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_a_terminal_obeys_or_hides_is_written_out() {
        for hidden in [
            '\u{0}',
            '\u{7}',
            '\u{8}',
            '\r',
            '\u{1b}',
            '\u{7f}',
            '\u{9b}',
            '\u{200d}',
            '\u{202e}',
            '\u{2067}',
            '\u{2028}',
            '\u{feff}',
            '\u{fdd0}',
            '\u{e0041}',
        ] {
            let text = format!("a{hidden}b");
            let code = u32::from(hidden);
            assert_eq!(printable(&text), format!("a<U+{code:04X}>b"));
        }
        for plain in [
            "Ärger, naïve, 名前, اسم, שם, नाम, €, 😀",
            "two\nlines\tand a tab",
        ] {
            assert_eq!(printable(plain), plain);
        }
    }
}
