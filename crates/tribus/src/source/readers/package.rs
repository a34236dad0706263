//! Zip archives, which hold workbooks (xlsx, xlsb, ods) or a packed file, checked before anything trusts what they claim.

use std::io::{self, BufReader, Cursor, Read};

use bytes::Bytes;
use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::columnar::Refusal;
use crate::source::budget::Budget;

/// An archive whose parts are whole and unpack to no more than the budget allows.
pub(crate) type Package = ZipArchive<Cursor<Bytes>>;

impl From<ZipError> for Refusal {
    fn from(error: ZipError) -> Self {
        Self::Corrupt(error.to_string())
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}

impl From<quick_xml::Error> for Refusal {
    fn from(error: quick_xml::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// Opens an archive and unpacks all of it once, to nowhere: the sizes in its directory are claims, and so are its checksums.
pub(crate) fn open(bytes: &Bytes, budget: &Budget) -> Result<Package, Refusal> {
    let mut package = ZipArchive::new(Cursor::new(bytes.clone()))?;
    // More parts than bytes are no parts.
    budget.check_cells(package.len() as u64, 1)?;
    let mut unpacked = 0;
    for part in 0..package.len() {
        let mut part = package.by_index(part)?;
        let left = budget.unpacked() - unpacked;
        unpacked += io::copy(&mut part.by_ref().take(left + 1), &mut io::sink())?;
        budget.check_unpacked(unpacked)?;
    }
    Ok(package)
}

/// Refuses shared strings of which more are claimed than fit into their part: their reader would allocate them.
pub(crate) fn check_shared_strings(package: &mut Package) -> Result<(), Refusal> {
    /// `<si/>`.
    const SHORTEST: u64 = 5;
    for part in 0..package.len() {
        let part = package.by_index(part)?;
        let name = part.name()?.to_ascii_lowercase();
        if !name.ends_with("sharedstrings.xml") {
            continue;
        }
        let size = part.size();
        let claimed = claimed_strings(BufReader::new(part))?;
        if claimed > size / SHORTEST {
            return Err(Refusal::Corrupt(format!(
                "it claims {claimed} texts in {size} bytes"
            )));
        }
    }
    Ok(())
}

fn claimed_strings(xml: impl io::BufRead) -> Result<u64, Refusal> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(element) if element.local_name().as_ref() == "sst" => {
                let mut counts = element.attributes();
                let counts = counts.with_checks(false).flatten();
                let counts = counts.filter(|attribute| attribute.key.as_ref() == "uniqueCount");
                let counts = counts.filter_map(|attribute| attribute.value.trim().parse().ok());
                return Ok(counts.max().unwrap_or(0));
            }
            Event::Eof => return Ok(0),
            _ => {}
        }
    }
}

/// The only file of an archive, unpacked.
pub(crate) fn only_file(bytes: &Bytes, budget: &Budget) -> Result<(String, Vec<u8>), NotOne> {
    let mut package = ZipArchive::new(Cursor::new(bytes.clone()))?;
    let names: Vec<String> = package
        .file_names_raw()
        .map(|name| String::from_utf8_lossy(name).into_owned())
        // macOS adds what it knows of a file as another file.
        .filter(|name| !name.ends_with('/') && !name.starts_with("__MACOSX/"))
        .collect();
    let [name] = names.as_slice() else {
        return Err(NotOne::Several(names));
    };
    let position = package
        .index_for_name(name)
        .ok_or(NotOne::Several(Vec::new()))?;
    if package.by_index_raw(position)?.encrypted() {
        return Err(NotOne::Encrypted);
    }
    let mut file = package.by_index(position)?;
    let mut unpacked = Vec::new();
    file.by_ref()
        .take(budget.unpacked() + 1)
        .read_to_end(&mut unpacked)
        .map_err(Refusal::from)?;
    budget.check_unpacked(unpacked.len() as u64)?;
    Ok((name.clone(), unpacked))
}

/// Why an archive is not read as the one file in it.
#[derive(Debug)]
pub(crate) enum NotOne {
    Encrypted,
    /// No file, or more than one.
    Several(Vec<String>),
    Refused(Refusal),
}

impl<E: Into<Refusal>> From<E> for NotOne {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}
