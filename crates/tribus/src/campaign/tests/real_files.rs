//! ifood_df.csv beside the reference, hillstrom.csv beside a plain program.

use super::judged;
use crate::campaign::{Campaign, Policy, Targeting};
use crate::segment::SegmentNumber;
use crate::table::Table;

/// Agreement with the reference, in revenue units a customer.
const NEAR: f64 = 0.04;

const D: &str = "\"Income\", \"MntWines\", \"MntFruits\", \"MntMeatProducts\", \"MntFishProducts\", \"MntSweetProducts\", \"MntGoldProds\", \"Age\"";
const B: &str = "\"Income\", \"Age\", \"Customer_Days\", \"Recency\", \"MntTotal\", \"NumDealsPurchases\", \"NumWebPurchases\", \"NumCatalogPurchases\", \"NumStorePurchases\", \"Kidhome\", \"Teenhome\", \"AcceptedCmpOverall\"";

fn ifood(features: &str) -> String {
    format!(
        "[segment]\nfeatures = [{features}]\ntransform = \"none\"\nlimits = \"none\"\nscale = \"standard\"\nweights = \"equal\"\nseed = 0\n"
    )
}

/// reference/roi.json: profit and interval of the five segments, then of the regression.
type Expected = [[f64; 3]; 2];

/// Per set of features: what is expected, and whether targeting pays.
const EXPECTED: [(&str, Expected, Option<bool>); 4] = [
    (
        "A",
        [[0.2480, 0.1729, 0.3276], [0.5667, 0.4632, 0.6781]],
        Some(true),
    ),
    (
        "B",
        [[0.2327, 0.1620, 0.3048], [0.5159, 0.4109, 0.6297]],
        Some(true),
    ),
    // The interval just holds 0, so either is right.
    (
        "C",
        [[0.0685, -0.0097, 0.1477], [0.1404, 0.0546, 0.2228]],
        None,
    ),
    (
        "D",
        [[-0.0176, -0.0306, -0.0043], [0.1381, 0.0521, 0.2215]],
        Some(false),
    ),
];

fn check(campaign: &Campaign, set: &str, expected: Expected) {
    let is = |policy: Targeting, [profit, low, high]: [f64; 3]| {
        let Policy {
            profit_per_customer,
            low: found_low,
            high: found_high,
            ..
        } = campaign.policy(policy).unwrap();
        let found = [*profit_per_customer, *found_low, *found_high];
        let near = found
            .iter()
            .zip([profit, low, high])
            .all(|(found, wanted)| (found - wanted).abs() <= NEAR);
        assert!(near, "{set}, {}: {found:?}", policy.word());
    };
    is(Targeting::Everybody, [-1.3388, -1.5210, -1.1683]);
    is(Targeting::Nobody, [0.0; 3]);
    is(Targeting::Segments, expected[0]);
    is(Targeting::Regression, expected[1]);
}

#[test]
fn profits_on_ifood_are_those_of_the_reference() {
    let Some(shared) = crate::shared() else {
        return;
    };
    let table = Table::open(shared.join("data/ifood_df.csv")).unwrap();
    let all: Vec<String> = table
        .names()
        .filter(|name| *name != "Response" && !name.starts_with("Z_"))
        .map(|name| format!("{name:?}"))
        .collect();
    assert_eq!(all.len(), 36);
    let c = D.replace(", \"Age\"", "");
    let features = [all.join(", "), B.to_owned(), c, D.to_owned()];
    for ((set, expected, pays), features) in EXPECTED.into_iter().zip(features) {
        let campaign = judged(&ifood(&features), &table, 5, |_| 0)
            .unwrap()
            .unwrap();
        check(&campaign, set, expected);
        if pays.is_some() {
            assert_eq!(campaign.targeting_pays(), pays, "{set}");
        }
        let holdout = campaign.holdout.as_ref().unwrap();
        assert_eq!(
            (
                holdout.customers,
                holdout.groups,
                holdout.repeats,
                holdout.folds
            ),
            (2205, 2002, 20, 5)
        );
        assert!(campaign.found.contains("Z_CostContact and Z_Revenue"));
        assert_eq!(
            campaign.verdict.contains("does not pay")
                || campaign.verdict.contains("is not shown to pay"),
            campaign.targeting_pays() == Some(false)
        );
    }
}

/// A line of the plain program: outcome, channel (0 for all), arm, treated, control, difference, interval.
///
/// Python 3, `csv` and `statistics`: means by `math.fsum`; intervals of `visit` by Newcombe's method 10, of `spend` by
/// Welch's with the normal quantile expanded to that of t.
type Line = (
    &'static str,
    usize,
    Option<&'static str>,
    u64,
    u64,
    f64,
    f64,
    f64,
);

