//! What every command works with.

use tribus::export::FolderStep;

use crate::interrupt::Interrupt;
use crate::terminal::Terminal;

/// Hears of every step in the writing of a folder, after the decision whether to stop there.
pub(crate) type Observer = Box<dyn Fn(FolderStep<'_>) + Send + Sync>;

/// What every command works with.
pub(crate) struct Session {
    /// Where it prints.
    pub(crate) terminal: Terminal,
    /// What to clean up when it is told to stop.
    pub(crate) interrupt: Interrupt,
    /// Follows the writer of a folder.
    pub(crate) observer: Observer,
}
