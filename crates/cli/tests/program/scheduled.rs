//! What a night job relies on: the lineage of a scored file, inputs of quiet nights, permissions.

use std::fs;

use serde_json::Value;

use super::workplace::{Workplace, customers};

const FOLDER: &str = "customers-segments";

fn sha256(place: &Workplace, name: &str) -> String {
    let out = std::process::Command::new("sha256sum")
        .arg(place.path(name))
        .output()
        .unwrap();
    String::from_utf8(out.stdout).unwrap()[..64].to_owned()
}

#[test]
fn a_scored_file_has_its_lineage_beside_it() {
    let place = Workplace::segmented();
    let assign = ["assign", FOLDER, "customers.csv", "-o", "scored.csv"];
    place.run(&assign).succeeds();
    let line = place.read("scored.csv.lineage.json");
    assert_eq!(line.matches('\n').count(), 1);
    let lineage: Value = serde_json::from_str(&line).unwrap();
    let model: Value =
        serde_json::from_str(&place.read("customers-segments/segmentation.json")).unwrap();
    let manifest = &model["content"]["manifest"];
    assert_eq!(lineage["model_sha256"], model["sha256"]);
    assert_eq!(lineage["output"], "scored.csv");
    assert_eq!(lineage["output_sha256"], sha256(&place, "scored.csv"));
    // The very rows that the segments were made from.
    assert_eq!(lineage["input_sha256"], manifest["rows_sha256"]);
    assert_eq!(lineage["model_rows_sha256"], manifest["rows_sha256"]);
    assert_eq!(lineage["program"], manifest["program"]);
    assert_eq!(lineage["input"], serde_json::json!(["customers.csv"]));
    for rows in ["rows_read", "rows_assigned", "rows_written"] {
        assert_eq!(lineage[rows], 120, "{rows}");
    }
    assert_eq!(lineage["recipe_sha256"].as_str().unwrap().len(), 64);
    // No folder and no clock: the same again, from elsewhere.
    assert!(!line.contains(place.path("").to_str().unwrap()));
    fs::create_dir(place.path("deep")).unwrap();
    let again = ["assign", FOLDER, "customers.csv", "-o", "deep/scored.csv"];
    place
        .run(&[&again[..], &["--json"]].concat())
        .succeeds()
        .json();
    assert_eq!(place.read("deep/scored.csv.lineage.json"), line);
    // Other rows have another input, the same model.
    place.write("new.csv", &customers(90));
    place
        .run(&["assign", FOLDER, "new.csv", "-o", "scored.csv"])
        .succeeds();
    let other: Value = serde_json::from_str(&place.read("scored.csv.lineage.json")).unwrap();
    assert_ne!(other["input_sha256"], lineage["input_sha256"]);
    assert_eq!(other["model_sha256"], lineage["model_sha256"]);
    assert_eq!(other["recipe_sha256"], lineage["recipe_sha256"]);
}

#[test]
fn the_day_is_that_which_was_counted_to() {
    let place = Workplace::new();
    let rows = |day: u32| -> String {
        let rows = customers(120);
        let mut lines = rows.lines();
        let header = format!("{},last_visit\n", lines.next().unwrap());
        let rows = lines.enumerate().map(|(at, line)| {
            format!(
                "{line},2024-0{}-{:02}\n",
                1 + at % 3,
                1 + (at as u32 * 7 + day) % 28
            )
        });
        header + &rows.collect::<String>()
    };
    place.write("customers.csv", &rows(0));
    place
        .run(&["segment", "customers.csv", "--quick", "-q"])
        .succeeds();
    let as_of = |more: &[&str]| {
        let assign = ["assign", FOLDER, "customers.csv", "-o", "scored.parquet"];
        place.run(&[&assign[..], more].concat()).succeeds();
        let line = place.read("scored.parquet.lineage.json");
        serde_json::from_str::<Value>(&line).unwrap()["as_of"].clone()
    };
    assert_eq!(as_of(&[]), "2024-03-22");
    assert_eq!(as_of(&["--as-of", "2024-06-30"]), "2024-06-30");
}

