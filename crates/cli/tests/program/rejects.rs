//! Rows and cells that do not fit, through the program: listed, counted, carried along; and every hint, when followed, works.

use std::fmt::Write as _;
use std::fs;

use super::workplace::Workplace;

/// A thousand and a half customers, of whom one row is short and one amount is a word.
fn with_two_misfits() -> String {
    let mut text = String::from("id,spend,visits,age\n");
    for at in 1..=2500_usize {
        match at {
            700 => text.push_str("c0700,12.5\n"),
            900 => text.push_str("c0900,Error,3,40\n"),
            _ => {
                let (spend, visits, age) = (at * 37 % 900, at * 7 % 23, 18 + at * 11 % 60);
                let _ = writeln!(text, "c{at:04},{spend}.25,{visits},{age}");
            }
        }
    }
    text
}

#[test]
fn what_does_not_fit_is_listed_counted_and_carried_along() {
    let place = Workplace::new();
    place.write("customers.csv", &with_two_misfits());
    let ran = place
        .run(&[
            "segment",
            "customers.csv",
            "--quick",
            "--k",
            "3",
            "-o",
            "out",
        ])
        .succeeds();
    assert!(
        ran.err()
            .contains("one row does not fit and is set aside (customers.csv, line 701")
    );
    assert!(
        ran.out()
            .contains("2,500 rows read = 2,499 used + 1 set aside"),
        "{}",
        ran.out()
    );
    let list = || fs::read_to_string(place.path("out/rejects.csv")).unwrap();
    let listed = "file,line,column,reason\ncustomers.csv,701,,field_count\ncustomers.csv,901,spend,not_a_number\n";
    assert_eq!(list(), listed);
    // Another name, and the report from the same rows again, keep it.
    place.run(&["rename", "out", "1", "The first"]).succeeds();
    assert_eq!(list(), listed);
    place.run(&["report", "out", "customers.csv"]).succeeds();
    assert_eq!(list(), listed);
    // A list of customers to write to must be whole, unless one says else.
    place
        .run(&["assign", "out", "customers.csv"])
        .fails(3, &["line 701", "--max-rejects"]);
    let assigned = [
        "assign",
        "out",
        "customers.csv",
        "--max-rejects",
        "2",
        "--rejects",
        "r.csv",
    ];
    place.run(&assigned).succeeds();
    assert_eq!(fs::read_to_string(place.path("r.csv")).unwrap(), listed);
}

#[test]
fn a_clean_file_leaves_no_list_behind() {
    let place = Workplace::new();
    for (text, is_listed) in [
        (with_two_misfits(), true),
        (
            with_two_misfits()
                .replace("c0700,12.5\n", "")
                .replace("Error", "5"),
            false,
        ),
    ] {
        place.write("customers.csv", &text);
        place
            .run(&[
                "segment",
                "customers.csv",
                "--quick",
                "--k",
                "3",
                "-o",
                "out",
            ])
            .succeeds();
        assert_eq!(place.path("out/rejects.csv").exists(), is_listed);
    }
}

#[test]
fn rows_are_kept_as_they_stand_only_when_asked_for() {
    let place = Workplace::new();
    place.write("customers.csv", &with_two_misfits());
    let ran = [
        "inspect",
        "customers.csv",
        "--rejects",
        "r.csv",
        "--keep-rejects",
    ];
    place.run(&ran).succeeds();
    let list = fs::read_to_string(place.path("r.csv")).unwrap();
    assert!(
        list.contains("customers.csv,701,,field_count,\"c0700,12.5\""),
        "{list}"
    );
    assert!(
        list.contains("customers.csv,901,spend,not_a_number,\"c0900,Error,3,40\""),
        "{list}"
    );
}

#[test]
fn a_file_that_takes_more_memory_than_it_may_is_refused() {
    let place = Workplace::new();
    let text = with_two_misfits().repeat(60);
    place.write("customers.csv", &text);
    let ran = place.run(&["inspect", "customers.csv", "--memory", "1MB"]);
    ran.fails(3, &["is too large", "--memory"]);
    let ran = place.run(&["inspect", "customers.csv", "--memory", "much"]);
    ran.fails(2, &["no size such as"]);
}

/// A file, what its refusal says, and flags that the hint names.
const REFUSED: [(&str, &str, &[&str]); 9] = [
    (
        "C01,12.5,3\nC02,14.5,4\nC03,19.25,9\n",
        "looks like a row of data",
        &["--no-header"],
    ),
    (
        "C01,12.5,3\nC02,14.5,4\nC03,19.25,9\n",
        "looks like a row of data",
        &["--header-rows", "1"],
    ),
    (
        "id,spend,n\n,EUR,count\na,1.5,3\nb,2.5,4\nc,9.5,4\n",
        "looks like a second header",
        &["--header-rows", "2"],
    ),
    (
        "title,,\nid,spend,n\na,1.5,3\nb,2.5,4\nc,9.5,4\n",
        "looks like a second header",
        &["--skip-rows", "1"],
    ),
    (
        "id,city,n\na,'Rome, IT',3\nb,Lima,4\nc,Oslo,5\n",
        "apostrophes",
        &["--quote", "'"],
    ),
    (
        "name,agespend\na,31,2.5\nb,44,3.5\nc,27,9.5\n",
        "one name",
        &["--no-header", "--skip-rows", "1"],
    ),
    (
        "id,spend,n\na,1.5,3\nb,2.5,4\nc,9.5,4\nReport of June\nConfidential\n",
        "to the end of the file",
        &["--skip-footer", "2"],
    ),
    (
        "# export\nid,spend,n\na,1.5,3\nb,2.5,4\nc,9.5,4\n",
        "a comment",
        &["--comment", "#"],
    ),
    (
        "id,spend,n\na,1.5,3\nb,2.5\nc,9.5,4\n",
        "line 3: 2 fields",
        &["--max-rejects", "1"],
    ),
];

#[test]
fn every_hint_when_followed_works() {
    for (text, said, flags) in REFUSED {
        let place = Workplace::new();
        place.write("customers.csv", text);
        let said = if said == "one name" {
            "names, every row has"
        } else {
            said
        };
        let ran = place.run(&["inspect", "customers.csv"]).fails(3, &[said]);
        for flag in flags.iter().filter(|flag| flag.starts_with("--")) {
            assert!(
                ran.err().contains(flag),
                "{} does not name {flag}",
                ran.err()
            );
        }
        place
            .run(&[&["inspect", "customers.csv"], flags].concat())
            .succeeds();
    }
}

#[test]
fn settings_of_a_recipe_read_what_flags_read() {
    let place = Workplace::new();
    place.write(
        "customers.csv",
        "# a note\n,2023,\nid,spend,n\na,1.5,unknown\nb,2.5,4\nc,9.5,4\nend of report\n",
    );
    place.write(
        "recipe.toml",
        "[input]\ncomment = \"#\"\nheader = 2\nskip_footer = 1\nnull_values = [\"unknown\"]\nmax_rejects = \"1%\"\n",
    );
    let ran = place
        .run(&[
            "inspect",
            "customers.csv",
            "--recipe",
            "recipe.toml",
            "--json",
        ])
        .succeeds();
    assert!(ran.out().contains("2023 spend"), "{}", ran.out());
    place.write("wrong.toml", "[input]\nmax_rejects = \"many\"\n");
    place
        .run(&["inspect", "customers.csv", "--recipe", "wrong.toml"])
        .fails(2, &["many", "0.5%"]);
}
