//! What is decided without a recipe depends on what the rows hold, and on neither their order nor that of the columns.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;

use tribus::plan::Plan;
use tribus::recipe::Recipe;
use tribus::roles::{ColumnDecision, Fate};
use tribus::segmentation::{AssignOptions, Segmentation};
use tribus::table::Table;

use crate::random::uniform;

/// Columns by name, each a list of cells.
type Columns = Vec<(&'static str, Vec<String>)>;

const ROWS: usize = 2200;

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

/// Orders of 300 customers up to this day of 2024.
fn up_to(month: u32, day: u32, rows: usize) -> Table {
    let latest = tribus::date::Date::from_civil(2024, month, day)
        .unwrap()
        .days();
    let mut text = "customer_id;orders;total_spent;last_order\n".to_owned();
    for row in 0..rows {
        let away = if row == 0 {
            0
        } else {
            whole(row, 7, 300.0) as i32
        };
        let last = tribus::date::Date::from_days(latest - away)
            .unwrap()
            .to_string();
        let last = format!("{}.{}.{}", &last[8..], &last[5..7], &last[..4]);
        let (orders, cents) = (1 + whole(row, 8, 9.0), whole(row, 9, 90.0));
        let (whole, cents) = (100 + 7 * orders, 10 + cents);
        let _ = writeln!(text, "C{row};{orders};1.{whole:03},{cents:02};{last}");
    }
    open(&text)
}

#[test]
fn days_since_count_to_the_later_day_and_never_to_an_earlier_one() {
    let june = up_to(6, 30, 300);
    let made = Segmentation::fit(&Recipe::default(), &june).unwrap();
    let as_of = |month, day| AssignOptions {
        as_of: tribus::date::Date::from_civil(2024, month, day),
        ..AssignOptions::default()
    };
    let segments = |table: &Table, options: &AssignOptions| -> Vec<f64> {
        let placed = made.assign_as(table, options).unwrap().placements;
        placed
            .iter()
            .map(|placement| placement.unwrap().distance.unwrap())
            .collect()
    };
    let december = up_to(12, 31, 300);
    let found = made.assign(&december).unwrap();
    let told = found.notices.join(" ");
    assert!(
        told.contains("count to 2024-12-31") && told.contains("--as-of"),
        "{told}"
    );
    assert_eq!(
        segments(&december, &AssignOptions::default()),
        segments(&december, &as_of(12, 31))
    );
    assert_ne!(
        segments(&december, &as_of(12, 31)),
        segments(&december, &as_of(6, 30))
    );
    // Older rows count to the day of the model.
    let may = up_to(5, 1, 300);
    assert_eq!(
        segments(&may, &AssignOptions::default()),
        segments(&may, &as_of(6, 30))
    );
    assert!(
        made.assign(&may)
            .unwrap()
            .notices
            .join(" ")
            .contains("count to 2024-06-30")
    );
}

#[test]
fn the_rows_of_the_model_count_to_its_own_day() {
    let june = up_to(6, 30, 300);
    let mut recipe = Recipe::default();
    recipe.input.as_of = tribus::date::Date::from_civil(2024, 3, 31);
    let made = Segmentation::fit(&recipe, &june).unwrap();
    let as_of = AssignOptions {
        as_of: recipe.input.as_of,
        ..AssignOptions::default()
    };
    let (own, pinned) = (
        made.assign(&june).unwrap(),
        made.assign_as(&june, &as_of).unwrap(),
    );
    assert_eq!(own.placements, pinned.placements);
}

#[test]
fn few_rows_are_read_as_many_were() {
    let made = Segmentation::fit(&Recipe::default(), &up_to(6, 30, 300)).unwrap();
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    let text =
        "customer_id;orders;total_spent;last_order\nA;3;1.120;03.04.2024\nB;4;1.230;05.06.2024\n";
    file.write_all(text.as_bytes()).unwrap();
    let input = tribus::source::Input::Path(file.path().to_path_buf());
    let table = tribus::source::read(&[input], &made.read_options()).unwrap();
    let numbers = table
        .numbers(table.position("total_spent").unwrap())
        .unwrap();
    assert_eq!(numbers.values().to_vec(), [1120.0, 1230.0]);
    let cell = table.cell(table.position("last_order").unwrap(), 0);
    assert_eq!(cell.as_deref(), Some("2024-04-03"));
}

#[test]
fn an_id_that_two_rows_have_is_refused_unless_it_is_allowed() {
    let made = Segmentation::fit(&Recipe::default(), &up_to(6, 30, 300)).unwrap();
    let twice = open(
        "customer_id;orders;total_spent;last_order\nA;3;1120,5;03.04.2024\nA;4;1230,5;15.06.2024\n",
    );
    let error = made.assign(&twice).unwrap_err().to_string();
    assert!(error.contains("duplicate id"), "{error}");
    let options = AssignOptions {
        allow_duplicates: true,
        ..AssignOptions::default()
    };
    assert_eq!(
        made.assign_as(&twice, &options).unwrap().placements.len(),
        2
    );
}

#[test]
fn questions_carry_what_their_answer_changes_and_are_settled_by_the_recipe() {
    let mut text = "id,visits,plugh,amount\n".to_owned();
    for row in 0..400 {
        let visits = (5.0 / (0.1 + uniform(row, 1))) as i64;
        let (plugh, amount) = ((8.0 / (0.2 + uniform(row, 2))) as i64, 30 + visits * 3);
        let _ = writeln!(text, "C{row},{visits},{plugh},{amount}.{}", 10 + row % 80);
    }
    let table = open(&text);
    let made = Segmentation::fit(&Recipe::default(), &table).unwrap();
    let questions = made.please_check();
    let asked: Vec<&str> = questions
        .iter()
        .map(|question| question.column.as_str())
        .collect();
    assert!(
        asked.contains(&"plugh") && asked.contains(&"amount"),
        "{asked:?}"
    );
    for question in questions {
        let agreement = question.agreement.unwrap();
        assert!((0.0..=1.0).contains(&agreement));
        let changes = question.column == "plugh";
        assert_eq!(agreement < 1.0, changes, "{}: {agreement}", question.column);
    }
    // Following each answer settles its question.
    for question in questions {
        let (section, setting) = question.recipe.split_once('.').unwrap();
        let recipe = Recipe::parse(&format!("[{section}]\n{setting}\n"), "answer").unwrap();
        let again = Plan::make(&recipe, &table).unwrap();
        let is_asked = again
            .please_check
            .iter()
            .any(|other| other.column == question.column && other.decided == question.decided);
        assert!(!is_asked, "{} is asked again", question.column);
    }
}

#[test]
fn customers_known_from_the_fit_are_those_that_are_assigned() {
    let table = table(&customers(), &(0..ROWS).collect::<Vec<usize>>());
    let watch = |_| ControlFlow::Continue(());
    let (made, known) = Segmentation::fit_assigned(&Recipe::default(), &table, &watch).unwrap();
    let assigned = made.assign(&table).unwrap();
    assert_eq!(known.placements, assigned.placements);
    assert_eq!(known.outliers, assigned.outliers);
    assert_eq!(known.repaired, assigned.repaired);
    assert_eq!(known.reasons, assigned.reasons);
    assert_eq!(known.ledger, assigned.ledger);
    assert!(known.repaired.iter().any(|cells| *cells > 0));
}
