//! Pipes that close and signals that arrive.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::workplace::{Workplace, customers};

#[test]
fn a_closed_pipe_is_no_error() {
    let place = Workplace::new();
    place.write("customers.csv", &customers(20_000));
    place
        .run(&[
            "segment",
            "customers.csv",
            "--k",
            "3",
            "--on",
            "age",
            "--no-xlsx",
        ])
        .succeeds();
    let commands: [&[&str]; 4] = [
        &[
            "assign",
            "customers-segments",
            "customers.csv",
            "--keep",
            "all",
        ],
        &["prepare", "customers.csv"],
        &["demo", "--data"],
        &["man"],
    ];
    for arguments in commands {
        let mut command = place.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut out = BufReader::with_capacity(16, child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.success() && !line.is_empty(),
            "{arguments:?}\n{err}"
        );
        assert!(!err.contains("error") && !err.contains("panic"), "{err}");
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

#[test]
fn a_signal_ends_the_program_with_its_code() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let place = Workplace::new();
        let mut command = place.command(&["segment", "-"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program waits for the rest of its input; by then it listens.
        let mut input = child.stdin.take().unwrap();
        input.write_all(b"id,age\n").unwrap();
        std::thread::sleep(Duration::from_millis(500));
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{name}");
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
        assert!(place.names().is_empty(), "{:?}", place.names());
        drop(input);
    }
}

#[test]
fn an_interrupt_while_writing_leaves_nothing_behind() {
    let place = Workplace::new();
    place.write("customers.csv", &customers(30_000));
    let mut command = place.command(&[
        "segment",
        "customers.csv",
        "--k",
        "3-4",
        "--on",
        "age",
        "--xlsx",
        "-q",
    ]);
    let child = command.spawn().unwrap();
    let started = Instant::now();
    let under_way = || {
        let names = place.names();
        let mut hidden = names.iter().filter(|name| name.starts_with('.'));
        hidden.any(|name| place.path(&format!("{name}/customers.csv")).exists())
    };
    while !under_way() && started.elapsed() < Duration::from_mins(2) {
        std::thread::sleep(Duration::from_millis(1));
    }
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    let names = place.names();
    if names.iter().any(|name| name == "customers-segments") {
        // The signal came when all was done.
        assert!(place.path("customers-segments/segmentation.json").exists());
        assert_eq!(names, ["customers-segments", "customers.csv"]);
    } else {
        assert_eq!(output.status.code(), Some(130));
        assert_eq!(names, ["customers.csv"]);
    }
}

#[test]
fn a_device_is_written_to_and_not_replaced() {
    let place = Workplace::segmented();
    let usual = place
        .run(&["assign", "customers-segments", "customers.csv"])
        .succeeds();
    let device = place
        .run(&[
            "assign",
            "customers-segments",
            "customers.csv",
            "-o",
            "/dev/stdout",
        ])
        .succeeds();
    assert_eq!(device.out(), usual.out());
    let full = place.run(&["prepare", "customers.csv", "-o", "/dev/full"]);
    full.fails(1, &["cannot write /dev/full", "space"]);
}
