//! The same input gives the same bytes.

use super::workplace::{Workplace, customers};

#[test]
fn threads_change_no_byte_of_any_file() {
    let place = Workplace::with_customers();
    let folders = [
        ("1", "one"),
        ("2", "two"),
        ("1", "one-again"),
        ("2", "two-again"),
    ];
    for (threads, folder) in folders {
        place
            .run(&[
                "segment",
                "customers.csv",
                "--threads",
                threads,
                "-o",
                folder,
            ])
            .succeeds();
    }
    let first = place.files("one");
    assert!(first.len() > 5, "{:?}", first.keys());
    for (_, folder) in &folders[1..] {
        let other = place.files(folder);
        assert_eq!(
            first.keys().collect::<Vec<_>>(),
            other.keys().collect::<Vec<_>>()
        );
        for (name, bytes) in &first {
            assert!(
                *bytes == other[name],
                "{} differs in {folder}",
                name.display()
            );
        }
    }
}

#[test]
fn the_order_of_rows_changes_no_segment() {
    let place = Workplace::with_customers();
    let text = customers(120);
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    place.write("reversed.csv", &(lines.join("\n") + "\n"));
    place
        .run(&["segment", "customers.csv", "-o", "there"])
        .succeeds();
    place
        .run(&["segment", "reversed.csv", "-o", "back"])
        .succeeds();
    let segments = |folder: &str| -> Vec<Vec<String>> {
        let text = place.read(&format!("{folder}/customers.csv"));
        let fields = |line: &str| line.split(',').skip(1).take(3).map(str::to_owned).collect();
        let mut rows: Vec<Vec<String>> = text.lines().skip(1).map(fields).collect();
        rows.sort();
        rows
    };
    assert_eq!(segments("there"), segments("back"));
}
