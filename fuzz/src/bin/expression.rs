//! Expressions: they print as text that parses back to the same tree, evaluate, and print as SQL.
#![no_main]

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Float64Array, LargeStringArray, RecordBatch};
use tribus::expr::{Dialect, Expr};

fn table() -> RecordBatch {
    let columns: [(&str, ArrayRef); 4] = [
        (
            "x",
            Arc::new(Float64Array::from(vec![Some(1.5), None, Some(-1e300)])),
        ),
        (
            "y",
            Arc::new(Float64Array::from(vec![Some(0.0), Some(1e18), Some(-7.0)])),
        ),
        (
            "d",
            Arc::new(Date32Array::from(vec![Some(18_000), None, Some(-700_000)])),
        ),
        (
            "t",
            Arc::new(LargeStringArray::from(vec![
                Some("it's %_"),
                None,
                Some("żółw\\"),
            ])),
        ),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn check(text: &str) {
    let tree = match Expr::parse(text) {
        Ok(tree) => tree,
        Err(error) => {
            let _ = (error.to_string(), error.hint(), error.caret(text));
            return;
        }
    };
    let printed = tree.to_string();
    match Expr::parse(&printed) {
        Ok(again) => {
            assert!(again == tree, "parses back to another tree: {printed}");
            assert_eq!(again.to_string(), printed);
        }
        Err(error) => panic!("does not parse back: {error}\n{printed}"),
    }
    let table = table();
    if let Err(error) = tree.check(&table.schema()) {
        let _ = (error.to_string(), error.hint(), error.caret(text));
        return;
    }
    if let Ok(array) = tree.evaluate(&table) {
        assert_eq!(array.len(), table.num_rows());
    }
    let _ = tree.select(&table);
    for dialect in Dialect::ALL {
        let _ = tree.to_sql(&table.schema(), dialect);
        let _ = tree.to_sql_over_typed_columns(&table.schema(), dialect);
    }
}

libfuzzer_sys::fuzz_target!(
    init: tribus_fuzz::begin(&[]),
    |bytes: &[u8]| {
        if let Ok(text) = str::from_utf8(bytes) {
            tribus_fuzz::must_not_panic(|| check(text));
        }
    }
);
