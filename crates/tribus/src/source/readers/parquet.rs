//! Parquet files.

use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::ParquetMetaData;

use super::columnar::{gather, guarded, plausible_rows};
use super::content::Content;
use crate::source::raw::RawFile;
use crate::source::{ReadError, ReadOptions};
use crate::table::Reading;

/// Unpacked, no honest file is more than this many times its size.
const UNPACKED_RATIO: i64 = 1000;
/// However small the file, this much is fine.
const UNPACKED_FREE: i64 = 1 << 28;

/// Reads a Parquet file.
pub(crate) fn read(content: Content, options: &ReadOptions) -> Result<RawFile, ReadError> {
    let reading = Reading {
        file: content.file,
        format: "Parquet",
        ..Reading::default()
    };
    let bytes = Bytes::from(content.bytes);
    check_footer(&bytes, &reading.file)?;
    let (schema, batches) = guarded(&reading.file, "Parquet", || {
        let length = bytes.len();
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|e| e.to_string())?;
        check_claims(builder.metadata(), length)?;
        let schema = builder.schema().clone();
        let reader = builder.build().map_err(|error| error.to_string())?;
        let batches = reader
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| error.to_string())?;
        Ok((schema, batches))
    })?;
    gather(&schema, &batches, options, reading)
}

/// A whole file ends with the length of its footer and its magic bytes.
fn check_footer(bytes: &[u8], file: &str) -> Result<(), ReadError> {
    let detail = match bytes.last_chunk::<8>() {
        Some([.., b'P', b'A', b'R', b'E']) => {
            return Err(ReadError::EncryptedParquet {
                file: file.to_owned(),
            });
        }
        Some([a, b, c, d, b'P', b'A', b'R', b'1']) => {
            let footer = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
            if footer + 12 <= bytes.len() {
                return Ok(());
            }
            "its footer is longer than the file"
        }
        _ => "its footer is missing",
    };
    Err(ReadError::Corrupt {
        file: file.to_owned(),
        format: "Parquet",
        detail: detail.into(),
    })
}

/// Compares what the footer claims with the size of the file, before anything is allocated by it.
fn check_claims(metadata: &ParquetMetaData, length: usize) -> Result<(), String> {
    let mut rows = 0_u64;
    let mut unpacked = 0_i64;
    for group in metadata.row_groups() {
        let claimed = u64::try_from(group.num_rows()).map_err(|_| "a negative number of rows")?;
        rows = rows.saturating_add(claimed);
        for column in group.columns() {
            // The crate's own `byte_range` panics on negative offsets.
            let start = column
                .dictionary_page_offset()
                .unwrap_or_else(|| column.data_page_offset());
            let end = start.checked_add(column.compressed_size());
            let within = start >= 0
                && column.compressed_size() >= 0
                && column.data_page_offset() >= 0
                && end.is_some_and(|end| end <= length as i64);
            if !within {
                return Err("a column lies beyond the end of the file".into());
            }
            unpacked = unpacked.saturating_add(column.uncompressed_size().max(0));
        }
    }
    plausible_rows(rows, length)?;
    if unpacked > UNPACKED_FREE.max((length as i64).saturating_mul(UNPACKED_RATIO)) {
        return Err(format!("it claims {unpacked} bytes unpacked"));
    }
    Ok(())
}
