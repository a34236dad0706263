use super::*;
use crate::statistics::draw::Key;

struct Table {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    labels: Vec<u32>,
    centroids: Vec<f64>,
    k: usize,
}

/// Three crowds in two columns, and one column of noise.
fn crowds(n: usize) -> Table {
    let key = Key::new(7, 1);
    let labels: Vec<u32> = (0..n).map(|row| (row % 3) as u32).collect();
    let centres = [[10.0, 100.0], [20.0, 100.0], [15.0, 300.0]];
    let value = |row: usize, column: usize, spread: f64| {
        let noise = key.uniform((row * 3 + column) as u64) - 0.5;
        let centre = centres[row % 3].get(column).copied().unwrap_or(0.0);
        centre + spread * noise
    };
    let columns = [6.0, 80.0, 5.0]
        .iter()
        .enumerate()
        .map(|(column, spread)| (0..n).map(|row| value(row, column, *spread)).collect())
        .collect();
    Table {
        names: ["visits", "spend", "noise"].map(str::to_owned).to_vec(),
        columns,
        labels,
        centroids: centres.iter().flat_map(|[a, b]| [*a, *b, 0.0]).collect(),
        k: 3,
    }
}

fn rules(table: &Table) -> Rules {
    grow(&Customers {
        names: &table.names,
        columns: table.columns.iter().map(Vec::as_slice).collect(),
        labels: &table.labels,
        centroids: table.centroids.clone(),
        k: table.k,
        seed: 0,
    })
    .unwrap()
}

/// Whether a rule takes a customer, in the plainest way.
fn takes(rule: &SegmentRule, table: &Table, row: usize) -> bool {
    let holds = |bound: &Bound| {
        let at = table
            .names
            .iter()
            .position(|name| *name == bound.column)
            .unwrap();
        let value = table.columns[at][row];
        bound.above.is_none_or(|above| value > above) && bound.up_to.is_none_or(|to| value <= to)
    };
    rule.paths.iter().any(|path| path.iter().all(holds))
}

fn assert_measures_are_true(rules: &Rules, table: &Table) {
    let n = table.labels.len();
    let mut right = 0;
    for row in 0..n {
        let taking: Vec<usize> = rules
            .segments
            .iter()
            .filter(|rule| takes(rule, table, row))
            .map(|rule| rule.segment.index())
            .collect();
        assert_eq!(taking.len(), 1, "every customer has one rule");
        right += usize::from(taking[0] == table.labels[row] as usize);
    }
    assert_eq!(rules.fidelity, right as f64 / n as f64);
    for rule in &rules.segments {
        let of = |row: usize| table.labels[row] as usize == rule.segment.index();
        let taken = (0..n).filter(|row| takes(rule, table, *row)).count();
        let both = (0..n)
            .filter(|row| takes(rule, table, *row) && of(*row))
            .count();
        let size = (0..n).filter(|row| of(*row)).count();
        assert_eq!(rule.customers, taken as u64);
        assert_eq!(rule.coverage, both as f64 / size as f64);
        assert_eq!(rule.precision, both as f64 / taken.max(1) as f64);
    }
}

#[test]
fn crowds_apart_have_exact_and_readable_rules() {
    let table = crowds(300);
    let rules = rules(&table);
    assert_measures_are_true(&rules, &table);
    assert_eq!(rules.fidelity, 1.0);
    let words: Vec<String> = rules.segments.iter().map(SegmentRule::words).collect();
    assert_eq!(
        words,
        [
            "spend up to 200 and visits up to 15",
            "spend up to 200 and visits above 15",
            "spend above 200"
        ]
    );
    assert_eq!(
        rules.sql(Dialect::DuckDb),
        "CASE\n  WHEN \"spend\" <= 200 AND \"visits\" <= 15 THEN 1\n  WHEN \"spend\" <= 200 AND \"visits\" > 15 THEN 2\n  WHEN \"spend\" > 200 THEN 3\nEND"
    );
}

#[test]
fn what_is_said_of_rules_is_true_where_crowds_overlap_and_beyond_the_sample() {
    for n in [31, 500, 21_000] {
        let mut table = crowds(n);
        // Every seventh customer is called something else.
        for row in (0..n).step_by(7) {
            table.labels[row] = (table.labels[row] + 1) % 3;
        }
        let rules = rules(&table);
        assert_measures_are_true(&rules, &table);
        assert!(rules.fidelity > 0.7);
    }
}

#[test]
fn neither_order_of_rows_nor_a_column_more_changes_the_cuts() {
    let table = crowds(21_000);
    let mut turned = crowds(21_000);
    turned
        .columns
        .iter_mut()
        .for_each(|column| column.reverse());
    turned.labels.reverse();
    assert_eq!(rules(&table), rules(&turned));
}

#[test]
fn centroids_that_nothing_tells_apart_share_a_leaf() {
    let mut table = crowds(30);
    table.columns = vec![vec![1.0; 30]; 3];
    table.centroids = vec![1.0; 9];
    let rules = rules(&table);
    assert_eq!(rules.segments[0].words(), "everybody");
    assert_eq!(rules.segments[1].paths.len(), 0);
    assert_eq!(rules.segments[0].sql(Dialect::Sqlite), "TRUE");
}
