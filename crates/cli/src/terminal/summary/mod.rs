//! What a segmentation says on the terminal: segments, insights, what to do, whether
//! targeting pays, the account of the data, why so many.

mod account;
mod campaign;
mod table;

use std::path::Path;

pub(crate) use campaign::trial_summary;

use tribus::segmentation::Segmentation;

use super::evidence::criteria;
use super::number::{count, counted, in_words};
use super::page::Page;

/// A segmentation, and what stands around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SegmentSummary<'a> {
    /// The result.
    pub(crate) segmentation: &'a Segmentation,
    /// More is wanted.
    pub(crate) verbose: bool,
    /// How the files were read, where more is wanted.
    pub(crate) readings: &'a [String],
}

/// Writes the summary: from the segments to why there are so many.
pub(crate) fn segment_summary(page: &mut Page, summary: &SegmentSummary<'_>) {
    let segmentation = summary.segmentation;
    let k = segmentation.k();
    page.heading(&format!(
        "{} {} of {}",
        in_words(k),
        if k == 1 { "segment" } else { "segments" },
        counted(segmentation.summary().customers, "customer", "customers")
    ));
    page.blank();
    table::segments(page, segmentation);
    by_rule(page, segmentation);
    insights(page, segmentation);
    advice(page, segmentation);
    campaign::does_targeting_pay(page, segmentation);
    account::please_check(page, segmentation);
    account::data_check(page, summary);
    reason(page, summary);
}

/// Groups of customers who were not clustered.
fn by_rule(page: &mut Page, segmentation: &Segmentation) {
    let groups = segmentation.lifecycle();
    if groups.is_empty() {
        return;
    }
    page.heading("By rule, not clustered");
    for (number, group) in (segmentation.k() + 1..).zip(groups) {
        let name = page.bold(&group.group);
        let text = format!(
            "{name}: {}, {:.1} % of the money; {}",
            counted(group.customers, "customer", "customers"),
            100.0 * group.share_of_money,
            page.dim(&group.rule)
        );
        page.hanging(&format!("  {number}  "), &text);
    }
}

fn insights(page: &mut Page, segmentation: &Segmentation) {
    let insights = &segmentation.profiles().insights;
    if insights.is_empty() {
        return;
    }
    page.heading("Key insights");
    for (at, insight) in insights.iter().enumerate() {
        page.hanging(&format!("  {}. ", at + 1), insight);
    }
}

fn advice(page: &mut Page, segmentation: &Segmentation) {
    page.heading("What to do");
    for profile in &segmentation.profiles().segments {
        let name = page.bold(&profile.name);
        let text = format!("{name}: {}", profile.advice);
        page.hanging(&format!("  {}  ", profile.segment), &text);
    }
}

fn reason(page: &mut Page, summary: &SegmentSummary<'_>) {
    let segmentation = summary.segmentation;
    let k = segmentation.k();
    page.heading(&match k {
        1 => "Why one segment".to_owned(),
        k => format!("Why {} segments", in_words(k).to_lowercase()),
    });
    page.hanging("  ", &segmentation.evidence().choice.why);
    if summary.verbose {
        page.blank();
        criteria(page, segmentation.evidence());
    }
}

/// A file as a link that terminals open.
pub(crate) fn link(path: &Path) -> String {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let absolute = path.canonicalize().or_else(|_| std::path::absolute(path));
    let absolute = absolute.unwrap_or_else(|_| path.to_path_buf());
    let plain = absolute.to_string_lossy().replace('\\', "/");
    let mut link = String::from(if plain.starts_with('/') {
        "file://"
    } else {
        "file:///"
    });
    for byte in plain.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' | b':' => {
                link.push(char::from(byte));
            }
            other => link.extend([
                '%',
                HEX[usize::from(other >> 4)],
                HEX[usize::from(other & 15)],
            ]),
        }
    }
    link
}

/// A word as a shell takes it.
pub(crate) fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_for_the_shell_and_escaped_for_links() {
        assert_eq!(shell_word(Path::new("a b's")), "'a b'\\''s'");
        assert_eq!(shell_word(Path::new("x-segments")), "x-segments");
        assert_eq!(
            link(Path::new("/no such/ä.html")),
            "file:///no%20such/%C3%A4.html"
        );
    }
}
