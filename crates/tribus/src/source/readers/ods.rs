//! OpenDocument sheets. Rows and cells that are repeated are counted before they are made.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::columnar::Refusal;
use super::package::Package;
use super::sheet::Sheet;
use super::sheets::Choice;
use crate::source::budget::Budget;

/// Columns of the widest sheet that any program writes.
const COLUMNS: u32 = 1 << 16;

/// Whether a password is needed.
pub(super) fn is_encrypted(package: &mut Package) -> Result<bool, Refusal> {
    const MARK: &[u8] = b"manifest:encryption-data";
    let Ok(mut manifest) = package.by_name("META-INF/manifest.xml") else {
        return Ok(false);
    };
    let mut text = Vec::new();
    manifest.read_to_end(&mut text)?;
    Ok(text.windows(MARK.len()).any(|window| window == MARK))
}

/// Offers the sheets to the choice.
pub(super) fn read(
    package: &mut Package,
    choice: &mut Choice<'_>,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    let mut xml = Xml::new(BufReader::new(package.by_name("content.xml")?));
    while let Some(event) = xml.next()? {
        let Event::Start(element) = event else {
            continue;
        };
        if element.name().as_ref() != "table:table" {
            continue;
        }
        let name = attribute(&element, "table:name")?.unwrap_or_default();
        let is_wanted = choice.wants(&name);
        choice.offer(Table::read(&mut xml, is_wanted, budget)?);
    }
    Ok(())
}

/// Events of an XML document that is cut short nowhere.
struct Xml<R: BufRead> {
    reader: Reader<R>,
    /// Elements that are open.
    depth: usize,
}

impl<R: BufRead> Xml<R> {
    fn new(text: R) -> Self {
        let mut reader = Reader::from_reader(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0 }
    }

    /// The next event; nothing at the end.
    fn next(&mut self) -> Result<Option<Event<'static>>, Refusal> {
        let event = self.reader.read_event_into(&mut Vec::new())?.into_owned();
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth == 0 => return Ok(None),
            Event::Eof => return Err("content.xml is cut short".into()),
            _ => {}
        }
        Ok(Some(event))
    }

    /// The next event within the element whose depth is `depth`; nothing at its end.
    fn within(&mut self, depth: usize) -> Result<Option<Event<'static>>, Refusal> {
        let event = self.next()?;
        Ok(event.filter(|_| self.depth >= depth))
    }

    /// Leaves the element that is open.
    fn leave(&mut self, depth: usize) -> Result<(), Refusal> {
        while self.within(depth)?.is_some() {}
        Ok(())
    }
}

/// A table that is being read.
struct Table<'a> {
    sheet: Sheet,
    row: u64,
    budget: &'a mut Budget,
}

impl<'a> Table<'a> {
    /// Reads up to the end of the table that has begun; keeps its cells if it is wanted.
    fn read<R: BufRead>(
        xml: &mut Xml<R>,
        is_wanted: bool,
        budget: &'a mut Budget,
    ) -> Result<Sheet, Refusal> {
        let depth = xml.depth;
        if !is_wanted {
            xml.leave(depth)?;
            return Ok(Sheet::default());
        }
        let mut table = Self {
            sheet: Sheet::default(),
            row: 0,
            budget,
        };
        while let Some(event) = xml.within(depth)? {
            let Event::Start(element) = event else {
                continue;
            };
            match element.name().as_ref() {
                "table:table-row" => {
                    table.read_row(xml, repeats(&element, "table:number-rows-repeated")?)?;
                }
                // A chart brings a table of its own.
                "table:shapes" => xml.leave(xml.depth)?,
                _ => {}
            }
        }
        Ok(table.sheet)
    }

