//! Delimited text, with settings that the first two bytes choose; `@@` chooses none.
#![no_main]

use tribus::source::{MaxRejects, Quote, ReadOptions};

/// Each bit or group of bits that is not 0 says something of the file.
fn options(first: u8, second: u8) -> ReadOptions {
    let bit = |at: u8| second >> at & 1 == 1;
    let delimiters = [
        None,
        Some(','),
        Some(';'),
        Some('\t'),
        Some('|'),
        Some(' '),
        Some('"'),
        Some('é'),
    ];
    ReadOptions {
        delimiter: delimiters[usize::from(first & 7)],
        header_rows: [None, Some(0), Some(1), Some(2)][usize::from(first >> 3 & 3)],
        quote: [None, Some(Quote::None), Some(Quote::Character('\'')), None]
            [usize::from(first >> 5 & 3)],
        max_rejects: (first >> 7 == 1).then_some(MaxRejects::Percent(100.0)),
        escape: bit(0).then_some('\\'),
        comment: bit(1).then_some('#'),
        text: bit(2),
        keep_rejects: bit(3),
        skip_rows: usize::from(bit(4)),
        skip_footer: usize::from(bit(5)),
        encoding: bit(6).then(|| "windows-1252".to_owned()),
        decimal: bit(7).then_some(','),
        ..ReadOptions::default()
    }
}

libfuzzer_sys::fuzz_target!(
    init: tribus_fuzz::begin(&[]),
    |bytes: &[u8]| {
        if let [first, second, text @ ..] = bytes {
            tribus_fuzz::read_and_check("fuzz.csv", text, &options(first ^ b'@', second ^ b'@'));
        }
    }
);
