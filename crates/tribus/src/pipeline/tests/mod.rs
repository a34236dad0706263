use std::fmt::Write as _;
use std::io::Write as _;

use arrow_array::{Date32Array, Float64Array, LargeStringArray};

use super::*;
use crate::plan::Plan;
use crate::recipe::Recipe;
use crate::source::{Input, read};

mod random;
mod refusals;
mod scaling;

fn table(text: &str, options: &ReadOptions) -> Table {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    read(&[Input::Path(file.path().to_path_buf())], options).unwrap()
}

/// Reads, plans and fits.
fn fit(text: &str, recipe: &str) -> Result<(Pipeline, Prepared), PipelineError> {
    let recipe = Recipe::parse(recipe, "recipe.toml").unwrap();
    let table = table(text, &recipe.read_options().unwrap());
    let plan = Plan::make(&recipe, &table).unwrap();
    Pipeline::fit(&plan, &table)
}

fn fitted(text: &str, recipe: &str) -> (Pipeline, Prepared) {
    fit(text, recipe).unwrap_or_else(|error| panic!("{error}"))
}

/// New rows through a fitted pipeline.
fn applied(pipeline: &Pipeline, text: &str) -> Prepared {
    pipeline
        .apply(&table(text, &pipeline.read_options()))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn numbers(prepared: &Prepared, column: &str) -> Vec<Option<f64>> {
    let array = prepared.batch.column_by_name(column).unwrap();
    let numbers: &Float64Array = array.as_any().downcast_ref().unwrap();
    numbers.iter().collect()
}

fn text(prepared: &Prepared, column: &str) -> Vec<Option<String>> {
    let array = prepared.batch.column_by_name(column).unwrap();
    let text: &LargeStringArray = array.as_any().downcast_ref().unwrap();
    text.iter()
        .map(|cell| cell.map(ToOwned::to_owned))
        .collect()
}

fn set_aside(prepared: &Prepared) -> Vec<(&str, u64)> {
    let entries = prepared.ledger.set_aside.iter();
    entries
        .map(|entry| (entry.reason.as_str(), entry.rows))
        .collect()
}

fn repaired(prepared: &Prepared) -> Vec<(&str, &str, u64)> {
    let repairs = prepared.ledger.repaired.iter();
    repairs
        .map(|repair| (repair.column.as_str(), repair.rule.as_str(), repair.cells))
        .collect()
}

const HOUSEHOLDS: &str = "status,income
Alone,10
Single,20
Widow,30
Widow,
,40
Bad,900
";

const HOUSEHOLDS_RECIPE: &str = r#"
[clean.replace.status]
Alone = "Single"
Bad = "Test"
[[clean.drop]]
where = "status = 'Test'"
because = "a test customer"
[derive]
twice = "income * 2"
[encode.status]
prefix = "s"
[segment]
features = ["twice", "s_Single"]
scale = "minmax"
limits = "none"
"#;

#[test]
fn each_step_sees_what_the_steps_before_it_left() {
    let (pipeline, prepared) = fitted(HOUSEHOLDS, HOUSEHOLDS_RECIPE);
    assert_eq!(set_aside(&prepared), [("a test customer", 1)]);
    // The median and the most frequent status come from replaced values in the rows kept.
    assert_eq!(
        repaired(&prepared),
        [
            ("status", "Alone -> Single", 1),
            ("status", "Bad -> Test", 1),
            ("status", "most frequent \"Single\"", 1),
            ("income", "median 25", 1),
        ]
    );
    assert_eq!(
        numbers(&prepared, "twice"),
        [20.0, 40.0, 60.0, 50.0, 80.0].map(Some)
    );
    assert_eq!(pipeline.encode[0].categories, ["Single", "Widow"]);
    let third = 1.0 / 3.0;
    assert_eq!(prepared.matrix.names, ["twice", "s_Single"]);
    assert_eq!(
        prepared.matrix.values,
        [0.0, 1.0, third, 1.0, 2.0 * third, 0.0, 0.5, 0.0, 1.0, 1.0]
    );
    assert_eq!(prepared.rows, [0, 1, 2, 3, 4]);
    assert_eq!(prepared.repaired, [1, 0, 0, 1, 1]);
    assert_eq!(prepared.reasons[5], Some(0));
}

#[test]
fn an_empty_new_value_makes_the_cell_missing_and_an_empty_old_one_fills_it() {
    let recipe = "[clean.replace.x]\n999 = \"\"\n\"\" = 5\n[segment]\nfeatures = [\"x\"]\n";
    let (_, prepared) = fitted("x,y\n1,a\n999,b\n,c\n3,d\n", recipe);
    assert_eq!(numbers(&prepared, "x"), [1.0, 3.0, 5.0, 3.0].map(Some));
    assert_eq!(
        repaired(&prepared),
        [("x", "999 -> ", 1), ("x", " -> 5", 1), ("x", "median 3", 1)]
    );
}

#[test]
fn a_row_counts_under_the_first_rule_that_matches() {
    let recipe = r#"
[[clean.drop]]
where = "x > 7"
because = "large"
[[clean.drop]]
where = "x > 4"
because = "middling"
[segment]
features = ["x"]
"#;
    let (_, prepared) = fitted("x,y\n9,a\n5,b\n8,c\n1,d\n2,e\n", recipe);
    assert_eq!(set_aside(&prepared), [("large", 2), ("middling", 1)]);
    assert_eq!(
        prepared.reasons,
        [Some(0), Some(1), Some(0), None, None].to_vec()
    );
    assert_eq!(prepared.rows, [3, 4]);
}

#[test]
fn a_missing_cell_never_matches_a_condition_but_by_is_null() {
    let rules = |conditions: &[&str]| -> String {
        let rules = conditions.iter().map(|condition| {
            format!("[[clean.drop]]\nwhere = \"{condition}\"\nbecause = \"{condition}\"\n")
        });
        rules.collect::<String>() + "[segment]\nfeatures = [\"x\"]\n"
    };
    let rows = "x,y\n1,a\n,b\n3,c\n4,d\n";
    let (_, prepared) = fitted(rows, &rules(&["x > 100", "NOT (x > 0)", "x <> x"]));
    assert_eq!(prepared.ledger.set_aside, []);
    let (_, prepared) = fitted(rows, &rules(&["x IS NULL"]));
    assert_eq!(set_aside(&prepared), [("x IS NULL", 1)]);
}

#[test]
fn every_rule_fills_gaps_with_what_it_says() {
    for (rule, words, value) in [
        ("\"median\"", "median 2.5", 2.5),
        ("\"mean\"", "mean 4", 4.0),
        ("\"most frequent\"", "most frequent 1", 1.0),
        ("{ value = 7 }", "value 7", 7.0),
        ("{ value = \"7\" }", "value 7", 7.0),
    ] {
        let recipe = format!("[clean]\nmissing = {rule}\n[segment]\nfeatures = [\"x\"]\n");
        let (pipeline, prepared) = fitted("x,y\n1,a\n1,b\n4,c\n,d\n10,e\n", &recipe);
        assert_eq!(
            numbers(&prepared, "x"),
            [1.0, 1.0, 4.0, value, 10.0].map(Some)
        );
        assert_eq!(repaired(&prepared), [("x", words, 1)]);
        let new = applied(&pipeline, "x,y\n100,a\n,b\n,c\n");
        assert_eq!(numbers(&new, "x"), [100.0, value, value].map(Some));
        assert_eq!(repaired(&new), [("x", words, 2)]);
    }
}

#[test]
fn of_equally_frequent_values_the_smallest_is_taken() {
    let recipe = "[clean]\nmissing = \"most frequent\"\n[segment]\nfeatures = [\"x\"]\n";
    let (_, prepared) = fitted("x,y\n5,a\n5,b\n3,c\n3,d\n,e\n4,f\n", recipe);
    assert_eq!(numbers(&prepared, "x")[4], Some(3.0));
}

#[test]
fn dates_take_the_middle_date_and_text_the_most_frequent_whatever_the_average() {
    let rows = "x,joined,city\n1,2020-01-01,Rome\n2,2020-03-01,Oslo\n3,2020-12-01,Rome\n4,,\n";
    for rule in ["median", "mean", "most frequent"] {
        let recipe = format!(
            "[clean]\nmissing = \"{rule}\"\n[derive]\nm = \"MONTH(joined) + LENGTH(city)\"\n[segment]\nfeatures = [\"x\"]\n"
        );
        let (_, prepared) = fitted(rows, &recipe);
        let dates = prepared.batch.column_by_name("joined").unwrap();
        let dates: &Date32Array = dates.as_any().downcast_ref().unwrap();
        assert_eq!(dates.value(3), dates.value(1), "{rule}");
        assert_eq!(text(&prepared, "city")[3].as_deref(), Some("Rome"));
        assert_eq!(numbers(&prepared, "m")[3], Some(7.0));
    }
}

#[test]
fn rows_whose_gap_sets_them_aside_are_no_part_of_any_median() {
    let recipe = r#"
[clean.columns.x]
missing = "drop"
[segment]
features = ["y", "x"]
"#;
    let (pipeline, prepared) = fitted("x,y\n1,10\n2,20\n3,\n,1000\n,1000\n4,30\n", recipe);
    assert_eq!(set_aside(&prepared), [("x is missing", 2)]);
    assert_eq!(repaired(&prepared), [("y", "median 20", 1)]);
    let new = applied(&pipeline, "x,y\n,1\n5,\n");
    assert_eq!(set_aside(&new), [("x is missing", 1)]);
    assert_eq!(numbers(&new, "y"), [Some(20.0)]);
    assert_eq!(new.rows, [1]);
}

#[test]
fn a_column_may_have_a_rule_of_its_own() {
    let recipe = r#"
[clean]
missing = "error"
[clean.columns.x]
missing = "mean"
[clean.columns.z]
missing = "keep"
[derive]
filled = "COALESCE(z, -1)"
[segment]
features = ["x", "filled"]
"#;
    let (_, prepared) = fitted("x,z\n1,5\n,6\n5,\n6,8\n", recipe);
    assert_eq!(numbers(&prepared, "x")[1], Some(4.0));
    assert_eq!(numbers(&prepared, "z")[2], None);
    assert_eq!(numbers(&prepared, "filled")[2], Some(-1.0));
}

#[test]
fn gaps_of_a_derived_feature_are_filled_as_those_of_any_other() {
    let recipe = r#"
[derive]
ratio = "x / y"
[segment]
features = ["ratio"]
"#;
    let (pipeline, prepared) = fitted("x,y\n2,1\n4,1\n1,0\n9,1\n", recipe);
    assert_eq!(numbers(&prepared, "ratio")[2], Some(4.0));
    let new = applied(&pipeline, "x,y\n8,1\n5,0\n");
    assert_eq!(numbers(&new, "ratio"), [Some(8.0), Some(4.0)]);
    let (pipeline, prepared) = fitted(
        "x,y\n2,1\n4,1\n1,0\n9,1\n",
        &format!("[clean]\nmissing = \"drop\"\n{recipe}"),
    );
    assert_eq!(set_aside(&prepared), [("ratio is missing", 1)]);
    assert_eq!(applied(&pipeline, "x,y\n1,0\n").ledger.used, 0);
}

#[test]
fn gaps_where_none_were_when_fitted_are_filled_too() {
    let (pipeline, _) = fitted("x,y\n1,a\n2,b\n6,c\n", "[segment]\nfeatures = [\"x\"]\n");
    let new = applied(&pipeline, "x,y\n,a\n,b\n");
    assert_eq!(numbers(&new, "x"), [Some(2.0), Some(2.0)]);
    assert_eq!(new.repaired, [1, 1]);
}

#[test]
fn a_category_seen_first_when_assigning_is_none_of_them_and_is_told() {
    let (pipeline, _) = fitted(HOUSEHOLDS, HOUSEHOLDS_RECIPE);
    let new = applied(
        &pipeline,
        "status,income\nDivorced,10\nAlone,10\nBad,10\nYOLO,20\n",
    );
    assert_eq!(numbers(&new, "s_Single"), [Some(0.0), Some(1.0), Some(0.0)]);
    assert_eq!(numbers(&new, "s_Widow"), [Some(0.0); 3]);
    assert_eq!(set_aside(&new), [("a test customer", 1)]);
    assert!(new.notices[0].starts_with("status: 2 cells hold a category that was not there"));
    assert!(new.batch.column_by_name("s_Divorced").is_none());
}

#[test]
fn new_columns_and_their_order_do_not_matter_when_assigning() {
    let (pipeline, _) = fitted(HOUSEHOLDS, HOUSEHOLDS_RECIPE);
    let one = applied(&pipeline, "status,income\nWidow,15\n,12\n");
    let two = applied(&pipeline, "note,income,status\nhello,15,Widow\nyou,12,\n");
    assert_eq!(one.matrix, two.matrix);
}

#[test]
fn the_training_table_gives_the_same_matrix_again() {
    let mut rows = String::from("spend,age,kind\n");
    for i in 0..200_u32 {
        let spend = libm::exp(f64::from(i * 37 % 200) / 30.0);
        let age = match i % 17 {
            0 => String::new(),
            _ => (20 + i * 13 % 50).to_string(),
        };
        writeln!(rows, "{spend},{age},{}", ["a", "b", "c"][i as usize % 3]).unwrap();
    }
    rows += "1e9,30,a\n";
    for scale in ["standard", "robust", "minmax", "none"] {
        for transform in ["auto", "none", "log", "log1p", "yeo-johnson"] {
            let recipe = format!(
                "[derive]\nper_year = \"spend / age\"\n[encode.kind]\n[segment]\nfeatures = [\"spend\", \"per_year\", \"age\"]\nscale = \"{scale}\"\ntransform = \"{transform}\"\n"
            );
            let parsed = Recipe::parse(&recipe, "x").unwrap();
            let table = table(&rows, &parsed.read_options().unwrap());
            let plan = Plan::make(&parsed, &table).unwrap();
            let (pipeline, prepared) = Pipeline::fit(&plan, &table).unwrap();
            let again = pipeline.apply(&table).unwrap();
            let bits = |prepared: &Prepared| -> Vec<u64> {
                let values = prepared.matrix.values.iter();
                values.map(|value| value.to_bits()).collect()
            };
            assert_eq!(bits(&again), bits(&prepared), "{scale} {transform}");
            assert_eq!(again.limited, prepared.limited);
            assert_eq!(again.ledger.repaired, prepared.ledger.repaired);
            assert_eq!(again.rows, prepared.rows);
        }
    }
}
