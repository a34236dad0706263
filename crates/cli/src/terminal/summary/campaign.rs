//! Whether targeting pays: the verdict, then a line per policy, or per segment of a test with a control group.

use tribus::campaign::{Campaign, Policy, Targeting, Uplift};
use tribus::segmentation::Segmentation;

use crate::terminal::number::{count, percent};
use crate::terminal::page::Page;

pub(super) fn does_targeting_pay(page: &mut Page, segmentation: &Segmentation) {
    let Some(campaign) = segmentation.campaign() else {
        return;
    };
    page.heading("Does targeting pay?");
    let verdict = format!("{}.", campaign.verdict);
    // Where there are insights, it is one of them.
    if !segmentation.profiles().insights.contains(&verdict) {
        page.hanging("  ", &verdict);
    }
    for policy in &campaign.policies {
        page.hanging(&format!("  {:<17}", whom(policy.policy)), &result(policy));
    }
    uplift(page, campaign);
    let found = page.dim(&format!("{}.", campaign.found));
    page.hanging("  ", &found);
}

/// A test that was evaluated apart from a segmentation.
pub(crate) fn trial_summary(page: &mut Page, campaign: &Campaign) {
    page.heading("What did the list change?");
    page.hanging("  ", &format!("{}.", campaign.verdict));
    uplift(page, campaign);
    let found = page.dim(&format!("{}.", campaign.found));
    page.hanging("  ", &found);
}

fn uplift(page: &mut Page, campaign: &Campaign) {
    let together = campaign.uplift.iter().filter(|uplift| uplift.arm.is_none());
    for uplift in together {
        let who = uplift
            .segment
            .map_or_else(|| "all".to_owned(), |segment| format!("segment {segment}"));
        page.hanging(&format!("  {who:<17}"), &change(campaign, uplift));
    }
}

fn whom(policy: Targeting) -> &'static str {
    match policy {
        Targeting::Everybody => "everybody",
        Targeting::Nobody => "nobody",
        Targeting::Segments => "paying segments",
        Targeting::Regression => "by regression",
    }
}

fn result(policy: &Policy) -> String {
    if policy.policy == Targeting::Nobody {
        return "0.00 a customer".to_owned();
    }
    let &Policy {
        profit_per_customer,
        low,
        high,
        contacted,
        ..
    } = policy;
    format!(
        "{} a customer ({} to {}), {} contacted",
        amount(profit_per_customer),
        amount(low),
        amount(high),
        percent(contacted)
    )
}

fn change(campaign: &Campaign, uplift: &Uplift) -> String {
    format!(
        "{} {} ({} to {}): {} of {} treated against {} of {}",
        campaign.outcome,
        signed(uplift.difference),
        signed(uplift.low),
        signed(uplift.high),
        mean(uplift.treated),
        count(uplift.treated_customers),
        mean(uplift.control),
        count(uplift.control_customers)
    )
}

/// Two decimals, never "-0.00".
fn amount(value: f64) -> String {
    format!("{:.2}", (100.0 * value).round() / 100.0 + 0.0)
}

fn signed(value: f64) -> String {
    format!("{:+.4}", (10_000.0 * value).round() / 10_000.0 + 0.0)
}

fn mean(value: f64) -> String {
    format!("{value:.4}")
}
