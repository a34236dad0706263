//! Parquet files.
#![no_main]

use tribus::source::ReadOptions;
use tribus_fuzz::seeds;

libfuzzer_sys::fuzz_target!(
    init: tribus_fuzz::begin(&seeds::parquet()),
    |bytes: &[u8]| tribus_fuzz::read_and_check("fuzz.parquet", bytes, &ReadOptions::default())
);
