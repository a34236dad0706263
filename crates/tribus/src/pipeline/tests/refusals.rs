//! What a recipe asks for and a table cannot give: refused, with the place and a way out.

use super::*;

fn refusal(text: &str, recipe: &str) -> (String, String) {
    match fit(text, recipe) {
        Ok(_) => panic!("nothing is refused:\n{recipe}"),
        Err(error) => (error.to_string(), error.hint().unwrap_or_default()),
    }
}

const ROWS: &str = "x,y,city\n1,10,Rome\n2,,Oslo\n3,30,Rome\n";

#[test]
fn a_column_clustered_on_cannot_keep_its_gaps() {
    for clean in [
        "[clean]\nmissing = \"keep\"\n",
        "[clean.columns.y]\nmissing = \"keep\"\n",
    ] {
        let (error, _) = refusal(ROWS, &format!("{clean}[segment]\nfeatures = [\"y\"]\n"));
        assert_eq!(
            error,
            "clean.columns.y: a column clustered on cannot keep missing values"
        );
    }
}

#[test]
fn a_constant_must_be_of_the_kind_of_its_column() {
    let (error, _) = refusal(
        ROWS,
        "[clean.columns.y]\nmissing = { value = \"abc\" }\n[segment]\nfeatures = [\"y\"]\n",
    );
    assert_eq!(
        error,
        "clean.columns.y.missing: `abc` is no value for a column of numbers"
    );
    let (error, _) = refusal(
        "x,joined\n1,2020-01-01\n2,\n3,2020-02-01\n",
        "[clean.columns.joined]\nmissing = { value = \"soon\" }\n[segment]\nfeatures = [\"x\"]\n",
    );
    assert!(
        error.contains("`soon` is no value for a column of dates"),
        "{error}"
    );
}

#[test]
fn a_number_is_not_replaced_by_text() {
    let (error, _) = refusal(
        ROWS,
        "[clean.replace.x]\n1 = \"one\"\n[segment]\nfeatures = [\"x\"]\n",
    );
    assert_eq!(
        error,
        "clean.replace.x: `1` cannot become `one` in a column of numbers"
    );
}

#[test]
fn a_gap_where_none_is_allowed_is_named_by_its_line() {
    let recipe = "[clean]\nmissing = \"error\"\n[segment]\nfeatures = [\"x\", \"y\"]\n";
    let (error, hint) = refusal(ROWS, recipe);
    assert!(
        error.ends_with("line 3: column `y` has a missing value (1 in all)"),
        "{error}"
    );
    assert!(hint.contains("clean.columns.y"), "{hint}");
}

#[test]
fn a_gap_in_new_rows_is_refused_where_none_is_allowed() {
    let recipe = "[clean]\nmissing = \"error\"\n[segment]\nfeatures = [\"x\"]\n";
    let (pipeline, _) = fitted(ROWS, recipe);
    let new = table("x,y\n1,2\n,3\n,4\n", &pipeline.read_options());
    let error = pipeline.apply(&new).unwrap_err().to_string();
    assert!(
        error.ends_with("line 3: column `x` has a missing value (2 in all)"),
        "{error}"
    );
}

#[test]
fn an_unknown_column_is_answered_with_the_nearest_name() {
    for (section, place) in [
        ("[clean.replace.citty]\na = \"b\"\n", "clean.replace.citty"),
        (
            "[[clean.drop]]\nwhere = \"citty = 'a'\"\nbecause = \"b\"\n",
            "clean.drop",
        ),
        (
            "[clean.columns.citty]\nmissing = \"drop\"\n",
            "clean.columns.citty",
        ),
        ("[derive]\nn = \"LENGTH(citty)\"\n", "derive.n"),
        ("[encode.citty]\n", "encode.citty"),
    ] {
        let (error, hint) = refusal(ROWS, &format!("{section}[segment]\nfeatures = [\"x\"]\n"));
        assert!(error.contains("there is no column `citty`"), "{error}");
        assert!(error.contains(place), "{error}");
        assert!(hint.contains("`city`"), "{hint}");
    }
}

#[test]
fn an_encoded_feature_of_no_category_is_answered_with_the_nearest_name() {
    let (error, hint) = refusal(
        ROWS,
        "[encode.city]\n[segment]\nfeatures = [\"x\", \"city_Rom\"]\n",
    );
    assert!(error.contains("there is no column `city_Rom`"), "{error}");
    assert!(hint.contains("`city_Rome`"), "{hint}");
}

