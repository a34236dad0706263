//! Orders, threads, and tables that leave little to learn from.

use super::{judged, table};
use crate::campaign::{Campaign, Targeting};
use crate::statistics::draw::Key;

const HEADER: &str = "id,Income,Age,Response,Z_CostContact,Z_Revenue\n";
const FEATURES: &str = "[segment]\nfeatures = [\"Income\", \"Age\"]\n";

/// Lines of customers, young or old; the old respond more.
fn lines(n: u64) -> Vec<String> {
    let key = Key::new(5, 5);
    let line = |row: u64| {
        // Every fifth customer is an earlier one once more.
        let content = if row % 5 == 4 { row - 2 } else { row };
        let old = content % 2 == 1;
        let age = if old { 60 } else { 25 } + (10.0 * key.uniform(content)) as u64;
        let income = 20_000 + 100 * (500.0 * key.uniform(content + 10_000)) as u64;
        let likely = if old { 0.6 } else { 0.05 };
        let responded = u8::from(key.uniform(row + 20_000) < likely);
        format!("c{row},{income},{age},{responded},3,11\n")
    };
    (0..n).map(line).collect()
}

fn campaign(lines: &[String]) -> Campaign {
    let table = table(&format!("{HEADER}{}", lines.concat()));
    let age = table.position("Age").unwrap();
    let ages = table.numbers(age).unwrap().clone();
    let label = move |row: usize| u32::from(ages.value(row) > 55.0);
    judged(FEATURES, &table, 2, label).unwrap().unwrap()
}

#[test]
fn neither_order_nor_threads_change_a_number() {
    let mut lines = lines(300);
    let first = campaign(&lines);
    assert_eq!(first.targeting_pays(), Some(true), "{}", first.verdict);
    lines.reverse();
    lines.swap(17, 200);
    assert_eq!(campaign(&lines), first);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        assert_eq!(pool.install(|| campaign(&lines)), first);
    }
    let json = serde_json::to_string(&first).unwrap();
    assert_eq!(serde_json::from_str::<Campaign>(&json).unwrap(), first);
    assert!(json.contains("\"policy\":\"segments\",\"profit_per_customer\":"));
}

#[test]
fn the_numbers_of_the_policies_belong_together() {
    let campaign = campaign(&lines(300));
    let everybody = campaign.policy(Targeting::Everybody).unwrap();
    assert_eq!(everybody.contacted, 1.0);
    assert_eq!(everybody.captured, Some(1.0));
    let rate = everybody.response_rate.unwrap();
    assert!((everybody.profit_per_customer - (11.0 * rate - 3.0)).abs() < 1e-12);
    let nobody = campaign.policy(Targeting::Nobody).unwrap();
    assert_eq!((nobody.contacted, nobody.response_rate), (0.0, None));
    let customers: u64 = campaign
        .response
        .iter()
        .map(|segment| segment.customers)
        .sum();
    assert_eq!(customers, 300);
    for policy in &campaign.policies {
        let contact = 11.0 * policy.response_rate.unwrap_or(0.0) - 3.0;
        assert!((policy.profit_per_customer - policy.contacted * contact).abs() < 1e-9);
        assert!(
            policy.low <= policy.profit_per_customer && policy.profit_per_customer <= policy.high
        );
        let gain = policy.profit_per_customer - everybody.profit_per_customer;
        assert!((policy.gain_over_everybody - gain).abs() < 1e-12);
    }
}

#[test]
fn few_customers_equal_ones_and_one_kind_of_outcome_are_no_trouble() {
    let with = |outcome: &str, n: usize, differ: usize| -> Campaign {
        let lines = (0..n).map(|row| {
            let kind = row % differ;
            format!("c{row},{},{},{outcome},3,11\n", 1000 + kind, 30 + kind)
        });
        let text = format!("{HEADER}{}", lines.collect::<String>());
        judged(
            "[columns]\nResponse = \"outcome\"\n[segment]\nfeatures = [\"Income\", \"Age\"]\n",
            &table(&text),
            4,
            |_| 0,
        )
        .unwrap()
        .unwrap()
    };
    for outcome in ["0", "1"] {
        for (n, differ) in [(40, 40), (12, 3), (30, 2), (4, 4)] {
            let campaign = with(outcome, n, differ);
            let segments = campaign.policy(Targeting::Segments).unwrap();
            let wanted = if outcome == "1" { 8.0 } else { 0.0 };
            assert_eq!(segments.profit_per_customer, wanted);
            assert_eq!(campaign.targeting_pays(), Some(false));
            assert_eq!(campaign.response[0].rate.is_some(), n >= 10);
        }
    }
}

