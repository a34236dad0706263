//! The whole way on real files: prepared columns, segments, and that nothing but the rows decides.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panic, and says what it skips"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow_array::{Array, Float64Array};
use tribus::recipe::{Depth, Recipe};
use tribus::segmentation::{Customers, Segmentation, prepare};
use tribus::source::{Input, read};
use tribus::table::Table;

use crate::thorough;

fn shared() -> Option<PathBuf> {
    let folder = match std::env::var_os("TRIBUS_SHARED") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    };
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

fn open(path: &Path, recipe: &Recipe) -> Table {
    read(
        &[Input::Path(path.to_path_buf())],
        &recipe.read_options().unwrap(),
    )
    .unwrap()
}

fn segment(recipe: &Recipe, table: &Table) -> (Segmentation, Customers) {
    let segmentation = Segmentation::fit(recipe, table).unwrap();
    let customers = segmentation.assign(table).unwrap();
    (segmentation, customers)
}

#[test]
fn the_raw_campaign_file_prepares_to_the_columns_of_its_cleaned_sister() {
    let Some(shared) = shared() else { return };
    let recipe = Recipe::open("marketing-campaign").unwrap();
    let raw = open(&shared.join("data/marketing_campaign.csv"), &recipe);
    let (_, _, prepared) = prepare(&recipe, &raw).unwrap();
    let clean = Table::open(shared.join("data/ifood_df.csv")).unwrap();
    assert_eq!(prepared.batch.num_rows(), 2205);
    for (at, name) in clean.names().enumerate() {
        let expected = clean.numbers(at).unwrap();
        let column = prepared.batch.column_by_name(name);
        let found = column
            .and_then(|column| column.as_any().downcast_ref::<Float64Array>())
            .unwrap_or_else(|| panic!("no numbers in {name}"));
        assert_eq!(found.values(), expected.values(), "{name}");
        assert_eq!(found.null_count(), 0, "{name}");
    }
    let set_aside: Vec<(String, u64)> = prepared
        .ledger
        .set_aside
        .iter()
        .map(|entry| (entry.reason.clone(), entry.rows))
        .collect();
    let expected = [
        ("implausible income", 8),
        ("impossible year of birth", 3),
        ("Income is missing", 24),
    ];
    assert_eq!(
        set_aside,
        expected.map(|(reason, rows)| (reason.to_owned(), rows))
    );
    assert!(prepared.ledger.adds_up());
}

#[test]
fn the_study_with_its_five_segments_comes_out() {
    let Some(shared) = shared() else { return };
    let recipe = Recipe::open("ifood").unwrap();
    let table = open(&shared.join("data/ifood_df.csv"), &recipe);
    let (segmentation, customers) = segment(&recipe, &table);
    assert!(
        segmentation.chosen().inertia <= 7569.26,
        "{}",
        segmentation.chosen().inertia
    );
    let mut sizes: Vec<u64> = segmentation.chosen().sizes.clone();
    sizes.sort_unstable();
    for (size, expected) in sizes.iter().zip([197_u64, 296, 395, 539, 778]) {
        assert!(size.abs_diff(expected) <= 4, "{sizes:?}");
    }
    let names: Vec<&str> = segmentation.names().collect();
    let expected = [
        "Elite Top Spenders",
        "Premium Wine Lovers",
        "Gold & Web Buyers",
        "Mature Moderate Spenders",
        "Budget Families",
    ];
    assert_eq!(names, expected);
    let mut counted = vec![0_u64; 5];
    for placement in customers.placements.iter().flatten() {
        counted[placement.segment.index()] += 1;
    }
    assert_eq!(counted, segmentation.chosen().sizes);
}

#[test]
fn raw_and_clean_file_are_clustered_on_the_same_columns() {
    let Some(shared) = shared() else { return };
    let recipe = Recipe::default();
    let features = |file: &str| {
        let table = open(&shared.join("data").join(file), &recipe);
        let plan = tribus::plan::Plan::make(&recipe, &table).unwrap();
        let renamed = plan.recipe.segment.features.into_iter();
        let mut features: Vec<String> = renamed
            .map(|name| name.replace("Days_since_Dt_Customer", "Customer_Days"))
            .collect();
        features.sort_unstable();
        features
    };
    let expected = features("ifood_df.csv");
    assert_eq!(expected.len(), 17);
    for file in [
        "marketing_campaign.csv",
        "ml_project1_data_semicolon.csv",
        "marketing_data_dollar_income.csv",
    ] {
        assert_eq!(features(file), expected, "{file}");
    }
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap()
        .install(work)
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let Some(shared) = shared() else { return };
    let files = ["data/Mall_Customers.csv", "data/marketing_campaign.csv"];
    for file in &files[..if thorough::is_asked_for() { 2 } else { 1 }] {
        let make = |threads| {
            on_threads(threads, || {
                let recipe = Recipe::default();
                let table = open(&shared.join(file), &recipe);
                segment(&recipe, &table).0.to_json()
            })
        };
        let one = make(1);
        assert_eq!(make(2), one, "{file}");
        assert_eq!(make(7), one, "{file}");
    }
}

