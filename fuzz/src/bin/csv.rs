//! Delimited text, with settings that the first three bytes choose; `@@@` chooses none.
#![no_main]

use tribus::date::DateOrder;
use tribus::source::{MaxRejects, Quote, ReadOptions, Totals};

/// Each bit or group of bits that is not 0 says something of the file.
fn options([first, second, third]: [u8; 3]) -> ReadOptions {
    let bit = |at: u8| second >> at & 1 == 1;
    let names = |at: u8, names: &[&str]| match third >> at & 1 {
        1 => names.iter().copied().map(str::to_owned).collect(),
        _ => Vec::new(),
    };
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
        keep_default_nulls: (third & 1 == 1).then_some(false),
        null_values: names(1, &["-", "0"]),
        totals: (third >> 2 & 1 == 1).then_some(Totals::Keep),
        number_columns: names(3, &["age", "spend"]),
        date_columns: names(4, &["since"]),
        text_columns: names(5, &["id"]),
        known: third >> 6 & 1 == 1,
        date_order: (third >> 7 == 1).then_some(DateOrder::Dmy),
        ..ReadOptions::default()
    }
}

libfuzzer_sys::fuzz_target!(
    init: tribus_fuzz::begin(&[]),
    |bytes: &[u8]| {
        if let Some((chosen, text)) = bytes.split_first_chunk() {
            let options = options(chosen.map(|byte| byte ^ b'@'));
            tribus_fuzz::read_and_check("fuzz.csv", text, &options);
        }
    }
);
