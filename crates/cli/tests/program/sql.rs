//! `tribus sql` and `tribus dbt`: what is printed and written, and what is refused.

use super::workplace::Workplace;

#[test]
fn sql_is_printed_or_written_for_the_dialect_and_the_table() {
    let place = Workplace::segmented();
    let command = [
        "sql",
        "customers-segments",
        "--dialect",
        "bigquery",
        "--table",
        "lake.shop.People",
    ];
    let printed = place.run(&command).succeeds().out();
    assert!(
        printed.starts_with("WITH\n") && printed.contains("FROM `lake`.`shop`.`People`"),
        "{printed}"
    );
    assert!(printed.contains("\nFROM assigned\n"), "{printed}");
    let json = place
        .run(&[&command[..], &["--json"]].concat())
        .succeeds()
        .json();
    assert_eq!(json["sql"].as_str(), Some(printed.as_str()));
    assert_eq!(json["dialect"], "bigquery");
    place
        .run(&[&command[..], &["-o", "segments.sql"]].concat())
        .succeeds();
    assert_eq!(place.read("segments.sql"), printed);
}

#[test]
fn sql_refuses_what_it_cannot_write() {
    let place = Workplace::segmented();
    for (arguments, words) in [
        (&["--dialect", "oracle"][..], "duckdb"),
        (&["--table", "shop..customers"], "SCHEMA.TABLE"),
        (&["--as-of", "soon"], "2014-06-29"),
        (&["--table", "\"shop"], "SCHEMA.TABLE"),
        (&["--id", ""], "--id"),
        (&["--rollup"], "no purchases"),
        (
            &["-o", "customers-segments/segmentation.json"],
            "tribus wrote",
        ),
    ] {
        let command = [&["sql", "customers-segments"][..], arguments].concat();
        let refused = place.run(&command).fails(2, &[words]);
        assert_eq!(refused.out(), "", "{arguments:?}");
    }
    place.run(&["sql", "nowhere"]).fails(75, &["nowhere"]);
}

#[test]
fn a_dbt_project_never_makes_the_table_that_it_reads() {
    let place = Workplace::segmented();
    for table in ["customer_segments", "shop.Segment_Names", "a{{b"] {
        let command = [
            "dbt",
            "customers-segments",
            "--table",
            table,
            "-o",
            "project",
        ];
        place.run(&command).fails(2, &["another name"]);
    }
    place
        .run(&["dbt", "customers-segments", "-o", "-"])
        .fails(2, &["-o DIR"]);
}

#[test]
fn a_dbt_project_is_not_written_over_somebody_s_work() {
    let place = Workplace::segmented();
    let command = ["dbt", "customers-segments", "-o", "project"];
    place.run(&command).succeeds();
    for file in [
        "dbt_project.yml",
        "models/schema.yml",
        "seeds/segment_names.csv",
        "profiles.yml",
    ] {
        assert!(!place.read(&format!("project/{file}")).is_empty(), "{file}");
    }
    let model = place.read("project/models/customer_segments.sql");
    assert!(
        model.contains("FROM {{ source(\"raw\", \"customers\") }}"),
        "{model}"
    );
    place.run(&command).succeeds();
    place.write("project/models/schema.yml", "mine: true\n");
    place.run(&command).fails(2, &["schema.yml", "--force"]);
    assert_eq!(place.read("project/models/schema.yml"), "mine: true\n");
    place.run(&[&command[..], &["--force"]].concat()).succeeds();
    assert!(place.read("project/models/schema.yml").contains("sources:"));
}
