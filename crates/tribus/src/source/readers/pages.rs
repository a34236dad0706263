//! What a Parquet file claims of itself, checked before the `parquet` crate believes it: the nesting of its schema, the sizes,
//! counts and checksums of its pages.

use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::columnar::Refusal;
use super::thrift::{I32, LIST, STRUCT, Thrift};
use crate::source::budget::{Budget, NESTING};

/// Refuses a schema nested so deep that a reader that recurses would overflow its stack.
pub(super) fn check_nesting(footer: &[u8]) -> Result<(), Refusal> {
    const SCHEMA: i16 = 2;
    let mut nesting = Nesting::default();
    let walked = Thrift::new(footer).fields(|thrift, id, kind| {
        if id != SCHEMA || kind != LIST {
            return Some(false);
        }
        let (element, length) = thrift.list()?;
        if element != STRUCT {
            return None;
        }
        for _ in 0..length {
            nesting.enter(children(thrift)?);
        }
        Some(true)
    });
    walked.ok_or("its footer cannot be read")?;
    if nesting.deepest > NESTING {
        return Err("its types are nested too deep".into());
    }
    Ok(())
}

/// How deep a tree is that is told depth first, each node with the number of its children.
#[derive(Default)]
struct Nesting {
    /// Children still to come, level by level.
    open: Vec<i64>,
    deepest: usize,
}

impl Nesting {
    fn enter(&mut self, children: i64) {
        while self.open.pop_if(|left| *left <= 0).is_some() {}
        if let Some(left) = self.open.last_mut() {
            *left -= 1;
        }
        // Deeper levels than the limit are not kept: the answer is known.
        if children > 0 && self.open.len() <= NESTING {
            self.open.push(children);
            self.deepest = self.deepest.max(self.open.len());
        }
    }
}

/// Reads one element of a schema: how many children it has.
fn children(thrift: &mut Thrift<'_>) -> Option<i64> {
    const NUM_CHILDREN: i16 = 5;
    let mut children = 0;
    thrift.fields(|thrift, id, kind| {
        if id != NUM_CHILDREN || kind != I32 {
            return Some(false);
        }
        children = thrift.int()?;
        Some(true)
    })?;
    Some(children)
}

/// Checks all pages of a file; returns how many rows the row groups claim.
pub(super) fn check_pages(
    metadata: &ParquetMetaData,
    bytes: &[u8],
    budget: &Budget,
) -> Result<u64, Refusal> {
    let mut rows = 0_u64;
    let mut unpacked = 0_u64;
    for group in metadata.row_groups() {
        let group_rows =
            u64::try_from(group.num_rows()).map_err(|_| "a negative number of rows")?;
        rows = rows.saturating_add(group_rows);
        budget.check_cells(rows, group.num_columns().max(1))?;
        for column in group.columns() {
            let values = check_column(column, bytes, &mut unpacked, budget)?;
            let is_flat = column.column_descr().max_rep_level() == 0;
            if is_flat && values != group_rows {
                return Err("a column has more or fewer values than rows".into());
            }
        }
    }
    let claimed = metadata.file_metadata().num_rows();
    if u64::try_from(claimed) != Ok(rows) {
        return Err(Refusal::Corrupt(format!(
            "its footer claims {claimed} rows, its row groups {rows}"
        )));
    }
    Ok(rows)
}