const MENS: Option<&str> = Some("Mens E-Mail");
const WOMENS: Option<&str> = Some("Womens E-Mail");

#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "as Python prints them")]
const HILLSTROM: [Line; 18] = [
    ("visit", 0, None, 42694, 21306, 0.06088195726098464, 0.0554036021933152, 0.06629135792237016),
    ("visit", 0, MENS, 21307, 21306, 0.07658956365153125, 0.06995330808373157, 0.08322674127411137),
    ("visit", 0, WOMENS, 21387, 21306, 0.045233106587052985, 0.03889409535998814, 0.05157434296221359),
    ("visit", 1, None, 5156, 2606, 0.06501139877123091, 0.04795449426723432, 0.08152410672960715),
    ("visit", 1, MENS, 2577, 2606, 0.08293672314062261, 0.06257527343651502, 0.10327273410188387),
    ("visit", 1, WOMENS, 2579, 2606, 0.04709997539010549, 0.02757569396274345, 0.06663000079420313),
    ("visit", 2, None, 18694, 9327, 0.05993973191096173, 0.052205836222276834, 0.06751554262210566),
    ("visit", 2, MENS, 9240, 9327, 0.07560427135853316, 0.06615313603941024, 0.08507266308706941),
    ("visit", 2, WOMENS, 9454, 9327, 0.044629773745575654, 0.035727912324018556, 0.05354209793619273),
    ("visit", 3, None, 18844, 9373, 0.06072768530391981, 0.05210680943030367, 0.06919283694714755),
    ("visit", 3, MENS, 9490, 9373, 0.07556315210258555, 0.06524655969587063, 0.08587225210334241),
    ("visit", 3, WOMENS, 9354, 9373, 0.04567652217377893, 0.03570681416357142, 0.05564855461677143),
    ("spend", 0, None, 42694, 21306, 0.5967960667278982, 0.3761852701533689, 0.8174068633024275),
    ("spend", 0, MENS, 21307, 21306, 0.7698271558945364, 0.48513973256841486, 1.054514579220658),
    ("spend", 0, WOMENS, 21387, 21306, 0.4244122159365966, 0.16895678988378388, 0.6798676419894094),
    ("spend", 1, None, 5156, 2606, 1.1833226286894178, 0.5186786822524341, 1.8479665751264016),
    ("spend", 2, None, 18694, 9327, 0.39637594380163066, 0.08107393498091636, 0.7116779526223449),
    ("spend", 3, None, 18844, 9373, 0.6349492773416228, 0.2899037686306522, 0.9799947860525933),
];

#[test]
fn uplift_on_hillstrom_is_a_difference_of_means() {
    let Some(shared) = crate::shared() else {
        return;
    };
    let table = Table::open(shared.join("data/hillstrom.csv")).unwrap();
    let channel = table.position("channel").unwrap();
    let by_channel = |row: usize| match table.cell(channel, row).as_deref() {
        Some("Multichannel") => 0,
        Some("Phone") => 1,
        _ => 2,
    };
    let economics = "[campaign]\noutcome = \"spend\"\ncost = 0.1\nrevenue = 0.5\n";
    let visit = judged("", &table, 3, by_channel).unwrap().unwrap();
    let spend = judged(economics, &table, 3, by_channel).unwrap().unwrap();
    for (outcome, segment, arm, treated, control, difference, low, high) in HILLSTROM {
        let campaign = if outcome == "visit" { &visit } else { &spend };
        let found = campaign
            .uplift
            .iter()
            .find(|found| {
                found.segment == SegmentNumber::new(segment) && found.arm.as_deref() == arm
            })
            .unwrap();
        assert_eq!(
            (found.treated_customers, found.control_customers),
            (treated, control)
        );
        assert!((found.difference - difference).abs() < 1e-12);
        // The quantile of t is good to four digits.
        assert!(
            (found.low - low).abs() < 1e-6 && (found.high - high).abs() < 1e-6,
            "{found:?}"
        );
        let profit = (outcome == "spend").then_some(0.5 * found.difference - 0.1);
        assert_eq!(found.profit_per_contact, profit);
    }
    assert_eq!(visit.uplift.len(), 12);
    assert!(visit.policies.is_empty() && visit.response.is_empty());
    assert!(visit.found.contains("the most frequent of several"));
    assert!(
        visit
            .verdict
            .starts_with("Contacting raised visit by 6.1 points")
    );
    // 0.61, 0.60 and 0.65 points apart are one number to chance.
    assert!(
        visit
            .verdict
            .contains("that this differs between the segments is not shown")
    );
    assert!(spend.verdict.starts_with("Contacting raised spend by 0.60"));
}
