//! Whether targeting pays: the verdict, the figures, and the numbers behind them.

use maud::{Markup, html};

use super::figure::scrolling;
use super::shown;
use crate::campaign::{Campaign, Uplift};
use crate::report::figures::{policy_profit, responses, together, uplift, uplift_name, whom};
use crate::report::number::{count, percent, plain, points, signed};
use crate::report::view::View;
use crate::words::language::spoken;

/// Only where a column tells of a campaign.
pub(super) fn content(view: &View<'_>) -> Markup {
    let Some(campaign) = view.input.campaign else {
        return html! {};
    };
    html! {
        p class="why" { (spoken(&campaign.verdict)) "." }
        (shown(policy_profit(view), || policies(campaign)))
        (shown(responses(view), || rates(view, campaign)))
        (shown(uplift(view), || changes(view, campaign)))
        p class="how" {
            (spoken(&campaign.found)) ". "
            @if let Some(tried) = &campaign.holdout {
                "Profit is of customers that were held out (" (count(tried.repeats)) " times " (count(tried.folds))
                " folds), not of those the choice was learnt from; segments were made anew each time. "
            }
            "What held for the last campaign need not hold for the next."
        }
    }
}

fn policies(campaign: &Campaign) -> Markup {
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" class="name" { "Whom to contact" }
                    @for heading in ["Contacted", "Profit per customer", "95% interval", "Beside everybody", "95% interval", "Responded of those contacted"] {
                        th scope="col" { (heading) }
                    }
                }
            }
            tbody {
                @for policy in &campaign.policies {
                    tr {
                        th scope="row" class="name" { (whom(policy.policy)) }
                        td { (percent(policy.contacted)) }
                        td { (signed(policy.profit_per_customer)) }
                        td { (signed(policy.low)) " to " (signed(policy.high)) }
                        td { (signed(policy.gain_over_everybody)) }
                        td { (signed(policy.gain_low)) " to " (signed(policy.gain_high)) }
                        td { (policy.response_rate.map_or_else(|| "–".to_owned(), percent)) }
                    }
                }
            }
        }
    };
    scrolling("Profit of each way to choose whom to contact", &table)
}

fn rates(view: &View<'_>, campaign: &Campaign) -> Markup {
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" class="name" { "Segment" }
                    @for heading in ["Customers", "Responses", "Share", "95% interval"] { th scope="col" { (heading) } }
                }
            }
            tbody {
                @for (segment, response) in campaign.response.iter().enumerate().take(view.k()) {
                    tr {
                        th scope="row" class="name" { (super::badge(segment)) bdi { (view.names[segment]) } }
                        td { (count(response.customers)) }
                        @if let (Some(found), Some(rate), Some(low), Some(high)) = (response.responses, response.rate, response.low, response.high) {
                            td { (count(found)) }
                            td { (percent(rate)) }
                            td { (percent(low)) " to " (percent(high)) }
                        } @else {
                            td colspan="3" { "too few customers" }
                        }
                    }
                }
            }
        }
    };
    scrolling("Responses of each segment", &table)
}

/// All treatments together, then each.
fn changes(view: &View<'_>, campaign: &Campaign) -> Markup {
    let paid = campaign
        .uplift
        .iter()
        .any(|uplift| uplift.profit_per_contact.is_some());
    let mut arms: Vec<&str> = Vec::new();
    for arm in campaign
        .uplift
        .iter()
        .filter_map(|uplift| uplift.arm.as_deref())
    {
        if !arms.contains(&arm) {
            arms.push(arm);
        }
    }
    let columns = if paid { 8 } else { 7 };
    let row = |uplift: &Uplift| change_row(view, campaign, uplift, paid);
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" class="name" { "Whose" }
                    @for heading in ["Contacted", "Control group", "Contacted: mean", "Control: mean", "Change", "95% interval"] { th scope="col" { (heading) } }
                    @if paid { th scope="col" { "Profit per contact" } }
                }
            }
            tbody { @for uplift in together(campaign) { (row(uplift)) } }
            @for arm in arms {
                tbody {
                    tr class="group" { th scope="colgroup" colspan=(columns) { "Only " bdi { (arm) } } }
                    @for uplift in campaign.uplift.iter().filter(|uplift| uplift.arm.as_deref() == Some(arm)) { (row(uplift)) }
                }
            }
        }
    };
    scrolling("What contacting changes", &table)
}

fn change_row(view: &View<'_>, campaign: &Campaign, uplift: &Uplift, paid: bool) -> Markup {
    let mean: fn(f64) -> String = if campaign.binary { percent } else { plain };
    let change: fn(f64) -> String = if campaign.binary { points } else { signed };
    html! {
        tr {
            th scope="row" class="name" { bdi { (uplift_name(view, uplift)) } }
            td { (count(uplift.treated_customers)) }
            td { (count(uplift.control_customers)) }
            td { (mean(uplift.treated)) }
            td { (mean(uplift.control)) }
            td { (change(uplift.difference)) }
            td { (change(uplift.low)) " to " (change(uplift.high)) }
            @if paid {
                @if let (Some(profit), Some(low), Some(high)) = (uplift.profit_per_contact, uplift.profit_low, uplift.profit_high) {
                    td { (signed(profit)) " (" (signed(low)) " to " (signed(high)) ")" }
                } @else { td { "–" } }
            }
        }
    }
}
