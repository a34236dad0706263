//! `tribus sql` and `tribus dbt`: a segmentation as SQL, for the engine that holds the customers.

use std::fs;
use std::path::Path;

use serde::Serialize;
use tribus::segmentation::Segmentation;
use tribus::sql::{self, ProjectFile, SqlOptions};

use crate::args::{Dbt, Engine, Format, Inputs, Sql};
use crate::destination::{Destination, protected};
use crate::failure::Failure;
use crate::session::Session;
use crate::terminal::{self, Shown};

/// What `sql` says.
#[derive(Debug, Serialize)]
struct SqlObject<'a> {
    dialect: &'a str,
    table: &'a str,
    output: Option<String>,
    sql: &'a str,
}

/// What `dbt` says.
#[derive(Debug, Serialize)]
struct DbtObject<'a> {
    output: String,
    files: Vec<&'a str>,
}

pub(super) fn run(typed: &Sql, session: &Session) -> Result<(), Failure> {
    let segmentation = Segmentation::open(&typed.segmentation)?;
    let options = options_of(&typed.engine);
    let statement = if typed.rollup {
        sql::roll_up(&segmentation, &options)?
    } else {
        sql::statement(&segmentation, &options)?
    };
    let destination = Destination::of(typed.output.as_deref());
    if let Some(file) = destination.file() {
        let nothing = Inputs { inputs: vec![] };
        destination.check(&nothing, Format::Csv, session)?;
        destination.spare(&typed.segmentation, "the segmentation")?;
        write(file, &statement, session)?;
    }
    if session.terminal.json() {
        return terminal::object(&SqlObject {
            dialect: options.dialect.name(),
            table: options.table_for(&segmentation),
            output: destination.path(),
            sql: &statement,
        });
    }
    match destination {
        Destination::Stdout => terminal::print_text(&statement),
        Destination::File(_) => Ok(()),
    }
}

pub(super) fn dbt(typed: &Dbt, session: &Session) -> Result<(), Failure> {
    if typed.output.as_os_str() == "-" {
        return Err(Failure::usage(
            "a project is a folder of files",
            "name the folder: -o DIR",
        ));
    }
    let segmentation = Segmentation::open(&typed.segmentation)?;
    let files = sql::project(&segmentation, &options_of(&typed.engine))?;
    if !typed.force {
        refuse_others(&typed.output, &files)?;
    }
    for file in &files {
        let path = typed.output.join(file.path);
        let folder = path.parent().unwrap_or(&typed.output);
        let name = folder.display().to_string();
        fs::create_dir_all(folder).map_err(|source| Failure::write(&name, source))?;
        write(&path, &file.text, session)?;
    }
    if session.terminal.json() {
        return terminal::object(&DbtObject {
            output: typed.output.display().to_string(),
            files: files.iter().map(|file| file.path).collect(),
        });
    }
    let folder = typed.output.display();
    let told = format!("{folder} holds the project; to run it: cd {folder} && dbt build\n");
    session.terminal.tell(&Shown::plain(&told));
    Ok(())
}

fn options_of(typed: &Engine) -> SqlOptions {
    SqlOptions {
        dialect: typed.dialect,
        table: typed.table.clone(),
        id: typed.id.clone(),
        as_of: typed.as_of,
        is_rolled_up: typed.rolled_up,
    }
}

fn write(path: &Path, text: &str, session: &Session) -> Result<(), Failure> {
    let destination = Destination::File(path.to_path_buf());
    destination.write_text(text, session)
}

/// A file that is there and says something else may be somebody's work.
fn refuse_others(folder: &Path, files: &[ProjectFile]) -> Result<(), Failure> {
    let other = files.iter().find(|file| {
        let found = fs::read(folder.join(file.path));
        found.is_ok_and(|found| found != file.text.as_bytes())
    });
    other.map_or(Ok(()), |file| {
        let hint = "write to another folder, or replace it with --force";
        Err(protected(&folder.join(file.path), "is there already", hint))
    })
}
