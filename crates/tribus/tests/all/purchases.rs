//! Purchases become customers: the exports of shops as an oracle written apart says, whatever the order of the lines.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and says when it is skipped"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;
use tribus::ledger::PurchaseLedger;
use tribus::purchases::{PurchasesError, roll_up};
use tribus::recipe::Recipe;
use tribus::source::{Input, read};
use tribus::table::Table;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports")
}

fn rolled_up(recipe: &str, paths: &[PathBuf]) -> Result<Option<Table>, PurchasesError> {
    let recipe = Recipe::parse(recipe, "test").unwrap();
    let inputs: Vec<Input> = paths.iter().cloned().map(Input::Path).collect();
    let table = read(&inputs, &recipe.read_options().unwrap()).unwrap();
    Ok(roll_up(&recipe, &table)?.map(|(_, customers)| customers))
}

fn of_text(recipe: &str, text: &str) -> Result<Option<Table>, PurchasesError> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("orders.csv");
    fs::write(&path, text).unwrap();
    rolled_up(recipe, &[path])
}

fn cell(table: &Table, row: usize, column: &str) -> Option<String> {
    table.cell(table.position(column).unwrap(), row)
}

/// The same number, or the same text.
fn agrees(found: Option<&str>, wanted: &Value) -> bool {
    match wanted {
        Value::Null => found.is_none(),
        Value::Number(number) => found
            .and_then(|found| found.parse::<f64>().ok())
            .is_some_and(|found| (found - number.as_f64().unwrap()).abs() < 0.005),
        Value::String(text) => found == Some(text),
        other => panic!("{other} is no cell"),
    }
}

fn check_ledger(name: &str, ledger: &PurchaseLedger, wanted: &Value) {
    assert_eq!(ledger.grain, wanted["grain"].as_str().unwrap(), "{name}");
    assert_eq!(
        ledger.as_of.to_string(),
        wanted["as_of"].as_str().unwrap(),
        "{name}"
    );
    let counts = [
        ("lines", ledger.lines),
        ("orders", ledger.orders),
        ("customers", ledger.customers),
    ];
    for (key, count) in counts {
        assert_eq!(count, wanted[key].as_u64().unwrap(), "{name}: {key}");
    }
    for (part, column) in wanted["columns"].as_object().unwrap() {
        assert_eq!(ledger.column(part), column.as_str(), "{name}: {part}");
    }
    let aside = |reason: &str, lines: u64, money: f64| format!("{reason} {lines} {money:.2}");
    let mut found: Vec<String> = (ledger.money.set_aside.iter())
        .map(|own| aside(&own.reason, own.lines, own.money))
        .collect();
    let all = wanted["money"]["set_aside"].as_array().unwrap().iter();
    let mut expected: Vec<String> = all
        .map(|own| {
            let (reason, lines) = (own["reason"].as_str(), own["lines"].as_u64());
            aside(
                reason.unwrap(),
                lines.unwrap(),
                own["money"].as_f64().unwrap(),
            )
        })
        .collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "{name}");
    for (key, money) in [("file", ledger.money.file), ("used", ledger.money.used)] {
        let wanted = wanted["money"][key].as_f64().unwrap();
        assert!(
            (money - wanted).abs() < 0.005,
            "{name}, {key}: {money}, not {wanted}"
        );
    }
    let by_period = ledger.history.periods.iter().map(|period| period.money);
    let by_period: f64 = by_period.sum();
    assert!((by_period - ledger.money.used).abs() < 0.005, "{name}");
    let sum: f64 = ledger.money.set_aside.iter().map(|aside| aside.money).sum();
    assert!(
        (ledger.money.used + sum - ledger.money.file).abs() < 0.005,
        "{name}"
    );
}

fn check_customers(name: &str, table: &Table, wanted: &Value) {
    let rows = wanted["rows"].as_array().unwrap();
    assert_eq!(table.rows(), rows.len(), "{name}");
    let row_of = |id: &str| {
        (0..table.rows()).find(|row| cell(table, *row, "customer_id").as_deref() == Some(id))
    };
    for wanted in rows {
        let id = wanted["customer_id"].as_str().unwrap();
        let row = row_of(id).unwrap_or_else(|| panic!("{name}: {id} is not there"));
        for (column, wanted) in wanted.as_object().unwrap() {
            let found = cell(table, row, column);
            assert!(
                agrees(found.as_deref(), wanted),
                "{name}, {id}: {column} is {found:?}, not {wanted}"
            );
        }
    }
}

