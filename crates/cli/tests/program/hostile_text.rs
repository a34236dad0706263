//! What a file, a recipe or a name holds is shown, never obeyed: no escape code, no text that turns around, nothing invisible.

use std::fs;
use std::path::Path;
use std::process::Command;

const HEADER: &str =
    "id,sp\u{1b}]0;pwn\u{7}\u{1b}[31mend,vis\u{202e}its,ki\u{200b}nd,note\u{9b}2J,last\u{1b}_visit";

/// Customers with hostile columns, and a few with hostile ids and categories: a file full of control characters is no text.
fn customers() -> String {
    let rows = (0..200).map(|at| {
        let (id, kind) = match at {
            3 => ("\u{1b}[31m".to_owned(), "a\u{1b}[2Jb"),
            _ => (
                format!("C{at}"),
                if at % 2 == 0 { "plain" } else { "c\u{2066}d" },
            ),
        };
        let spend = 10 + at * 7 % 50 + 500 * (at % 2);
        format!(
            "{id},{spend},{},{kind},{},2024-0{}-1{}",
            1 + at % 9,
            at % 3,
            1 + at % 7,
            at % 10
        )
    });
    std::iter::once(HEADER.to_owned())
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Standard output and standard error of the program.
fn said(folder: &Path, arguments: &[&str], code: i32) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tribus"))
        .args(arguments)
        .current_dir(folder)
        .env("TERM", "xterm-256color")
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
    (out, err)
}

fn is_harmless(text: &str) -> bool {
    let obeyed = |character: char| {
        character.is_control() && character != '\n' && character != '\t'
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    !text.contains(obeyed)
}

#[cfg(unix)]
#[test]
fn no_command_lets_a_terminal_obey_what_a_file_holds() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let file = "cust\u{1b}[31m\u{202e}omers.csv";
    fs::write(here.join(file), customers()).unwrap();
    fs::write(
        here.join("bad\u{7}.toml"),
        "[segment]\n\"fea\u{202e}tures\" = [\"x\"]\n",
    )
    .unwrap();
    fs::write(here.join("worse.toml"), "[derive]\nx = \"1 + \u{9b}31m\"\n").unwrap();
    fs::write(here.join("model\u{1b}.json"), "{\u{1b}").unwrap();
    let commands: &[(&[&str], i32)] = &[
        (&["inspect", file], 0),
        (&["segment", file, "-o", "out\u{1b}[1m", "--quick"], 0),
        (&["segment", file, "-o", "out", "--k", "2", "--quick"], 0),
        (&["explain", "out"], 0),
        (&["explain", "out", "\u{1b}[31m", file], 0),
        (&["explain", "out", "nobody\u{202e}", file], 2),
        (&["assign", "out", file, "-o", "assigned\u{1b}.csv"], 0),
        (&["rename", "out", "1", "bad\u{1b}[31m"], 2),
        (&["rename", "out", "1", "new \u{202e}name"], 0),
        (&["report", "out"], 0),
        (&["report", "out", "--value", "sp\u{1b}"], 2),
        (&["evidence", file, "--quick"], 0),
        (&["prepare", file, "-o", "prepared.csv"], 0),
        (&["inspect", file, "--recipe", "bad\u{7}.toml"], 2),
        (&["inspect", file, "--recipe", "worse.toml"], 2),
        (&["inspect", file, "--recipe", "none\u{1b}"], 2),
        (&["inspect", "missing\u{1b}[31m.csv"], 75),
        (&["inspect", file, "--id", "no\u{1b}body"], 2),
        (&["explain", "model\u{1b}.json"], 3),
        (
            &["inspect", "missing\u{9b}\u{202e}.csv", "--json-errors"],
            75,
        ),
        (&["segment", "--no\u{1b}flag", "--json-errors"], 2),
        (&["no\u{1b}[31mcommand"], 2),
        (&["segment", file, "--k", "\u{1b}[31m"], 2),
        (&["segment", "--no\u{9b}flag"], 2),
    ];
    let mut told = String::new();
    for (arguments, code) in commands {
        let (out, err) = said(here, arguments, *code);
        assert!(is_harmless(&out), "{arguments:?}: {out:?}");
        assert!(is_harmless(&err), "{arguments:?}: {err:?}");
        told.extend([out, err]);
    }
    // They were shown, written out.
    for shown in ["<U+001B>", "<U+202E>", "<U+009B>", "<U+0007>"] {
        assert!(told.contains(shown), "{shown}");
    }
}

#[test]
fn a_first_line_that_is_somebodys_row_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let row = |at: usize| {
        format!(
            "p{at}@example.com,Jane Doe {at},+49 170 12345{at:02},1985-03-{:02},{at}",
            1 + at % 28
        )
    };
    let rows: Vec<String> = (10..60).map(row).collect();
    fs::write(folder.path().join("people.csv"), rows.join("\n")).unwrap();
    for (arguments, code) in [
        (&["inspect", "people.csv"][..], 3),
        (&["inspect", "people.csv", "--id", "email"], 3),
        (&["inspect", "people.csv", "--header-rows", "1"], 0),
        (
            &[
                "segment",
                "people.csv",
                "-o",
                "out",
                "--quick",
                "--header-rows",
                "1",
            ],
            0,
        ),
        (&["explain", "out"], 0),
        (
            &["inspect", "people.csv", "--header-rows", "1", "--json"],
            0,
        ),
    ] {
        let (out, err) = said(folder.path(), arguments, code);
        for personal in ["@example", "Jane", "+49", "1985-03-11"] {
            assert!(!out.contains(personal), "{arguments:?}: {out}");
            assert!(!err.contains(personal), "{arguments:?}: {err}");
        }
    }
}
