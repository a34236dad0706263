//! `tribus audience`: the customers of a segment as a list to send, and those who are left alone beside it.

use std::path::{Path, PathBuf};

use tribus::audience::{self, Audience, AudienceOptions, ConsentCheck, Platform};
use tribus::export::write_batch;
use tribus::expr::Expr;
use tribus::segmentation::Segmentation;

use super::Remarks;
use super::assign::all_fit;
use crate::args::{self, AdPlatform, Format};
use crate::destination::{Destination, write_together};
use crate::failure::Failure;
use crate::json::AudienceObject;
use crate::session::Session;
use crate::settings::read_rows;
use crate::terminal::{self, Shown};

pub(super) fn run(typed: &args::Audience, session: &Session) -> Result<(), Failure> {
    let destination = Destination::of(typed.list.table.output.as_deref());
    let format = destination.format(typed.list.table.format);
    destination.check(&typed.inputs, format, session)?;
    let beside = holdout_file(typed, &destination, session)?;
    let options = options(typed)?;
    let segmentation = Segmentation::open(&typed.segmentation)?;
    destination.spare(&typed.segmentation, "the segmentation")?;
    // A name that is misspelt is told before the file is read.
    audience::chosen_segments(&segmentation, &options.segments)?;
    let progress = session.terminal.progress();
    progress.stage("reading");
    let reading = all_fit(&typed.reading);
    let rows = read_rows(&segmentation, &typed.inputs, &reading, |model| {
        options.read_options(model)
    })?;
    let (table, mut notes) = audience::customers_of(&segmentation, rows, &options)?;
    progress.stage("assigning");
    let audience = Audience::draw(&segmentation, &table, &options)?;
    progress.clear();
    let guarded = write(
        typed,
        (&destination, format),
        beside.as_deref(),
        &audience,
        session,
    )?;
    notes.extend(audience.account.notes.iter().cloned());
    notes.extend(stale(typed, &destination));
    let remarks = Remarks::of(&table).noting(&notes).guarded(guarded);
    if session.terminal.json() {
        return terminal::object(&AudienceObject {
            account: &audience.account,
            output: destination.path(),
            holdout_output: beside.map(|path| path.display().to_string()),
            warnings: &remarks.all(),
        });
    }
    let lines = audience.account.told().join("\n");
    session.terminal.tell(&Shown::plain(&format!("{lines}\n")));
    remarks.tell(session);
    Ok(())
}

fn options(typed: &args::Audience) -> Result<AudienceOptions, Failure> {
    let whom = &typed.whom;
    let condition = whom.condition.as_deref().map(condition).transpose()?;
    let consent = match &whom.consent {
        Some(column) => ConsentCheck::Column(column.clone()),
        None if whom.no_consent_check => ConsentCheck::None,
        None => ConsentCheck::Found,
    };
    Ok(AudienceOptions {
        segments: whom.segment.clone(),
        columns: typed.list.columns.clone(),
        platform: typed.list.platform.map(|platform| match platform {
            AdPlatform::Google => Platform::Google,
            AdPlatform::Meta => Platform::Meta,
        }),
        holdout: whom.holdout,
        holdout_seed: whom.holdout_seed,
        condition,
        limit: whom.limit.map(Into::into),
        consent,
        country: typed.list.country,
        as_of: typed.as_of,
        allow_duplicates: typed.allow_duplicates,
    })
}

fn condition(text: &str) -> Result<Expr, Failure> {
    Expr::parse(text).map_err(|error| {
        let hint = error.hint().unwrap_or_else(|| {
            "write it as in SQL, such as: country = 'DE' AND orders > 2".to_owned()
        });
        Failure::usage(format!("--where: {error}"), hint)
    })
}

/// Where those who are left alone are written: `list.holdout.csv` beside `list.csv`.
fn holdout_file(
    typed: &args::Audience,
    destination: &Destination,
    session: &Session,
) -> Result<Option<PathBuf>, Failure> {
    if typed.whom.holdout.is_none() {
        return Ok(None);
    }
    let Some(list) = destination.file() else {
        return Err(Failure::usage(
            "a holdout is written beside the list, so the list needs a file",
            "give it one: -o list.csv",
        ));
    };
    let path = beside(list);
    let file = Destination::File(path.clone());
    file.check(&typed.inputs, Format::Csv, session)?;
    file.spare(&typed.segmentation, "the segmentation")?;
    Ok(Some(path))
}

/// `list.holdout.csv` for `list.csv`.
fn beside(list: &Path) -> PathBuf {
    let stem = list.file_stem().unwrap_or_default().to_string_lossy();
    let name = match list.extension() {
        Some(extension) => format!("{stem}.holdout.{}", extension.to_string_lossy()),
        None => format!("{stem}.holdout"),
    };
    list.with_file_name(name)
}

/// A holdout of an earlier list that stands beside this one.
fn stale(typed: &args::Audience, destination: &Destination) -> Option<String> {
    let list = destination
        .file()
        .filter(|_| typed.whom.holdout.is_none())?;
    let path = beside(list);
    path.is_file().then(|| {
        format!(
            "{} is the holdout of an earlier list: nobody was held out of this one",
            path.display()
        )
    })
}

/// Writes the list and the holdout, both or none; returns how many cells were guarded.
fn write(
    typed: &args::Audience,
    (destination, format): (&Destination, Format),
    beside: Option<&Path>,
    audience: &Audience,
    session: &Session,
) -> Result<u64, Failure> {
    // A platform compares bytes: a leading ' would make a telephone number another one.
    let raw = typed.list.raw || typed.list.platform.is_some();
    match (destination, beside.zip(audience.holdout.as_ref())) {
        (Destination::File(list), Some((path, holdout))) => {
            let parts = [(path, holdout), (list.as_path(), &audience.list)];
            let guarded = write_together(&parts.map(|(path, _)| path), session, |at, out| {
                write_batch(out, format.into(), parts[at].1, raw)
            })?;
            Ok(guarded.iter().map(|guarded| guarded.cells).sum())
        }
        _ => {
            let guarded = destination.write(session, |out| {
                write_batch(out, format.into(), &audience.list, raw)
            })?;
            Ok(guarded.cells)
        }
    }
}