#[test]
fn exports_are_rolled_up_as_the_oracle_says() {
    let mut checked = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .strip_suffix(".expected.json")
        else {
            continue;
        };
        let wanted: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let files = wanted["files"].as_array().unwrap().iter();
        let files: Vec<PathBuf> = files
            .map(|file| folder().join(file.as_str().unwrap()))
            .collect();
        let result = rolled_up("", &files);
        checked += 1;
        if let Some(word) = wanted["refused"].as_str() {
            let error = result.expect_err(name);
            let told = format!("{error} {}", error.hint().unwrap_or_default()).replace('-', "_");
            assert!(told.contains(word), "{name}: {told}");
        } else if wanted["grain"] == "customer" {
            assert!(result.unwrap().is_none(), "{name}");
        } else {
            let table = result.unwrap().expect(name);
            check_ledger(name, table.purchases().unwrap(), &wanted);
            check_customers(name, &table, &wanted);
        }
    }
    assert_eq!(checked, 17);
}

#[test]
fn neither_the_order_of_the_lines_nor_their_files_change_anything() {
    for name in ["shopify.csv", "uci.csv", "square.csv", "woocommerce.csv"] {
        let whole = rolled_up("", &[folder().join(name)]).unwrap().unwrap();
        let text = fs::read_to_string(folder().join(name)).unwrap();
        // One export has a line break within a field.
        let mut reader = csv_of(&text);
        let header = reader.remove(0);
        reader.reverse();
        let (even, odd): (Vec<_>, Vec<_>) =
            reader.iter().enumerate().partition(|(at, _)| at % 2 == 0);
        let folder = TempDir::new().unwrap();
        let paths = [even, odd].map(|rows| {
            let path = folder.path().join(format!("{}.csv", rows[0].0));
            let rows = rows.iter().map(|(_, row)| row.as_str());
            let text: Vec<&str> = std::iter::once(header.as_str()).chain(rows).collect();
            fs::write(&path, text.join("\n")).unwrap();
            path
        });
        let apart = rolled_up("", &paths).unwrap().unwrap();
        assert_eq!(apart.batch(), whole.batch(), "{name}");
        assert_eq!(
            apart.purchases().unwrap().money,
            whole.purchases().unwrap().money,
            "{name}"
        );
    }
}

/// The records of a text, each as it stands there.
fn csv_of(text: &str) -> Vec<String> {
    let mut records: Vec<String> = Vec::new();
    for line in text.lines() {
        match records.last_mut() {
            Some(last) if last.matches('"').count() % 2 == 1 => {
                last.push('\n');
                last.push_str(line);
            }
            _ => records.push(line.to_owned()),
        }
    }
    records
}

const ORDERS: &str = "customer_id,order_id,order_date,product,amount
a,1,2024-01-05,x,10.00
a,2,2024-02-05,y,20.00
a,2,2024-02-05,z,5.00
b,3,2024-02-10,x,10.00
b,4,2024-03-10,x,-10.00
c,5,2024-03-20,x,7.50
";