    /// Reads up to the end of the row that has begun, which stands there `repeats` times.
    fn read_row<R: BufRead>(&mut self, xml: &mut Xml<R>, repeats: u64) -> Result<(), Refusal> {
        let depth = xml.depth;
        let mut cells: Vec<(u32, u32, String)> = Vec::new();
        let mut column = 0_u64;
        while let Some(event) = xml.within(depth)? {
            let Event::Start(element) = event else {
                continue;
            };
            let name = element.name();
            if !matches!(
                name.as_ref(),
                "table:table-cell" | "table:covered-table-cell"
            ) {
                continue;
            }
            let times = self::repeats(&element, "table:number-columns-repeated")?;
            let text = cell_text(xml, &element)?;
            let start = column;
            column = column.saturating_add(times);
            if text.is_empty() {
                continue;
            }
            let end = u32::try_from(column).ok().filter(|&end| end <= COLUMNS);
            let end = end.ok_or("a cell stands beyond the last column")?;
            cells.push((start as u32, end, text));
        }
        for row in self.row
            ..self
                .row
                .saturating_add(if cells.is_empty() { 0 } else { repeats })
        {
            let row = u32::try_from(row).map_err(|_| "a cell stands beyond the last row")?;
            for (start, end, text) in &cells {
                for column in *start..*end {
                    self.sheet.push((row, column), text, self.budget)?;
                }
            }
        }
        self.row = self.row.saturating_add(repeats);
        Ok(())
    }
}

/// Reads up to the end of the cell that has begun; its value as a CSV export would show it.
fn cell_text<R: BufRead>(xml: &mut Xml<R>, cell: &BytesStart<'_>) -> Result<String, Refusal> {
    let depth = xml.depth;
    let kind = attribute(cell, "office:value-type")?.unwrap_or_default();
    let stored = match kind.as_str() {
        "float" | "percentage" | "currency" => attribute(cell, "office:value")?
            .map(|value| value.trim().parse().map(|number: f64| number.to_string()))
            .transpose()
            .map_err(|_| "a cell of numbers holds something else")?,
        "boolean" => attribute(cell, "office:boolean-value")?.map(|value| value.to_lowercase()),
        "date" => attribute(cell, "office:date-value")?,
        "time" => attribute(cell, "office:time-value")?,
        "string" => attribute(cell, "office:string-value")?,
        _ => Some(String::new()),
    };
    let is_error = attribute(cell, "calcext:value-type")?.is_some_and(|kind| kind == "error");
    match stored.filter(|text| !(is_error && text.is_empty())) {
        Some(text) => {
            xml.leave(depth)?;
            Ok(text)
        }
        None => paragraphs(xml, depth),
    }
}

/// The text of the paragraphs of a cell; not that of its comments.
fn paragraphs<R: BufRead>(xml: &mut Xml<R>, depth: usize) -> Result<String, Refusal> {
    /// More spaces than this in a row are no text.
    const SPACES: u64 = 1 << 15;
    let mut text = String::new();
    let mut is_first = true;
    while let Some(event) = xml.within(depth)? {
        match event {
            Event::Text(content) => text.push_str(&content.xml10_content()),
            Event::CData(content) => text.push_str(&content.xml10_content()),
            Event::GeneralRef(entity) => match resolve_xml_entity(entity.as_ref()) {
                Some(resolved) => text.push_str(resolved),
                None => text.extend(entity.resolve_char_ref()?),
            },
            Event::Start(element) => match element.name().as_ref() {
                "office:annotation" => xml.leave(depth + 1)?,
                "text:p" if std::mem::take(&mut is_first) => {}
                "text:s" => {
                    let spaces = repeats(&element, "text:c")?.min(SPACES);
                    text.extend((0..spaces).map(|_| ' '));
                }
                "text:tab" => text.push('\t'),
                "text:p" | "text:line-break" => text.push('\n'),
                _ => {}
            },
            _ => {}
        }
    }
    Ok(text)
}

/// How often something stands there; once, unless said.
fn repeats(element: &BytesStart<'_>, name: &str) -> Result<u64, Refusal> {
    match attribute(element, name)? {
        Some(value) => Ok(value
            .trim()
            .parse()
            .map_err(|_| "a number of repeats is none")?),
        None => Ok(1),
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Refusal> {
    let attribute = element
        .try_get_attribute(name)
        .map_err(quick_xml::Error::from)?;
    let value = attribute.map(|attribute| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        value.map(Cow::into_owned)
    });
    Ok(value.transpose()?)
}
