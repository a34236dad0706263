//! A folder of its own for each test, and the program in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder with customers in it.
pub(crate) struct Workplace {
    folder: TempDir,
}

impl Workplace {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A folder with `customers.csv`.
    pub(crate) fn with_customers() -> Self {
        let place = Self::new();
        place.write("customers.csv", &customers(120));
        place
    }

    /// A folder with `customers.csv`, segmented into `customers-segments`.
    pub(crate) fn segmented() -> Self {
        let place = Self::with_customers();
        place.run(&["segment", "customers.csv"]).succeeds();
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Names of what is in the folder, hidden things too.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The bytes of every file in a folder.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path(folder), &self.path(folder), &mut files);
        files
    }

    /// The program, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tribus"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("NO_COLOR")
            .env_remove("COLUMNS");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran {
            asked: arguments.join(" "),
            output: self.command(arguments).output().unwrap(),
        }
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = assert_cmd::Command::from_std(self.command(arguments));
        Ran {
            asked: arguments.join(" "),
            output: command.write_stdin(input).output().unwrap(),
        }
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_path_buf();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// What a command did.
pub(crate) struct Ran {
    asked: String,
    output: Output,
}

impl Ran {
    /// What another command did.
    pub(crate) fn of(mut command: Command) -> Self {
        Self {
            asked: format!("{command:?}"),
            output: command.output().unwrap(),
        }
    }

    pub(crate) fn out(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap()
    }

    pub(crate) fn err(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out())
            .unwrap_or_else(|error| panic!("{}: {error}\n{}", self.asked, self.out()))
    }

    pub(crate) fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    /// The object of `--json-errors`: the only line on standard error.
    #[track_caller]
    pub(crate) fn error(&self) -> serde_json::Value {
        let (asked, err) = (&self.asked, self.err());
        assert_eq!(err.lines().count(), 1, "tribus {asked}\n{err}");
        serde_json::from_str(&err).unwrap_or_else(|error| panic!("tribus {asked}: {error}\n{err}"))
    }

    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        let asked = &self.asked;
        assert!(
            self.output.status.success(),
            "tribus {asked}\n{}",
            self.err()
        );
        self
    }

    /// Ends with the code, says each of the words on standard error, and nothing on standard output.
    #[track_caller]
    pub(crate) fn fails(self, code: i32, words: &[&str]) -> Self {
        let (asked, err) = (&self.asked, self.err());
        assert_eq!(
            self.output.status.code(),
            Some(code),
            "tribus {asked}\n{err}"
        );
        assert_eq!(self.out(), "", "tribus {asked}");
        assert!(err.contains("error:"), "tribus {asked}\n{err}");
        for word in words {
            assert!(err.contains(word), "tribus {asked}: no `{word}` in\n{err}");
        }
        self
    }
}

/// Customers of three kinds, with an id, an e-mail address, a category and a gap here and there.
pub(crate) fn customers(rows: usize) -> String {
    let mut text = String::from("customer_id,email,age,income,visits,spend,city\n");
    for row in 0..rows {
        let (age, income, visits, spend) = [
            (25, 20_000, 3, 100),
            (45, 50_000, 9, 700),
            (65, 90_000, 20, 2_500),
        ][row % 3];
        // A small linear congruence: spread without a random generator.
        let wobble = |step: usize, range: usize| (row * step + 7) % 101 * range / 100;
        let income = if row % 17 == 5 {
            String::new()
        } else {
            (income + wobble(37, 60_000)).to_string()
        };
        let city = ["Oslo", "Rome", "Lima"][wobble(13, 300) % 3];
        writeln!(
            text,
            "C{row:05},person{row}@example.com,{},{income},{},{},{city}",
            age + wobble(29, 9),
            visits + wobble(53, 4),
            spend + wobble(71, 90),
        )
        .unwrap();
    }
    text
}

/// The shared data, or nothing with the reason printed.
pub(crate) fn shared(name: &str) -> Option<String> {
    let root = std::env::var_os("TRIBUS_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = root.join(name);
    if path.exists() {
        return Some(path.display().to_string());
    }
    #[expect(clippy::print_stderr, reason = "a test says what it skips")]
    {
        eprintln!("skipped: there is no {}", path.display());
    }
    None
}