#[test]
fn settings_decide_what_counts() {
    let revenue = |recipe: &str| {
        let table = of_text(recipe, ORDERS).unwrap().unwrap();
        (0..table.rows())
            .map(|row| cell(&table, row, "revenue_after_returns").unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(revenue(""), ["35", "0", "7.5"]);
    assert_eq!(
        revenue("[purchases]\nreturns = \"ignore\""),
        ["35", "10", "7.5"]
    );
    assert_eq!(
        revenue("[purchases]\nreturns = \"separate\""),
        ["35", "10", "7.5"]
    );
    assert_eq!(
        revenue("[purchases]\nnot_products = [\"z\"]"),
        ["30", "0", "7.5"]
    );
    assert_eq!(revenue("[input]\nas_of = \"2024-02-28\""), ["35", "10"]);
    let dropped = "[[purchases.drop]]\nwhere = \"amount < 8\"\nbecause = \"small\"";
    assert_eq!(revenue(dropped), ["30", "10"]);
    let table = of_text("[purchases]\nwindows = [30]", ORDERS)
        .unwrap()
        .unwrap();
    assert_eq!(
        cell(&table, 0, "revenue_last_30_days").as_deref(),
        Some("0")
    );
    assert_eq!(
        cell(&table, 0, "revenue_change_30_days").as_deref(),
        Some("-25")
    );
}

#[test]
fn a_recipe_names_columns_or_is_told_what_is_wrong() {
    let named = "[purchases]\ncustomer = \"product\"";
    let table = of_text(named, ORDERS).unwrap().unwrap();
    assert_eq!(table.rows(), 3);
    let error = of_text("[purchases]\ncustomer = \"custmer_id\"", ORDERS).unwrap_err();
    assert_eq!(error.hint().unwrap(), "did you mean `customer_id`?");
    let error = of_text("[purchases]\namount = \"product\"", ORDERS);
    assert!(error.is_err());
    let error = of_text("[input]\nas_of = \"2020-01-01\"", ORDERS).unwrap_err();
    assert!(error.to_string().contains("after_as_of"), "{error}");
}

#[test]
fn customers_and_other_tables_are_left_alone() {
    let customers = "customer_id,last_order_date,total_spent\na,2024-01-05,10\nb,2024-02-05,20\nc,2024-02-07,5\n";
    assert!(of_text("", customers).unwrap().is_none());
    assert!(
        of_text("[segment]\nfeatures = [\"amount\"]", ORDERS)
            .unwrap()
            .is_none()
    );
}

#[test]
fn rules_part_the_customers_or_are_refused() {
    let orders = tribus::demo::purchases();
    let table = of_text(tribus::recipe::BUILT_IN[4].text, &orders)
        .unwrap()
        .unwrap();
    let mut groups: Vec<String> = (0..table.rows())
        .filter_map(|row| cell(&table, row, "rfm_group"))
        .collect();
    let rows = groups.len();
    groups.sort_unstable();
    groups.dedup();
    assert_eq!(groups.len(), 8);
    let without_orders =
        (0..table.rows()).filter(|row| cell(&table, *row, "order_count").as_deref() == Some("0"));
    assert_eq!(rows + without_orders.count(), table.rows());
    for row in 0..table.rows() {
        let score = |name: &str| cell(&table, row, name).map(|score| score.parse::<f64>().unwrap());
        if let (Some(group), Some(recency)) =
            (cell(&table, row, "rfm_group"), score("recency_score"))
        {
            let fm = score("fm_score").unwrap();
            assert_eq!(group == "Champions", recency == 5.0 && fm >= 4.0);
            let others = (
                score("frequency_score").unwrap(),
                score("money_score").unwrap(),
            );
            assert_eq!(fm, f64::midpoint(others.0, others.1));
        }
    }
    for (rules, problem) in [
        (
            "all = \"order_count >= 1\"\nrich = \"order_count > 3\"",
            "fits it and `all`",
        ),
        ("some = \"order_count > 1\"", "fit no rule"),
        (
            "all = \"order_count >= 1\"\nnobody = \"order_count > 100000\"",
            "no customer fits it",
        ),
        ("all = \"no_such_column > 1\"", "no_such_column"),
    ] {
        let error = of_text(&format!("[purchases.rules]\n{rules}"), &orders).unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
}

#[test]
fn customers_with_one_order_are_told_apart_by_rule() {
    let orders = tribus::demo::purchases();
    let table = of_text("", &orders).unwrap().unwrap();
    let ledger = table.purchases().unwrap();
    let names: Vec<&str> = ledger
        .lifecycle
        .iter()
        .map(|group| group.group.as_str())
        .collect();
    assert_eq!(names, ["New", "One order, lapsed"]);
    let single =
        (0..table.rows()).filter(|row| cell(&table, *row, "order_count").as_deref() == Some("1"));
    let told: u64 = ledger.lifecycle.iter().map(|group| group.customers).sum();
    assert_eq!(told, single.count() as u64);
    for off in [
        "[purchases]\nlifecycle = \"none\"",
        "[segment]\nfeatures = [\"order_count\"]",
    ] {
        let table = of_text(off, &orders).unwrap().unwrap();
        assert!(table.purchases().unwrap().lifecycle.is_empty(), "{off}");
    }
    let table = of_text("[purchases]\nlifecycle_days = 30", &orders)
        .unwrap()
        .unwrap();
    assert!(
        table.purchases().unwrap().lifecycle[0]
            .rule
            .ends_with("<= 30")
    );
}

#[test]
fn a_share_holds_for_every_line_and_may_be_all_of_it() {
    let mut text =
        String::from("customer_id,order_id,order_date,product,quantity,unit_price,discount\n");
    for order in 0..12 {
        let rate = ["0.25", "1", "0"][order % 3];
        for product in ["x", "y"] {
            let day = order + 1;
            let _ = writeln!(
                text,
                "c{},{order},2024-01-{day:02},{product},1,10.00,{rate}",
                order % 4
            );
        }
    }
    // A return of a discounted piece gives back what was paid for it.
    text += "c0,99,2024-02-01,x,-1,10.00,0.25\n";
    let table = of_text("", &text).unwrap().unwrap();
    // Each customer: 2 x 7.50, 2 x 0 and 2 x 10.
    assert_eq!(
        cell(&table, 0, "revenue_after_returns").as_deref(),
        Some("27.5")
    );
    assert_eq!(
        cell(&table, 1, "revenue_after_returns").as_deref(),
        Some("35")
    );
    let money = "customer_id,order_id,order_date,quantity,unit_price,discount\na,1,2024-01-05,1,20.00,2.00\na,2,2024-02-05,-1,20.00,-2.00\na,3,2024-02-06,1,5.00,0\n";
    let table = of_text("", money).unwrap().unwrap();
    assert_eq!(
        cell(&table, 0, "revenue_after_returns").as_deref(),
        Some("5")
    );
}

#[test]
fn a_row_that_says_it_is_a_return_is_taken_off_whatever_its_sign() {
    let mut text =
        "transaction_id,transaction_date,customer_id,transaction_type,amount\n".to_owned();
    for customer in 0..20 {
        let (first, second) = (2 * customer, 2 * customer + 1);
        let _ = writeln!(text, "T{first},2024-01-05,C{customer:02},Sale,50.00");
        let _ = writeln!(text, "T{second},2024-02-05,C{customer:02},Sale,30.00");
        // The refund bears the number of its sale, and no minus.
        let _ = writeln!(text, "T{second},2024-02-09,C{customer:02},Refund,30.00");
    }
    let table = of_text("", &text).unwrap().unwrap();
    let ledger = table.purchases().unwrap();
    assert_eq!(ledger.column("kind"), Some("transaction_type"));
    assert_eq!((ledger.money.gross, ledger.money.returned), (1600.0, 600.0));
    assert_eq!(ledger.orders, 20);
    assert_eq!(
        cell(&table, 0, "revenue_after_returns").as_deref(),
        Some("50")
    );
}

#[test]
fn what_needs_a_look_is_told() {
    let mut text =
        "invoice_no,invoice_date,customer_id,stock_code,quantity,unit_price,total\n".to_owned();
    for line in 0..60 {
        let (order, day, customer) = (line / 2, line / 2 % 28 + 1, line / 2 % 10);
        let total = if line == 0 { 9.0 } else { 5.0 };
        let _ = writeln!(
            text,
            "{order},2024-01-{day:02},C{customer},P{line},2,2.50,{total}"
        );
    }
    text.push_str("30,2024-02-01,C1,POST,1,4.00,4.00\n");
    let table = of_text("", &text).unwrap().unwrap();
    let notes = table.purchases().unwrap().notes.join("\n");
    assert!(
        notes.contains(
            "total is quantity x unit_price, with or without the discount, in 30 of 31 orders"
        ),
        "{notes}"
    );
    assert!(
        notes.contains("1 product code without a digit may be no products, such as POST (1 line, 4.00 of the money)"),
        "{notes}"
    );
}

#[test]
fn lines_that_cannot_be_read_are_accounted_for() {
    let mut text = "order_id,order_date,customer_id,amount\n".to_owned();
    for line in 0..40 {
        let _ = writeln!(
            text,
            "{line},2024-01-{:02},C{},10.00",
            line % 28 + 1,
            line % 10
        );
    }
    text.push_str("41,2024-01-05,C1,10.00,one cell too many\n");
    let table = of_text("[input]\nmax_rejects = 5\n", &text)
        .unwrap()
        .unwrap();
    let ledger = table.purchases().unwrap();
    assert_eq!(ledger.lines, 41);
    let aside = ledger.money.set_aside.iter();
    let aside: Vec<(&str, u64)> = aside.map(|own| (own.reason.as_str(), own.lines)).collect();
    assert_eq!(aside, [("unreadable", 1)]);
    assert_eq!(table.rejects().len(), 1);
}
