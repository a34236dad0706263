//! Results survive every stop: by signal, by kill, and by another process at the same time.
//!
//! [`writer`] is the program with an observer that sends a signal to itself after a given step of the writer. It runs in a
//! process of its own, which is this test program once more.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGKILL, SIGTERM};
use signal_hook::low_level::raise;
use tribus::export::{FolderStep, ResultFolder};

use super::workplace::Workplace;

const FOLDER: &str = "customers-segments";

/// How the old results are made, and how the new ones.
const OLD: &[&str] = &["segment", "customers.csv", "--quick", "-q", "--k", "3"];
const NEW: &[&str] = &[
    "segment",
    "customers.csv",
    "--quick",
    "-q",
    "--k",
    "2",
    "--force",
];

/// Which signal comes after which step, as `SIGNAL STEP`; without a step, the steps are written to the file `steps`.
const STOP: &str = "TRIBUS_TEST_STOP";

#[test]
#[expect(clippy::exit, reason = "the exit code is what is looked at")]
fn writer() {
    let Ok(stop) = std::env::var(STOP) else {
        return;
    };
    let (signal, stop) = stop.split_once(' ').unwrap();
    let signal: i32 = signal.parse().unwrap();
    let stop: Option<usize> = stop.parse().ok();
    let steps = Mutex::new(Vec::new());
    let observer = move |step: FolderStep<'_>| {
        let mut steps = steps.lock().unwrap();
        steps.push(format!("{step:?}"));
        match stop {
            None => fs::write("steps", steps.join("\n")).unwrap(),
            Some(stop) if stop + 1 == steps.len() => {
                raise(signal).unwrap();
                // The thread that listens gets its turn.
                std::thread::sleep(Duration::from_millis(30));
            }
            Some(_) => {}
        }
    };
    let arguments = std::iter::once("tribus").chain(NEW.iter().copied());
    let code = tribus_cli::run_observed(arguments.map(Into::into), Box::new(observer));
    std::process::exit(i32::from(code));
}

/// Runs [`writer`] in the workplace.
fn run_writer(place: &Workplace, signal: i32, stop: &str) -> ExitStatus {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "stops::writer", "--nocapture"])
        .current_dir(place.path(""))
        .env(STOP, format!("{signal} {stop}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
}

/// What a folder of results can hold: what it held before, or what it holds after.
struct Outcomes {
    old: BTreeMap<PathBuf, Vec<u8>>,
    new: BTreeMap<PathBuf, Vec<u8>>,
    steps: Vec<String>,
}

fn outcomes() -> Outcomes {
    let place = with_old_results();
    let old = place.files(FOLDER);
    assert_eq!(run_writer(&place, SIGINT, "never").code(), Some(0));
    let new = place.files(FOLDER);
    assert!(old != new && new.contains_key(Path::new("mine/notes.txt")));
    let steps = place.read("steps").lines().map(ToOwned::to_owned).collect();
    Outcomes { old, new, steps }
}

/// A folder of results that holds a file of somebody else.
fn with_old_results() -> Workplace {
    let place = Workplace::with_customers();
    place.run(OLD).succeeds();
    fs::create_dir(place.path("customers-segments/mine")).unwrap();
    place.write("customers-segments/mine/notes.txt", "mine");
    place
}

fn stops_between_every_two_steps(signal: i32) {
    let Outcomes { old, new, steps } = outcomes();
    assert!(steps.len() > 10, "{steps:?}");
    let mut kept = 0;
    for (at, step) in steps.iter().enumerate() {
        let place = with_old_results();
        let status = run_writer(&place, signal, &at.to_string());
        let found = place.files(FOLDER);
        assert!(found == old || found == new, "{step}: neither old nor new");
        kept += usize::from(found == old);
        if signal == SIGKILL {
            assert_eq!(status.signal(), Some(SIGKILL), "{step}");
            // The next run removes what is left, and loses nothing.
            place.run(NEW).succeeds();
            assert!(place.files(FOLDER) == new, "{step}");
        } else {
            let code = if found == old { 128 + signal } else { 0 };
            assert_eq!(status.code(), Some(code), "{step}");
        }
        assert_eq!(
            place.names(),
            ["customers-segments", "customers.csv"],
            "{step}"
        );
    }
    // With a kill after `Replacing` the old results are still there, with a signal the writer finishes.
    let after = if signal == SIGKILL { 2 } else { 3 };
    assert_eq!(kept, steps.len() - after, "{steps:?}");
}

#[test]
fn an_interrupt_between_any_two_steps_leaves_the_old_results_or_the_new() {
    stops_between_every_two_steps(SIGINT);
}

#[test]
fn a_termination_between_any_two_steps_leaves_the_old_results_or_the_new() {
    stops_between_every_two_steps(SIGTERM);
}

#[test]
fn a_kill_between_any_two_steps_leaves_the_old_results_or_the_new() {
    stops_between_every_two_steps(SIGKILL);
}

/// Kills the program itself in the last milliseconds, `rounds` times: from the moment the workbook is begun, a little later
/// each time.
#[expect(
    clippy::print_stdout,
    reason = "a thorough run says how often the results were replaced"
)]
fn timed_kills(signal: i32, rounds: u64) {
    let Outcomes { old, new, .. } = outcomes();
    let mut replaced = 0;
    for round in 0..rounds {
        let place = with_old_results();
        let mut child = place.command(NEW).stdout(Stdio::null()).spawn().unwrap();
        let workbook = place.path(".customers-segments.tribus-1/workbook.xlsx");
        while !workbook.exists() && child.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        std::thread::sleep(Duration::from_micros(150 * (round % 100)));
        send(&child, signal);
        let status = child.wait().unwrap();
        let found = place.files(FOLDER);
        assert!(
            found == old || found == new,
            "round {round}: a result was lost"
        );
        replaced += u64::from(found == new);
        let told = status.code().is_some_and(|code| code == 128 + signal);
        assert!(
            !told || found == old,
            "round {round}: told as stopped, but replaced"
        );
    }
    println!("signal {signal}: {rounds} rounds, {replaced} replaced, 0 lost");
}

