//! What contacting changes, against a control group that was left alone: never who responds, but who responds because of it.

use std::collections::BTreeSet;

use super::{Inquiry, Treatment, Uplift};
use crate::segment::SegmentNumber;
use crate::statistics::interval::{Interval, Moments, newcombe, welch};

/// The segments of the customers of a test.
#[derive(Debug, Clone, Copy)]
pub(super) struct Groups<'a> {
    /// Segment of each customer, 0-based.
    pub(super) labels: &'a [u32],
    /// Segments.
    pub(super) k: usize,
    /// Of fewer customers nothing is told.
    pub(super) fewest: u64,
}

/// A customer of the test.
struct Tested<'a> {
    segment: usize,
    arm: &'a str,
    outcome: f64,
}

/// Which customers are compared.
#[derive(Debug, Clone, Copy)]
struct Cut<'a> {
    segment: Option<usize>,
    arm: Option<&'a str>,
}

/// Treated less control: all customers, then each segment; all arms together, then, if there are several, each of them.
pub(super) fn uplift(
    inquiry: &Inquiry,
    outcomes: &[Option<f64>],
    arms: &[Option<String>],
    groups: Groups<'_>,
) -> Vec<Uplift> {
    let Some(Treatment { control, .. }) = &inquiry.treatment else {
        return Vec::new();
    };
    let customers: Vec<Tested<'_>> = outcomes
        .iter()
        .zip(arms)
        .zip(groups.labels)
        .filter_map(|((outcome, arm), label)| {
            Some(Tested {
                segment: *label as usize,
                arm: arm.as_deref()?,
                outcome: (*outcome)?,
            })
        })
        .collect();
    let levels: BTreeSet<&str> = customers.iter().map(|customer| customer.arm).collect();
    let treated = levels.into_iter().filter(|level| level != control);
    let treated: Vec<&str> = treated.collect();
    let each = treated.iter().filter(|_| treated.len() > 1);
    let arms: Vec<Option<&str>> = std::iter::once(None)
        .chain(each.map(|arm| Some(*arm)))
        .collect();
    let segments = std::iter::once(None).chain((0..groups.k).map(Some));
    let cuts = segments.flat_map(|segment| arms.iter().map(move |&arm| Cut { segment, arm }));
    cuts.filter_map(|cut| compare(inquiry, control, (&customers, groups.fewest), cut))
        .collect()
}

/// None where too few customers were treated, or left alone, to tell of them.
fn compare(
    inquiry: &Inquiry,
    control: &str,
    (customers, fewest): (&[Tested<'_>], u64),
    cut: Cut<'_>,
) -> Option<Uplift> {
    let within = customers.iter().filter(|customer| {
        cut.segment
            .is_none_or(|segment| customer.segment == segment)
    });
    let (left_alone, contacted): (Vec<&Tested<'_>>, Vec<&Tested<'_>>) =
        within.partition(|customer| customer.arm == control);
    let outcomes = |customers: Vec<&Tested<'_>>| -> Vec<f64> {
        customers.iter().map(|customer| customer.outcome).collect()
    };
    let contacted: Vec<&Tested<'_>> = contacted
        .into_iter()
        .filter(|customer| cut.arm.is_none_or(|arm| customer.arm == arm))
        .collect();
    let (treated, control) = (
        Moments::of(&outcomes(contacted)),
        Moments::of(&outcomes(left_alone)),
    );
    if treated.n.min(control.n) < fewest {
        return None;
    }
    let interval = if inquiry.binary {
        let responses = |moments: Moments| (moments.mean * moments.n as f64).round() as u64;
        newcombe(
            (responses(treated), treated.n),
            (responses(control), control.n),
        )
    } else {
        welch(treated, control)
    };
    Some(told(inquiry, cut, (treated, control), interval))
}

fn told(
    inquiry: &Inquiry,
    cut: Cut<'_>,
    (treated, control): (Moments, Moments),
    interval: Interval,
) -> Uplift {
    let difference = treated.mean - control.mean;
    let profit = |difference: f64| {
        inquiry
            .economics
            .map(|economics| economics.revenue * difference - economics.cost)
    };
    Uplift {
        segment: cut.segment.map(SegmentNumber::at),
        arm: cut.arm.map(ToOwned::to_owned),
        treated_customers: treated.n,
        control_customers: control.n,
        treated: treated.mean,
        control: control.mean,
        difference,
        low: interval.low,
        high: interval.high,
        profit_per_contact: profit(difference),
        profit_low: profit(interval.low),
        profit_high: profit(interval.high),
    }
}
