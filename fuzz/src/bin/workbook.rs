//! Workbooks: xlsx and ods by their parts, xls.
#![no_main]

use tribus::source::ReadOptions;
use tribus_fuzz::seeds;

libfuzzer_sys::fuzz_target!(
    init: tribus_fuzz::begin(&seeds::workbook()),
    |bytes: &[u8]| {
        let bytes = seeds::workbook_of(bytes);
        tribus_fuzz::read_and_check("fuzz.xlsx", &bytes, &ReadOptions::default());
    }
);
