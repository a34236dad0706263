//! `--fail-on`: everything is written, then the exit code says that something was found.

use super::workplace::{Workplace, customers};

/// Customers of whom one row is short.
fn with_a_short_row() -> String {
    customers(120) + "C99999,nobody@example.com\n"
}

/// Customers with an amount of which nothing says that they spent it.
fn with_a_question() -> String {
    customers(120).replacen("spend", "amount", 1)
}

#[test]
fn rejects_end_with_4_after_everything_is_written() {
    let place = Workplace::segmented();
    place.write("new.csv", &with_a_short_row());
    let limits = ["--max-rejects", "2"];
    let assign = |more: &[&str]| {
        let arguments = ["assign", "customers-segments", "new.csv", "-o", "out.csv"];
        place.run(&[&arguments[..], &limits, more].concat())
    };
    assign(&[]).succeeds();
    let without = place.read("out.csv");
    std::fs::remove_file(place.path("out.csv")).unwrap();
    let ran = assign(&["--fail-on", "rejects"]);
    assert!(
        ran.err()
            .contains("121 rows read = 120 assigned + 1 set aside")
    );
    ran.fails(4, &["rejects: one row does not fit", "line 122", "hint:"]);
    assert_eq!(place.read("out.csv"), without);
    // What does not hold is no reason to fail.
    assign(&["--fail-on", "please-check"]).succeeds();
    let clean = ["assign", "customers-segments", "customers.csv", "--fail-on"];
    place.run(&[&clean[..], &["rejects"]].concat()).succeeds();
}

#[test]
fn a_segmentation_is_written_whole_before_it_fails() {
    let place = Workplace::new();
    place.write("customers.csv", &with_a_question());
    let segment = |more: &[&str]| {
        let arguments = ["segment", "customers.csv", "--quick", "--json"];
        place.run(&[&arguments[..], more].concat())
    };
    let object = segment(&[]).succeeds().json();
    let questions = object["please_check"].as_array().unwrap();
    assert!(!questions.is_empty());
    let files = place.files("customers-segments");
    let ran = segment(&["--fail-on", "rejects,please-check", "--json-errors"]);
    assert_eq!(ran.code(), Some(4), "{}", ran.err());
    assert_eq!(ran.json(), object);
    assert!(place.files("customers-segments") == files);
    let error = ran.error();
    assert_eq!(error["code"], "fail-on");
    assert_eq!(error["exit_code"], 4);
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("please-check: 1 decision (`amount`)"),
        "{message}"
    );
    assert!(!message.contains("rejects:"), "{message}");
}

#[test]
fn drift_ends_with_4_where_the_customers_changed() {
    let place = Workplace::segmented();
    // One kind of customer in three is left.
    let all = customers(360);
    let some = all.lines().enumerate().filter(|(at, _)| at % 3 == 0);
    let some: Vec<&str> = some.map(|(_, line)| line).collect();
    place.write("new.csv", &(some.join("\n") + "\n"));
    let assign = |input: &str, more: &[&str]| {
        let arguments = ["assign", "customers-segments", input, "-o", "out.csv"];
        place.run(&[&arguments[..], more].concat())
    };
    assign("new.csv", &[]).succeeds();
    assign("new.csv", &["--fail-on", "drift"]).fails(4, &["drift: the customers changed"]);
    assign("customers.csv", &["--fail-on", "drift,rejects"]).succeeds();
    place.write("none.csv", &customers(0));
    assign("none.csv", &["--allow-empty", "--fail-on", "drift"]).succeeds();
}

#[test]
fn what_cannot_be_failed_on_is_refused_before_anything_is_done() {
    let place = Workplace::segmented();
    let before = place.names();
    for (list, words) in [
        ("drift", "does not tell of drift"),
        ("rejects,drift", "does not tell of drift"),
        ("nothing", "drift, rejects, please-check"),
        ("", "drift, rejects, please-check"),
    ] {
        place
            .run(&["segment", "no.csv", "--fail-on", list])
            .fails(2, &[words]);
    }
    assert_eq!(place.names(), before);
}
