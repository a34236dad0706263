//! `tribus explain`: the cards of the segments, or why one customer is in one of them.

use tribus::segmentation::{Explanation, Segmentation};

use super::Remarks;
use crate::args::{Explain, Inputs};
use crate::failure::Failure;
use crate::json::{CardsObject, ExplainObject};
use crate::session::Session;
use crate::settings::read_new;
use crate::terminal;

pub(super) fn run(typed: &Explain, session: &Session) -> Result<(), Failure> {
    let segmentation = Segmentation::open(&typed.segmentation)?;
    let Some(id) = &typed.id else {
        return cards(&segmentation, session);
    };
    if typed.inputs.is_empty() {
        return Err(Failure::usage(
            "a segmentation holds no customer: name the file in which this one is",
            "tribus explain DIR ID customers.csv",
        ));
    }
    let progress = session.terminal.progress();
    progress.stage("reading");
    let files = Inputs {
        inputs: typed.inputs.clone(),
    };
    let table = read_new(&segmentation, &files, &typed.reading, None)?;
    progress.stage("explaining");
    let explained = segmentation
        .explain(&table, id)
        .map_err(Failure::of_new_rows)?;
    progress.clear();
    say(&segmentation, &explained, &Remarks::of(&table), session)
}

fn cards(segmentation: &Segmentation, session: &Session) -> Result<(), Failure> {
    if session.terminal.json() {
        return terminal::object(&CardsObject::new(segmentation));
    }
    let mut page = session.terminal.page();
    terminal::cards(&mut page, segmentation);
    terminal::print(&page.into_text())
}

fn say(
    segmentation: &Segmentation,
    explained: &[Explanation],
    remarks: &Remarks,
    session: &Session,
) -> Result<(), Failure> {
    if session.terminal.json() {
        let warnings = remarks.all();
        return terminal::object(&ExplainObject::new(segmentation, explained, &warnings));
    }
    let mut page = session.terminal.page();
    for explanation in explained {
        terminal::explanation(&mut page, segmentation, explanation);
    }
    terminal::print(&page.into_text())?;
    remarks.tell(session);
    Ok(())
}
