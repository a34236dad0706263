//! Arrow IPC: files (Feather) and streams.

use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_ipc::{Message, MessageHeader, root_as_footer, root_as_message};
use arrow_schema::SchemaRef;

use super::columnar::{gather, guarded, plausible_rows};
use super::content::Content;
use crate::source::raw::RawFile;
use crate::source::{ReadError, ReadOptions};
use crate::table::Reading;

const MAGIC: &[u8] = b"ARROW1";
/// Unpacked, no honest buffer is more than this many times the whole file.
const UNPACKED_RATIO: i64 = 1000;

type Batches = (SchemaRef, Vec<RecordBatch>);

/// Reads an Arrow file.
pub(crate) fn read_file(content: Content, options: &ReadOptions) -> Result<RawFile, ReadError> {
    read(content, options, |bytes| {
        check_file(bytes)?;
        let reader = FileReader::try_new(Cursor::new(bytes), None).map_err(|e| e.to_string())?;
        let schema = reader.schema();
        let batches = reader.collect::<Result<Vec<_>, _>>();
        Ok((schema, batches.map_err(|error| error.to_string())?))
    })
}

/// Reads an Arrow stream.
pub(crate) fn read_stream(content: Content, options: &ReadOptions) -> Result<RawFile, ReadError> {
    read(content, options, |bytes| {
        check_stream(bytes)?;
        let reader = StreamReader::try_new(Cursor::new(bytes), None).map_err(|e| e.to_string())?;
        let schema = reader.schema();
        let batches = reader.collect::<Result<Vec<_>, _>>();
        Ok((schema, batches.map_err(|error| error.to_string())?))
    })
}

fn read(
    content: Content,
    options: &ReadOptions,
    decode: impl FnOnce(&[u8]) -> Result<Batches, String>,
) -> Result<RawFile, ReadError> {
    let reading = Reading {
        file: content.file,
        format: "Arrow",
        ..Reading::default()
    };
    let bytes = content.bytes;
    let (schema, batches) = guarded(&reading.file, "Arrow", || {
        let (schema, batches) = decode(&bytes)?;
        let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        plausible_rows(rows, bytes.len())?;
        Ok((schema, batches))
    })?;
    gather(&schema, &batches, options, reading)
}

/// Checks that every block the footer names lies within the file: the reader allocates what the footer claims.
fn check_file(bytes: &[u8]) -> Result<(), String> {
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
    let blocks = footer.recordBatches().into_iter().flatten();
    for block in blocks.chain(footer.dictionaries().into_iter().flatten()) {
        let offset = usize::try_from(block.offset()).map_err(|_| "a negative offset")?;
        let metadata = usize::try_from(block.metaDataLength()).map_err(|_| "a negative length")?;
        let body = usize::try_from(block.bodyLength()).map_err(|_| "a negative length")?;
        let end = offset
            .checked_add(metadata)
            .and_then(|end| end.checked_add(body));
        if end.is_none_or(|end| end > bytes.len()) {
            return Err("a block lies beyond the end of the file".into());
        }
        check_messages(&bytes[offset..offset + metadata + body])?;
    }
    Ok(())
}

fn check_stream(bytes: &[u8]) -> Result<(), String> {
    check_messages(bytes)
}

/// Walks the messages in `bytes`, comparing the lengths they claim with what is there.
fn check_messages(bytes: &[u8]) -> Result<(), String> {
    /// Stands before the length of each message.
    const CONTINUATION: i32 = -1;
    let mut at = 0;
    while let Some(mut length) = read_i32(bytes, at) {
        at += 4;
        if length == CONTINUATION {
            length = read_i32(bytes, at).ok_or("a message is cut short")?;
            at += 4;
        }
        if length == 0 {
            break;
        }
        let length = usize::try_from(length).map_err(|_| "a negative length")?;
        let metadata = bytes.get(at..at.saturating_add(length));
        let message = root_as_message(metadata.ok_or("a message is cut short")?)
            .map_err(|error| error.to_string())?;
        at += length;
        let body = usize::try_from(message.bodyLength()).map_err(|_| "a negative length")?;
        let body = bytes.get(at..at.saturating_add(body));
        let body = body.ok_or("a message is cut short")?;
        check_message(&message, body)?;
        at += body.len();
    }
    Ok(())
}

/// Checks the rows and the unpacked sizes that one message claims.
fn check_message(message: &Message<'_>, body: &[u8]) -> Result<(), String> {
    let batch = match message.header_type() {
        MessageHeader::RecordBatch => message.header_as_record_batch(),
        MessageHeader::DictionaryBatch => message
            .header_as_dictionary_batch()
            .and_then(|dictionary| dictionary.data()),
        _ => None,
    };
    let Some(batch) = batch else { return Ok(()) };
    let rows = u64::try_from(batch.length()).map_err(|_| "a negative number of rows")?;
    plausible_rows(rows, body.len())?;
    let limit = (body.len() as i64).saturating_mul(UNPACKED_RATIO);
    for buffer in batch.buffers().into_iter().flatten() {
        let start = usize::try_from(buffer.offset()).map_err(|_| "a negative offset")?;
        let length = usize::try_from(buffer.length()).map_err(|_| "a negative length")?;
        let bytes = body.get(start..start.saturating_add(length));
        let bytes = bytes.ok_or("a buffer lies beyond the end of its message")?;
        // A compressed buffer begins with its unpacked size.
        let unpacked = bytes
            .first_chunk()
            .map_or(0, |size| i64::from_le_bytes(*size));
        if batch.compression().is_some() && unpacked > limit {
            return Err(format!("a buffer claims {unpacked} bytes unpacked"));
        }
    }
    Ok(())
}

fn read_i32(bytes: &[u8], at: usize) -> Option<i32> {
    let chunk = bytes.get(at..)?.first_chunk::<4>()?;
    Some(i32::from_le_bytes(*chunk))
}
