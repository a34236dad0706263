//! `tribus forget`: one customer out of folders of results.

use super::workplace::Workplace;

#[test]
fn a_customer_is_forgotten_in_every_folder_and_told_what_to_make_again() {
    let place = Workplace::segmented();
    place
        .run(&[
            "segment",
            "customers.csv",
            "--quick",
            "--format",
            "parquet",
            "-o",
            "spring",
        ])
        .succeeds();
    let before = place.files("customers-segments");
    let ran = place
        .run(&["forget", "C00007", "customers-segments", "spring"])
        .succeeds();
    for words in [
        "1 line of customers.csv",
        "1 line of customers.parquet",
        "1 line of workbook.xlsx",
        "report.html",
        "tribus segment INPUT -o spring",
    ] {
        let said = ran.out().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!ran.out().contains("C00007"), "the id is not repeated");
    let after = place.files("customers-segments");
    let changed = before
        .iter()
        .filter(|(name, bytes)| after[*name] != **bytes);
    let changed: Vec<String> = changed
        .map(|(name, _)| name.display().to_string())
        .collect();
    assert_eq!(changed, [".tribus", "customers.csv", "workbook.xlsx"]);
    assert!(
        !place
            .read("customers-segments/customers.csv")
            .contains("C00007")
    );
}

#[test]
fn a_folder_works_on_and_the_second_time_nobody_is_found() {
    let place = Workplace::segmented();
    let ask = ["forget", "C00007", "customers-segments", "--json"];
    assert_eq!(
        place.run(&ask).succeeds().json()["folders"][0]["found"],
        true
    );
    // The folders work on, and the second time there is nobody to be found.
    let again = place
        .run(&["forget", "C00007", "customers-segments", "--json"])
        .succeeds()
        .json();
    assert_eq!(again["folders"][0]["found"], false);
    place
        .run(&["assign", "customers-segments", "customers.csv"])
        .succeeds();
    place
        .run(&["segment", "customers.csv", "--quick"])
        .succeeds();
}

#[test]
fn rows_that_were_kept_because_they_did_not_fit_are_forgotten_too() {
    let place = Workplace::new();
    let mut text = super::workplace::customers(120);
    text.push_str("C99999,late@example.com,41,50000,4,x,Oslo,what\n");
    place.write("customers.csv", &text);
    let ask = [
        "segment",
        "customers.csv",
        "--quick",
        "--max-rejects",
        "3",
        "--keep-rejects",
    ];
    place.run(&ask).succeeds();
    assert!(
        place
            .read("customers-segments/rejects.csv")
            .contains("C99999")
    );
    let object = place
        .run(&["forget", "C99999", "customers-segments", "--json"])
        .succeeds()
        .json();
    assert_eq!(object["folders"][0]["removed"]["rejects.csv"], 1);
    assert!(
        !place
            .read("customers-segments/rejects.csv")
            .contains("C99999")
    );
}

#[test]
fn forget_refuses_what_is_no_folder_of_results() {
    let place = Workplace::segmented();
    std::fs::create_dir(place.path("theirs")).unwrap();
    for (arguments, words) in [
        (&["C00007", "nowhere"][..], "no folder nowhere"),
        (&["C00007", "theirs"], "not written by tribus"),
        (&["", "customers-segments"], "the id is empty"),
        (&["C00007"], "<DIR>"),
    ] {
        place
            .run(&[&["forget"], arguments].concat())
            .fails(2, &[words]);
    }
    let names = ["customers-segments", "customers.csv", "theirs"];
    assert_eq!(place.names(), names, "no lock is left");
}