/// Walks the pages of a column; returns how many values they hold.
fn check_column(
    column: &ColumnChunkMetaData,
    bytes: &[u8],
    unpacked: &mut u64,
    budget: &Budget,
) -> Result<u64, Refusal> {
    let start = first_page(column);
    let start = usize::try_from(start).map_err(|_| "a negative offset")?;
    let length = usize::try_from(column.compressed_size()).map_err(|_| "a negative length")?;
    let end = start.checked_add(length).filter(|&end| end <= bytes.len());
    let end = end.ok_or("a column lies beyond the end of the file")?;
    let expected = u64::try_from(column.num_values()).map_err(|_| "a negative number of values")?;
    let mut at = start;
    let mut values = 0_u64;
    while values < expected {
        let rest = bytes.get(at..end).unwrap_or_default();
        let (header, length) = PageHeader::read(rest).ok_or("a page is damaged or missing")?;
        let page = rest.get(length..).unwrap_or_default();
        let size = usize::try_from(header.packed).map_err(|_| "a negative length")?;
        let page = page.get(..size).ok_or("a page is cut short")?;
        if header
            .checksum
            .is_some_and(|sum| sum != crc32fast::hash(page))
        {
            return Err(
                "the checksum of a page is wrong: it was changed after it was written".into(),
            );
        }
        *unpacked += u64::try_from(header.unpacked).map_err(|_| "a negative length")?;
        budget.check_unpacked(*unpacked)?;
        values += u64::try_from(header.values).map_err(|_| "a negative number of values")?;
        at += length + size;
    }
    if values > expected {
        return Err("its pages hold more values than its footer claims".into());
    }
    Ok(values)
}

/// Where a column begins. Some writers claim a dictionary at 0, where the file's own mark stands.
fn first_page(column: &ColumnChunkMetaData) -> i64 {
    let data = column.data_page_offset();
    match column.dictionary_page_offset() {
        Some(dictionary) if dictionary > 0 => dictionary.min(data),
        _ => data,
    }
}

/// What stands before a page.
#[derive(Default)]
struct PageHeader {
    packed: i64,
    unpacked: i64,
    checksum: Option<u32>,
    /// Values of customers; those of a dictionary are none.
    values: i64,
}

impl PageHeader {
    /// The header that `bytes` begin with, and its length.
    fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        const UNPACKED: i16 = 2;
        const PACKED: i16 = 3;
        const CHECKSUM: i16 = 4;
        const DATA_PAGE: i16 = 5;
        const DATA_PAGE_2: i16 = 8;
        let mut header = Self::default();
        let mut thrift = Thrift::new(bytes);
        thrift.fields(|thrift, id, kind| {
            match (id, kind) {
                (UNPACKED, I32) => header.unpacked = thrift.int()?,
                (PACKED, I32) => header.packed = thrift.int()?,
                (CHECKSUM, I32) => header.checksum = Some(thrift.int()? as u32),
                (DATA_PAGE | DATA_PAGE_2, STRUCT) => header.values = first_int(thrift)?,
                _ => return Some(false),
            }
            Some(true)
        })?;
        Some((header, thrift.read()))
    }
}

/// The first field of a structure, which is a number of values.
fn first_int(thrift: &mut Thrift<'_>) -> Option<i64> {
    let mut values = None;
    thrift.fields(|thrift, id, kind| {
        if (id, kind) != (1, I32) {
            return Some(false);
        }
        values = Some(thrift.int()?);
        Some(true)
    })?;
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_a_page_has_sizes_values_and_a_checksum() {
        // 1: data page; 2: 40 unpacked; 3: 20 packed; 4: checksum -1; 5: { 1: 7 values, 2: plain }.
        let bytes = [
            0x15, 0, 0x15, 80, 0x15, 40, 0x15, 1, 0x1c, 0x15, 14, 0x15, 0, 0, 0, 99,
        ];
        let (header, length) = PageHeader::read(&bytes).unwrap();
        assert_eq!((header.unpacked, header.packed, header.values), (40, 20, 7));
        assert_eq!((header.checksum, length), (Some(u32::MAX), bytes.len() - 1));
        assert!(PageHeader::read(&bytes[..10]).is_none());
    }

    #[test]
    fn nesting_is_counted_down_and_up_again() {
        let mut nesting = Nesting::default();
        // root of two: a leaf, and a group of one leaf.
        for children in [2, 0, 1, 0] {
            nesting.enter(children);
        }
        assert_eq!(nesting.deepest, 2);
        for _ in 0..1000 {
            nesting.enter(1);
        }
        assert!(nesting.deepest > NESTING);
    }
}
