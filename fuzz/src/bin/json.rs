//! JSON: one document, or one object a line.
#![no_main]

use tribus::source::ReadOptions;

libfuzzer_sys::fuzz_target!(
    init: tribus_fuzz::begin(&[]),
    |bytes: &[u8]| tribus_fuzz::read_and_check("fuzz.json", bytes, &ReadOptions::default())
);
