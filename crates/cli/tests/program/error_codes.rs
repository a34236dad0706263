//! Every error code, as `--json-errors` prints it: brought about by a command, and explained in docs/exit-codes.md.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::ValueEnum;
use serde_json::Value;
use tribus::export::ResultFolder;
use tribus_cli::{Code, Kind};

use super::workplace::{Ran, Workplace, customers};

const FOLDER: &str = "customers-segments";
const XLS: &[u8] = include_bytes!("../../../tribus/tests/fixtures/customers.xls");

/// Commands that end with a code, by words; `FOLDER` is there, and what [`with_files`] writes.
const COMMANDS: &[(Code, &str)] = &[
    (Code::WriteFailed, "prepare customers.csv -o nowhere/p.csv"),
    (Code::Usage, "segment"),
    (Code::Usage, "segment customers.csv --k many"),
    (Code::Usage, "segment customers.csv --encoding klingon"),
    (Code::Usage, "segment - -"),
    (
        Code::RecipeMissing,
        "segment customers.csv --recipe nowhere.toml",
    ),
    (Code::RecipeMissing, "segment customers.csv --recipe ifod"),
    (
        Code::RecipeInvalid,
        "segment customers.csv --recipe typo.toml",
    ),
    (
        Code::ExpressionInvalid,
        "segment customers.csv --recipe expression.toml",
    ),
    (Code::ColumnUnknown, "segment customers.csv --on spned"),
    (Code::SheetUnknown, "inspect a.xls --sheet no"),
    (Code::SegmentUnknown, "rename customers-segments 99 Best"),
    (
        Code::CustomerUnknown,
        "explain customers-segments nobody customers.csv",
    ),
    (Code::NameInvalid, "rename customers-segments 1 \t"),
    (Code::NumberNotKept, "report customers-segments --k 99"),
    (Code::FolderWithoutModel, "assign folder customers.csv"),
    (
        Code::OutputProtected,
        "prepare customers.csv -o customers.csv",
    ),
    (Code::OutputProtected, "segment customers.csv -o folder"),
    (
        Code::OutputInvalid,
        "segment customers.csv -o customers.csv",
    ),
    (Code::SqlImpossible, "sql customers-segments --rollup"),
    (Code::InputUnreadable, "segment folder"),
    (Code::InputEmpty, "segment empty.csv"),
    (Code::InputEmpty, "assign customers-segments header.csv"),
    (Code::FormatUnknown, "segment page.csv"),
    (Code::InputEncrypted, "segment locked.parquet"),
    (Code::InputDamaged, "segment torn.parquet"),
    (Code::InputTooLarge, "segment long.csv --memory 1MB"),
    (Code::EncodingWrong, "segment latin.csv --encoding utf-8"),
    (Code::HeaderUnclear, "segment comment.csv"),
    (Code::RowsMisfit, "assign customers-segments short.csv"),
    (Code::ColumnDuplicate, "segment twice.csv"),
    (Code::ColumnsDiffer, "segment customers.csv other.csv"),
    (Code::ColumnMissing, "assign customers-segments other.csv"),
    (Code::CellMisfit, "segment customers.csv --on city"),
    (Code::ValueMissing, "segment customers.csv --strict"),
    (Code::NotationAmbiguous, "segment days.csv --dates day"),
    (Code::IdInvalid, "segment customers.csv --id city"),
    (Code::PurchasesUnclear, "segment orders.csv"),
    (Code::NothingToCluster, "segment constant.csv"),
    (Code::TooFewCustomers, "segment customers.csv --k 500"),
    (
        Code::CustomerSetAside,
        "explain old-aside C00002 customers.csv",
    ),
    (Code::ModelInvalid, "assign short.json customers.csv"),
    (
        Code::FailOn,
        "assign customers-segments short.csv --max-rejects 2 --fail-on rejects",
    ),
    (Code::Differs, "verify customers-segments fewer.csv"),
    (Code::InputMissing, "segment nowhere.csv"),
    (Code::ModelMissing, "assign nowhere customers.csv"),
];

fn with_files() -> Workplace {
    let place = Workplace::segmented();
    fs::create_dir(place.path("folder")).unwrap();
    place.write("folder/notes.txt", "mine");
    fs::write(place.path("a.xls"), XLS).unwrap();
    fs::write(place.path("latin.csv"), b"id,name\n1,caf\xe9\n").unwrap();
    write_inputs(&place);
    let aside = [
        "segment",
        "customers.csv",
        "--recipe",
        "aside.toml",
        "-o",
        "old-aside",
        "--quick",
    ];
    place.run(&aside).succeeds();
    place
}

