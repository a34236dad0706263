//! One table on its way through a pipeline: the frame, what happened to each row, and the ledger.

use std::collections::BTreeMap;

use arrow_array::ArrayRef;

use super::Gaps;
use super::clean::{Constant, DropStep, Fill, Filling, Replacement, fill};
use super::error::PipelineError;
use super::frame::{Frame, missing_rows};
use crate::expr::Budget;
use crate::ledger::{Ledger, Repair};
use crate::table::{Origin, Problem, Table};

/// What happened while the table was read.
fn ledger_of(table: &Table) -> Ledger {
    let mut ledger = Ledger {
        read: table.rows() as u64,
        ..Ledger::default()
    };
    if table.purchases().is_some() {
        // What could not be read were lines of purchases, not customers; their account tells it.
        return ledger;
    }
    for reject in table.rejects().iter().filter(|reject| reject.is_row) {
        let problem = reject.problem;
        let at = ledger.entry(&match &reject.column {
            Some(column) => format!("{column} is {problem}"),
            None => problem.to_string(),
        });
        ledger.set_aside[at].rows += 1;
        ledger.read += 1;
    }
    let mut cells: BTreeMap<(&str, Problem), u64> = BTreeMap::new();
    for reject in table.rejects().iter().filter(|reject| !reject.is_row) {
        let column = reject.column.as_deref().unwrap_or_default();
        *cells.entry((column, reject.problem)).or_default() += 1;
    }
    let repairs = cells.into_iter().map(|((column, problem), cells)| Repair {
        column: column.to_owned(),
        rule: format!("{problem}: counts as missing"),
        cells,
    });
    ledger.repaired.extend(repairs);
    ledger
}

/// The state of one run.
pub(super) struct Run<'t> {
    pub(super) table: &'t Table,
    pub(super) frame: Frame,
    /// Per row of the table: the entry of the ledger that set it aside.
    pub(super) reasons: Vec<Option<usize>>,
    pub(super) ledger: Ledger,
    pub(super) notices: Vec<String>,
    /// Gaps of each column that has a rule for them.
    pub(super) gaps: Vec<Gaps>,
    /// What the expressions may cost in all.
    pub(super) budget: Budget,
}

impl<'t> Run<'t> {
    pub(super) fn start(table: &'t Table) -> Self {
        let ledger = ledger_of(table);
        Self {
            table,
            frame: Frame::new(table),
            reasons: vec![None; table.rows()],
            ledger,
            notices: Vec::new(),
            gaps: Vec::new(),
            budget: Budget::of(table.rows()),
        }
    }

    /// Origin of a row of the frame.
    pub(super) fn origin(&self, row: usize) -> Origin {
        self.table.origins().of(self.frame.rows[row])
    }

    /// A column of the frame, or the error that names the nearest one.
    pub(super) fn column(&self, name: &str, wanted_for: &str) -> Result<&ArrayRef, PipelineError> {
        self.frame
            .column(name)
            .ok_or_else(|| self.unknown(name, wanted_for))
    }

    pub(super) fn unknown(&self, name: &str, wanted_for: &str) -> PipelineError {
        let names: Vec<&str> = self.frame.names().collect();
        PipelineError::UnknownColumn {
            file: self.table.file(),
            column: name.to_owned(),
            wanted_for: wanted_for.to_owned(),
            nearest: crate::words::nearest::nearest(name, names.iter().copied()),
            available: crate::words::nearest::showable(names.iter().copied()),
        }
    }

    pub(super) fn replace(&mut self, replacement: &Replacement) {
        for (rule, cells) in replacement.apply(&mut self.frame) {
            let column = replacement.column.clone();
            self.ledger.repaired.push(Repair {
                column,
                rule,
                cells,
            });
        }
    }

    pub(super) fn drop_rows(&mut self, step: &DropStep) -> Result<(), PipelineError> {
        let place = || format!("clean.drop ({})", step.condition);
        let out = step
            .condition
            .select_within(&self.frame.read_by(&step.condition), &self.budget)
            .map_err(|source| PipelineError::Expression {
                place: place(),
                source,
            })?;
        self.set_aside(&out, &step.because);
        Ok(())
    }

    pub(super) fn fill(&mut self, step: &Fill) -> Result<(), PipelineError> {
        let column = self.column(&step.column, "clean.missing")?;
        let gaps = missing_rows(column);
        self.gaps.push(Gaps {
            column: step.column.clone(),
            missing: gaps.len() as u64,
            rows: self.frame.rows.len() as u64,
        });
        match &step.filling {
            _ if gaps.is_empty() => {}
            Filling::Refuse => {
                return Err(PipelineError::Missing {
                    column: step.column.clone(),
                    cells: gaps.len(),
                    first: self.origin(gaps[0]),
                });
            }
            Filling::SetAside => {
                let mut out = vec![false; self.frame.rows.len()];
                for row in gaps {
                    out[row] = true;
                }
                self.set_aside(&out, &format!("{} is missing", step.column));
            }
            Filling::With { constant, words } => self.fill_with(&step.column, constant, words),
        }
        Ok(())
    }

    fn fill_with(&mut self, column: &str, constant: &Constant, words: &str) {
        let cells = fill(&mut self.frame, column, constant);
        if cells > 0 {
            let (column, rule) = (column.to_owned(), words.to_owned());
            self.ledger.repaired.push(Repair {
                column,
                rule,
                cells,
            });
        }
    }

    /// Takes the rows marked true out of the frame and into the ledger.
    pub(super) fn set_aside(&mut self, out: &[bool], reason: &str) {
        let rows = out.iter().filter(|out| **out).count() as u64;
        if rows == 0 {
            return;
        }
        let at = self.ledger.entry(reason);
        self.ledger.set_aside[at].rows += rows;
        for (row, out) in out.iter().enumerate() {
            if *out {
                self.reasons[self.frame.rows[row]] = Some(at);
            }
        }
        let keep: Vec<bool> = out.iter().map(|out| !out).collect();
        self.frame.keep(&keep);
    }

    /// The error for a run that has no rows left.
    pub(super) fn require_rows(&self) -> Result<(), PipelineError> {
        if !self.frame.rows.is_empty() {
            return Ok(());
        }
        let reasons: Vec<String> = self
            .ledger
            .set_aside
            .iter()
            .map(|entry| format!("{}: {}", entry.reason, entry.rows))
            .collect();
        Err(PipelineError::NoRowsLeft {
            read: self.ledger.read,
            reasons: reasons.join("; "),
        })
    }
}
