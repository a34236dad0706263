//! Whatever the numbers: unique names of at most five words, each resting on claims that hold.

use proptest::prelude::*;

use super::assert_sound;
use super::described;
use super::reading::Maker;
use crate::roles::Role;

const COLUMNS: [(&str, Role); 24] = [
    ("Age", Role::Age),
    ("Year_Birth", Role::BirthYear),
    ("Income", Role::Money),
    ("Kidhome", Role::Count),
    ("Teenhome", Role::Count),
    ("MntWines", Role::Money),
    ("MntMeatProducts", Role::Money),
    ("MntGoldProds", Role::Money),
    ("NumWebPurchases", Role::Count),
    ("NumStorePurchases", Role::Count),
    ("NumDealsPurchases", Role::Count),
    ("AcceptedCmp1", Role::Flag),
    ("Response", Role::Outcome),
    ("newbie", Role::Flag),
    ("Recency", Role::Days),
    ("frequency", Role::Count),
    ("monetary", Role::Money),
    ("Spending Score (1-100)", Role::Score),
    ("Customer_Days", Role::Days),
    ("balance of the account at the end of the year", Role::Money),
    ("x", Role::Number),
    ("&", Role::Number),
    ("CASH_ADVANCE_FREQUENCY", Role::Number),
    ("Größe", Role::Number),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_table_gets_unique_names_with_claims_that_hold(
        k in 1_usize..9,
        labels in proptest::collection::vec(0_usize..9, 1..60),
        chosen in proptest::collection::btree_set(0_usize..COLUMNS.len(), 0..14),
        value in proptest::option::of(0_usize..14),
        seed in any::<u64>(),
        coarse in any::<bool>(),
    ) {
        let labels: Vec<usize> = labels.into_iter().map(|label| 1 + label % k).collect();
        let mut state = seed;
        // Coarse numbers make ties, constant columns and empty facts common.
        let mut draw = |scale: f64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let unit = (state >> 40) as f64 / (1_u64 << 24) as f64;
            if coarse { (unit * 3.0).floor() } else { unit * unit * scale - 0.02 * scale }
        };
        let mut maker = Maker::new(labels.clone());
        let mut columns = Vec::new();
        for index in chosen {
            let (name, role) = COLUMNS[index];
            let values: Vec<f64> = labels.iter().map(|label| draw(100.0) * (1.0 + (*label * (index + 1) % 5) as f64)).collect();
            maker.numbers(name, role, &values);
            columns.push((name, values));
        }
        let kinds: Vec<String> = labels.iter().map(|label| ["Single", "Married", "other", "3"][(label + (draw(3.0) as usize)) % 4].to_owned()).collect();
        maker.categories("Kind", &kinds);
        let value = value.and_then(|index| columns.get(index));
        let summary = maker.summary(value.map(|(name, values)| (*name, values.as_slice())));
        assert_sound(&summary, &described(&summary, &[]));
    }
}

/// Labels that have nothing to do with the customers: at most one column in twenty is said to set a segment apart.
#[test]
fn noise_is_not_explained() {
    let (mut told, mut columns) = (0, 0);
    for table in 0..200_u64 {
        let key = crate::statistics::draw::Key::new(table, 9);
        let draw = |column: u64, row: usize| key.uniform(column * 1000 + row as u64);
        let labels: Vec<usize> = (0..300)
            .map(|row| 1 + (5.0 * draw(0, row)) as usize)
            .collect();
        let mut maker = Maker::new(labels);
        for column in 1..=8_u64 {
            let numbers = (0..300)
                .map(|row| -libm::log(draw(column, row)))
                .collect::<Vec<f64>>();
            maker.numbers(&format!("amount {column}"), Role::Number, &numbers);
        }
        for column in 9..=12_u64 {
            let flags = (0..300).map(|row| f64::from(u8::from(draw(column, row) < 0.3)));
            maker.numbers(
                &format!("flag {column}"),
                Role::Flag,
                &flags.collect::<Vec<f64>>(),
            );
        }
        let profiles = described(&maker.summary(None), &[]);
        let found = profiles
            .segments
            .iter()
            .flat_map(|profile| &profile.differentiators);
        let found: std::collections::BTreeSet<&str> =
            found.map(|found| found.column.as_str()).collect();
        told += found.len();
        columns += 12;
    }
    assert!(told * 20 <= columns, "{told} of {columns}");
}