#[test]
fn no_lineage_where_none_is_wanted_or_nothing_to_stand_beside() {
    let place = Workplace::segmented();
    let before = place.names();
    place.run(&["assign", FOLDER, "customers.csv"]).succeeds();
    #[cfg(unix)]
    place
        .run(&["assign", FOLDER, "customers.csv", "-o", "/dev/null"])
        .succeeds();
    assert_eq!(place.names(), before);
    let assign = ["assign", FOLDER, "customers.csv", "-o", "a.csv"];
    place
        .run(&[&assign[..], &["--no-lineage"]].concat())
        .succeeds();
    assert!(!place.path("a.csv.lineage.json").exists());
    // What stands in the way is found before the work is done.
    fs::create_dir(place.path("b.csv.lineage.json")).unwrap();
    place
        .run(&["assign", FOLDER, "customers.csv", "-o", "b.csv"])
        .fails(2, &["b.csv.lineage.json is a folder"]);
    assert!(!place.path("b.csv").exists());
}

#[test]
fn an_input_of_a_quiet_night_gives_a_table_without_rows() {
    let place = Workplace::segmented();
    let header = customers(0);
    let bom = format!("\u{feff}{header}");
    for (name, text) in [
        ("zero.csv", ""),
        ("blank.csv", "\n \n"),
        ("header.csv", header.as_str()),
        ("unended.csv", header.trim_end()),
        ("bom.csv", bom.as_str()),
        ("none.json", "[]"),
    ] {
        place.write(name, text);
        let assign = ["assign", FOLDER, name, "-o", "out.csv"];
        place.run(&assign).fails(3, &[name, "error:"]);
        assert!(!place.path("out.csv").exists(), "{name}");
        let allowed = [&assign[..], &["--allow-empty"]].concat();
        let ran = place.run(&allowed).succeeds();
        assert!(
            ran.err().contains("0 rows read = 0 assigned + 0 set aside"),
            "{name}"
        );
        assert!(ran.err().contains(&format!("{name}: no rows")), "{name}");
        let written = place.read("out.csv");
        assert!(written.starts_with("row,id,segment,") && written.lines().count() == 1);
        let kept = [&allowed[..], &["--keep", "city", "--json"]].concat();
        if name != "none.json" {
            let object = place.run(&kept).succeeds().json();
            assert_eq!(object["rows"]["read"], 0, "{name}");
            assert!(
                place.read("out.csv").trim_end().ends_with(",city"),
                "{name}"
            );
        }
        fs::remove_file(place.path("out.csv")).unwrap();
    }
}

#[test]
fn an_empty_table_has_the_columns_of_a_full_one_and_only_emptiness_is_forgiven() {
    let place = Workplace::segmented();
    place.write("zero.csv", "");
    let assign = |input: &str, output: &str| {
        let allowed = ["assign", FOLDER, input, "--allow-empty", "-o", output];
        place.run(&allowed).succeeds();
    };
    assign("customers.csv", "full.csv");
    assign("zero.csv", "empty.csv");
    let full = place.read("full.csv");
    assert_eq!(full.lines().next(), place.read("empty.csv").lines().next());
    assign("zero.csv", "empty.parquet");
    assign("zero.csv", "empty.xlsx");
    // Files with rows are read as ever; a header that lacks a column, and a file that is not there, are errors as ever.
    place
        .run(&[
            "assign",
            FOLDER,
            "zero.csv",
            "customers.csv",
            "--allow-empty",
            "-o",
            "full2.csv",
        ])
        .succeeds();
    assert_eq!(place.read("full2.csv"), full);
    place.write("other.csv", "customer_id,age\n");
    let refused = |input: &str, code: i32, word: &str| {
        let arguments = ["assign", FOLDER, input, "--allow-empty", "-o", "no.csv"];
        place.run(&arguments).fails(code, &[word]);
    };
    refused("other.csv", 3, "the segments need it");
    refused("nowhere.csv", 75, "nowhere.csv");
}

