//! What users do every day, and do twice.

use super::workplace::{Workplace, customers};

#[test]
fn segment_writes_a_folder_and_says_what_is_in_it() {
    let place = Workplace::with_customers();
    let ran = place.run(&["segment", "customers.csv"]).succeeds();
    let said = ran.out();
    let order = [
        "segments of 120 customers",
        "Key insights",
        "What to do",
        "Data check",
        "120 rows read = 120 used + 0 set aside",
        "Why ",
        "Report  file://",
        "Next    tribus assign customers-segments",
    ];
    let places: Vec<Option<usize>> = order.iter().map(|words| said.find(words)).collect();
    assert!(places.iter().all(Option::is_some), "{places:?}\n{said}");
    assert!(places.is_sorted(), "{said}");
    assert!(
        said.lines()
            .all(|line| line.chars().count() <= 80 || line.contains("file://")),
        "{said}"
    );
    assert!(
        !said.contains('\u{1b}') && !said.contains("inertia"),
        "{said}"
    );
    let customers = place.read("customers-segments/customers.csv");
    assert_eq!(customers.lines().count(), 121);
    assert!(place.path("customers-segments/segmentation.json").exists());
    assert!(place.path("customers-segments/report.html").exists());
}

#[test]
fn every_command_works_twice_in_a_row() {
    let place = Workplace::with_customers();
    let commands: [&[&str]; 12] = [
        &["segment", "customers.csv"],
        &[
            "assign",
            "customers-segments",
            "customers.csv",
            "-o",
            "again.csv",
        ],
        &[
            "score",
            "customers-segments/segmentation.json",
            "customers.csv",
        ],
        &["prepare", "customers.csv", "-o", "clean.csv"],
        &["inspect", "customers.csv"],
        &["report", "customers-segments"],
        &["name", "customers-segments", "1", "Regulars"],
        &["recipe", "list"],
        &["recipe", "show", "rfm"],
        &["recipe", "init", "customers.csv", "-o", "customers.toml"],
        &["completions", "bash"],
        &["man"],
    ];
    for command in commands {
        let first = place.run(command).succeeds();
        let second = place.run(command).succeeds();
        if command[0] != "name" {
            assert_eq!(first.out(), second.out(), "{command:?}");
        }
    }
}

#[test]
fn assigning_the_training_file_gives_the_same_bytes() {
    let place = Workplace::with_customers();
    for flags in [
        &[][..],
        &["--keep", "all"],
        &["--keep", "city", "--keep", "spend", "--raw"],
    ] {
        let segment = [&["segment", "customers.csv", "--force"], flags].concat();
        place.run(&segment).succeeds();
        let assign = [&["assign", "customers-segments", "customers.csv"], flags].concat();
        let assigned = place.run(&assign).succeeds();
        assert_eq!(
            assigned.out(),
            place.read("customers-segments/customers.csv"),
            "{flags:?}"
        );
        assert!(
            assigned
                .err()
                .contains("120 rows read = 120 assigned + 0 set aside")
        );
    }
}

#[test]
fn a_file_written_by_assign_is_whole_and_a_parquet_one_by_its_name() {
    let place = Workplace::segmented();
    place
        .run(&[
            "assign",
            "customers-segments",
            "customers.csv",
            "-o",
            "new.csv",
        ])
        .succeeds();
    assert_eq!(
        place.read("new.csv"),
        place.read("customers-segments/customers.csv")
    );
    place
        .run(&[
            "assign",
            "customers-segments",
            "customers.csv",
            "-o",
            "new.parquet",
        ])
        .succeeds();
    assert!(place.bytes("new.parquet").starts_with(b"PAR1"));
    place
        .run(&["prepare", "customers.csv", "-o", "clean.parquet"])
        .succeeds();
    assert!(place.bytes("clean.parquet").starts_with(b"PAR1"));
    assert!(!place.names().iter().any(|name| name.starts_with('.')));
}

#[test]
fn several_files_and_standard_input_go_to_a_folder_called_tribus() {
    let place = Workplace::with_customers();
    place.write("more.csv", &customers(90).replace("\nC0", "\nD0"));
    place
        .run(&["segment", "customers.csv", "more.csv"])
        .succeeds();
    let both = place.read("tribus-segments/customers.csv");
    assert_eq!(both.lines().count(), 1 + 120 + 90);
    let piped = place.run_with_input(&["segment", "-", "-o", "piped"], &customers(120));
    piped.succeeds();
    let direct = place.run(&["segment", "customers.csv"]).succeeds();
    assert!(
        direct.err().is_empty() || direct.err().starts_with("note:"),
        "{}",
        direct.err()
    );
    assert_eq!(
        place.read("piped/customers.csv"),
        place.read("customers-segments/customers.csv")
    );
}

