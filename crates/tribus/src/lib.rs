//! Customer segmentation: a table of customers in, explained segments out.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("customers.csv");
//! # std::fs::write(&path, tribus::demo::customers())?;
//! use tribus::report::Report;
//! use tribus::recipe::Recipe;
//! use tribus::segmentation::Segmentation;
//! use tribus::table::Table;
//!
//! let table = Table::open(&path)?;
//! let segmentation = Segmentation::fit(&Recipe::default(), &table)?;
//! for profile in &segmentation.profiles().segments {
//!     println!("{} {}: {}", profile.segment, profile.name, profile.advice);
//! }
//! let customers = segmentation.assign(&table)?;
//! std::fs::write(folder.path().join("report.html"), Report::of(&segmentation).to_html())?;
//! # assert_eq!(customers.placements.len(), table.rows());
//! # Ok(())
//! # }
//! ```
//!
//! The stages one by one, each borrowing its input and returning a new value: [`source`] reads a [`table::Table`],
//! [`plan`] completes a [`recipe`], [`pipeline`] fits it, [`evidence`] compares numbers of segments, [`summary`] reduces
//! the rows, [`profile`] names the segments, [`campaign`] tries whether targeting pays, and [`segmentation`] holds it all
//! and assigns new customers.

pub mod audience;
pub mod campaign;
pub mod date;
pub mod demo;
mod digest;
pub mod drift;
pub mod evidence;
pub mod export;
pub mod expr;
pub mod inspect;
pub mod ledger;
mod meaning;
pub mod pipeline;
pub mod plan;
pub mod profile;
pub mod progress;
pub mod purchases;
pub mod recipe;
pub mod report;
pub mod roles;
pub mod rules;
pub mod segment;
pub mod segmentation;
pub mod source;
pub mod sql;
pub mod statistics;
pub mod summary;
pub mod table;
#[cfg(test)]
mod thorough;
mod vocabulary;
pub mod words;

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