#[test]
fn a_model_reads_back_equal_and_assigns_the_same() {
    let Some(shared) = shared() else { return };
    let recipe = Recipe::default();
    let table = open(&shared.join("data/Wholesale customers data.csv"), &recipe);
    let (segmentation, customers) = segment(&recipe, &table);
    let again = Segmentation::from_json(&segmentation.to_json(), Path::new("model")).unwrap();
    assert_eq!(again, segmentation);
    assert_eq!(
        again.assign(&table).unwrap().placements,
        customers.placements
    );
}

/// Lines of a file with its rows in another order: the header stays.
fn shuffled(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let header = lines.remove(0);
    let mut keyed: Vec<(u64, &str)> = lines
        .iter()
        .enumerate()
        .map(|(i, line)| ((i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x55, *line))
        .collect();
    keyed.sort_unstable();
    let rows: Vec<&str> = keyed.into_iter().map(|(_, line)| line).collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

#[test]
fn the_order_of_the_rows_changes_neither_segments_nor_numbers() {
    let Some(shared) = shared() else { return };
    for (file, id) in [
        ("data/marketing_campaign.csv", "ID"),
        ("data/Mall_Customers.csv", "CustomerID"),
    ] {
        let recipe = Recipe::default();
        let text = std::fs::read_to_string(shared.join(file)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("shuffled.csv");
        std::fs::write(&other, shuffled(&text)).unwrap();
        let by_id = |path: &Path| {
            let table = open(path, &recipe);
            let (segmentation, customers) = segment(&recipe, &table);
            let ids = table.text(table.position(id).unwrap()).unwrap();
            let placed: BTreeMap<String, Option<(u32, u64)>> = customers
                .placements
                .iter()
                .enumerate()
                .map(|(row, placement)| {
                    let place = placement
                        .map(|place| (place.segment.get(), place.distance.unwrap().to_bits()));
                    (ids.value(row).to_owned(), place)
                })
                .collect();
            (segmentation, placed)
        };
        let (first, first_placed) = by_id(&shared.join(file));
        let (second, second_placed) = by_id(&other);
        assert_eq!(first_placed, second_placed, "{file}");
        assert_eq!(first.centroids(), second.centroids(), "{file}");
        assert_eq!(first.profiles(), second.profiles(), "{file}");
        assert_eq!(first.summary(), second.summary(), "{file}");
        assert_eq!(first.evidence(), second.evidence(), "{file}");
    }
}

/// The typed columns of a table as a Parquet file.
fn write_parquet(table: &Table, path: &Path) {
    let file = std::fs::File::create(path).unwrap();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(file, table.batch().schema(), None).unwrap();
    writer.write(table.batch()).unwrap();
    writer.close().unwrap();
}

#[test]
fn csv_and_parquet_of_the_same_rows_give_the_same_bytes() {
    let Some(shared) = shared() else { return };
    // The second has dates, texts and gaps, the third the same customers in numbers alone.
    let files = [
        "data/Wholesale customers data.csv",
        "data/marketing_campaign.csv",
        "data/ifood_df.csv",
    ];
    // Evidence sees the scaled features alone, so little of it is enough every day to see that they are the same.
    let mut recipe = Recipe::default();
    if !thorough::is_asked_for() {
        recipe.segment.evidence = Some(Depth::Quick);
    }
    for file in files {
        let folder = tempfile::tempdir().unwrap();
        let csv = open(&shared.join(file), &recipe);
        let path = folder.path().join("same.parquet");
        write_parquet(&csv, &path);
        let parquet = open(&path, &recipe);
        let bytes = |table: &Table| {
            let (segmentation, customers) = segment(&recipe, table);
            let mut lines = Vec::new();
            let options = tribus::export::CustomerOptions::default();
            let format = tribus::export::TableFormat::Csv;
            tribus::export::write_customers(
                &mut lines,
                &segmentation,
                table,
                &customers,
                &options,
                format,
            )
            .unwrap();
            let segments = tribus::export::segments_csv(&segmentation, false).0;
            // How a text file was written is kept in its model; what was learnt from its rows is the same.
            let mut model: serde_json::Value =
                serde_json::from_str(&segmentation.to_json()).unwrap();
            model["content"].as_object_mut().unwrap().remove("notation");
            model.as_object_mut().unwrap().remove("sha256");
            (String::from_utf8(lines).unwrap(), segments, model)
        };
        let (first, second) = (bytes(&csv), bytes(&parquet));
        assert!(first.0 == second.0, "{file}: customers differ");
        assert!(first.1 == second.1, "{file}: segments differ");
        assert!(first.2 == second.2, "{file}: models differ");
    }
}
