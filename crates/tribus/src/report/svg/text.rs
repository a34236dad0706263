//! How wide a text will be, and where it breaks. The reader's font is unknown, so widths are those of Noto Sans
//! with a margin that covers the wider fonts in use (DejaVu Sans measured 5 to 12 % wider).

/// What every measured width is multiplied by.
const MARGIN: f64 = 1.15;
/// How much wider bold letters are.
const BOLD: f64 = 1.1;

/// Widths of the characters from space to tilde in thousandths of the font size.
const WIDTHS: [u16; 95] = [
    260, 267, 408, 646, 572, 831, 732, 225, 300, 300, 551, 572, 268, 322, 268,
    372, // space to /
    572, 572, 572, 572, 572, 572, 572, 572, 572, 572, 268, 268, 572, 572, 572, 434, // 0 to ?
    899, 639, 650, 632, 730, 556, 519, 728, 741, 339, 273, 614, 521, 907, 760, 781, // @ to O
    605, 781, 622, 549, 556, 731, 600, 931, 586, 565, 572, 329, 372, 329, 572, 444, // P to _
    577, 561, 615, 480, 615, 564, 344, 615, 618, 258, 258, 534, 258, 935, 618, 605, // ` to o
    615, 615, 413, 479, 361, 618, 508, 786, 529, 510, 470, 380, 551, 380, 572, // p to ~
];

/// Normal or bold letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Weight {
    /// Running text.
    Normal,
    /// Headings and numbers that count.
    Bold,
}

/// The width in pixels that a text of `size` pixels needs at most in the fonts in use.
pub(in crate::report) fn text_width(text: &str, size: f64, weight: Weight) -> f64 {
    let thousandths: u32 = text.chars().map(character_width).sum();
    let factor = if weight == Weight::Bold {
        MARGIN * BOLD
    } else {
        MARGIN
    };
    f64::from(thousandths) / 1000.0 * size * factor
}

fn character_width(character: char) -> u32 {
    let code = u32::from(character);
    match code {
        0x20..=0x7e => u32::from(WIDTHS[code as usize - 0x20]),
        _ if joins(character) => 0,
        // A middle dot, a narrow space, and the marks where separators go.
        0xb7 | 0x202f | 0xf8f0..=0xf8f2 => 268,
        0x2212 => 572,
        0x2026 => 818,
        // Arrows and symbols, then the scripts of East Asia, whose characters are square.
        0x2190..=0x2bff
        | 0x1100..=0x11ff
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xff00..=0xff60 => 1000,
        0x1_f000.. => 1300,
        _ => 680,
    }
}

/// Marks that belong to the character before them, and joiners that also hold the one behind.
fn joins(character: char) -> bool {
    matches!(u32::from(character), 0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f | 0x1_f3fb..=0x1_f3ff | 0xe_0020..=0xe_007f)
}

/// The text in lines of at most `width` pixels. Lines break at spaces, then behind `_ - . /` and before the capitals
/// of `camelCase`, and only if nothing else fits, inside a word.
pub(in crate::report) fn wrap(text: &str, width: f64, size: f64, weight: Weight) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let joined = format!("{line}{piece}");
        if text_width(joined.trim_end(), size, weight) <= width {
            line = joined;
            continue;
        }
        push_line(&mut lines, &line);
        line = String::new();
        for cluster in clusters(&piece) {
            if !line.is_empty()
                && text_width(format!("{line}{cluster}").trim_end(), size, weight) > width
            {
                push_line(&mut lines, &line);
                line.clear();
            }
            line.push_str(cluster);
        }
    }
    push_line(&mut lines, &line);
    lines
}

/// As [`wrap`], but never more than `most` lines; the last ends in an ellipsis if something is left out.
pub(in crate::report) fn clamp(
    text: &str,
    width: f64,
    size: f64,
    weight: Weight,
    most: usize,
) -> Vec<String> {
    let mut lines = wrap(text, width, size, weight);
    if lines.len() <= most {
        return lines;
    }
    lines.truncate(most.max(1));
    if let Some(last) = lines.last_mut() {
        let mut kept: Vec<&str> = clusters(last);
        while kept.len() > 1 && text_width(&format!("{}…", kept.concat()), size, weight) > width {
            kept.pop();
        }
        *last = format!("{}…", kept.concat().trim_end());
    }
    lines
}

fn push_line(lines: &mut Vec<String>, line: &str) {
    if !line.trim().is_empty() {
        lines.push(line.trim().to_owned());
    }
}

/// The parts of a text between which a line may break.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut before = ' ';
    for character in text.chars() {
        let camel = before.is_lowercase() && character.is_uppercase();
        let parted = before.is_whitespace() || matches!(before, '_' | '-' | '.' | '/');
        if !piece.is_empty() && (camel || (parted && !character.is_whitespace())) {
            pieces.push(std::mem::take(&mut piece));
        }
        piece.push(if character.is_whitespace() {
            ' '
        } else {
            character
        });
        before = character;
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// Characters with the marks that belong to them.
fn clusters(text: &str) -> Vec<&str> {
    let mut clusters = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (index, character) in text.char_indices() {
        if index > start && !joins(character) && before != '\u{200d}' {
            clusters.push(&text[start..index]);
            start = index;
        }
        before = character;
    }
    if start < text.len() {
        clusters.push(&text[start..]);
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: f64) -> Vec<String> {
        wrap(text, width, 12.0, Weight::Normal)
    }

    #[test]
    fn lines_break_at_spaces_and_fit() {
        let lines = lines("Affluent wine and meat lovers with few children", 110.0);
        assert!(lines.len() > 2, "{lines:?}");
        assert!(
            lines
                .iter()
                .all(|line| text_width(line, 12.0, Weight::Normal) <= 110.0),
            "{lines:?}"
        );
        assert_eq!(
            lines.join(" "),
            "Affluent wine and meat lovers with few children"
        );
    }

    #[test]
    fn column_names_break_at_underscores_and_capitals() {
        assert_eq!(
            lines("NumCatalogPurchases", 90.0),
            ["NumCatalog", "Purchases"]
        );
        assert_eq!(lines("marital_Together", 70.0), ["marital_", "Together"]);
    }

    #[test]
    fn a_word_without_a_break_is_cut_and_nothing_is_lost() {
        let word = "x".repeat(300);
        let lines = lines(&word, 100.0);
        assert!(
            lines
                .iter()
                .all(|line| text_width(line, 12.0, Weight::Normal) <= 100.0)
        );
        assert_eq!(lines.concat(), word);
    }

    #[test]
    fn an_emoji_family_stays_together() {
        let family = "👩\u{200d}👩\u{200d}👧";
        assert_eq!(lines(&format!("{family}{family}"), 5.0), [family, family]);
    }

    #[test]
    fn a_clamped_text_ends_in_an_ellipsis_and_fits() {
        let lines = clamp("one two three four five six", 60.0, 12.0, Weight::Normal, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
        assert!(
            text_width(&lines[1], 12.0, Weight::Normal) <= 60.0,
            "{lines:?}"
        );
    }

    #[test]
    fn empty_text_has_no_lines() {
        assert!(lines("", 50.0).is_empty() && lines("  ", 50.0).is_empty());
    }
}
