//! `tribus verify`: the same input gives the same segmentation, and what differs is told.

use super::workplace::{Workplace, shared};

const FOLDER: &str = "customers-segments";

#[test]
fn the_same_rows_are_identical_whatever_people_changed_since() {
    let place = Workplace::segmented();
    let identical = |input: &str| {
        let ran = place.run(&["verify", FOLDER, input]).succeeds();
        assert!(
            ran.out().starts_with("identical: 120 rows, "),
            "{}",
            ran.out()
        );
    };
    identical("customers.csv");
    place.run(&["rename", FOLDER, "1", "Best"]).succeeds();
    let title = ["report", FOLDER, "--title", "Spring", "--language", "de"];
    place.run(&title).succeeds();
    identical("customers.csv");
    for k in ["4", "5"] {
        place.run(&["report", FOLDER, "--k", k]).succeeds();
        identical("customers.csv");
    }
    place
        .run(&["report", FOLDER, "--value", "visits"])
        .succeeds();
    identical("customers.csv");
    // The model alone is enough.
    let model = format!("{FOLDER}/segmentation.json");
    place.run(&["verify", &model, "customers.csv"]).succeeds();
    let object = place
        .run(&["verify", FOLDER, "customers.csv", "--json"])
        .succeeds()
        .json();
    assert_eq!(object["identical"], true);
    assert_eq!(object["differences"], serde_json::json!([]));
    assert_eq!(object["k"], 5);
}

#[test]
fn a_changed_cell_and_a_missing_row_are_told() {
    let place = Workplace::segmented();
    let text = place.read("customers.csv");
    let (row, changed) = (
        "C00000,person0@example.com,25,",
        "C00000,person0@example.com,94,",
    );
    assert!(text.contains(row));
    place.write("cell.csv", &text.replacen(row, changed, 1));
    let ran = place.run(&["verify", FOLDER, "cell.csv"]);
    assert_eq!(ran.code(), Some(4), "{}", ran.err());
    assert!(ran.out().contains("hold something else"), "{}", ran.out());
    assert!(ran.err().contains("differs: "), "{}", ran.err());
    assert!(!ran.out().contains('@'));
    let short: Vec<&str> = text.lines().take(120).collect();
    place.write("row.csv", &(short.join("\n") + "\n"));
    let ran = place.run(&["verify", FOLDER, "row.csv", "--json", "--json-errors"]);
    assert_eq!(ran.code(), Some(4));
    assert_eq!(ran.error()["code"], "differs");
    let object = ran.json();
    assert_eq!(object["identical"], false);
    let first = &object["differences"][0];
    assert_eq!(first["what"], "rows");
    assert_eq!((&first["then"], &first["now"]), (&120.into(), &119.into()));
    let sentence = first["sentence"].as_str().unwrap();
    assert!(sentence.contains("119 rows"), "{sentence}");
    // A cell that no feature needs changes the rows alone.
    place.write("city.csv", &text.replacen("Oslo", "Bern", 1));
    let ran = place.run(&["verify", FOLDER, "city.csv", "--json"]);
    let told = ran.json()["differences"].as_array().unwrap().len();
    assert_eq!((ran.code(), told), (Some(4), 1), "{}", ran.out());
}

#[test]
fn a_wrong_input_is_refused_as_an_input() {
    let place = Workplace::segmented();
    place.write(
        "other.csv",
        "customer_id,age,income,visits\nX1,30,20000,4\n",
    );
    place
        .run(&["verify", FOLDER, "other.csv"])
        .fails(3, &["`spend`"]);
    place
        .run(&["verify", FOLDER, "no.csv"])
        .fails(75, &["no.csv"]);
    place
        .run(&["verify", "no", "customers.csv"])
        .fails(75, &["no"]);
    place.run(&["verify", FOLDER]).fails(2, &["INPUT"]);
}

#[test]
fn purchases_and_real_files_are_verified_as_they_were_read() {
    let place = Workplace::new();
    let orders = place.run(&["demo", "--purchases", "--data"]).succeeds();
    place.write("orders.csv", &orders.out());
    let segment = |input: &str, more: &[&str]| {
        let arguments = [
            "segment",
            input,
            "--quick",
            "-q",
            "--no-xlsx",
            "-o",
            "out",
            "--force",
        ];
        place.run(&[&arguments[..], more].concat()).succeeds();
        place.run(&["verify", "out", input]).succeeds();
    };
    segment("orders.csv", &[]);
    for (name, more) in [
        (
            "data/marketing_campaign.csv",
            &["--recipe", "marketing-campaign"][..],
        ),
        (
            "data/ml_project1_data_semicolon.csv",
            &["--k", "4", "--as-of", "2014-12-31"],
        ),
        ("data/viajes_es.xlsx", &["--no-value"]),
        ("data/Mall_Customers.csv", &["--on", "Age", "--seed", "7"]),
    ] {
        let Some(path) = shared(name) else { return };
        segment(&path, more);
    }
}
