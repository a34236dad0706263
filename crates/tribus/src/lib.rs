//! Customer segmentation.

pub mod date;
pub mod demo;
mod digest;
mod draw;
pub mod evidence;
pub mod expr;
pub mod inspect;
pub mod ledger;
mod nearest;
pub mod pipeline;
pub mod plan;
pub mod profile;
pub mod recipe;
pub mod report;
pub mod roles;
pub mod segmentation;
pub mod source;
pub mod statistics;
pub mod summary;
pub mod table;

/// The folder of shared data that some tests read, where it is there.
#[cfg(test)]
fn shared() -> Option<std::path::PathBuf> {
    let folder = match std::env::var_os("TRIBUS_SHARED") {
        Some(folder) => folder.into(),
        None => std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    };
    if folder.is_dir() {
        return Some(folder);
    }
    #[expect(clippy::print_stderr, reason = "a test says what it skips")]
    {
        eprintln!("skipped: {} is not there", folder.display());
    }
    None
}
