//! Arrow IPC: files (Feather) and streams.

use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_ipc::{
    Endianness, Message, MessageHeader, MetadataVersion, Schema, root_as_footer, root_as_message,
};
use arrow_schema::SchemaRef;

use super::columnar::{Refusal, gather, guarded, readable};
use super::content::Content;
use crate::source::budget::Budget;
use crate::source::raw::RawFile;
use crate::source::{ReadError, ReadOptions};
use crate::table::Reading;

const MAGIC: &[u8] = b"ARROW1";
/// Stands before the length of each message.
const CONTINUATION: i32 = -1;

type Batches = (SchemaRef, Vec<RecordBatch>);

/// Reads an Arrow file.
pub(crate) fn read_file(content: Content, options: &ReadOptions) -> Result<RawFile, ReadError> {
    read(content, options, |bytes, budget| {
        Claims::new(budget).check_file(bytes)?;
        let schema = FileReader::try_new(Cursor::new(bytes), None)?.schema();
        let reader = FileReader::try_new(Cursor::new(bytes), Some(readable(&schema)))?;
        Ok((schema, reader.collect::<Result<_, _>>()?))
    })
}

/// Reads an Arrow stream.
pub(crate) fn read_stream(content: Content, options: &ReadOptions) -> Result<RawFile, ReadError> {
    read(content, options, |bytes, budget| {
        Claims::new(budget).check_stream(bytes)?;
        let schema = StreamReader::try_new(Cursor::new(bytes), None)?.schema();
        let reader = StreamReader::try_new(Cursor::new(bytes), Some(readable(&schema)))?;
        Ok((schema, reader.collect::<Result<_, _>>()?))
    })
}

fn read(
    content: Content,
    options: &ReadOptions,
    decode: impl FnOnce(&[u8], &Budget) -> Result<Batches, Refusal>,
) -> Result<RawFile, ReadError> {
    let reading = Reading {
        file: content.file,
        format: "Arrow",
        ..Reading::default()
    };
    let bytes = content.bytes;
    let mut budget = Budget::of(bytes.len());
    let (schema, batches) = guarded(&reading.file, "Arrow", || decode(&bytes, &budget))?;
    gather(&schema, &batches, options, reading, &mut budget)
}

/// Whether these bytes begin as a stream of Arrow 0.14 or older does: the length of a schema without a mark before it.
pub(crate) fn is_old_stream(bytes: &[u8]) -> bool {
    let length = read_i32(bytes, 0).and_then(|length| usize::try_from(length).ok());
    let metadata = length.and_then(|length| bytes.get(4..4_usize.saturating_add(length)));
    metadata
        .filter(|metadata| metadata.len() > 16)
        .and_then(|metadata| root_as_message(metadata).ok())
        .is_some_and(|message| message.header_type() == MessageHeader::Schema)
}

/// What messages claim, added up and compared with what is there: the reader allocates what they claim.
struct Claims<'a> {
    budget: &'a Budget,
    rows: u64,
    unpacked: u64,
}

impl<'a> Claims<'a> {
    fn new(budget: &'a Budget) -> Self {
        Self {
            budget,
            rows: 0,
            unpacked: 0,
        }
    }

    /// Checks the footer of a file and every block that it names.
    fn check_file(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let tail = bytes.len().checked_sub(MAGIC.len() + 4);
        let Some(tail) = tail.filter(|_| bytes.ends_with(MAGIC)) else {
            return Err("its footer is missing".into());
        };
        let length = read_i32(bytes, tail).ok_or("its footer is missing")?;
        let start = usize::try_from(length)
            .ok()
            .and_then(|length| tail.checked_sub(length));
        let start = start.ok_or("its footer is longer than the file")?;
        let footer = root_as_footer(&bytes[start..tail]).map_err(|error| error.to_string())?;
        check_version(footer.version())?;
        check_schema(footer.schema())?;
        let blocks = footer.recordBatches().into_iter().flatten();
        for block in blocks.chain(footer.dictionaries().into_iter().flatten()) {
            let offset = usize::try_from(block.offset()).map_err(|_| "a negative offset")?;
            let metadata =
                usize::try_from(block.metaDataLength()).map_err(|_| "a negative length")?;
            let body = usize::try_from(block.bodyLength()).map_err(|_| "a negative length")?;
            let end = offset
                .checked_add(metadata)
                .and_then(|end| end.checked_add(body));
            let block = end.and_then(|end| bytes.get(offset..end));
            let block = block.ok_or("a block lies beyond the end of the file")?;
            self.check_messages(block)?;
        }
        Ok(())
    }

