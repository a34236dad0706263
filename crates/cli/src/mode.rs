//! Permissions of the files that this process writes, as `--mode` says. Like the limit of memory, they hold for the process:
//! whatever it writes, wherever in the program, gets them.

use std::sync::OnceLock;

use tribus::export::FileMode;

static MODE: OnceLock<FileMode> = OnceLock::new();

/// Sets them, once; what is set already stays.
pub(crate) fn set(mode: FileMode) {
    // A process runs one command.
    let _ = MODE.set(mode);
}

/// Those that were asked for.
pub(crate) fn asked() -> Option<FileMode> {
    MODE.get().copied()
}