#[test]
fn purchases_of_a_quiet_night_are_no_customers() {
    let place = Workplace::new();
    let orders = place
        .run(&["demo", "--purchases", "--data"])
        .succeeds()
        .out();
    place.write("orders.csv", &orders);
    place.write("none.csv", orders.lines().next().unwrap());
    place
        .run(&["segment", "orders.csv", "--quick", "-q", "-o", "out"])
        .succeeds();
    let assign = [
        "assign",
        "out",
        "none.csv",
        "--allow-empty",
        "-o",
        "none-scored.csv",
    ];
    place.run(&assign).succeeds();
    assert_eq!(place.read("none-scored.csv").lines().count(), 1);
}

#[cfg(unix)]
mod permissions {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(place: &Workplace, name: &str) -> String {
        let found = fs::metadata(place.path(name)).unwrap().permissions().mode();
        format!("{:04o}", found & 0o777)
    }

    #[test]
    fn files_get_the_permissions_that_are_asked_for() {
        let place = Workplace::with_customers();
        let segment = ["segment", "customers.csv", "--quick", "-q", "--k", "3"];
        place.run(&segment).succeeds();
        assert_eq!(mode(&place, FOLDER), "0700");
        assert_eq!(mode(&place, "customers-segments/report.html"), "0600");
        place
            .run(&[&segment[..], &["--mode", "0640"]].concat())
            .succeeds();
        let all = || {
            let files = place.files(FOLDER);
            let names = files
                .keys()
                .map(|name| format!("{FOLDER}/{}", name.display()));
            names
                .map(|name| mode(&place, &name))
                .collect::<std::collections::BTreeSet<_>>()
        };
        let only = |mode: &str| std::collections::BTreeSet::from([mode.to_owned()]);
        assert_eq!(all(), only("0640"));
        assert_eq!(mode(&place, FOLDER), "0750");
        assert_eq!(mode(&place, "customers-segments/charts"), "0750");
        // Written again, they keep them; unless others are asked for.
        place.run(&["rename", FOLDER, "1", "Best"]).succeeds();
        assert_eq!(
            (all(), mode(&place, FOLDER)),
            (only("0640"), "0750".to_owned())
        );
        place.run(&["report", FOLDER, "--mode", "644"]).succeeds();
        assert_eq!(
            (all(), mode(&place, FOLDER)),
            (only("0644"), "0755".to_owned())
        );
        let assign = [
            "assign",
            FOLDER,
            "customers.csv",
            "-o",
            "a.csv",
            "--rejects",
            "r.csv",
        ];
        place
            .run(&[&assign[..], &["--mode", "0664"]].concat())
            .succeeds();
        for name in ["a.csv", "a.csv.lineage.json", "r.csv"] {
            assert_eq!(mode(&place, name), "0664", "{name}");
        }
        place
            .run(&["--mode", "0644", "sql", FOLDER, "-o", "s.sql"])
            .succeeds();
        assert_eq!(mode(&place, "s.sql"), "0644");
    }

    #[test]
    fn the_umask_takes_nothing_away() {
        let place = Workplace::segmented();
        let program = env!("CARGO_BIN_EXE_tribus");
        let line =
            format!("umask 077; {program} assign {FOLDER} customers.csv -o a.csv --mode 0644");
        let done = std::process::Command::new("sh")
            .args(["-c", &line])
            .current_dir(place.path(""))
            .status();
        assert!(done.unwrap().success());
        assert_eq!(mode(&place, "a.csv"), "0644");
    }

    #[test]
    fn a_mode_that_cannot_be_is_refused() {
        let place = Workplace::with_customers();
        for mode in ["0440", "rw", "0800", "1777", ""] {
            place
                .run(&["prepare", "customers.csv", "-o", "p.csv", "--mode", mode])
                .fails(2, &["0640"]);
        }
        assert_eq!(place.names(), ["customers.csv"]);
    }
}
