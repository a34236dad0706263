//! Limits, transforms and scales within the pipeline.

use super::*;

/// A hundred shares or amounts near 10, and one far value.
fn with_one_far_value(name: &str) -> String {
    let mut rows = format!("{name},other\n");
    for i in 0..100 {
        writeln!(rows, "{},{}", 10.0 + f64::from(i % 20) / 10.0, i * 7 % 13).unwrap();
    }
    rows + "5000,3\n"
}

#[test]
fn one_far_value_is_limited_for_the_distance_and_marked() {
    let (pipeline, prepared) = fitted(
        &with_one_far_value("x"),
        "[segment]\nfeatures = [\"x\", \"other\"]\n",
    );
    assert_eq!(
        prepared.limited.iter().filter(|limited| **limited).count(),
        1
    );
    assert!(prepared.limited[100]);
    assert_eq!(prepared.ledger.limited.len(), 1);
    assert_eq!(prepared.ledger.limited[0].column, "x");
    assert_eq!(prepared.ledger.limited[0].cells, 1);
    let rule = &prepared.ledger.limited[0].rule;
    assert!(
        rule.starts_with("far values above ") && !rule.contains("below"),
        "{rule}"
    );
    // The customer keeps the value; only the distance does not see it.
    assert_eq!(numbers(&prepared, "x")[100], Some(5000.0));
    assert!(prepared.matrix.row(100)[0] < 10.0);
    let new = applied(&pipeline, "x,other\n9000,1\n11,1\n-700,1\n");
    assert_eq!(new.limited, [true, false, true]);
    assert_eq!(new.matrix.row(0)[0], prepared.matrix.row(100)[0]);
    assert!(new.ledger.limited[0].rule.contains("below"));
}

#[test]
fn shares_and_scores_are_never_limited() {
    for role in ["share", "score"] {
        let recipe = format!("[columns]\nx = \"{role}\"\n[segment]\nfeatures = [\"x\"]\n");
        let (pipeline, prepared) = fitted(&with_one_far_value("x"), &recipe);
        assert_eq!(pipeline.features[0].limits, None, "{role}");
        assert!(!prepared.limited.contains(&true));
        assert_eq!(prepared.ledger.limited, []);
    }
}

#[test]
fn limits_can_be_switched_off() {
    let recipe = "[segment]\nfeatures = [\"x\"]\nlimits = \"none\"\n";
    let (pipeline, prepared) = fitted(&with_one_far_value("x"), recipe);
    assert_eq!(pipeline.features[0].limits, None);
    let far = prepared.matrix.row(100)[0];
    assert!(far > 9.9, "{far}");
}

#[test]
fn raw_units_are_left_as_they_are_unless_more_is_asked_for() {
    let rows = with_one_far_value("spend");
    let recipe = "[segment]\nfeatures = [\"spend\"]\nscale = \"none\"\n";
    let (pipeline, prepared) = fitted(&rows, recipe);
    assert_eq!(pipeline.features[0].transform, FittedTransform::None);
    let raw: Vec<f64> = numbers(&prepared, "spend").into_iter().flatten().collect();
    assert_eq!(prepared.matrix.values, raw);
    assert!(!prepared.limited.contains(&true));
    let (pipeline, prepared) = fitted(&rows, &format!("{recipe}transform = \"log\"\n"));
    assert_eq!(pipeline.features[0].limits, None);
    assert_eq!(prepared.matrix.values[0], libm::log(raw[0]));
    let (pipeline, prepared) = fitted(&rows, &format!("{recipe}limits = \"auto\"\n"));
    let [_, high] = pipeline.features[0].limits.unwrap();
    assert_eq!(prepared.matrix.values[100], high);
}

#[test]
fn each_column_may_have_its_own_transform() {
    let mut rows = String::from("spend_a,spend_b,spend_c,spend_d\n");
    for i in 0..60 {
        let heavy = libm::exp(f64::from(i) / 8.0);
        writeln!(rows, "{heavy},{heavy},{heavy},{}", 1 + i).unwrap();
    }
    let recipe = r#"
[segment]
features = ["spend_a", "spend_b", "spend_c", "spend_d"]
[segment.transform]
spend_b = "none"
spend_c = "log"
"#;
    let (pipeline, prepared) = fitted(&rows, recipe);
    let transforms: Vec<FittedTransform> = pipeline
        .features
        .iter()
        .map(|feature| feature.transform)
        .collect();
    // Columns not named are decided by their values.
    assert_eq!(
        transforms,
        [
            FittedTransform::Log1p,
            FittedTransform::None,
            FittedTransform::Log,
            FittedTransform::None
        ]
    );
    let told = |name: &str| {
        let remark = format!("{name} is heavy-tailed");
        prepared
            .notices
            .iter()
            .any(|notice| notice.starts_with(&remark))
    };
    assert!(told("spend_a") && !told("spend_b") && !told("spend_c"));
}

#[test]
fn a_new_value_outside_the_domain_of_its_logarithm_sets_its_row_aside() {
    let recipe = "[segment]\nfeatures = [\"x\"]\ntransform = \"log\"\nlimits = \"none\"\n";
    let (pipeline, _) = fitted("x,y\n1,a\n2,b\n6,c\n", recipe);
    let new = applied(&pipeline, "x,y\n0,a\n3,b\n-4,c\n");
    assert_eq!(set_aside(&new), [("x: log needs positive values", 2)]);
    assert_eq!(new.reasons, [Some(0), None, Some(0)]);
    assert_eq!(new.rows, [1]);
    assert!(new.matrix.values[0].is_finite());
}

#[test]
fn new_values_far_outside_the_usual_are_told_and_impossible_ones_set_aside() {
    let (pipeline, _) = fitted("x,y\n1,a\n2,b\n6,c\n", "[segment]\nfeatures = [\"x\"]\n");
    let new = applied(&pipeline, "x,y\n1000,a\n3,b\n-1000,c\n");
    assert_eq!(new.ledger.used, 3);
    assert_eq!(new.notices, ["x: 2 values lie far outside the usual range"]);
    let new = applied(&pipeline, "x,y\n1e200,a\n3,b\n-1e300,c\n");
    assert_eq!(new.rows, [1]);
    assert_eq!(new.ledger.rows_set_aside(), 2);
}

#[test]
fn all_new_rows_set_aside_is_an_empty_matrix_and_no_error() {
    let recipe = "[clean]\nmissing = \"drop\"\n[segment]\nfeatures = [\"x\"]\n";
    let (pipeline, _) = fitted("x,y\n1,a\n2,b\n6,c\n", recipe);
    let new = applied(&pipeline, "x,y\n,a\n,b\n");
    assert_eq!((new.matrix.rows, new.matrix.values.len()), (0, 0));
    assert!(new.ledger.adds_up());
}

#[test]
fn a_single_customer_lies_at_zero() {
    let (_, prepared) = fitted("x,y\n7,8\n", "[segment]\nfeatures = [\"x\", \"y\"]\n");
    assert_eq!(prepared.matrix.values, [0.0, 0.0]);
}
