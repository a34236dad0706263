//! Whatever the rows: every one is accounted for, and what is fitted can be applied.

use proptest::prelude::*;

use super::*;
use crate::pipeline::feature::{FeatureRule, Learnt};
use crate::recipe::{Limits, Scale, Transform};

fn cell(value: Option<i32>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

type Row = (Option<i32>, Option<i32>, usize);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let number = || proptest::option::weighted(0.8, -20..20_i32);
    proptest::collection::vec((number(), number(), 0..4_usize), 1..40)
}

fn csv(rows: &[Row]) -> String {
    let mut text = String::from("x,y,kind,seen\n");
    for (x, y, kind) in rows {
        let kind = ["", "a", "b", "c"][*kind];
        writeln!(text, "{},{},{kind},yes", cell(*x), cell(*y)).unwrap();
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_ledger_always_adds_up(
        old in rows(),
        new in rows(),
        x in proptest::sample::select(vec!["\"median\"", "\"mean\"", "\"most frequent\"", "\"drop\"", "{ value = 3 }"]),
        all in proptest::sample::select(vec!["\"median\"", "\"drop\"", "{ value = 1 }"]),
        above in -25..25_i32,
    ) {
        let recipe = format!(r#"
[clean]
missing = {all}
[clean.columns.x]
missing = {x}
[[clean.drop]]
where = "x > {above}"
because = "above"
[[clean.drop]]
where = "y < -10 OR kind = 'c'"
because = "below"
[derive]
ratio = "x / y"
[segment]
features = ["x", "ratio"]
transform = "yeo-johnson"
"#);
        let recipe = Recipe::parse(&recipe, "x").unwrap();
        let options = recipe.read_options().unwrap();
        let table_of = |rows: &[Row]| table(&csv(rows), &ReadOptions {
            number_columns: vec!["x".to_owned(), "y".to_owned()],
            text_columns: vec!["kind".to_owned()],
            ..options.clone()
        });
        let training = table_of(&old);
        let plan = Plan::make(&recipe, &training).unwrap();
        // Rows all alike, or all set aside, leave nothing to fit.
        let Ok((pipeline, prepared)) = Pipeline::fit(&plan, &training) else { return Ok(()) };
        let again = pipeline.apply(&training).unwrap();
        prop_assert_eq!(&again.matrix, &prepared.matrix);
        prop_assert_eq!(&again.rows, &prepared.rows);
        let other = pipeline.apply(&table_of(&new)).unwrap();
        for (prepared, read) in [(&prepared, old.len()), (&again, old.len()), (&other, new.len())] {
            let ledger = &prepared.ledger;
            prop_assert!(ledger.adds_up());
            prop_assert_eq!(ledger.read, read as u64);
            prop_assert_eq!(ledger.used, prepared.matrix.rows as u64);
            prop_assert_eq!(prepared.batch.num_rows(), prepared.rows.len());
            prop_assert_eq!(prepared.repaired.len(), prepared.rows.len());
            for (at, entry) in ledger.set_aside.iter().enumerate() {
                let rows = prepared.reasons.iter().filter(|reason| **reason == Some(at)).count();
                prop_assert_eq!(rows as u64, entry.rows);
            }
            for (row, reason) in prepared.reasons.iter().enumerate() {
                prop_assert_eq!(reason.is_none(), prepared.rows.contains(&row));
            }
            prop_assert!(prepared.matrix.values.iter().all(|value| value.is_finite()));
        }
    }
}

fn column() -> impl Strategy<Value = Vec<f64>> {
    let size = 1..120_usize;
    let moderate = proptest::collection::vec(-1e3..1e3_f64, size.clone());
    let positive = proptest::collection::vec(0.0..50.0_f64, size.clone())
        .prop_map(|values| values.into_iter().map(libm::exp).collect());
    let huge = proptest::collection::vec(-1e139..1e139_f64, size.clone());
    let spike = (0..120_usize, -1e6..1e6_f64, -5.0..5.0_f64).prop_map(|(n, far, base)| {
        let mut values = vec![base; n];
        values.push(far);
        values
    });
    let one_far = (
        proptest::collection::vec(-1.0..1.0_f64, 20..120),
        -139.0..139.0_f64,
        any::<bool>(),
    )
        .prop_map(|(mut values, power, negative)| {
            let far = libm::pow(10.0, power);
            values.push(if negative { -far } else { far });
            values
        });
    let constant = (-1e3..1e3_f64, size.clone()).prop_map(|(value, n)| vec![value; n]);
    let few = proptest::collection::vec(0..3_u8, size)
        .prop_map(|values| values.into_iter().map(f64::from).collect());
    prop_oneof![moderate, positive, huge, spike, one_far, constant, few]
}

fn transform() -> impl Strategy<Value = Transform> {
    proptest::sample::select(vec![
        Transform::Auto,
        Transform::None,
        Transform::Log,
        Transform::Log1p,
        Transform::YeoJohnson,
        Transform::YeoJohnson,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_column_is_learnt_or_refused_and_every_value_of_it_has_a_place(
        values in column(),
        transform in transform(),
        scale in proptest::sample::select(vec![Scale::Standard, Scale::Robust, Scale::MinMax, Scale::None]),
        limits in proptest::sample::select(vec![Limits::Auto, Limits::Auto, Limits::None]),
        (amount, bounded) in any::<(bool, bool)>(),
        others in proptest::collection::vec(any::<f64>(), 10),
    ) {
        let rule = FeatureRule { transform, amount, limits, bounded, scale, weight: 1.0 };
        match Feature::learn("x", &values, rule) {
            Learnt::Feature(feature, _) => {
                prop_assert!(feature.spread > 0.0 && feature.center.is_finite());
                if let Some([low, high]) = feature.limits {
                    prop_assert!(low < high && low.is_finite() && high.is_finite(), "{low} {high}");
                }
                for value in &values {
                    prop_assert!(feature.scaled(*value).is_finite(), "{feature:?} {value}");
                }
                for value in others.iter().filter(|value| feature.takes(**value)) {
                    prop_assert!(!feature.scaled(*value).is_nan(), "{feature:?} {value}");
                }
            }
            Learnt::Constant => prop_assert!(
                values.iter().all(|value| (value - values[0]).abs() <= 1e-12 * value.abs()),
                "{values:?}"
            ),
            Learnt::OutsideDomain { row, .. } => prop_assert!(values[row] <= 0.0),
            // The power can carry large values out of the range of numbers.
            Learnt::TooLarge => prop_assert!(
                transform == Transform::YeoJohnson && values.iter().any(|value| value.abs() > 1e20)
            ),
        }
    }
}

#[test]
fn limits_beyond_the_images_of_a_bounded_power_hold_nothing_back() {
    // 1 + x is u to the power of -1/2, u uniform: the power is about -2 and no image lies above 1/2, but the limit does.
    let mut values: Vec<f64> = (1..1000)
        .map(|i| libm::pow(f64::from(i) / 1000.0, -0.5) - 1.0)
        .collect();
    values.push(-0.8);
    let rule = FeatureRule {
        transform: Transform::YeoJohnson,
        amount: false,
        limits: Limits::Auto,
        bounded: false,
        scale: Scale::Standard,
        weight: 1.0,
    };
    let Learnt::Feature(feature, _) = Feature::learn("x", &values, rule) else {
        panic!("the column is no constant");
    };
    assert!(feature.limits(-0.8) && !feature.limits(1e100));
    assert!(
        values
            .iter()
            .all(|value| feature.scaled(*value).is_finite())
    );
}