fn write_inputs(place: &Workplace) {
    let orders: String = (0..60)
        .map(|row| format!("o{row},2024-01-{:02},3.50\n", row % 28 + 1))
        .collect();
    let model = place.read("customers-segments/segmentation.json");
    let days: String = (1..=20)
        .map(|row| format!("{row},{},0{}/0{}/2024\n", row * 3, row % 9 + 1, row % 8 + 1))
        .collect();
    for (name, text) in [
        ("typo.toml", "[segment]\nfeatuers = [\"age\"]\n".to_owned()),
        (
            "expression.toml",
            "[derive]\nx = \"age +\"\n[segment]\nfeatures = [\"x\"]\n".to_owned(),
        ),
        (
            "aside.toml",
            "[[clean.drop]]\nwhere = \"age > 60\"\nbecause = \"old\"\n".to_owned(),
        ),
        ("empty.csv", String::new()),
        ("header.csv", customers(0)),
        (
            "page.csv",
            "<!DOCTYPE html><html><body>sign in</body></html>".to_owned(),
        ),
        ("locked.parquet", "PARE and nothing else PARE".to_owned()),
        ("torn.parquet", "PAR1 and nothing else PAR1".to_owned()),
        ("long.csv", customers(20_000)),
        ("comment.csv", format!("# of today\n{}", customers(120))),
        ("short.csv", customers(120) + "C99999,nobody@example.com\n"),
        ("twice.csv", "id,a,a\n1,2,3\n".to_owned()),
        ("other.csv", "customer_id,age\nC1,30\n".to_owned()),
        ("days.csv", format!("id,spend,day\n{days}")),
        (
            "orders.csv",
            format!("order_id,order_date,amount\n{orders}"),
        ),
        (
            "constant.csv",
            "id,age,spend\nC1,30,5\nC2,30,5\nC3,30,5\n".to_owned(),
        ),
        ("short.json", model[..model.len() / 2].to_owned()),
        ("fewer.csv", customers(119)),
    ] {
        place.write(name, &text);
    }
}

/// The object is whole, and says what the code is.
#[track_caller]
fn is_told(code: Code, ran: &Ran) -> Value {
    let error = ran.error();
    let word = code.word();
    assert_eq!(error["code"], word.as_str(), "{error}");
    assert_eq!(
        ran.code(),
        Some(i32::from(code.kind().exit_code())),
        "{word}"
    );
    assert_eq!(error["exit_code"], code.kind().exit_code(), "{word}");
    assert_eq!(
        error["kind"],
        serde_json::to_value(code.kind()).unwrap(),
        "{word}"
    );
    let keys: Vec<&String> = error.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "code",
            "column",
            "exit_code",
            "file",
            "hint",
            "kind",
            "line",
            "message"
        ]
    );
    let message = error["message"].as_str().unwrap();
    assert!(!message.is_empty() && !message.contains('@'), "{message}");
    error
}

#[test]
fn every_code_is_told_by_a_command() {
    let place = with_files();
    let mut told: Vec<Code> = COMMANDS
        .iter()
        .map(|(code, line)| {
            let words: Vec<&str> = line.split(' ').chain(["--json-errors"]).collect();
            is_told(*code, &place.run(&words));
            *code
        })
        .collect();
    told.extend([
        a_busy_folder(&place),
        an_input_that_grows(&place),
        a_lost_connection(&place),
        a_bug(&place),
    ]);
    let missing: Vec<&Code> = Code::value_variants()
        .iter()
        .filter(|code| !told.contains(code))
        .collect();
    assert!(missing.is_empty(), "no command ends with {missing:?}");
}

fn a_busy_folder(place: &Workplace) -> Code {
    let claim = ResultFolder::claim(&place.path(FOLDER), Duration::ZERO).unwrap();
    let ran = place.run(&["segment", "customers.csv", "--json-errors"]);
    drop(claim);
    is_told(Code::FolderBusy, &ran);
    Code::FolderBusy
}

/// Another program appends to the file all the time.
fn an_input_that_grows(place: &Workplace) -> Code {
    place.write("growing.csv", &customers(100_000));
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = OpenOptions::new()
                .append(true)
                .open(place.path("growing.csv"))
                .unwrap();
            while !is_done.load(Ordering::Relaxed) {
                file.write_all(b"\n").unwrap();
            }
        });
        let ran = place.run(&["inspect", "growing.csv", "--json-errors"]);
        is_done.store(true, Ordering::Relaxed);
        is_told(Code::InputChanged, &ran);
    });
    Code::InputChanged
}

/// Standard input is a socket whose other end is closed with something unread, so that it is reset.
fn a_lost_connection(place: &Workplace) -> Code {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut here = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (there, _) = listener.accept().unwrap();
    here.write_all(b"never read").unwrap();
    std::thread::sleep(Duration::from_millis(50));
    drop(there);
    let mut command = place.command(&["inspect", "-", "--json-errors"]);
    command.stdin(Stdio::from(OwnedFd::from(here)));
    let ran = Ran::of(command);
    let error = is_told(Code::ConnectionLost, &ran);
    assert_eq!(error["file"], "standard input");
    Code::ConnectionLost
}