    /// Checks all messages of a stream, which ends with its mark and nothing behind that.
    fn check_stream(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let end = self.check_messages(bytes)?;
        let end = end.ok_or("it is cut off: the mark of its end is missing")?;
        if bytes[end..].iter().any(|&byte| byte != 0) {
            return Err("something follows the mark of its end".into());
        }
        Ok(())
    }

    /// Walks the messages in `bytes`; returns where the mark of the end stops, if there is one.
    fn check_messages(&mut self, bytes: &[u8]) -> Result<Option<usize>, Refusal> {
        let mut at = 0;
        while at < bytes.len() {
            let mut length = read_i32(bytes, at).ok_or("a message is cut short")?;
            at += 4;
            if length == CONTINUATION {
                length = read_i32(bytes, at).ok_or("a message is cut short")?;
                at += 4;
            }
            if length == 0 {
                return Ok(Some(at));
            }
            let length = usize::try_from(length).map_err(|_| "a negative length")?;
            let metadata = bytes.get(at..at.saturating_add(length));
            let message = root_as_message(metadata.ok_or("a message is cut short")?)
                .map_err(|error| error.to_string())?;
            at += length;
            let body = usize::try_from(message.bodyLength()).map_err(|_| "a negative length")?;
            let body = bytes.get(at..at.saturating_add(body));
            let body = body.ok_or("a message is cut short")?;
            self.check_message(&message, body)?;
            at += body.len();
        }
        Ok(None)
    }

    fn check_message(&mut self, message: &Message<'_>, body: &[u8]) -> Result<(), Refusal> {
        check_version(message.version())?;
        let (batch, is_dictionary) = match message.header_type() {
            MessageHeader::Schema => return check_schema(message.header_as_schema()),
            MessageHeader::RecordBatch => (message.header_as_record_batch(), false),
            MessageHeader::DictionaryBatch => (
                message
                    .header_as_dictionary_batch()
                    .and_then(|dictionary| dictionary.data()),
                true,
            ),
            _ => return Err("it has a message that no table has".into()),
        };
        let batch = batch.ok_or("a message is empty")?;
        let rows = u64::try_from(batch.length()).map_err(|_| "a negative number of rows")?;
        if !is_dictionary {
            self.rows = self.rows.saturating_add(rows);
        }
        self.budget.check_cells(self.rows.max(rows), 1)?;
        for buffer in batch.buffers().into_iter().flatten() {
            let start = usize::try_from(buffer.offset()).map_err(|_| "a negative offset")?;
            let length = usize::try_from(buffer.length()).map_err(|_| "a negative length")?;
            let bytes = body.get(start..start.saturating_add(length));
            let bytes = bytes.ok_or("a buffer lies beyond the end of its message")?;
            if batch.compression().is_none() {
                continue;
            }
            // A compressed buffer begins with its unpacked size.
            if let Some(size) = bytes.first_chunk() {
                let size = u64::try_from(i64::from_le_bytes(*size)).unwrap_or_default();
                self.unpacked = self.unpacked.saturating_add(size);
                self.budget.check_unpacked(self.unpacked)?;
            }
        }
        Ok(())
    }
}

fn check_version(version: MetadataVersion) -> Result<(), Refusal> {
    if version < MetadataVersion::V4 || version > MetadataVersion::V5 {
        return Err(
            "its version of the format is from before Arrow 0.8; write it again with a newer one"
                .into(),
        );
    }
    Ok(())
}

fn check_schema(schema: Option<Schema<'_>>) -> Result<(), Refusal> {
    let schema = schema.ok_or("its schema is missing")?;
    if schema.endianness() != Endianness::Little {
        return Err("its numbers are big-endian; write it again on a little-endian machine".into());
    }
    Ok(())
}

fn read_i32(bytes: &[u8], at: usize) -> Option<i32> {
    let chunk = bytes.get(at..)?.first_chunk::<4>()?;
    Some(i32::from_le_bytes(*chunk))
}
