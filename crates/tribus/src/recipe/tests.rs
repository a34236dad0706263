use super::*;

#[test]
fn every_built_in_recipe_parses_and_reads_back_equal() {
    for entry in BUILT_IN {
        let recipe = entry.recipe();
        assert_eq!(
            Recipe::parse(&recipe.to_toml(), entry.name).unwrap(),
            recipe,
            "{}",
            entry.name
        );
    }
}

#[test]
fn an_unknown_key_names_the_nearest_and_the_line() {
    let error = Recipe::parse("[segment]\nfeatrues = [\"a\"]\n", "my.toml").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("my.toml, line 2, column 1: unknown key `featrues`"),
        "{error}"
    );
    assert_eq!(error.hint().unwrap(), "did you mean `features`?");
}

#[test]
fn a_wrong_value_lists_what_is_allowed() {
    let error = Recipe::parse("[segment]\nscale = \"normal\"\n", "my.toml").unwrap_err();
    assert!(error.to_string().contains("standard"), "{error}");
    let error = Recipe::parse("[segment]\nk = \"10-2\"\n", "my.toml").unwrap_err();
    assert!(error.to_string().contains("write 2-10"), "{error}");
}

#[test]
fn numbers_of_segments_read_as_people_write_them() {
    assert_eq!("auto".parse(), Ok(Clusters::Auto));
    assert_eq!("5".parse(), Ok(Clusters::Exactly(5)));
    assert_eq!("2-10".parse(), Ok(Clusters::Range(2, 10)));
    assert!("0".parse::<Clusters>().is_err());
    assert!("five".parse::<Clusters>().is_err());
}

#[test]
fn missing_takes_a_word_or_a_value() {
    let recipe = Recipe::parse(
        "[clean]\nmissing = \"most frequent\"\n[clean.columns.a]\nmissing = { value = 0 }\n",
        "x",
    )
    .unwrap();
    assert_eq!(
        recipe.clean.missing,
        Some(Missing::Rule(MissingRule::MostFrequent))
    );
    let column = &recipe.clean.columns["a"];
    assert_eq!(
        column.missing,
        Missing::Value {
            value: Scalar::Number(0.0)
        }
    );
}

#[test]
fn a_recipe_is_recognized_by_its_columns() {
    let header = "CustomerID,R,F,M";
    assert_eq!(
        recognize(header.split(',')).map(|entry| entry.name),
        Some("rfm")
    );
    assert!(recognize(["a", "b"]).is_none());
}

#[test]
fn what_cannot_be_used_is_refused_with_its_key() {
    let refused = |text: &str| Recipe::parse(text, "my.toml").unwrap_err().to_string();
    for (text, words) in [
        ("[segment]\nk = 0", "line 2, column 5"),
        ("[segment]\nk = \"2-5000\"", "line 2, column 5"),
        ("[segment]\nmax_segments = 1", "line 2"),
        ("[segment]\ninit = [[1.0], [1.0, 2.0]]", "segment.init"),
        ("[segment]\ninit = [[nan]]", "segment.init"),
        ("[segment]\ninit = []", "segment.init"),
        (
            "[derive]\n\"a\\u001bb\" = \"1\"",
            "derive: the name of a new column",
        ),
        (
            "[derive]\n\" \" = \"1\"",
            "derive: the name of a new column",
        ),
        ("[encode]\nx = { prefix = \"a\\nb\" }", "encode: the name"),
        ("[clean.replace.x]\na = inf", "finite"),
        ("[clean.columns.x]\nmissing = { value = nan }", "finite"),
        (
            "[campaign]\noutcome = \"r\"\ncost = nan\nrevenue = 1.0",
            "campaign",
        ),
    ] {
        let told = refused(text);
        assert!(told.contains(words), "{text}: {told}");
    }
    let dates = vec!["\"x\""; 100_001].join(",");
    assert!(refused(&format!("[input]\ndates = [{dates}]")).contains("input.dates"));
}

#[test]
fn nesting_without_end_is_an_error() {
    for (open, close) in [("[", "]"), ("{ a = ", " }")] {
        let deep = format!("x = {}1{}", open.repeat(100_000), close.repeat(100_000));
        assert!(Recipe::parse(&deep, "deep").is_err());
    }
    assert!(Recipe::parse(&format!("[{}a]", "a.".repeat(100_000)), "deep").is_err());
}