#[test]
fn new_rows_without_a_needed_column_are_answered_with_the_nearest_name() {
    let (pipeline, _) = fitted(ROWS, "[segment]\nfeatures = [\"x\", \"y\"]\n");
    let new = table("x,y2\n1,2\n", &ReadOptions::default());
    let error = pipeline.apply(&new).unwrap_err();
    assert!(
        error.to_string().contains("there is no column `y`"),
        "{error}"
    );
    assert!(error.hint().unwrap().contains("y2"));
}

#[test]
fn new_rows_of_another_kind_are_refused() {
    let (pipeline, _) = fitted(ROWS, "[segment]\nfeatures = [\"x\", \"y\"]\n");
    let new = table("x,y\nmany,2\nfew,3\n", &ReadOptions::default());
    let error = pipeline.apply(&new).unwrap_err().to_string();
    assert!(error.contains("`x`"), "{error}");
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let (error, _) = refusal(
        ROWS,
        "[derive]\ny = \"x + 1\"\n[segment]\nfeatures = [\"x\"]\n",
    );
    assert_eq!(error, "derive.y: there is a column `y` already");
    let (error, _) = refusal(
        "x,city,city_Rome\n1,Rome,3\n2,Oslo,4\n",
        "[encode.city]\n[segment]\nfeatures = [\"x\"]\n",
    );
    assert_eq!(error, "encode.city: there is a column `city_Rome` already");
}

#[test]
fn columns_of_numbers_are_not_encoded() {
    let (error, _) = refusal(ROWS, "[encode.y]\n[segment]\nfeatures = [\"x\"]\n");
    assert!(error.contains("encode.y needs text"), "{error}");
}

#[test]
fn only_constant_columns_leave_nothing_to_cluster_on() {
    let (error, hint) = refusal(
        "x,y,z\n1,2,a\n1,2,b\n1,2,c\n",
        "[segment]\nfeatures = [\"x\", \"y\"]\n",
    );
    assert!(
        error.ends_with("nothing to cluster on: x, y have the same value in every row"),
        "{error}"
    );
    assert!(hint.contains("tribus inspect"), "{hint}");
}

#[test]
fn one_constant_column_among_others_is_told_and_left_out() {
    let (pipeline, prepared) = fitted(
        "x,y\n1,2\n1,3\n1,5\n",
        "[segment]\nfeatures = [\"x\", \"y\"]\n",
    );
    assert_eq!(prepared.matrix.names, ["y"]);
    assert_eq!(pipeline.features.len(), 1);
    assert_eq!(
        prepared.notices,
        ["x is constant: it is no part of the distance"]
    );
}

#[test]
fn values_whose_squares_overflow_are_refused() {
    let (error, hint) = refusal(
        "x,y\n1e150,1\n2,2\n3,3\n",
        "[segment]\nfeatures = [\"x\", \"y\"]\n",
    );
    assert!(error.contains("column `x` are too large"), "{error}");
    assert!(hint.contains("larger unit"), "{hint}");
}

#[test]
fn a_logarithm_of_zero_is_named_by_its_line_though_rows_before_it_were_dropped() {
    let recipe = r#"
[[clean.drop]]
where = "y = 1"
because = "one"
[segment]
features = ["x"]
transform = "log"
"#;
    let (error, hint) = refusal("x,y\n5,1\n2,2\n6,1\n0,3\n4,4\n", recipe);
    assert!(
        error.ends_with("line 5: column `x`: log needs positive values, found zero"),
        "{error}"
    );
    assert!(hint.contains("log1p"), "{hint}");
    let (error, _) = refusal("x,y\n5,2\n-2,2\n6,2\n", recipe);
    assert!(
        error.ends_with("line 3: column `x`: log needs positive values, found a negative number"),
        "{error}"
    );
}

#[test]
fn a_feature_without_any_value_is_refused() {
    let recipe = "[[clean.drop]]\nwhere = \"x IS NOT NULL\"\nbecause = \"known\"\n[segment]\nfeatures = [\"x\", \"y\"]\n";
    let (error, _) = refusal("x,y\n1,1\n,2\n,3\n", recipe);
    assert_eq!(error, "column `x` has no value in any row that is kept");
}

#[test]
fn rules_that_set_every_row_aside_are_told_with_their_counts() {
    let recipe = r#"
[[clean.drop]]
where = "x < 3"
because = "small"
[[clean.drop]]
where = "x >= 3"
because = "large"
[segment]
features = ["x"]
"#;
    let (error, _) = refusal(ROWS, recipe);
    assert_eq!(error, "all 3 rows were set aside (small: 2; large: 1)");
}
