//! A change as a sentence.

use super::{Change, ChangeKind, Drift, Place};
use crate::words::number::number_text;
use crate::words::{counted, shortened};

/// Categories and reasons are longer than a line can hold.
const LONGEST: usize = 40;

impl Drift {
    /// The changes as a few lines for people, at most `most` of them one by one; one line where nothing changed.
    pub fn lines(&self, most: usize) -> Vec<String> {
        let made = counted(self.comparisons as u64, "comparison", "comparisons");
        let rows = counted(self.rows, "row", "rows");
        let then = counted(self.rows_then, "row", "rows");
        if !self.changed {
            return vec![format!(
                "no drift: in {made} nothing changed between the {then} that were segmented and these {rows}"
            )];
        }
        let changes = counted(self.what.len() as u64, "change", "changes");
        let mut lines = vec![format!(
            "drift: {changes} in {made} between the {then} that were segmented and these {rows}"
        )];
        lines.extend(
            self.what
                .iter()
                .take(most)
                .map(|change| format!("  {}", change.sentence())),
        );
        let more = self.what.len().saturating_sub(most);
        if more > 0 {
            lines.push(format!("  and {more} more: --json lists all"));
        }
        lines.push(
            "  PSI decides nothing here: its usual limit of 0.1 alarms on 85 % of unchanged batches of 100"
                .to_owned(),
        );
        lines
    }
}

impl Change {
    /// What changed, from what to what.
    pub fn sentence(&self) -> String {
        let place = match (&self.place, &self.name) {
            (Place::Column(name), _) => shortened(name, LONGEST),
            (Place::Segment(number), Some(name)) => format!("segment {number} ({name})"),
            (Place::Segment(number), None) => format!("segment {number}"),
        };
        let [then, now] = match self.kind {
            ChangeKind::Mean => {
                let largest = self.then.abs().max(self.now.abs());
                [self.then, self.now].map(|mean| rounded_as(mean, largest))
            }
            _ => [percent(self.then), percent(self.now)],
        };
        let what = self.what();
        let effect = match self.kind {
            ChangeKind::Mean => format!("{:.2} standard deviations", self.effect),
            _ => format!("{:.1} points", 100.0 * self.effect),
        };
        let sentence = format!(
            "{place}: {what}{then} then, {now} now ({effect}; PSI {:.2})",
            self.psi
        );
        // A name or a category may hold a line break, and this is a line.
        sentence.replace(['\n', '\r', '\t'], " ")
    }

    fn what(&self) -> String {
        let level = self.level.as_deref().map(|level| shortened(level, LONGEST));
        match (self.kind, level) {
            (ChangeKind::Mean, _) => "mean ".to_owned(),
            (ChangeKind::Share, None) => String::new(),
            (ChangeKind::Share, Some(level)) => format!("\"{level}\" "),
            (ChangeKind::Shape, _) => format!("{} ", self.interval()),
            (ChangeKind::Missing, _) => "missing in ".to_owned(),
            (ChangeKind::Range, _) => format!("outside {} ", self.interval()),
            (ChangeKind::Unseen, None) => "unseen categories ".to_owned(),
            (ChangeKind::Unseen, Some(level)) => format!("unseen categories such as \"{level}\" "),
            (ChangeKind::SetAside, _) => {
                let reason = self.reason.as_deref().unwrap_or_default();
                format!("set aside ({}) ", shortened(reason, LONGEST))
            }
        }
    }

    fn interval(&self) -> String {
        match self.between.unwrap_or_default() {
            [Some(low), Some(high)] => format!("{} to {}", rounded(low), rounded(high)),
            [Some(low), None] => format!("{} or more", rounded(low)),
            [None, Some(high)] => format!("under {}", rounded(high)),
            [None, None] => "all values".to_owned(),
        }
    }
}

/// Four digits are enough to see a change.
fn rounded(value: f64) -> String {
    rounded_as(value, value)
}

/// So many digits as four of another value are.
fn rounded_as(value: f64, other: f64) -> String {
    if other == 0.0 || !value.is_finite() {
        return number_text(0.0);
    }
    let digits = 3 - libm::floor(libm::log10(other.abs())) as i32;
    let scale = libm::pow(10.0, f64::from(digits));
    let shorter = (value * scale).round() / scale;
    number_text(if shorter.is_finite() { shorter } else { value })
}

fn percent(share: f64) -> String {
    let points = 100.0 * share;
    if points > 0.0 && points < 0.1 {
        return "under 0.1 %".to_owned();
    }
    format!("{} %", number_text((points * 10.0).round() / 10.0))
}