/// Set where [`panicking`] is to run.
const PANIC: &str = "TRIBUS_TEST_PANIC";

/// The program with a bug, in a process of its own.
#[test]
#[expect(clippy::exit, reason = "the exit code is what is looked at")]
fn panicking() {
    if std::env::var_os(PANIC).is_none() {
        return;
    }
    let arguments = [
        "tribus",
        "segment",
        "customers.csv",
        "--quick",
        "--force",
        "--json-errors",
    ];
    let observer = |_: tribus::export::FolderStep<'_>| panic!("jane@example.com");
    let code = tribus_cli::run_observed(arguments.map(Into::into), Box::new(observer));
    std::process::exit(i32::from(code));
}

fn a_bug(place: &Workplace) -> Code {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "error_codes::panicking", "--nocapture"])
        .current_dir(place.path(""))
        .env(PANIC, "1");
    is_told(Code::Bug, &Ran::of(command));
    Code::Bug
}

#[test]
fn places_are_those_of_the_message() {
    let place = with_files();
    let place_of = |line: &str| {
        let words: Vec<&str> = line.split(' ').chain(["--json-errors"]).collect();
        let error = place.run(&words).error();
        [&error["file"], &error["line"], &error["column"]].map(Value::clone)
    };
    let null = Value::Null;
    let cases: [(&str, [Value; 3]); 6] = [
        (
            "segment nowhere.csv",
            ["nowhere.csv".into(), null.clone(), null.clone()],
        ),
        (
            "segment customers.csv --strict",
            ["customers.csv".into(), 7.into(), "income".into()],
        ),
        (
            "segment customers.csv --on city",
            ["customers.csv".into(), 2.into(), "city".into()],
        ),
        (
            "assign customers-segments short.csv",
            ["short.csv".into(), 122.into(), null.clone()],
        ),
        // Of a recipe the column is the character of the line.
        (
            "segment customers.csv --recipe typo.toml",
            ["typo.toml".into(), 2.into(), 1.into()],
        ),
        ("segment --k", [null.clone(), null.clone(), null]),
    ];
    for (line, expected) in cases {
        assert_eq!(place_of(line), expected, "{line}");
    }
}

#[test]
fn an_error_is_the_only_line_and_text_stays_text_without_the_flag() {
    let place = with_files();
    let assign = [
        "assign",
        FOLDER,
        "short.csv",
        "--max-rejects",
        "2",
        "-o",
        "a.csv",
    ];
    // Without an error there is nothing, not even a warning.
    let quiet = place
        .run(&[&assign[..], &["--json-errors"]].concat())
        .succeeds();
    assert_eq!(quiet.err(), "");
    // With --json warnings are in the object, and both streams are JSON.
    let both = ["--json", "--json-errors", "--fail-on", "rejects"];
    let ran = place.run(&[&assign[..], &both].concat());
    assert!(ran.json()["warnings"].to_string().contains("line 122"));
    assert_eq!(ran.error()["code"], "fail-on");
    // Anywhere on the line, but not behind `--`, where it is the name of a file.
    for line in [
        "--json-errors segment",
        "segment --json-errors",
        "--json-errors",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!(place.run(&words).error()["code"], "usage", "{line}");
    }
    let named = place.run(&["segment", "--", "--json-errors"]);
    named.fails(75, &["--json-errors: there is no such file"]);
    let help = place.run(&["--json-errors", "--help"]).succeeds();
    assert!(help.out().contains("Usage: tribus") && help.err().is_empty());
    place.run(&["segment"]).fails(2, &["Usage: tribus segment"]);
}

/// The rows of the tables of the page: what stands first, and its exit code.
fn documented() -> BTreeMap<String, u8> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/exit-codes.md");
    let page = fs::read_to_string(page).unwrap();
    let codes = page.split_once("## Error codes").unwrap().1;
    let rows = codes.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
        let code = cells.next()?.strip_suffix('`')?.to_owned();
        Some((code, cells.next()?.parse().ok()?))
    });
    rows.collect()
}

#[test]
fn the_docs_explain_exactly_the_codes_there_are() {
    let codes = Code::value_variants().iter();
    let codes = codes.map(|code| (code.word(), code.kind().exit_code()));
    assert_eq!(documented(), codes.collect());
    for (kind, code) in [
        (Kind::Write, 1),
        (Kind::Bug, 1),
        (Kind::Usage, 2),
        (Kind::Input, 3),
        (Kind::Finding, 4),
        (Kind::Retry, 75),
    ] {
        assert_eq!(kind.exit_code(), code, "{kind:?}: exit codes stay");
    }
}
