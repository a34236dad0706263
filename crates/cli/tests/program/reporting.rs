//! `tribus report`: everything in a folder again, with another number of segments, a title, a value, a language.

use super::workplace::Workplace;

#[test]
fn another_number_of_segments_needs_the_input_for_the_customers_alone() {
    let place = Workplace::segmented();
    let before = place.read("customers-segments/report.html");
    let done = place
        .run(&["report", "customers-segments", "--k", "2"])
        .succeeds();
    let told = done.err();
    assert!(
        told.contains("customers.csv held the segments of before and is gone"),
        "{told}"
    );
    assert!(!place.path("customers-segments/customers.csv").exists());
    assert_ne!(place.read("customers-segments/report.html"), before);
    assert_eq!(
        place
            .read("customers-segments/segments.csv")
            .lines()
            .count(),
        3
    );
    place
        .run(&["report", "customers-segments", "customers.csv"])
        .succeeds();
    let customers = place.read("customers-segments/customers.csv");
    assert_eq!(customers.lines().count(), 121);
    let mut segments = customers.lines().skip(1).map(|line| line.split(',').nth(2));
    assert!(segments.all(|segment| matches!(segment, Some("1" | "2"))));
}

#[test]
fn a_number_that_was_not_tried_and_a_column_that_is_not_there_are_usage_errors() {
    let place = Workplace::segmented();
    place
        .run(&["report", "customers-segments", "--k", "77"])
        .fails(2, &[]);
    place
        .run(&["report", "customers-segments", "--value", "nothing"])
        .fails(2, &[]);
    place
        .run(&["report", "customers-segments", "--language", "xx"])
        .fails(2, &[]);
}

#[test]
fn title_and_language_stay_with_the_folder() {
    let place = Workplace::segmented();
    let command = [
        "report",
        "customers-segments",
        "--title",
        "Spring <1>",
        "--language",
        "de",
    ];
    place.run(&command).succeeds();
    place
        .run(&["name", "customers-segments", "1", "Regulars"])
        .succeeds();
    let report = place.read("customers-segments/report.html");
    assert!(report.contains("Spring &lt;1&gt;"));
    assert!(!report.contains("Spring <1>"));
}

#[test]
fn pictures_are_written_where_they_are_asked_for_and_stay() {
    let place = Workplace::segmented();
    place
        .run(&["report", "customers-segments", "--pdf", "--png"])
        .succeeds();
    assert!(
        place
            .bytes("customers-segments/report.pdf")
            .starts_with(b"%PDF-")
    );
    assert!(
        place
            .bytes("customers-segments/charts/size.png")
            .starts_with(b"\x89PNG")
    );
    place.run(&["report", "customers-segments"]).succeeds();
    assert!(place.path("customers-segments/report.pdf").exists());
}
