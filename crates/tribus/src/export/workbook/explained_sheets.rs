//! What sets the segments apart, what to do with them, and the rules that find them again, each as one table to filter.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::sheet::{Shape, Sheet};
use crate::expr::Dialect;
use crate::profile::{Differentiator, Effect, EffectMeasure};
use crate::segmentation::Segmentation;

/// Adds the sheets that have something to say.
pub(super) fn write_all(
    book: &mut Workbook,
    segmentation: &Segmentation,
    raw: bool,
) -> Result<(), XlsxError> {
    let segments = &segmentation.profiles().segments;
    if segments
        .iter()
        .any(|profile| !profile.differentiators.is_empty())
    {
        let mut sheet = Sheet::new(book.add_worksheet(), "Differentiators", raw, false)?;
        differentiators(&mut sheet, segmentation)?;
    }
    let idle = &segmentation.profiles().idle_plays;
    if !idle.is_empty() || segments.iter().any(|profile| !profile.actions.is_empty()) {
        let mut sheet = Sheet::new(book.add_worksheet(), "Actions", raw, false)?;
        actions(&mut sheet, segmentation)?;
    }
    if segmentation.rules().is_some() {
        let mut sheet = Sheet::new(book.add_worksheet(), "Rules", raw, false)?;
        rules(&mut sheet, segmentation)?;
    }
    Ok(())
}

fn differentiators(sheet: &mut Sheet<'_>, segmentation: &Segmentation) -> Result<(), XlsxError> {
    sheet.header(&[
        ("Segment", 9.0),
        ("Name", 28.0),
        ("Column", 28.0),
        ("Category", 18.0),
        ("Clustered on", 12.0),
        ("Measure", 30.0),
        ("Mean or share", 14.0),
        ("All customers", 14.0),
        ("Effect", 10.0),
        ("Low", 10.0),
        ("High", 10.0),
        ("Lift", 10.0),
        ("Lift, low", 10.0),
        ("Lift, high", 10.0),
        ("Nearest segment", 10.0),
        ("Its mean or share", 14.0),
        ("Effect beside it", 10.0),
        ("Low", 10.0),
        ("High", 10.0),
    ])?;
    let mut row = 0;
    for profile in &segmentation.profiles().segments {
        for found in &profile.differentiators {
            row += 1;
            sheet.count(row, 0, profile.segment.get().into())?;
            sheet.text(row, 1, &profile.name)?;
            differentiator(sheet, row, found)?;
        }
    }
    sheet.page.autofilter(0, 0, row, 18)?;
    Ok(())
}

fn differentiator(
    sheet: &mut Sheet<'_>,
    row: u32,
    found: &Differentiator,
) -> Result<(), XlsxError> {
    let (measure, raw) = match found.measure {
        EffectMeasure::StandardizedMeanDifference => (
            "standardized mean difference",
            Shape::of_size(found.overall),
        ),
        EffectMeasure::DifferenceOfShares => ("difference of shares", Shape::Percent),
    };
    sheet.text(row, 2, &found.column)?;
    sheet.text(row, 3, found.level.as_deref().unwrap_or(""))?;
    sheet.text(row, 4, if found.clustered { "yes" } else { "no" })?;
    sheet.text(row, 5, measure)?;
    sheet.number(row, 6, found.mean, raw)?;
    sheet.number(row, 7, found.overall, raw)?;
    effect(sheet, (row, 8), &found.effect)?;
    if let Some(lift) = &found.lift {
        effect(sheet, (row, 11), lift)?;
    }
    if let Some(near) = &found.nearest {
        sheet.count(row, 14, near.segment.get().into())?;
        sheet.number(row, 15, near.mean, raw)?;
        effect(sheet, (row, 16), &near.effect)?;
    }
    Ok(())
}

fn effect(
    sheet: &mut Sheet<'_>,
    (row, column): (u32, usize),
    effect: &Effect,
) -> Result<(), XlsxError> {
    for (at, value) in [effect.value, effect.low, effect.high]
        .into_iter()
        .enumerate()
    {
        sheet.number(row, column + at, value, Shape::Finest)?;
    }
    Ok(())
}

/// The plays of each segment, then those for nobody.
fn actions(sheet: &mut Sheet<'_>, segmentation: &Segmentation) -> Result<(), XlsxError> {
    sheet.header(&[
        ("Segment", 9.0),
        ("Name", 28.0),
        ("Priority", 12.0),
        ("Play", 24.0),
        ("What to do", 48.0),
        ("Because", 60.0),
        ("Customers reached", 12.0),
        ("Value at stake", 16.0),
    ])?;
    let mut row = 0;
    for profile in &segmentation.profiles().segments {
        for action in &profile.actions {
            row += 1;
            sheet.count(row, 0, profile.segment.get().into())?;
            sheet.text(row, 1, &profile.name)?;
            sheet.text(
                row,
                2,
                profile.priority.map_or("", |priority| priority.words()),
            )?;
            sheet.text(row, 3, &action.play)?;
            sheet.text(row, 4, &action.say)?;
            sheet.text(row, 5, &action.because)?;
            sheet.count(row, 6, action.reach)?;
            if let Some(value) = action.value_at_stake {
                sheet.number(row, 7, value, Shape::of_size(value))?;
            }
        }
    }
    for play in &segmentation.profiles().idle_plays {
        row += 1;
        sheet.text(row, 1, "nobody")?;
        sheet.text(row, 3, &play.play)?;
        sheet.text(row, 5, &play.why)?;
        sheet.count(row, 6, 0)?;
    }
    sheet.page.autofilter(0, 0, row, 7)?;
    Ok(())
}

fn rules(sheet: &mut Sheet<'_>, segmentation: &Segmentation) -> Result<(), XlsxError> {
    sheet.header(&[
        ("Segment", 9.0),
        ("Name", 28.0),
        ("Rule", 70.0),
        ("Finds of the segment", 12.0),
        ("Right of those it takes", 12.0),
        ("Customers it takes", 12.0),
        ("As SQL, over the table that tribus prepare writes", 70.0),
    ])?;
    let cards = segmentation.cards();
    let told = cards
        .iter()
        .filter_map(|card| Some((card.profile, card.rule?)));
    for (at, (profile, rule)) in told.enumerate() {
        let row = at as u32 + 1;
        sheet.count(row, 0, profile.segment.get().into())?;
        sheet.text(row, 1, &profile.name)?;
        sheet.text(row, 2, &rule.words())?;
        sheet.number(row, 3, rule.coverage, Shape::Percent)?;
        sheet.number(row, 4, rule.precision, Shape::Percent)?;
        sheet.count(row, 5, rule.customers)?;
        sheet.text(row, 6, &rule.sql(Dialect::Ansi))?;
    }
    Ok(())
}
