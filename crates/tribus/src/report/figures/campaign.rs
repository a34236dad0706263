//! What a campaign brings: profit by whom it contacts, who responds, and what contacting changes.

use super::super::charts::Caption;
use super::super::charts::intervals::{self, Amount, Intervals};
use super::super::number::{counted, counting_word, fixed, percent, points, signed};
use super::super::view::View;
use super::{Figure, figure};
use crate::campaign::{Campaign, Policy, Targeting, Uplift};
use crate::words::shortened;

/// What a policy is called.
pub(in crate::report) fn whom(policy: Targeting) -> &'static str {
    match policy {
        Targeting::Everybody => "Everybody",
        Targeting::Nobody => "Nobody",
        Targeting::Segments => "Segments above break-even",
        Targeting::Regression => "Those a regression picks",
    }
}

/// Profit per customer of each way to choose whom to contact.
pub(in crate::report) fn policy_profit(view: &View<'_>) -> Option<Figure> {
    let campaign = view.input.campaign?;
    if campaign.policies.is_empty() {
        return None;
    }
    let amount = |policy: &Policy| Amount {
        name: whom(policy.policy).to_owned(),
        note: format!("contacts {}", percent(policy.contacted)),
        value: policy.profit_per_customer,
        low: policy.low,
        high: policy.high,
    };
    let amounts: Vec<Amount> = campaign.policies.iter().map(amount).collect();
    let caption = Caption {
        stem: "campaign",
        title: profit_finding(campaign),
        how: "Each mark is the profit per customer, contacted or not, of one way to choose whom to contact, with its 95% interval, on customers that were held out. Right of the line it wins, left of it it loses; where the interval crosses the line, it may do either.".to_owned(),
    };
    Some(figure(&caption, false, |width| {
        let data = Intervals {
            caption: &caption,
            amounts: &amounts,
            axis: "Profit per customer",
            line: (0.0, "breaks even"),
            words: ["wins", "loses", "may win or lose"],
            write: signed,
            tick,
        };
        intervals::draw(&data, width)
    }))
}

fn profit_finding(campaign: &Campaign) -> String {
    let order = |one: &&Policy, other: &&Policy| {
        one.profit_per_customer
            .total_cmp(&other.profit_per_customer)
    };
    let paid = campaign
        .policies
        .iter()
        .filter(|policy| policy.policy != Targeting::Nobody);
    match paid.max_by(order) {
        Some(best) if best.low > 0.0 => format!(
            "{} would have brought most: {} per customer, contacting {}",
            match best.policy {
                Targeting::Everybody | Targeting::Nobody => "Contacting everybody",
                Targeting::Segments => "The segments above break-even",
                Targeting::Regression => "Those a regression picks",
            },
            signed(best.profit_per_customer),
            percent(best.contacted)
        ),
        Some(best) if best.high < 0.0 => {
            "No way of choosing whom to contact would have paid".to_owned()
        }
        _ => {
            "Whether any way of choosing whom to contact would have paid is not certain".to_owned()
        }
    }
}

/// Share of each segment that responded, beside the share from which contacting pays.
pub(in crate::report) fn responses(view: &View<'_>) -> Option<Figure> {
    let campaign = view.input.campaign?;
    let told = campaign.response.iter().enumerate();
    let amounts: Vec<Amount> = told
        .filter_map(|(segment, response)| {
            Some(Amount {
                name: format!("{} {}", segment + 1, view.names.get(segment)?),
                note: counted(response.customers, "customer", "customers"),
                value: response.rate?,
                low: response.low?,
                high: response.high?,
            })
        })
        .collect();
    if amounts.is_empty() {
        return None;
    }
    let line = campaign.break_even.map_or_else(
        || (rate_of_all(campaign), "all customers"),
        |rate| (rate, "breaks even"),
    );
    let caption = Caption {
        stem: "response",
        title: response_finding(view, &amounts, campaign),
        how: format!(
            "Each mark is the share of a segment that responded ({}), with its 95% interval; the line is {}.",
            shortened(&campaign.outcome, 40),
            if campaign.break_even.is_some() {
                "the share from which contacting pays for itself"
            } else {
                "the share of all customers"
            }
        ),
    };
    Some(figure(&caption, false, |width| {
        let data = Intervals {
            caption: &caption,
            amounts: &amounts,
            axis: "Share that responded",
            line,
            words: ["above the line", "below the line", "on both sides"],
            write: percent,
            tick: percent,
        };
        intervals::draw(&data, width)
    }))
}

