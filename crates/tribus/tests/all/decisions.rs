//! What is decided without a recipe depends on what the rows hold, and on neither their order nor that of the columns.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use std::collections::BTreeMap;
use std::io::Write as _;

use tribus::plan::Plan;
use tribus::recipe::Recipe;
use tribus::roles::{ColumnDecision, Fate};
use tribus::segmentation::Segmentation;
use tribus::table::Table;

/// Columns by name, each a list of cells.
type Columns = Vec<(&'static str, Vec<String>)>;

const ROWS: usize = 2200;

/// Numbers from 0 to 1 that look random (Steele, Lea and Flood 2014, SplitMix64).
fn uniform(row: usize, stream: u64) -> f64 {
    let mut z = (row as u64 + 1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(stream.wrapping_mul(0xd1b5_4a32_d192_ed03));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn whole(row: usize, stream: u64, below: f64) -> i64 {
    (uniform(row, stream) * below) as i64
}

fn date(row: usize, stream: u64, year: i64) -> String {
    let (month, day) = (
        1 + whole(row, stream, 12.0),
        1 + whole(row, stream + 1, 28.0),
    );
    format!("{}-{month:02}-{day:02}", year + whole(row, stream + 2, 3.0))
}

/// Customers with gaps, two dates, two years of birth, and a sum that holds where nothing is missing.
fn customers() -> Columns {
    let column = |cell: &dyn Fn(usize) -> String| (0..ROWS).map(cell).collect::<Vec<String>>();
    let gap = |missing: bool, cell: String| if missing { String::new() } else { cell };
    let heavy = |row: usize, stream: u64| (20.0 / (0.05 + uniform(row, stream))) as i64;
    vec![
        ("customer_id", column(&|row| format!("C{row:05}"))),
        ("spend_food", column(&|row| heavy(row, 1).to_string())),
        (
            "spend_wine",
            column(&|row| gap(row % 9 == 0, heavy(row, 2).to_string())),
        ),
        (
            "spend_total",
            column(&|row| (heavy(row, 1) + heavy(row, 2)).to_string()),
        ),
        // Far from 0 and nearly flat: filled with 0, their common gaps would make them look like copies.
        (
            "altitude",
            column(&|row| {
                gap(
                    row % 8 == 3,
                    format!("{:.3}", 900.0 + 9.0 * uniform(row, 3)),
                )
            }),
        ),
        (
            "pressure",
            column(&|row| {
                gap(
                    row % 8 == 3,
                    format!("{:.3}", 500.0 + 5.0 * uniform(row, 4)),
                )
            }),
        ),
        ("first_order", column(&|row| date(row, 10, 2015))),
        ("last_order", column(&|row| date(row, 20, 2020))),
        (
            "birth_year",
            column(&|row| gap(row % 31 == 5, (1940 + whole(row, 5, 60.0)).to_string())),
        ),
        (
            "partner_birth_year",
            column(&|row| (1945 + whole(row, 6, 50.0)).to_string()),
        ),
        (
            "city",
            column(&|row| ["Oslo", "Rome", "Bern"][whole(row, 7, 3.0) as usize].to_owned()),
        ),
    ]
}

fn table(columns: &Columns, rows: &[usize]) -> Table {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut text = names.join(",") + "\n";
    for row in rows {
        let cells: Vec<&str> = columns
            .iter()
            .map(|(_, cells)| cells[*row].as_str())
            .collect();
        text += &cells.join(",");
        text.push('\n');
    }
    open(&text)
}

fn open(text: &str) -> Table {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    Table::open(file.path()).unwrap()
}

/// Rows in the order of one column, in a shuffled order, and shuffled with the columns turned round.
fn permutations() -> [Table; 3] {
    let columns = customers();
    let mut by_spending: Vec<usize> = (0..ROWS).collect();
    by_spending.sort_by_key(|row| columns[3].1[*row].parse::<i64>().unwrap());
    let mut shuffled: Vec<usize> = (0..ROWS).collect();
    shuffled.sort_by(|a, b| uniform(*a, 99).total_cmp(&uniform(*b, 99)));
    let mut turned = columns.clone();
    turned.reverse();
    turned.rotate_left(3);
    [
        table(&columns, &by_spending),
        table(&columns, &shuffled),
        table(&turned, &shuffled),
    ]
}

fn decision<'p>(plan: &'p Plan, name: &str) -> &'p ColumnDecision {
    let mut columns = plan.columns.iter();
    columns.find(|column| column.name == name).unwrap()
}

fn by_name(mut columns: Vec<ColumnDecision>) -> Vec<ColumnDecision> {
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    columns
}

#[test]
fn gaps_hide_neither_a_sum_nor_make_copies_of_independent_columns() {
    let [table, ..] = permutations();
    let plan = Plan::make(&Recipe::default(), &table).unwrap();
    let total = decision(&plan, "spend_total");
    assert!(
        total.reason.contains("exactly spend_food + spend_wine"),
        "{}",
        total.reason
    );
    assert_eq!(plan.recipe.segment.value_column(), Some("spend_total"));
    for name in ["altitude", "pressure"] {
        let decision = decision(&plan, name);
        assert_eq!(
            decision.fate,
            Fate::Clustered,
            "{name}: {}",
            decision.reason
        );
    }
    assert_eq!(
        plan.recipe.segment.features,
        [
            "Age",
            "Age_2",
            "Days_since_first_order",
            "Days_since_last_order",
            "altitude",
            "pressure",
            "spend_food",
            "spend_wine"
        ]
    );
    assert!(plan.recipe.derive["Age"].ends_with("- birth_year"));
}

#[test]
fn neither_rows_nor_columns_decide_by_their_order() {
    let [sorted, shuffled, turned] = permutations();
    let recipe = Recipe::default();
    let plan = Plan::make(&recipe, &sorted).unwrap();
    let segmented = segment(&sorted);
    for other in [&shuffled, &turned] {
        let again = Plan::make(&recipe, other).unwrap();
        assert_eq!(again.recipe, plan.recipe);
        assert_eq!(again.recipe.to_toml(), plan.recipe.to_toml());
        assert_eq!(by_name(again.columns), by_name(plan.columns.clone()));
        assert_eq!(again.notes, plan.notes);
        assert_eq!(again.blocks, plan.blocks);
        assert_eq!(again.group_shares, plan.group_shares);
        let found = segment(other);
        assert_eq!(found.0, segmented.0);
        assert!(found.1 == segmented.1, "customers change their segments");
    }
}

/// Names and centroids of the segments, and the segment of each customer.
type Segmented = ((Vec<String>, Vec<u64>), BTreeMap<String, u32>);

fn segment(table: &Table) -> Segmented {
    let made = Segmentation::fit(&Recipe::default(), table).unwrap();
    let customers = made.assign(table).unwrap();
    let names = made.names().map(ToOwned::to_owned).collect();
    let centroids = made
        .centroids()
        .iter()
        .map(|value| value.to_bits())
        .collect();
    let ids = table.text(table.position("customer_id").unwrap()).unwrap();
    let placed = ids.iter().zip(&customers.placements);
    let by_id = placed
        .map(|(id, placement)| (id.unwrap().to_owned(), placement.unwrap().segment.get() - 1))
        .collect();
    ((names, centroids), by_id)
}

#[test]
fn a_wide_table_is_planned() {
    let (rows, width) = (1000, 600);
    let names: Vec<String> = (0..width).map(|column| format!("m{column:03}")).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..rows {
        // Every tenth column is nearly the one before it.
        let cells: Vec<String> = (0..width)
            .map(|column| match column % 10 {
                9 => format!(
                    "{:.4}",
                    100.0 * uniform(row, column - 1) + uniform(row, column) / 10.0
                ),
                _ => format!("{:.4}", 100.0 * uniform(row, column)),
            })
            .collect();
        text += &cells.join(",");
        text.push('\n');
    }
    let plan = Plan::make(&Recipe::default(), &open(&text)).unwrap();
    assert_eq!(plan.recipe.segment.features.len(), 24);
    assert_eq!(plan.with_fate(Fate::LeftOut).count(), 60);
    assert_eq!(decision(&plan, "m009").fate, Fate::LeftOut);
    assert!(decision(&plan, "m009").reason.contains("m008"));
}
