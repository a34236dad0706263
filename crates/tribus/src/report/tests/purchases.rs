//! Purchases of a made-up shop, as a report shows them.

use crate::date::Date;
use crate::ledger::{
    Cohort, ColumnMade, Gaps, LifecycleGroup, LinesAside, OrdersOf, PartPlayed, Period,
    PurchaseForm, PurchaseHistory, PurchaseLedger, PurchaseMoney, SecondOrder,
};

/// Two years, every month as a cohort: the most that a report has to show.
pub(super) fn purchases() -> PurchaseLedger {
    PurchaseLedger {
        grain: "line".into(),
        lines: 9_000,
        orders: 4_000,
        customers: 2_400,
        as_of: Date::from_civil(2024, 12, 9).expect("a day"),
        parts: vec![PartPlayed {
            part: "customer".into(),
            column: "Customer ID".into(),
            because: "its name says so".into(),
        }],
        money: PurchaseMoney {
            file: 1_100_000.0,
            used: 1_000_000.0,
            gross: 1_050_000.0,
            returned: 50_000.0,
            set_aside: vec![LinesAside {
                reason: "no_customer".into(),
                lines: 200,
                money: 100_000.0,
            }],
        },
        columns: vec![ColumnMade {
            name: "order_count".into(),
            definition: "different orders".into(),
        }],
        lifecycle: vec![LifecycleGroup {
            group: "New".into(),
            rule: "order_count = 1 AND recency_days <= 90".into(),
            customers: 195,
            share_of_money: 0.05,
        }],
        notes: vec!["what was paid is quantity x price".into()],
        form: PurchaseForm::default(),
        history: history(),
    }
}

fn history() -> PurchaseHistory {
    let month = |at: u32| format!("{}-{:02}", 2023 + at / 12, at % 12 + 1);
    let cells =
        (0..5).flat_map(|row| (0..5).map(move |column| (f64::from(row), f64::from(column))));
    PurchaseHistory {
        periods: (0..24)
            .map(|at| Period {
                period: month(at),
                money: 1e6 * f64::from(at) - 2e6,
                customers: 100,
            })
            .collect(),
        cohorts: (0..24)
            .map(|at| Cohort {
                period: month(at),
                active: (0..24 - u64::from(at))
                    .map(|later| 12_000 / (later + 1))
                    .collect(),
            })
            .collect(),
        gaps: (0..24)
            .map(|at| Gaps {
                from: at * 14 + 1,
                to: (at < 23).then_some((at + 1) * 14),
                gaps: u64::from(500 - at * 20),
            })
            .collect(),
        gap_median: Some(28.5),
        concentration: (0..=100)
            .map(|at| libm::sqrt(f64::from(at) / 100.0))
            .collect(),
        second_order: (0..=52)
            .map(|week| SecondOrder {
                days: week * 7,
                share: f64::from(week) / 60.0,
                customers: 2_000,
            })
            .collect(),
        recency_frequency: cells
            .map(|(row, column)| OrdersOf {
                recency_days: [row * 1_000.0, row * 1_000.0 + 999.0],
                order_count: [column * 10.0, column * 10.0 + 9.0],
                customers: 80,
                mean_money: 12_345.6 * (row + column) - 1_000.0,
            })
            .collect(),
    }
}
