//! Where a table goes that is not part of a folder: standard output, or a file that appears whole or not at all.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::args::{Format, Inputs};
use crate::code::Code;
use crate::failure::Failure;
use crate::mode;
use crate::pipe::Tolerant;
use crate::session::Session;
use crate::terminal;
use tribus::export::{ExportError, TableFormat};

/// Where data goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// Standard output.
    Stdout,
    /// A file.
    File(PathBuf),
}

impl From<Format> for TableFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Parquet => Self::Parquet,
            Format::Xlsx => Self::Xlsx,
        }
    }
}

impl Destination {
    /// `-` and nothing are standard output.
    pub(crate) fn of(output: Option<&Path>) -> Self {
        match output {
            None => Self::Stdout,
            Some(path) if path.as_os_str() == "-" => Self::Stdout,
            Some(path) => Self::File(path.to_path_buf()),
        }
    }

    /// The format asked for, or the one that the file's name says.
    pub(crate) fn format(&self, asked: Option<Format>) -> Format {
        let extension = self.file().and_then(Path::extension);
        let is = |name: &str| extension.is_some_and(|own| own.eq_ignore_ascii_case(name));
        asked.unwrap_or(if is("parquet") {
            Format::Parquet
        } else if is("xlsx") {
            Format::Xlsx
        } else {
            Format::Csv
        })
    }

    /// The file, if it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::Stdout => None,
            Self::File(path) => Some(path),
        }
    }

    /// The file's name without its folder.
    pub(crate) fn name(&self) -> Option<String> {
        let name = self.file()?.file_name()?;
        Some(name.to_string_lossy().into_owned())
    }

    /// The file's name for the machine summary.
    pub(crate) fn path(&self) -> Option<String> {
        self.file().map(|path| path.display().to_string())
    }

    /// The file beside a file, with something behind its name; none beside standard output or a device.
    pub(crate) fn beside(&self, suffix: &str) -> Option<Self> {
        let mut name = self
            .file()
            .filter(|file| !is_device(file))?
            .as_os_str()
            .to_owned();
        name.push(suffix);
        Some(Self::File(PathBuf::from(name)))
    }

    /// Refuses what can be known to fail before the work is done.
    pub(crate) fn check(
        &self,
        inputs: &Inputs,
        format: Format,
        session: &Session,
    ) -> Result<(), Failure> {
        match self {
            Self::Stdout if session.terminal.json() => Err(Failure::usage(
                "the table and --json both want standard output",
                "give the table a file: -o FILE",
            )),
            Self::Stdout if format != Format::Csv && session.terminal.is_interactive() => {
                Err(Failure::usage(
                    "this format is no text to look at",
                    "give it a file: -o FILE",
                ))
            }
            Self::Stdout => Ok(()),
            Self::File(path) => check_file(path, inputs),
        }
    }

    /// Refuses to write over a file that is read, such as the recipe.
    pub(crate) fn spare(&self, path: &Path, what: &str) -> Result<(), Failure> {
        match self.file() {
            Some(file) if is_same_file(path, file) => Err(protected(
                file,
                &format!("is {what} itself"),
                "write to another file",
            )),
            _ => Ok(()),
        }
    }

    /// Writes text.
    pub(crate) fn write_text(&self, text: &str, session: &Session) -> Result<(), Failure> {
        self.write(session, |out| {
            let written = out.write_all(text.as_bytes());
            written.map_err(|source| ExportError::Write { source })
        })
    }

    /// Writes the data. A reader that has seen enough and closed the pipe is no failure.
    pub(crate) fn write<T>(
        &self,
        session: &Session,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, ExportError>,
    ) -> Result<T, Failure> {
        match self {
            Self::Stdout => through(terminal::data(), "to standard output", write),
            Self::File(path) if is_device(path) => {
                let name = path.display().to_string();
                let file = fs::OpenOptions::new().write(true).open(path);
                let file = file.map_err(|source| Failure::write(&name, source))?;
                through(BufWriter::new(Tolerant::new(file)), &name, write)
            }
            Self::File(path) => write_whole(path, session, write),
        }
    }
}

fn check_file(path: &Path, inputs: &Inputs) -> Result<(), Failure> {
    if path.is_dir() {
        let message = format!("{} is a folder", path.display());
        let hint = "name a file in it: -o FILE";
        return Err(Failure::with_code(Code::OutputInvalid, message, hint).at(path));
    }
    refuse_results(path)?;
    if inputs.inputs.iter().any(|input| is_same_file(input, path)) {
        return Err(protected(
            path,
            "is the input itself",
            "write to another file",
        ));
    }
    Ok(())
}

