//! The examples for schedulers, run as far as a machine without them can.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::workplace::{Ran, Workplace, customers};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The cron job on an export of this name; `more` are variables of the environment.
fn night(place: &Workplace, export: &str, more: &[(&str, &str)]) -> Ran {
    Ran::of(job(place, export, more))
}

fn job(place: &Workplace, export: &str, more: &[(&str, &str)]) -> Command {
    let mut command = Command::new(repository().join("examples/cron/score.sh"));
    command
        .args(["customers-segments", export, "out/scored.csv"])
        .current_dir(place.path(""))
        .env("TRIBUS", env!("CARGO_BIN_EXE_tribus"))
        .envs([("TRIES", "2"), ("PAUSE", "0")])
        .envs(more.iter().copied());
    command
}

#[test]
fn the_cron_job_publishes_what_is_right_and_holds_back_what_is_not() {
    use std::os::unix::fs::PermissionsExt;

    let place = Workplace::segmented();
    fs::create_dir(place.path("out")).unwrap();
    let ran = night(&place, "customers.csv", &[]).succeeds();
    assert_eq!(ran.err(), "", "cron mails what is printed");
    let yesterday = place.read("out/scored.csv");
    assert_eq!(yesterday.lines().count(), 121);
    let mode = fs::metadata(place.path("out/scored.csv"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    let lineage = place.read("out/scored.csv.lineage.json");
    assert!(lineage.contains("\"output\":\"scored.csv\""), "{lineage}");

    // A row that does not fit: what was scored waits for somebody.
    place.write(
        "odd.csv",
        &(customers(2_000) + "C99999,nobody@example.com\n"),
    );
    let ran = night(&place, "odd.csv", &[]);
    assert_eq!(
        (ran.code(), &ran.error()["code"]),
        (Some(4), &"fail-on".into())
    );
    assert_eq!(place.read("out/scored.csv"), yesterday);
    assert_eq!(place.read("out/held/scored.csv").lines().count(), 2_001);

    // A wrong export is not tried again, a missing one is.
    place.write("wrong.csv", "customer_id,age\nC1,30\n");
    let ran = night(&place, "wrong.csv", &[]);
    assert_eq!(
        (ran.code(), &ran.error()["code"]),
        (Some(3), &"column-missing".into())
    );
    let ran = night(&place, "late.csv", &[]);
    assert_eq!((ran.code(), ran.err().lines().count()), (Some(75), 2));
    assert_eq!(place.read("out/scored.csv"), yesterday);
    assert_eq!(place.read("out/scored.csv.lineage.json"), lineage);

    // A quiet night gives a table without rows.
    place.write("none.csv", "");
    night(&place, "none.csv", &[]).succeeds();
    assert_eq!(place.read("out/scored.csv").lines().count(), 1);
    let usage = Ran::of(Command::new(repository().join("examples/cron/score.sh")));
    assert_eq!(usage.code(), Some(2));
}

#[test]
fn the_cron_job_waits_for_a_late_export() {
    let place = Workplace::segmented();
    fs::create_dir(place.path("out")).unwrap();
    let mut waiting = job(&place, "late.csv", &[("TRIES", "60"), ("PAUSE", "1")])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(waiting.try_wait().unwrap().is_none(), "it gave up");
    // As every job should write: whole, under another name first.
    place.write("late.csv.part", &customers(120));
    fs::rename(place.path("late.csv.part"), place.path("late.csv")).unwrap();
    assert!(waiting.wait().unwrap().success());
    assert_eq!(place.read("out/scored.csv").lines().count(), 121);
}

#[test]
fn the_crontab_names_a_script_and_commands_that_are_there() {
    let crontab = fs::read_to_string(repository().join("examples/cron/crontab")).unwrap();
    let place = Workplace::segmented();
    let jobs: Vec<&str> = crontab
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_digit()))
        .collect();
    assert_eq!(jobs.len(), 2);
    for line in jobs {
        let words: Vec<&str> = line.split_whitespace().skip(5).collect();
        if let Some(script) = words[0].strip_prefix("/opt/jobs/") {
            assert!(repository().join("examples/cron").join(script).is_file());
            continue;
        }
        // The command as it stands, of files that are here.
        let words: Vec<&str> = words[1..]
            .iter()
            .map(|word| match word.rsplit_once('/') {
                Some((_, "customers-segments")) => "customers-segments",
                Some(_) => "customers.csv",
                None => word,
            })
            .collect();
        place.run(&words).succeeds();
    }
}

/// Sources that the first stage of the Dockerfile copies from the repository.
fn copied(dockerfile: &str) -> Vec<&str> {
    let copies = dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "));
    let own = copies.filter(|sources| !sources.starts_with("--from"));
    own.flat_map(|sources| {
        let mut words: Vec<&str> = sources.split_whitespace().collect();
        words.pop();
        words
    })
    .collect()
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        if name != "target" {
            copy(&from.join(&name), &to.join(&name));
        }
    }
}

#[test]
fn the_image_is_built_from_what_the_build_needs() {
    let folder = repository().join("examples/docker");
    let dockerfile = fs::read_to_string(folder.join("Dockerfile")).unwrap();
    let sources = copied(&dockerfile);
    assert!(sources.contains(&"crates"));
    let context = tempfile::tempdir().unwrap();
    for source in &sources {
        copy(&repository().join(source), &context.path().join(source));
    }
    // Cargo finds every member of the workspace and its lock file in what is copied.
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--offline",
            "--locked",
            "--no-deps",
            "--format-version",
            "1",
        ])
        .current_dir(context.path())
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&metadata.stderr);
    assert!(metadata.status.success(), "{err}");
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let program = packages
        .iter()
        .find(|package| package["name"] == "tribus-cli")
        .unwrap();
    let binary =
        program["targets"].as_array().unwrap().iter().any(|target| {
            target["name"] == "tribus" && target["kind"] == serde_json::json!(["bin"])
        });
    assert!(binary, "the program is called as the Dockerfile calls it");
    // The compiler is the one that the workspace asks for, and nothing is ignored that is copied.
    let version = program["rust_version"].as_str().unwrap();
    assert!(
        dockerfile.contains(&format!("FROM rust:{version}-")),
        "rust {version}"
    );
    let ignored = fs::read_to_string(folder.join("Dockerfile.dockerignore")).unwrap();
    for source in &sources {
        assert!(
            ignored.contains(&format!("!{source}\n")),
            "{source} is ignored"
        );
    }
    // What the sources include from outside their crate is copied, too.
    for outside in ["recipes/playbook.toml", "recipes/ifood.toml"] {
        assert!(context.path().join(outside).is_file(), "{outside}");
    }
}
