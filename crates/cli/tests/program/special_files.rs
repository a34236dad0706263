//! What is no ordinary file, and workbooks, which a process of their own reads.

#![cfg(unix)]

use std::io::Write;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::workplace::Workplace;

const XLS: &[u8] = include_bytes!("../../../tribus/tests/fixtures/customers.xls");
const PROGRAM: &str = env!("CARGO_BIN_EXE_tribus");

#[test]
fn devices_sockets_and_what_the_system_makes_up_are_refused() {
    let place = Workplace::new();
    let _socket = UnixListener::bind(place.path("socket")).unwrap();
    let cases = [
        ("/dev/zero", "a device"),
        ("socket", "a socket"),
        ("/proc/self/maps", "made up"),
    ];
    for (path, what) in cases {
        // Not every system has /proc.
        if std::path::Path::new(path).is_absolute() && !std::path::Path::new(path).exists() {
            continue;
        }
        place
            .run(&["inspect", path])
            .fails(3, &[what, "name a file"]);
    }
}

#[test]
fn a_pipe_is_read_once_a_program_writes_to_it() {
    let place = Workplace::with_customers();
    assert!(
        Command::new("mkfifo")
            .arg(place.path("pipe"))
            .status()
            .unwrap()
            .success()
    );
    place
        .run(&["inspect", "pipe"])
        .fails(75, &["pipe", "no program writes"]);
    let mut writer = Command::new("sh")
        .args(["-c", "exec 3>pipe; sleep 0.3; cat customers.csv >&3"])
        .current_dir(place.path("."))
        .spawn()
        .unwrap();
    place.run(&["inspect", "pipe"]).succeeds();
    writer.wait().unwrap();
    let by_path = place.run_with_input(&["inspect", "/dev/stdin"], &place.read("customers.csv"));
    by_path.succeeds();
}

#[test]
fn one_bad_file_among_several_is_named() {
    let place = Workplace::with_customers();
    place.write("bad.parquet", "PAR1 and nothing else PAR1");
    place
        .run(&["inspect", "customers.csv", "bad.parquet"])
        .fails(3, &["bad.parquet", "Parquet"]);
}

#[test]
fn a_workbook_is_read_in_a_process_of_its_own() {
    let place = Workplace::new();
    std::fs::write(place.path("a.xls"), XLS).unwrap();
    std::fs::write(place.path("torn.xls"), &XLS[..3000]).unwrap();
    let out = place.run(&["inspect", "a.xls"]).succeeds().out();
    assert!(out.contains("a.xls: Excel; 12 rows"), "{out}");
    place
        .run(&["inspect", "a.xls", "--sheet", "no"])
        .fails(2, &["available: customers"]);
    place
        .run(&["inspect", "torn.xls"])
        .fails(3, &["torn.xls", "Excel"]);
    let help = place.run(&["--help"]).succeeds().out();
    assert!(!help.contains("read-workbook"), "{help}");
}

#[test]
fn the_process_that_reads_a_workbook_ends_with_its_program() {
    let mut helper = Command::new(PROGRAM)
        .arg("__read-workbook")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = helper.stdin.take().unwrap();
    // A workbook is promised, and the program is gone.
    input.write_all(&[2, 0, 0, 0, 0, 0, 0, 0, b'{']).unwrap();
    drop(input);
    let begun = Instant::now();
    while helper.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(20));
    }
}
