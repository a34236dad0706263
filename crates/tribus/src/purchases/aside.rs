//! Why lines of purchases do not count.

use super::amounts::decimal;
use crate::ledger::LinesAside;
use crate::statistics::sum;

/// The line counts.
const USED: u16 = u16::MAX;

/// Of each line why it does not count; the first reason does.
#[derive(Debug)]
pub(super) struct Aside {
    reasons: Vec<String>,
    of: Vec<u16>,
}

impl Aside {
    pub(super) fn new(lines: usize) -> Self {
        Self {
            reasons: Vec::new(),
            of: vec![USED; lines],
        }
    }

    pub(super) fn counts(&self, line: usize) -> bool {
        self.of[line] == USED
    }

    /// The lines that count.
    pub(super) fn counting(&self) -> impl Iterator<Item = usize> {
        self.lines_of(USED)
    }

    /// Whether every line counts.
    pub(super) fn is_empty(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Of each line the number of its reason.
    pub(super) fn numbers(&self) -> Vec<u32> {
        self.of.iter().map(|reason| u32::from(*reason)).collect()
    }

    /// Sets lines aside that are not yet.
    pub(super) fn set(&mut self, reason: &str, is_out: impl Fn(usize) -> bool) {
        let known = self.reasons.iter().position(|known| known == reason);
        let at = known.unwrap_or(self.reasons.len()) as u16;
        let mut is_any = false;
        for (line, own) in self.of.iter_mut().enumerate() {
            if *own == USED && is_out(line) {
                *own = at;
                is_any = true;
            }
        }
        if is_any && known.is_none() {
            self.reasons.push(reason.to_owned());
        }
    }

    /// The account: of each reason its lines and their money.
    pub(super) fn account(&self, money: impl Fn(usize) -> f64) -> Vec<LinesAside> {
        let reasons = self.reasons.iter().enumerate();
        let account = reasons.map(|(at, reason)| {
            let lines = || self.lines_of(at as u16);
            LinesAside {
                reason: reason.clone(),
                lines: lines().count() as u64,
                money: decimal(sum(lines().map(&money))),
            }
        });
        account.collect()
    }

    fn lines_of(&self, reason: u16) -> impl Iterator<Item = usize> {
        let lines = self.of.iter().enumerate();
        lines
            .filter(move |(_, own)| **own == reason)
            .map(|(line, _)| line)
    }
}