/// Of the segments that are told of.
fn rate_of_all(campaign: &Campaign) -> f64 {
    let told = campaign
        .response
        .iter()
        .filter_map(|segment| Some((segment.customers, segment.responses?)));
    let (customers, responses) = told.fold((0, 0), |sums: (u64, u64), segment| {
        (sums.0 + segment.0, sums.1 + segment.1)
    });
    responses as f64 / customers.max(1) as f64
}

fn response_finding(view: &View<'_>, amounts: &[Amount], campaign: &Campaign) -> String {
    if let Some(rate) = campaign.break_even {
        let above = amounts.iter().filter(|amount| amount.value > rate).count();
        return format!(
            "{} of {} segments responded above the break-even of {}",
            some_of(above),
            view.k(),
            percent(rate)
        );
    }
    let order = |one: &&Amount, other: &&Amount| one.value.total_cmp(&other.value);
    amounts
        .iter()
        .max_by(order)
        .map_or_else(String::new, |most| {
            format!(
                "{} responded most: {}",
                shortened(&most.name, 60),
                percent(most.value)
            )
        })
}

/// What contacting changes, of all customers and segment by segment.
pub(in crate::report) fn uplift(view: &View<'_>) -> Option<Figure> {
    let campaign = view.input.campaign?;
    let amounts: Vec<Amount> = together(campaign)
        .map(|uplift| Amount {
            name: uplift_name(view, uplift),
            note: counted(uplift.treated_customers, "treated", "treated"),
            value: uplift.difference,
            low: uplift.low,
            high: uplift.high,
        })
        .collect();
    if amounts.is_empty() {
        return None;
    }
    let outcome = shortened(&campaign.outcome, 40);
    let caption = Caption {
        stem: "uplift",
        title: uplift_finding(&amounts, &outcome),
        how: format!(
            "Each mark is {outcome} of the customers contacted less {outcome} of the control group, with its 95% interval. Where the interval crosses the line, contacting may have changed nothing."
        ),
    };
    Some(figure(&caption, false, |width| {
        let data = Intervals {
            caption: &caption,
            amounts: &amounts,
            axis: if campaign.binary {
                "Change in percentage points"
            } else {
                "Change of the mean"
            },
            line: (0.0, "no change"),
            words: ["raised", "lowered", "may have changed nothing"],
            write: if campaign.binary { points } else { signed },
            tick: if campaign.binary { points } else { tick },
        };
        intervals::draw(&data, width)
    }))
}

/// All customers come first, then the segments of which enough were contacted and left alone.
fn uplift_finding(amounts: &[Amount], outcome: &str) -> String {
    let segments = amounts.get(1..).unwrap_or_default();
    if segments.is_empty() {
        return format!("No segment is large enough to say where contacting changes {outcome}");
    }
    let sure = segments.iter().filter(|amount| amount.low > 0.0).count();
    format!(
        "Contacting raised {outcome} for sure in {} of {} segments",
        some_of(sure).to_lowercase(),
        segments.len()
    )
}

/// How many of several, as a sentence begins.
fn some_of(number: usize) -> String {
    if number == 0 {
        "None".to_owned()
    } else {
        counting_word(number)
    }
}

/// All treatments as one beside the control group.
pub(in crate::report) fn together(campaign: &Campaign) -> impl Iterator<Item = &Uplift> {
    campaign.uplift.iter().filter(|uplift| uplift.arm.is_none())
}

/// Whose change it is.
pub(in crate::report) fn uplift_name(view: &View<'_>, uplift: &Uplift) -> String {
    let named = uplift
        .segment
        .and_then(|segment| Some(format!("{segment} {}", view.names.get(segment.index())?)));
    named.unwrap_or_else(|| "All customers".to_owned())
}

fn tick(tick: f64) -> String {
    if tick == 0.0 {
        return "0".to_owned();
    }
    fixed(tick, if tick == tick.trunc() { 0 } else { 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_count_in_words_that_read() {
        assert_eq!([0, 1, 3].map(some_of), ["None", "One", "Three"]);
        let amount = |low: f64| Amount {
            name: String::new(),
            note: String::new(),
            value: low + 0.1,
            low,
            high: low + 0.2,
        };
        let of = |lows: &[f64]| {
            let amounts: Vec<Amount> = lows.iter().map(|low| amount(*low)).collect();
            uplift_finding(&amounts, "visit")
        };
        assert_eq!(
            of(&[0.1, -0.1, -0.2]),
            "Contacting raised visit for sure in none of 2 segments"
        );
        assert!(of(&[0.1]).starts_with("No segment is large enough"));
    }
}
