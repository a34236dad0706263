//! What the targets share: where bytes are put for the reader, what must be true of every table, and first bytes to begin with.

pub mod seeds;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{env, fs, io, panic, process};

use tribus::plan::Plan;
use tribus::recipe::Recipe;
use tribus::source::{Input, ReadOptions, read};
use tribus::table::Table;

/// Begins a target: writes its first corpus, and says which panics are findings.
///
/// The library guards decoders of other crates and makes an error of their panics, so a panic in such a crate only counts
/// where nothing catches it. One in the project's own code counts always.
pub fn begin(first: &[(&str, Vec<u8>)]) {
    if let Some(folder) = env::var_os("TRIBUS_FUZZ_CORPUS") {
        for (name, bytes) in first {
            fs::write(Path::new(&folder).join(name), bytes).expect("a folder for the corpus");
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a folder above");
    panic::set_hook(Box::new(move |information| {
        let place = information.location().expect("known of every panic");
        let is_ours = Path::new(place.file()).starts_with(root) || !place.file().starts_with('/');
        let is_ours = is_ours && !place.file().contains("/registry/");
        let told = information.to_string();
        if is_ours {
            eprintln!("{told}\n{}", std::backtrace::Backtrace::force_capture());
            process::abort();
        }
        LAST_PANIC.with_borrow_mut(|last| *last = told);
    }));
}

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs what must not panic.
pub fn must_not_panic<T>(run: impl FnOnce() -> T) -> T {
    panic::catch_unwind(panic::AssertUnwindSafe(run)).unwrap_or_else(|_| {
        eprintln!("{}", LAST_PANIC.with_borrow(Clone::clone));
        process::abort()
    })
}

/// The bytes as a file of that name, in a folder of this process.
pub fn file_of(name: &str, bytes: &[u8]) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = env::temp_dir().join(format!("tribus-fuzz-{}", process::id()));
        fs::create_dir_all(&folder).expect("a folder for files");
        folder
    });
    let path = folder.join(name);
    fs::write(&path, bytes).expect("room for a file");
    path
}

/// Reads the bytes as the program does, and checks what must be true of what comes of them.
pub fn read_and_check(name: &str, bytes: &[u8], options: &ReadOptions) {
    must_not_panic(|| {
        let input = [Input::Path(file_of(name, bytes))];
        match (read(&input, options), read(&input, options)) {
            (Ok(table), Ok(again)) => {
                assert_same(&table, &again);
                assert_whole(&table);
                use_table(&table);
            }
            (Err(error), Err(again)) => {
                assert_eq!(error.to_string(), again.to_string());
                let _ = error.hint();
            }
            (one, other) => panic!("read once and not twice: {:?} {:?}", one.err(), other.err()),
        }
    });
}

fn assert_same(table: &Table, again: &Table) {
    assert_eq!(table.batch(), again.batch());
    assert_eq!(table.readings(), again.readings());
    assert_eq!(table.rejects(), again.rejects());
    for position in 0..table.batch().num_columns() {
        assert_eq!(table.facts(position), again.facts(position));
    }
}

/// Every column is as long as the table, every row and every reject has a place, every number is finite.
fn assert_whole(table: &Table) {
    for position in 0..table.batch().num_columns() {
        assert_eq!(table.batch().column(position).len(), table.rows());
        if let Some(numbers) = table.numbers(position) {
            assert!(numbers.iter().flatten().all(f64::is_finite));
        }
        if let Some(misfits) = &table.facts(position).misfits {
            assert!(misfits.cells.iter().all(|(row, _)| *row < table.rows()));
        }
    }
    assert_eq!(table.origins().rows(), table.rows());
    // Two objects of a JSON file may stand on one line.
    let mut before = 1;
    for row in 0..table.rows() {
        let origin = table.origins().of(row);
        assert!(
            origin.number >= before,
            "rows stand in the order of the file"
        );
        before = origin.number;
    }
    for reject in table.rejects() {
        assert!(reject.origin.number > 0, "{reject:?}");
        assert!(reject.lines > 0, "{reject:?}");
        assert!(reject.is_row || reject.column.is_some(), "{reject:?}");
    }
}

/// What the program does with a table before it needs patience.
fn use_table(table: &Table) {
    tribus::export::write_rejects(io::sink(), table.rejects(), false).expect("a sink takes all");
    let _ = tribus::table::rejects_told(table.rejects());
    if table.rows() > 2000 || table.batch().num_columns() > 100 {
        return;
    }
    if let Ok(plan) = Plan::make(&Recipe::default(), table) {
        let _ = tribus::inspect::text(table, &plan);
        let _ = tribus::inspect::json(table, &plan);
    }
}

/// The first customers of the demo, so many, read as the model or recipe at hand wants them.
pub fn customers(count: usize, options: &ReadOptions) -> Table {
    let text = tribus::demo::customers();
    let few: Vec<&str> = text.lines().take(count + 1).collect();
    let path = file_of("demo.tsv", few.join("\n").as_bytes());
    read(&[Input::Path(path)], options).expect("the demo can be read")
}