#[test]
fn flags_win_over_the_recipe_and_the_recipe_over_defaults() {
    let place = Workplace::with_customers();
    place.write(
        "mine.toml",
        "[segment]\nfeatures = [\"age\", \"spend\"]\nk = 3\nseed = 5\n",
    );
    let by_recipe = place
        .run(&[
            "segment",
            "customers.csv",
            "--recipe",
            "mine.toml",
            "--json",
        ])
        .succeeds()
        .json();
    assert_eq!(by_recipe["k"], 3);
    assert_eq!(by_recipe["features"], serde_json::json!(["age", "spend"]));
    let by_flag = place
        .run(&[
            "segment",
            "customers.csv",
            "--recipe",
            "mine.toml",
            "--json",
            "--k",
            "4",
            "--on",
            "visits",
        ])
        .succeeds()
        .json();
    assert_eq!(by_flag["k"], 4);
    assert_eq!(by_flag["features"], serde_json::json!(["visits"]));
}

#[test]
fn a_star_takes_every_column_of_numbers_that_fits() {
    let place = Workplace::new();
    place.write(
        "wide.csv",
        "f_b,f_a,f_name,g\n1,9,x,5\n2,8,y,5\n9,1,x,6\n8,2,z,6\n1,8,x,5\n9,2,y,6\n",
    );
    let object = place
        .run(&["segment", "wide.csv", "--on", "f*", "--k", "2", "--json"])
        .succeeds()
        .json();
    assert_eq!(object["features"], serde_json::json!(["f_a", "f_b"]));
}

#[test]
fn the_recipe_init_writes_gives_the_same_segments() {
    let place = Workplace::segmented();
    let before = place.read("customers-segments/customers.csv");
    place
        .run(&["recipe", "init", "customers.csv", "-o", "customers.toml"])
        .succeeds();
    let recipe = place.read("customers.toml");
    assert!(
        recipe.contains("[columns]") && recipe.contains("# clustered on: "),
        "{recipe}"
    );
    place
        .run(&["segment", "customers.csv", "--recipe", "customers.toml"])
        .succeeds();
    assert_eq!(place.read("customers-segments/customers.csv"), before);
    let shown = place.run(&["recipe", "show", "customers.toml"]).succeeds();
    assert!(shown.out().contains("customer_id = \"id\""));
}

#[test]
fn a_name_of_ones_own_goes_into_the_model_and_stays() {
    let place = Workplace::segmented();
    let said = place
        .run(&["name", "customers-segments", "1", "Big spenders"])
        .succeeds();
    assert!(said.out().contains("is now called Big spenders"));
    let assigned = place
        .run(&["assign", "customers-segments", "customers.csv"])
        .succeeds();
    assert!(assigned.out().contains("Big spenders"));
    assert!(
        place
            .read("customers-segments/report.html")
            .contains("Big spenders")
    );
    assert!(
        place
            .read("customers-segments/segments.csv")
            .contains("Big spenders")
    );
}

#[test]
fn demo_finds_five_segments_and_gives_away_its_file() {
    let place = Workplace::new();
    let demo = place.run(&["demo"]).succeeds();
    assert!(
        demo.out().contains("Five segments of 2,205 customers"),
        "{}",
        demo.out()
    );
    assert!(
        demo.out()
            .contains("2,240 rows read = 2,205 used + 35 set aside")
    );
    let data = place.run(&["demo", "--data"]).succeeds().out();
    assert_eq!(data.lines().count(), 2_241);
    place.write("sample-customers.tsv", &data);
    place
        .run(&[
            "segment",
            "sample-customers.tsv",
            "--recipe",
            "marketing-campaign",
            "-o",
            "by-hand",
        ])
        .succeeds();
    assert_eq!(place.files("by-hand"), place.files("tribus-demo"));
}

#[test]
fn quiet_prints_data_and_nothing_else() {
    let place = Workplace::with_customers();
    let segment = place.run(&["segment", "customers.csv", "-q"]).succeeds();
    assert_eq!(
        (segment.out(), segment.err()),
        (String::new(), String::new())
    );
    let assign = place
        .run(&["assign", "customers-segments", "customers.csv", "-q"])
        .succeeds();
    assert_eq!(assign.err(), "");
    assert_eq!(assign.out().lines().count(), 121);
}

#[test]
fn verbose_tells_the_criteria_and_every_column() {
    let place = Workplace::with_customers();
    let said = place
        .run(&["segment", "customers.csv", "--verbose"])
        .succeeds()
        .out();
    assert!(said.contains("inertia") && said.contains("gap"), "{said}");
    assert!(said.contains("customer_id: id, left out"), "{said}");
    assert!(said.contains("delimiter: ,"), "{said}");
}