fn send(child: &std::process::Child, signal: i32) {
    let sent = Command::new("kill")
        .args([format!("-{signal}"), child.id().to_string()])
        .stderr(Stdio::null())
        .status();
    // The program may have ended before.
    assert!(sent.is_ok());
}

#[test]
fn a_stop_in_the_last_milliseconds_loses_nothing() {
    for signal in [SIGINT, SIGTERM, SIGKILL] {
        timed_kills(signal, 5);
    }
}

#[test]
#[ignore = "thorough: 600 runs"]
fn two_hundred_stops_of_each_kind_in_the_last_milliseconds_lose_nothing() {
    for signal in [SIGINT, SIGTERM, SIGKILL] {
        timed_kills(signal, 200);
    }
}

#[test]
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn a_reader_never_finds_the_model_missing() {
    let place = Workplace::segmented();
    let model = place.path("customers-segments/segmentation.json");
    let done = AtomicBool::new(false);
    let missing = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut missing = 0;
            while !done.load(Ordering::Relaxed) {
                missing += usize::from(!model.exists());
            }
            missing
        });
        for round in 0..40 {
            let name = format!("Name {round}");
            place.run(&["name", FOLDER, "1", &name]).succeeds();
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    });
    assert_eq!(missing, 0);
}

#[test]
fn two_names_at_once_are_both_kept() {
    let place = Workplace::segmented();
    for round in 0..10 {
        let names = [format!("First {round}"), format!("Second {round}")];
        let children: Vec<_> = ["1", "2"]
            .iter()
            .zip(&names)
            .map(|(segment, name)| {
                let mut command = place.command(&["name", FOLDER, segment, name]);
                command.stdout(Stdio::null()).spawn().unwrap()
            })
            .collect();
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        let segments = place.read("customers-segments/segments.csv");
        assert!(
            names.iter().all(|name| segments.contains(name)),
            "{segments}"
        );
    }
    assert_eq!(place.names(), ["customers-segments", "customers.csv"]);
}

#[test]
fn a_folder_that_is_being_written_is_refused_with_its_process() {
    let place = Workplace::segmented();
    let folder = ResultFolder::claim(&place.path(FOLDER), Duration::ZERO).unwrap();
    let process = format!("process {}", std::process::id());
    let refused = place.run(&["segment", "customers.csv"]);
    refused.fails(
        75,
        &["is being written by another tribus", &process, "try again"],
    );
    let mut waiting = place
        .command(&["name", FOLDER, "1", "Patient"])
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(waiting.try_wait().unwrap().is_none(), "it did not wait");
    drop(folder);
    assert!(waiting.wait().unwrap().success());
}
