//! Whether targeting pays: the verdict, then a table each of policies, responses and changes.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::sheet::{Shape, Sheet};
use crate::campaign::Campaign;
use crate::segmentation::Segmentation;

/// Adds the sheet, where a column tells of a campaign.
pub(super) fn write(
    book: &mut Workbook,
    segmentation: &Segmentation,
    raw: bool,
) -> Result<(), XlsxError> {
    let Some(campaign) = segmentation.campaign() else {
        return Ok(());
    };
    let mut sheet = Sheet::new(book.add_worksheet(), "Campaign", raw, false)?;
    let width = |text| (text, 14.0);
    let mut header = vec![("Does targeting pay?", 34.0)];
    header.extend(["", "", "", "", "", "", "", ""].map(width));
    sheet.header(&header)?;
    sheet.wide_text(1, (0, 8), &format!("{}.", campaign.verdict), 2)?;
    sheet.wide_text(2, (0, 8), &format!("{}.", campaign.found), 2)?;
    let row = policies(&mut sheet, campaign, 4)?;
    let row = responses(&mut sheet, segmentation, campaign, row)?;
    changes(&mut sheet, segmentation, campaign, row)
}

fn headings(sheet: &mut Sheet<'_>, row: u32, texts: &[&str]) -> Result<(), XlsxError> {
    for (column, text) in texts.iter().enumerate() {
        sheet.heading(row, column, text)?;
    }
    Ok(())
}

/// Returns where the next table begins, as the others.
fn policies(sheet: &mut Sheet<'_>, campaign: &Campaign, top: u32) -> Result<u32, XlsxError> {
    if campaign.policies.is_empty() {
        return Ok(top);
    }
    headings(
        sheet,
        top,
        &[
            "Whom to contact",
            "Contacted",
            "Profit per customer",
            "Low",
            "High",
            "Beside everybody",
            "Low",
            "High",
            "Responded of those contacted",
        ],
    )?;
    let mut row = top;
    for policy in &campaign.policies {
        row += 1;
        sheet.text(row, 0, policy.policy.word())?;
        sheet.number(row, 1, policy.contacted, Shape::Percent)?;
        let amounts = [
            policy.profit_per_customer,
            policy.low,
            policy.high,
            policy.gain_over_everybody,
            policy.gain_low,
            policy.gain_high,
        ];
        for (at, amount) in amounts.into_iter().enumerate() {
            sheet.number(row, 2 + at, amount, Shape::Finest)?;
        }
        if let Some(rate) = policy.response_rate {
            sheet.number(row, 8, rate, Shape::Percent)?;
        }
    }
    Ok(row + 2)
}

fn responses(
    sheet: &mut Sheet<'_>,
    segmentation: &Segmentation,
    campaign: &Campaign,
    top: u32,
) -> Result<u32, XlsxError> {
    if campaign.response.is_empty() {
        return Ok(top);
    }
    headings(
        sheet,
        top,
        &["Segment", "Customers", "Responses", "Share", "Low", "High"],
    )?;
    let mut row = top;
    for (name, response) in segmentation.names().zip(&campaign.response) {
        row += 1;
        sheet.text(row, 0, name)?;
        sheet.count(row, 1, response.customers)?;
        if let Some(responses) = response.responses {
            sheet.count(row, 2, responses)?;
        }
        let rates = [response.rate, response.low, response.high];
        for (at, rate) in rates.into_iter().enumerate() {
            if let Some(rate) = rate {
                sheet.number(row, 3 + at, rate, Shape::Percent)?;
            }
        }
    }
    Ok(row + 2)
}

fn changes(
    sheet: &mut Sheet<'_>,
    segmentation: &Segmentation,
    campaign: &Campaign,
    top: u32,
) -> Result<(), XlsxError> {
    if campaign.uplift.is_empty() {
        return Ok(());
    }
    headings(
        sheet,
        top,
        &[
            "What contacting changes",
            "Treatment",
            "Contacted",
            "Control group",
            "Contacted: mean",
            "Control: mean",
            "Change",
            "Low",
            "High",
        ],
    )?;
    for (at, uplift) in campaign.uplift.iter().enumerate() {
        let row = top + 1 + at as u32;
        let whose = uplift
            .segment
            .map_or("All customers", |segment| segmentation.name(segment));
        sheet.text(row, 0, whose)?;
        sheet.text(row, 1, uplift.arm.as_deref().unwrap_or("all"))?;
        sheet.count(row, 2, uplift.treated_customers)?;
        sheet.count(row, 3, uplift.control_customers)?;
        let means = [
            uplift.treated,
            uplift.control,
            uplift.difference,
            uplift.low,
            uplift.high,
        ];
        for (at, mean) in means.into_iter().enumerate() {
            sheet.number(row, 4 + at, mean, Shape::Finest)?;
        }
    }
    Ok(())
}
