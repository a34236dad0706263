//! `tribus evaluate-campaign`: what a list changed, beside those who were held out of it.

use std::path::{Path, PathBuf};

use tribus::audience::{self, Trial};
use tribus::campaign::Economics;
use tribus::segmentation::{AssignOptions, Segmentation, SegmentationError};
use tribus::source::{self, Input, ReadOptions};
use tribus::table::Table;

use super::Remarks;
use crate::args::EvaluateCampaign;
use crate::failure::Failure;
use crate::json::EvaluateCampaignObject;
use crate::session::Session;
use crate::settings::read_new;
use crate::terminal::{self, trial_summary};

pub(super) fn run(typed: &EvaluateCampaign, session: &Session) -> Result<(), Failure> {
    let economics = typed.cost.zip(typed.revenue);
    let economics = economics
        .map(|(cost, revenue)| Economics::new(cost, revenue))
        .transpose()
        .map_err(SegmentationError::from)?;
    let segmentation = Segmentation::open(&typed.segmentation)?;
    let own_id = segmentation.pipeline().id.as_deref();
    let holdout = read_list(&typed.holdout, own_id)?;
    let path = typed.list.clone().or_else(|| list_beside(&typed.holdout));
    let list = match &path {
        Some(path) => Some(read_list(path, own_id)?).filter(|list| {
            // A list for a platform has no ids; one that was named must have them.
            typed.list.is_some()
                || list
                    .names()
                    .any(|name| name == "id" || Some(name) == own_id)
        }),
        None => None,
    };
    let progress = session.terminal.progress();
    progress.stage("reading");
    let table = read_new(&segmentation, &typed.inputs, &typed.reading, typed.as_of)?;
    progress.stage("comparing");
    let trial = Trial {
        outcome: &typed.outcome,
        holdout: &holdout,
        list: list.as_ref(),
        economics,
    };
    let assign = AssignOptions {
        as_of: typed.as_of,
        allow_duplicates: typed.allow_duplicates,
    };
    let (campaign, notes) = audience::evaluate(&segmentation, &table, &trial, &assign)?;
    progress.clear();
    let remarks = Remarks::of(&table).noting(&notes);
    if session.terminal.json() {
        let used = path.filter(|_| list.is_some());
        return terminal::object(&EvaluateCampaignObject {
            campaign: &campaign,
            holdout: typed.holdout.display().to_string(),
            list: used.map(|path| path.display().to_string()),
            warnings: &remarks.all(),
        });
    }
    let mut page = session.terminal.page();
    trial_summary(&mut page, &campaign);
    session.terminal.say(&page.into_text())?;
    remarks.tell(session);
    Ok(())
}

/// A file that `tribus audience` wrote; ids stay as they are.
fn read_list(path: &Path, own_id: Option<&str>) -> Result<Table, Failure> {
    let options = ReadOptions {
        as_written: own_id.into_iter().map(str::to_owned).collect(),
        ..ReadOptions::default()
    };
    Ok(source::read(&[Input::Path(path.to_path_buf())], &options)?)
}

/// `list.csv` for `list.holdout.csv`, if it is there.
fn list_beside(holdout: &Path) -> Option<PathBuf> {
    let name = holdout.file_name()?.to_str()?;
    let (stem, extension) = name.rsplit_once(".holdout")?;
    let list = holdout.with_file_name(format!("{stem}{extension}"));
    list.is_file().then_some(list)
}