#[test]
fn customers_without_an_outcome_are_left_out_and_counted() {
    let mut lines = lines(200);
    for line in lines.iter_mut().take(30) {
        let cells: Vec<&str> = line.split(',').collect();
        *line = format!("{},{},{},,3,11\n", cells[0], cells[1], cells[2]);
    }
    let campaign = campaign(&lines);
    assert!(
        campaign
            .found
            .contains("30 customers without an outcome are left out")
    );
    assert_eq!(campaign.holdout.unwrap().customers, 170);
}

#[test]
fn nothing_is_invented() {
    let lines = lines(100);
    let plain = |line: &String| line.replace(",3,11", "");
    let text: String = lines.iter().map(plain).collect();
    let plain = table(&format!("id,Income,Age,Response\n{text}"));
    let campaign = judged(FEATURES, &plain, 1, |_| 0).unwrap().unwrap();
    assert_eq!(
        (campaign.cost, campaign.revenue, campaign.break_even),
        (None, None, None)
    );
    assert!(campaign.policies.is_empty() && campaign.targeting_pays().is_none());
    assert!(campaign.verdict.contains("cannot be said without the cost"));
    assert!(campaign.response[0].rate.is_some());
    let without = table(&format!("id,Income,Age,Color\n{text}"));
    assert_eq!(judged(FEATURES, &without, 1, |_| 0).unwrap(), None);
    let leaking = "[segment]\nfeatures = [\"Income\", \"Age\", \"Response\"]\n";
    let table = table(&format!("{HEADER}{}", lines.concat()));
    let campaign = judged(leaking, &table, 1, |_| 0).unwrap().unwrap();
    assert!(campaign.policies.is_empty());
    assert!(campaign.verdict.contains("made with Response itself"));
}

#[test]
fn what_cannot_be_asked_is_refused_in_words() {
    let lines = lines(60);
    let arm =
        |(at, line): (usize, &String)| format!("{},{}\n", line.trim_end(), ["a", "b"][at % 2]);
    let text: String = lines.iter().enumerate().map(arm).collect();
    let table = table(&format!("{},arm\n{text}", HEADER.trim_end()));
    for (campaign, message) in [
        (
            "outcome = \"Age\"\ncost = 1\nrevenue = 2",
            "values other than 0 and 1",
        ),
        (
            "outcome = \"arm\"\ncost = 1\nrevenue = 2",
            "holds no numbers",
        ),
        (
            "outcome = \"Response\"\ncost = -1\nrevenue = 2",
            "campaign.cost",
        ),
        (
            "outcome = \"Response\"\ncost = 1\nrevenue = 0",
            "campaign.revenue",
        ),
        (
            "outcome = \"Response\"\ncost = 1\nrevenue = 2\ntreatment = \"arm\"",
            "campaign.control",
        ),
        (
            "outcome = \"Response\"\ncost = 1\nrevenue = 2\ntreatment = \"arm\"\ncontrol = \"c\"",
            "no customer has `c`",
        ),
        (
            "outcome = \"Response\"\ncost = 1\nrevenue = 2\ntreatment = \"arms\"",
            "campaign.treatment",
        ),
    ] {
        let recipe = format!("{FEATURES}[campaign]\n{campaign}\n");
        let error = judged(&recipe, &table, 1, |_| 0).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
    let given = format!(
        "{FEATURES}[campaign]\noutcome = \"Response\"\ncost = 1\nrevenue = 2\ntreatment = \"arm\"\ncontrol = \"a\"\n"
    );
    let campaign = judged(&given, &table, 1, |_| 0).unwrap().unwrap();
    assert_eq!(campaign.uplift.len(), 2);
    assert_eq!(campaign.uplift[0].control_customers, 30);
}
