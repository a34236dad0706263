//! `tribus verify`: a segmentation made again from its input, and what differs.

use std::path::Path;

use serde::Serialize;
use tribus::purchases;
use tribus::recipe::{InputSection, Recipe};
use tribus::segmentation::{Difference, Segmentation};
use tribus::source;
use tribus::words::counted;

use super::Remarks;
use crate::args::Verify;
use crate::code::Code;
use crate::failure::Failure;
use crate::session::Session;
use crate::settings::{inputs, section};
use crate::terminal::{self, Shown, count};

/// What is compared, and what is not because people set it.
const COMPARED: [&str; 6] = [
    "rows",
    "preparation",
    "number",
    "centroids",
    "sizes",
    "names",
];
const NOT_COMPARED: [&str; 4] = [
    "names given by people",
    "title",
    "language",
    "switched value",
];

/// What `verify` says.
#[derive(Debug, Serialize)]
struct VerifyObject<'a> {
    identical: bool,
    differences: Vec<Told<'a>>,
    rows: u64,
    k: usize,
    /// The program that made the segmentation, and this one.
    made_by: &'a str,
    verified_by: &'a str,
    compared: [&'static str; 6],
    not_compared: [&'static str; 4],
    warnings: &'a [String],
}

/// A difference, also in words.
#[derive(Debug, Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    difference: &'a Difference,
    sentence: String,
}

const THIS: &str = concat!("tribus ", env!("CARGO_PKG_VERSION"));

pub(super) fn run(typed: &Verify, session: &Session) -> Result<(), Failure> {
    let segmentation = Segmentation::open(&typed.segmentation)?;
    let told = kept_input(&typed.segmentation)?.with(&section(&typed.reading));
    let recipe = segmentation.recipe_to_verify(&told);
    let progress = session.terminal.progress();
    progress.stage("reading");
    let table = source::read(&inputs(&typed.inputs)?, &recipe.read_options()?)?;
    let (recipe, table) = purchases::customers(recipe, table)?;
    let differences = segmentation.verify(&recipe, &table, &|step| progress.watch(step));
    let differences = differences.map_err(Failure::of_new_rows)?;
    progress.clear();
    say(&segmentation, &differences, &Remarks::of(&table), session)?;
    if differences.is_empty() {
        return Ok(());
    }
    let number = counted(differences.len() as u64, "difference", "differences");
    Err(Failure::with_code(
        Code::Differs,
        format!("the segmentation made again from this input differs: {number}"),
        "look at the rows first: of other rows everything else may differ, too",
    ))
}

/// What the recipe of the folder says of reading the file; nothing where there is no such recipe.
fn kept_input(model: &Path) -> Result<InputSection, Failure> {
    let path = model.join("recipe.toml");
    if !path.is_file() {
        return Ok(InputSection::default());
    }
    let recipe = Recipe::open(&path.display().to_string())?;
    Ok(recipe.input)
}

fn say(
    segmentation: &Segmentation,
    differences: &[Difference],
    remarks: &Remarks,
    session: &Session,
) -> Result<(), Failure> {
    let manifest = segmentation.manifest();
    if session.terminal.json() {
        let told = differences.iter().map(|difference| Told {
            difference,
            sentence: difference.sentence(),
        });
        return terminal::object(&VerifyObject {
            identical: differences.is_empty(),
            differences: told.collect(),
            rows: manifest.rows,
            k: segmentation.k(),
            made_by: &manifest.program,
            verified_by: THIS,
            compared: COMPARED,
            not_compared: NOT_COMPARED,
            warnings: &remarks.all(),
        });
    }
    let mut lines: Vec<String> = differences.iter().map(Difference::sentence).collect();
    if differences.is_empty() {
        let (rows, k) = (count(manifest.rows), segmentation.k());
        let segments = counted(k as u64, "segment", "segments");
        lines.push(format!("identical: {rows} rows, {segments}"));
    } else {
        lines.insert(0, "differs:".to_owned());
    }
    if manifest.program != THIS {
        lines.push(format!("made by {}, verified by {THIS}", manifest.program));
    }
    let text = lines.join("\n  ");
    session.terminal.say(&Shown::plain(&format!("{text}\n")))?;
    remarks.tell(session);
    Ok(())
}