/// A file of a folder that tribus wrote is not to be written over: it may be the model itself.
fn refuse_results(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("")).join(".tribus");
    if folder.exists() && !is_device(path) {
        let what = "stands in a folder that tribus wrote";
        return Err(protected(path, what, "write to another folder: -o FILE"));
    }
    Ok(())
}

/// What stands there, and why it must stay.
pub(crate) fn protected(path: &Path, why: &str, hint: &str) -> Failure {
    let message = format!("{} {why}", path.display());
    Failure::with_code(Code::OutputProtected, message, hint).at(path)
}

/// Whether writing one would write over the other.
fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other && !is_device(&other),
        _ => false,
    }
}

/// A pipe or a device such as /dev/null cannot be replaced by a file.
pub(crate) fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file())
}

/// Writes to what is open; `name` is what messages call it.
fn through<T>(
    mut out: impl Write + Send,
    name: &str,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, ExportError>,
) -> Result<T, Failure> {
    let written = write(&mut out).map_err(|error| match error {
        ExportError::Write { source } => Failure::write(name, source),
        other => other.into(),
    })?;
    let flushed = out.flush();
    flushed.map_err(|source| Failure::write(name, source))?;
    Ok(written)
}

/// Written beside, synced, renamed: the file is there whole, or as it was before.
fn write_whole<T>(
    path: &Path,
    session: &Session,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, ExportError>,
) -> Result<T, Failure> {
    let (ready, written) = Ready::write(path, session, write)?;
    if session.interrupt.replacing().is_break() {
        return Err(ExportError::Stopped.into());
    }
    ready.persist()?;
    Ok(written)
}

/// Writes files that belong together: all are written beside their places before the first takes its place. `write` is given
/// the number of the file.
pub(crate) fn write_together<T>(
    paths: &[&Path],
    session: &Session,
    write: impl Fn(usize, &mut (dyn Write + Send)) -> Result<T, ExportError>,
) -> Result<Vec<T>, Failure> {
    let mut all = Vec::with_capacity(paths.len());
    let mut results = Vec::with_capacity(paths.len());
    for (at, path) in paths.iter().enumerate() {
        let (ready, written) = Ready::write(path, session, |out| write(at, out))?;
        all.push(ready);
        results.push(written);
    }
    if session.interrupt.replacing().is_break() {
        return Err(ExportError::Stopped.into());
    }
    let mut new = Vec::new();
    for ready in all {
        let (path, is_new) = (ready.path.clone(), !ready.path.exists());
        if let Err(failure) = ready.persist() {
            // What was not there before goes again, so that no half of the pair is taken for the whole.
            for path in new {
                drop(fs::remove_file(path));
            }
            return Err(failure);
        }
        new.extend(is_new.then_some(path));
    }
    Ok(results)
}

/// A file that was written beside its place.
struct Ready {
    file: NamedTempFile,
    path: PathBuf,
}

impl Ready {
    fn write<T>(
        path: &Path,
        session: &Session,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, ExportError>,
    ) -> Result<(Self, T), Failure> {
        let failed = |source| Failure::write(&path.display().to_string(), source).at(path);
        // A link stays a link: what it points to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut file = NamedTempFile::with_prefix_in(".tribus-", folder).map_err(failed)?;
        session.interrupt.writing(file.path());
        let out = BufWriter::new(file.as_file_mut());
        let written = through(out, &path.display().to_string(), write)?;
        if let Some(mode) = mode::asked() {
            mode.set(file.as_file()).map_err(failed)?;
        }
        file.as_file().sync_all().map_err(failed)?;
        Ok((Self { file, path }, written))
    }

    fn persist(self) -> Result<(), Failure> {
        let failed = |source| Failure::write(&self.path.display().to_string(), source);
        let persisted = self.file.persist(&self.path);
        persisted.map_err(|error| failed(error.error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_asked_for_or_in_the_name() {
        let file = Destination::of(Some(Path::new("a.PARQUET")));
        assert_eq!(file.format(None), Format::Parquet);
        assert_eq!(file.format(Some(Format::Csv)), Format::Csv);
        let workbook = Destination::of(Some(Path::new("a.xlsx")));
        assert_eq!(workbook.format(None), Format::Xlsx);
        assert_eq!(Destination::of(Some(Path::new("-"))), Destination::Stdout);
        assert_eq!(Destination::Stdout.format(None), Format::Csv);
    }
}
