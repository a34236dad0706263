//! What evaluating may cost: an expression of a few lines can ask for more text than any machine holds.

use std::cell::Cell;

use super::ExprError;

/// Bytes of text that expressions may make in all, whatever the table.
const TEXT: u64 = 256 << 20;
/// Bytes of text beyond that, for each row of the table, which has to be held, too.
const TEXT_OF_ROW: u64 = 64;
/// Bytes of one text.
const LONGEST_TEXT: usize = 64 << 10;
/// Values computed, one for each part of an expression and row: some minutes of work.
const STEPS: u64 = 20_000_000_000;

/// What is left for the expressions of one recipe on one table.
#[derive(Debug)]
pub(crate) struct Budget {
    steps: Cell<u64>,
    text: Cell<u64>,
    /// The first thing that there was not enough for.
    refusal: Cell<Option<Refusal>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    Steps,
    Text,
    LongText,
}

impl Budget {
    /// The whole budget for a table of so many rows.
    pub(crate) fn of(rows: usize) -> Self {
        Self {
            steps: Cell::new(STEPS),
            text: Cell::new(TEXT.saturating_add(TEXT_OF_ROW.saturating_mul(rows as u64))),
            refusal: Cell::new(None),
        }
    }

    /// A budget of fewer steps, so that a test need not spend the whole.
    #[cfg(test)]
    pub(super) fn with_steps(steps: u64) -> Self {
        let budget = Self::of(0);
        budget.steps.set(steps);
        budget
    }

    /// Takes so many steps; false where there are not so many left.
    pub(super) fn take_steps(&self, steps: usize) -> bool {
        self.take(&self.steps, steps as u64, Refusal::Steps)
    }

    /// Takes so much text; false where there is not so much left.
    pub(super) fn take_text(&self, bytes: usize) -> bool {
        if bytes > LONGEST_TEXT {
            self.refuse(Refusal::LongText);
        }
        self.take(&self.text, bytes as u64, Refusal::Text)
    }

    /// Why the values computed are not those of the expression, if they are not.
    pub(super) fn verdict(&self) -> Result<(), ExprError> {
        match self.refusal.get() {
            None => Ok(()),
            Some(Refusal::Steps) => Err(ExprError::TooManySteps { limit: STEPS }),
            Some(Refusal::Text) => Err(ExprError::TooMuchText { limit: TEXT }),
            Some(Refusal::LongText) => Err(ExprError::TextTooLong {
                limit: LONGEST_TEXT,
            }),
        }
    }

    fn take(&self, left: &Cell<u64>, amount: u64, refusal: Refusal) -> bool {
        match left.get().checked_sub(amount) {
            Some(rest) => left.set(rest),
            None => self.refuse(refusal),
        }
        self.refusal.get().is_none()
    }

    fn refuse(&self, refusal: Refusal) {
        self.refusal.set(self.refusal.get().or(Some(refusal)));
    }
}
