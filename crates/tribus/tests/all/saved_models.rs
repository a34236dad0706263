//! Models that earlier versions wrote can be read, say what they said, and assign customers as they did.
//!
//! The model is that of `tribus demo --data`, its first 400 customers in 3 to 5 segments by the recipe
//! marketing-campaign, written by tribus 0.1.0; the segments are those it gave all customers of the demo (`.` where a
//! customer was set aside).

use std::path::Path;

use tribus::segmentation::Segmentation;
use tribus::source::{Input, read};

const MODEL: &str = include_str!("../fixtures/model-0.1.0.json");
const SEGMENTS: &str = include_str!("../fixtures/segments-0.1.0.txt");

fn model() -> Segmentation {
    Segmentation::from_json(MODEL, Path::new("model-0.1.0.json")).expect("a model")
}

#[test]
fn a_model_of_version_0_1_0_is_written_as_it_was() {
    assert!(model().to_json() == MODEL);
}

#[test]
fn a_model_of_version_0_1_0_assigns_as_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.tsv");
    std::fs::write(&path, tribus::demo::customers()).unwrap();
    let model = model();
    let table = read(&[Input::Path(path)], &model.read_options()).unwrap();
    let customers = model.assign(&table).unwrap();
    let letter = |placement: &Option<tribus::segmentation::Placement>| {
        placement.map_or_else(|| ".".to_owned(), |place| place.segment.to_string())
    };
    let segments: String = customers.placements.iter().map(letter).collect();
    assert_eq!(segments, SEGMENTS.replace('\n', ""));
}

#[test]
fn a_model_of_version_0_1_0_can_be_switched_to_each_number_it_keeps() {
    let model = model();
    assert_eq!(model.numbers_kept(), [3, 4, 5]);
    for k in [4, 5] {
        let once = model.with_number(k).unwrap();
        let back = once.with_number(model.k()).unwrap();
        let again = back.with_number(k).unwrap();
        assert!(again.to_json() == once.to_json(), "{k} segments");
    }
}
