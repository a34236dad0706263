//! Whole outputs, read back.

mod folders;
mod forgetting;
mod tables;
#[cfg(feature = "xlsx")]
mod workbooks;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::recipe::{Clusters, Recipe};
use crate::segmentation::{Customers, Segmentation};
use crate::source::{Input, read};
use crate::table::Table;

/// A table, its segmentation and its customers.
pub(super) struct Made {
    pub(super) segmentation: Segmentation,
    pub(super) table: Table,
    pub(super) customers: Customers,
}

/// Segments CSV text by a recipe.
pub(super) fn made(text: &str, recipe: &str) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input.csv");
    std::fs::write(&path, text).unwrap();
    segmented(&path, &Recipe::parse(recipe, "test").unwrap())
}

pub(super) fn segmented(path: &Path, recipe: &Recipe) -> Made {
    let input = Input::Path(path.to_path_buf());
    let table = read(&[input], &recipe.read_options().unwrap()).unwrap();
    let segmentation = Segmentation::fit(recipe, &table).unwrap();
    let customers = segmentation.assign(&table).unwrap();
    Made {
        segmentation,
        table,
        customers,
    }
}

/// Twelve customers with hostile text, a gap, a row set aside, a date, and columns named like ours.
pub(super) fn hostile() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        made(
            include_str!("hostile.csv"),
            "[input]\nid = \"customer_id\"\n\
             [[clean.drop]]\nwhere = \"spend > 5000\"\nbecause = \"implausible spend\"\n\
             [segment]\nfeatures = [\"spend\", \"visits\"]\nvalue = \"spend\"\nk = 2\n",
        )
    })
}

/// The data of the reference implementation, segmented as it does; none where the data is absent.
#[expect(clippy::print_stderr, reason = "a skipped test says why")]
pub(super) fn ifood() -> Option<&'static Made> {
    static MADE: OnceLock<Option<Made>> = OnceLock::new();
    MADE.get_or_init(|| {
        let shared = std::env::var_os("TRIBUS_SHARED").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        );
        let path = shared.join("data/ifood_df.csv");
        if !path.is_file() {
            eprintln!("skipped: there is no {}", path.display());
            return None;
        }
        let mut recipe = Recipe::open("ifood").unwrap();
        recipe.segment.k = Some(Clusters::Exactly(4));
        recipe.segment.init = None;
        Some(segmented(&path, &recipe))
    })
    .as_ref()
}
