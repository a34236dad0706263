//! `--json`: one object with names that stay.

use serde_json::Value;

use super::workplace::Workplace;

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().unwrap();
    object.keys().map(String::as_str).collect()
}

#[test]
fn segment_says_all_it_must_in_one_object() {
    let place = Workplace::with_customers();
    let ran = place
        .run(&["segment", "customers.csv", "--k", "3", "--json"])
        .succeeds();
    assert_eq!(ran.err(), "");
    let object = ran.json();
    for key in [
        "k",
        "inertia",
        "silhouette",
        "verdict",
        "rows",
        "repaired",
        "features",
        "columns",
        "evidence",
        "segments",
        "output",
        "warnings",
    ] {
        assert!(object.get(key).is_some(), "{key}");
    }
    assert_eq!(object["k"], 3);
    assert_eq!(keys(&object["rows"]), ["read", "set_aside", "used"]);
    assert_eq!(object["rows"]["read"], 120);
    assert_eq!(keys(&object["repaired"][0]), ["cells", "column", "rule"]);
    assert_eq!(object["repaired"][0]["column"], "income");
    let ks: Vec<u64> = object["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["k"].as_u64().unwrap())
        .collect();
    assert_eq!(ks, (2..=12).collect::<Vec<u64>>());
    for key in [
        "inertia",
        "silhouette",
        "calinski_harabasz",
        "davies_bouldin",
    ] {
        assert!(object["evidence"][0][key].is_number(), "{key}");
    }
    let id = &object["columns"][0];
    assert_eq!(
        (&id["name"], &id["role"], &id["fate"]),
        (&"customer_id".into(), &"id".into(), &"left_out".into())
    );
    assert!(id["reason"].is_string());
    assert_eq!(object["output"], "customers-segments");
    assert!(object["warnings"].is_array());
}

#[test]
fn segments_carry_the_mean_of_every_numeric_column() {
    let place = Workplace::with_customers();
    let object = place
        .run(&[
            "segment",
            "customers.csv",
            "--on",
            "age",
            "--k",
            "3",
            "--json",
        ])
        .succeeds()
        .json();
    let segments = object["segments"].as_array().unwrap();
    assert_eq!(segments.len(), 3);
    let total: u64 = segments.iter().map(|s| s["size"].as_u64().unwrap()).sum();
    assert_eq!(total, 120);
    for segment in segments {
        for key in ["segment", "name", "size", "share"] {
            assert!(segment.get(key).is_some(), "{key}");
        }
        assert_eq!(
            keys(&segment["means"]),
            ["age", "income", "spend", "visits"]
        );
        assert!(segment["means"]["spend"].is_number());
    }
    // Each kind of customer is one segment, so the means of a column never clustered on lie far apart.
    let spend = |at: usize| segments[at]["means"]["spend"].as_f64().unwrap();
    let mut means: Vec<f64> = (0..3).map(spend).collect();
    means.sort_by(f64::total_cmp);
    assert!(
        means[0] < 200.0 && means[1] > 690.0 && means[2] > 2_490.0,
        "{means:?}"
    );
}

#[test]
fn a_range_of_segments_is_the_evidence() {
    let place = Workplace::with_customers();
    let object = place
        .run(&["segment", "customers.csv", "--k", "2-4", "--json"])
        .succeeds()
        .json();
    assert_eq!(object["evidence"].as_array().unwrap().len(), 3);
    assert!((2..=4).contains(&object["k"].as_u64().unwrap()));
}

#[test]
fn other_commands_say_one_object_too() {
    let place = Workplace::segmented();
    let commands: [(&[&str], &[&str]); 7] = [
        (
            &[
                "assign",
                "customers-segments",
                "customers.csv",
                "-o",
                "a.csv",
            ],
            &[
                "drift", "output", "repaired", "rows", "segments", "warnings",
            ],
        ),
        (
            &["prepare", "customers.csv", "-o", "p.csv"],
            &["columns", "output", "repaired", "rows", "warnings"],
        ),
        (
            &["report", "customers-segments"],
            &["files", "output", "segments", "warnings"],
        ),
        (
            &["name", "customers-segments", "1", "Top"],
            &["files", "output", "segments", "warnings"],
        ),
        (&["recipe", "list"], &["recipes"]),
        (&["recipe", "show", "rfm"], &["name", "recipe"]),
        (&["recipe", "init", "customers.csv"], &["name", "recipe"]),
    ];
    for (command, expected) in commands {
        let object = place
            .run(&[command, &["--json"]].concat())
            .succeeds()
            .json();
        assert_eq!(keys(&object), expected, "{command:?}");
    }
    let inspected = place
        .run(&["inspect", "customers.csv", "--json"])
        .succeeds();
    assert!(inspected.json().get("columns").is_some());
}

/// The same customers, each twice as rich, and with another city in every fourth line.
fn changed(text: &str) -> String {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let mut changed = vec![header.join(",")];
    for (row, line) in lines.enumerate() {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        if let Ok(income) = cells[at("income")].parse::<f64>() {
            cells[at("income")] = (2.0 * income).to_string();
        }
        if row % 4 == 0 {
            "New\u{1b}[31mtown".clone_into(&mut cells[at("city")]);
        }
        changed.push(cells.join(","));
    }
    changed.join("\n")
}

#[test]
fn assign_says_what_changed_since_the_segments_were_made() {
    let place = Workplace::segmented();
    place.write("new.csv", &changed(&place.read("customers.csv")));
    let object = place
        .run(&[
            "assign",
            "customers-segments",
            "new.csv",
            "-o",
            "a.csv",
            "--json",
        ])
        .succeeds()
        .json();
    let drift = &object["drift"];
    assert_eq!(
        keys(drift),
        ["changed", "comparisons", "rows", "rows_then", "what"]
    );
    let changed = (&drift["changed"], &drift["rows"]);
    assert_eq!(changed, (&true.into(), &120.into()));
    let what = drift["what"].as_array().unwrap();
    let of = |column: &str, kind: &str| {
        let mut changes = what.iter();
        changes.find(|change| change["column"] == column && change["kind"] == kind)
    };
    let city = of("city", "unseen").unwrap();
    assert_eq!(
        keys(city),
        [
            "column", "effect", "kind", "level", "now", "p", "psi", "then"
        ]
    );
    assert_eq!(city["now"], 0.25);
    assert!(of("income", "mean").unwrap()["effect"].as_f64().unwrap() > 1.0);
}

#[test]
fn what_changed_is_told_in_a_few_harmless_lines() {
    let place = Workplace::segmented();
    place.write("new.csv", &changed(&place.read("customers.csv")));
    let told = |file: &str, output: &str| {
        let assign = ["assign", "customers-segments", file, "-o", output];
        place.run(&assign).succeeds().err()
    };
    let text = told("new.csv", "b.csv");
    assert!(!text.contains('\u{1b}'), "{text}");
    let lines = text.lines().skip_while(|line| !line.starts_with("drift: "));
    let lines: Vec<&str> = lines.take_while(|line| !line.starts_with("note")).collect();
    assert!((3..=6).contains(&lines.len()), "{text}");
    assert!(lines.last().unwrap().contains("85 %"), "{text}");
    assert!(told("customers.csv", "c.csv").contains("no drift: "));
}

#[test]
fn data_and_json_cannot_share_standard_output() {
    let place = Workplace::segmented();
    place
        .run(&["assign", "customers-segments", "customers.csv", "--json"])
        .fails(2, &["--json", "-o FILE"]);
}

#[test]
fn evidence_says_the_decision_and_every_criterion() {
    let place = Workplace::with_customers();
    let object = place
        .run(&["evidence", "customers.csv", "--json"])
        .succeeds()
        .json();
    for key in [
        "k",
        "natural_k",
        "verdict",
        "confidence",
        "runner_up",
        "why",
        "paragraph",
    ] {
        assert!(object.get(key).is_some(), "{key}");
    }
    let criteria = object["criteria"].as_array().unwrap();
    assert_eq!(criteria[0]["k"], 2);
    for key in [
        "gap",
        "gap_standard_error",
        "prediction_strength",
        "stability",
        "likelihood",
    ] {
        assert!(criteria[0][key].is_number(), "{key}");
    }
    // Every customer of two segments is in one of the three.
    let flow = criteria[1]["flow"].as_array().unwrap();
    let cells = flow.iter().flat_map(|row| row.as_array().unwrap());
    assert_eq!(cells.map(|cell| cell.as_u64().unwrap()).sum::<u64>(), 120);
    let likelihoods = criteria
        .iter()
        .map(|entry| entry["likelihood"].as_f64().unwrap());
    assert!((likelihoods.sum::<f64>() - 1.0).abs() < 1e-9);
    let again = place
        .run(&["evidence", "customers.csv", "--json", "--quick"])
        .succeeds()
        .json();
    assert!(again["groups_likelihood"].is_null());
    assert!(again["criteria"][0]["gap"].is_null());
}

#[test]
fn labels_are_measured_and_compared_and_never_clustered_on() {
    let place = Workplace::with_customers();
    let object = place
        .run(&["evaluate", "customers.csv", "--labels", "income", "--json"])
        .succeeds()
        .json();
    assert_eq!(object["column"], "income");
    let features: Vec<&str> = object["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f.as_str().unwrap())
        .collect();
    assert!(!features.contains(&"income"), "{features:?}");
    for key in ["adjusted_rand", "normalized_mutual_information", "inertia"] {
        assert!(object[key].is_number(), "{key}");
    }
    assert!(object["confusion"].is_array());
    place
        .run(&["evaluate", "customers.csv", "--labels", "nothing"])
        .fails(2, &["nothing"]);
    place
        .run(&[
            "evaluate",
            "customers.csv",
            "--labels",
            "age",
            "--on",
            "age",
        ])
        .fails(2, &["age", "leave it out"]);
}
