//! Tables of segments, and of the numbers of segments tried.

use tribus::segmentation::Segmentation;

use super::super::number::percent;
use super::super::page::{Page, padded, width_of, wrapped};
use super::count;

/// The longest bar is so long, at most and at least.
const BAR: (usize, usize) = (6, 24);
/// A name is wrapped rather than given less.
const NAME: usize = 24;

/// One line per segment; long names take several.
pub(super) fn segments(page: &mut Page, segmentation: &Segmentation) {
    let summary = segmentation.summary();
    // A segment too small to be described has none.
    let valued = summary.segments.iter().any(|s| s.value_share.is_some());
    let number = segmentation.k().to_string().len();
    let figures = if valued { 9 + 7 + 12 } else { 9 + 7 };
    // Two columns before the number, two behind it, two between the figures and the bar.
    let room = page.width().saturating_sub(2 + number + 2 + figures + 2);
    let longest = segmentation.names().map(width_of).max().unwrap_or(0);
    let name = longest.clamp("Segment".len(), room.saturating_sub(BAR.0).max(NAME));
    let bar = room.saturating_sub(name).min(BAR.1);
    let value = if valued { "% of value" } else { "" };
    let value_width = if valued { 12 } else { 0 };
    let head = format!(
        "  {:number$}  {:name$}{:>9}{:>7}{value:>value_width$}",
        "", "Segment", "Customers", "%"
    );
    let head = page.dim(&head);
    page.line(&head);
    let most = summary.segments.iter().map(|s| s.size).max().unwrap_or(1);
    let named = summary.segments.iter().zip(segmentation.names());
    for (at, (segment, called)) in named.enumerate() {
        let lines = wrapped(called, name.max(1));
        let worth = segment.value_share.filter(|_| valued).map(percent);
        let worth = worth.unwrap_or_default();
        let drawn = page.cyan(&drawn(segment.size, most, bar));
        let first = padded(lines.first().map_or("", String::as_str), name);
        page.line(&format!(
            "  {:>number$}  {first}{:>9}{:>7}{worth:>value_width$}  {drawn}",
            at + 1,
            count(segment.size),
            percent(segment.share),
        ));
        for line in lines.iter().skip(1) {
            page.line(&format!("  {:number$}  {line}", ""));
        }
    }
}

/// A bar of eighths of a column; nobody is drawn as nothing.
fn drawn(size: u64, most: u64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (size as f64 / most.max(1) as f64 * (width * 8) as f64).round() as usize;
    let eighths = eighths.max(usize::from(size > 0 && width > 0));
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::drawn;

    #[test]
    fn bars_are_proportional_and_never_nothing() {
        assert_eq!(drawn(10, 10, 3), "███");
        assert_eq!(drawn(5, 10, 3), "█▌");
        assert_eq!(drawn(1, 10_000, 3), "▏");
        assert_eq!(drawn(0, 10, 3), "");
    }
}
