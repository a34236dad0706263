//! `--fail-on`: what a command that has done its work ends with exit code 4 for.

use tribus::plan::PleaseCheck;
use tribus::table::{Reject, rejects_told};
use tribus::words::counted;

use crate::args::FailOn;
use crate::code::Code;
use crate::failure::Failure;

/// What a command found that can be failed on.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    /// Whether the customers drifted; none where that is not known.
    pub(super) has_drifted: Option<bool>,
    /// Rows and cells that did not fit.
    pub(super) rejects: &'a [Reject],
    /// Decisions that somebody should look at.
    pub(super) please_check: &'a [PleaseCheck],
}

/// Refuses to fail on drift where the command does not tell of it: a check that never fails is worse than none.
pub(super) fn refuse_drift(asked: &[FailOn]) -> Result<(), Failure> {
    if asked.contains(&FailOn::Drift) {
        return Err(Failure::usage(
            "--fail-on drift: this command does not tell of drift",
            "leave it out: --fail-on rejects,please-check",
        ));
    }
    Ok(())
}

/// Fails if anything was found that was asked for. Call it last, when everything is written and told.
pub(super) fn check(asked: &[FailOn], found: &Findings<'_>) -> Result<(), Failure> {
    let all = [FailOn::Drift, FailOn::Rejects, FailOn::PleaseCheck];
    let holds = all
        .into_iter()
        .filter(|condition| asked.contains(condition));
    let told: Vec<String> = holds
        .filter_map(|condition| told(condition, found))
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    Err(Failure::with_code(
        Code::FailOn,
        format!("found what --fail-on names: {}", told.join("; ")),
        "everything was written as it would be without --fail-on: look at it before it is used",
    ))
}

/// The condition and what fulfils it.
fn told(condition: FailOn, found: &Findings<'_>) -> Option<String> {
    match condition {
        FailOn::Drift => {
            // A check that never fails is worse than none.
            let Some(has_drifted) = found.has_drifted else {
                return Some(
                    "drift: not known, the model keeps nothing to compare with".to_owned(),
                );
            };
            has_drifted
                .then(|| "drift: the customers changed since the segments were made".to_owned())
        }
        FailOn::Rejects => Some(format!("rejects: {}", rejects_told(found.rejects)?)),
        FailOn::PleaseCheck => {
            let columns = found.please_check.iter().map(|question| &question.column);
            let columns: Vec<String> = columns.map(|column| format!("`{column}`")).collect();
            let decisions = counted(columns.len() as u64, "decision", "decisions");
            (!columns.is_empty())
                .then(|| format!("please-check: {decisions} ({})", columns.join(", ")))
        }
    }
}
