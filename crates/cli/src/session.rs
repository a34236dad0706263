//! What every command works with.

use crate::interrupt::Interrupt;
use crate::terminal::Terminal;

/// What every command works with.
#[derive(Debug)]
pub(crate) struct Session {
    /// Where it prints.
    pub(crate) terminal: Terminal,
    /// What to clean up when it is told to stop.
    pub(crate) interrupt: Interrupt,
}
