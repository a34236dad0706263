//! `tribus evaluate`: labels that customers already have, measured and compared with segments.

use tribus::evidence::evaluate;
use tribus::recipe::Recipe;
use tribus::roles::Role;
use tribus::segmentation::{SegmentationError, examine};

use super::Remarks;
use crate::args::Evaluate;
use crate::failure::Failure;
use crate::json::EvaluateObject;
use crate::session::Session;
use crate::settings::Settings;
use crate::terminal::{self, evaluation_summary};

pub(super) fn run(typed: &Evaluate, session: &Session) -> Result<(), Failure> {
    let settings = Settings::resolve(&typed.inputs, &typed.clustering, &typed.reading)?;
    let progress = session.terminal.progress();
    progress.stage("reading");
    let (mut recipe, table) = settings.read()?;
    let position = table.require(&typed.labels)?;
    set_apart(&mut recipe, &typed.labels)?;
    let examined = examine(&recipe, &table, &|step| progress.watch(step))?;
    let labels = examined.labels(&table, position);
    let segments = examined.segments()?;
    let evaluation = evaluate(
        &examined.prepared.matrix,
        &labels,
        &segments,
        examined.plan.recipe.seed(),
    )
    .map_err(SegmentationError::from)?;
    progress.clear();
    let notes = examined
        .plan
        .notes
        .iter()
        .chain(&examined.prepared.notices)
        .chain(&examined.warnings);
    let remarks = Remarks::of(&table).noting(notes);
    if session.terminal.json() {
        let all = remarks.all();
        return terminal::object(&EvaluateObject::new(
            &typed.labels,
            &evaluation,
            &examined,
            &all,
        ));
    }
    let mut page = session.terminal.page();
    evaluation_summary(&mut page, &typed.labels, &evaluation, &examined.evidence);
    session.terminal.say(&page.into_text())?;
    remarks.tell(session);
    Ok(())
}

/// What is to be evaluated must not be clustered on: it would agree with itself.
fn set_apart(recipe: &mut Recipe, labels: &str) -> Result<(), Failure> {
    if recipe
        .segment
        .features
        .iter()
        .any(|feature| feature == labels)
    {
        return Err(Failure::usage(
            format!("`{labels}` holds the labels and is clustered on as well"),
            "leave it out of the features: segments would only repeat it",
        ));
    }
    recipe.columns.insert(labels.to_owned(), Role::Outcome);
    if recipe.segment.value_column() == Some(labels) {
        recipe.segment.value = None;
    }
    Ok(())
}
