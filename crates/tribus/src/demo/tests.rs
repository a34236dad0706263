use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::*;

fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect()
}

fn column(name: &str) -> usize {
    HEADER
        .trim_end()
        .split('\t')
        .position(|column| column == name)
        .unwrap()
}

fn generated() -> Vec<Sample> {
    samples(&mut Chance::new(SEED))
}

/// The customers of each kind whom the cleaning keeps.
fn kept() -> Vec<Vec<Customer>> {
    let mut kinds = vec![Vec::new(); KINDS.len()];
    for Sample { kind, customer } in generated() {
        if customer.birth_year > 1900 && customer.income.is_some_and(|income| income <= 113_734) {
            kinds[kind].push(customer);
        }
    }
    kinds
}

fn mean(customers: &[Customer], value: impl Fn(&Customer) -> f64) -> f64 {
    customers.iter().map(value).sum::<f64>() / customers.len() as f64
}

fn spent_without_gold(customer: &Customer) -> f64 {
    f64::from(customer.spending[..5].iter().sum::<u32>())
}

#[test]
fn the_bytes_are_the_same_on_every_machine() {
    let hash = Sha256::digest(customers());
    let pinned = "ab4738aaa87d9b6e708bf03707723bb9649a07a9927c7053743ee102d41f27a0";
    let bytes =
        (0..32).map(|byte| u8::from_str_radix(&pinned[2 * byte..2 * byte + 2], 16).unwrap());
    assert!(hash.iter().copied().eq(bytes), "{hash:x?}");
}

#[test]
fn there_are_2240_rows_of_29_whole_number_or_known_text_cells() {
    let known: BTreeSet<&str> = "Basic,2n Cycle,Graduation,Master,PhD,Single,Divorced,Widow,Together,Married,Alone,Absurd,YOLO"
        .split(',')
        .collect();
    let text = customers();
    assert!(text.is_ascii() && !text.contains('@') && text.ends_with('\n'));
    let rows = rows(&text);
    assert_eq!(rows.len(), 2240);
    for row in rows {
        assert_eq!(row.len(), 29);
        for (position, cell) in row.iter().enumerate() {
            let is_number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
            let is_missing_income = position == column("Income") && cell.is_empty();
            let is_date =
                position == column("Dt_Customer") && cell.split('-').map(str::len).eq([2, 2, 4]);
            let is_text = (2..4).contains(&position) && known.contains(cell);
            assert!(
                is_number || is_missing_income || is_date || is_text,
                "{cell}"
            );
        }
    }
}

#[test]
fn each_kind_of_dirt_has_its_count() {
    let text = customers();
    let rows = rows(&text);
    let mut marital_status: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *marital_status
            .entry(row[column("Marital_Status")])
            .or_default() += 1;
    }
    let odd = ["Alone", "Absurd", "YOLO"].map(|answer| marital_status[answer]);
    assert_eq!(odd, [3, 2, 2]);

    let incomes: Vec<Option<u32>> = rows
        .iter()
        .map(|row| row[column("Income")].parse().ok())
        .collect();
    assert_eq!(incomes.iter().filter(|income| income.is_none()).count(), 24);
    assert_eq!(
        incomes
            .iter()
            .filter(|income| **income > Some(113_734))
            .count(),
        8
    );
    assert_eq!(
        incomes
            .iter()
            .filter(|income| **income == Some(666_666))
            .count(),
        1
    );

    let mut birth_years: Vec<u32> = rows
        .iter()
        .map(|row| row[column("Year_Birth")].parse().unwrap())
        .collect();
    birth_years.sort_unstable();
    assert_eq!(birth_years[..3], [1893, 1899, 1900]);
    assert!((1940..=1996).contains(&birth_years[3]) && birth_years[2239] <= 1996);

    assert!(
        rows.iter()
            .all(|row| row[column("Z_CostContact")] == "3" && row[column("Z_Revenue")] == "11")
    );
    let ids: BTreeSet<u32> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    assert_eq!(
        (ids.len(), *ids.last().unwrap() <= HIGHEST_ID),
        (2240, true)
    );
    let without_ids: BTreeSet<&[&str]> = rows.iter().map(|row| &row[1..]).collect();
    assert_eq!(2240 - without_ids.len(), 182);
}

#[test]
fn the_rows_are_mixed() {
    let kinds: Vec<usize> = generated().iter().map(|sample| sample.kind).collect();
    let neighbors_alike = kinds.windows(2).filter(|pair| pair[0] == pair[1]).count();
    // A quarter is what chance gives for the five sizes.
    assert!((450..650).contains(&neighbors_alike), "{neighbors_alike}");
}

#[test]
fn each_kind_has_its_size_and_the_means_it_was_modeled_on() {
    // Customers, income, age in 2020, spent without gold, on wine, share that responded.
    let public_data = [
        (778, 32_903.0, 42.8, 100.0, 50.0, 0.116),
        (539, 47_311.0, 61.4, 272.0, 192.0, 0.072),
        (197, 59_646.0, 53.1, 767.0, 490.0, 0.157),
        (395, 72_585.0, 53.6, 1206.0, 708.0, 0.253),
        (296, 75_361.0, 49.5, 1316.0, 529.0, 0.247),
    ];
    for (customers, wanted) in kept().iter().zip(public_data) {
        let (size, income, age, spent, wine, responded) = wanted;
        let near = |found: f64, wanted: f64, tolerance: f64| {
            assert!(
                (found - wanted).abs() <= tolerance,
                "{found} is not near {wanted}, kind of {size}"
            );
        };
        assert_eq!(customers.len(), size);
        near(
            mean(customers, |one| f64::from(one.income.unwrap())),
            income,
            0.04 * income,
        );
        near(
            mean(customers, |one| f64::from(2020 - one.birth_year)),
            age,
            1.5,
        );
        near(mean(customers, spent_without_gold), spent, 0.06 * spent);
        near(
            mean(customers, |one| f64::from(one.spending[0])),
            wine,
            0.06 * wine,
        );
        near(
            mean(customers, |one| f64::from(u8::from(one.responded))),
            responded,
            0.05,
        );
    }
}

#[test]
fn the_kinds_tell_the_same_story_as_the_public_data() {
    let kept = kept();
    let [budget, mature, gold, premium, elite] = kept.as_slice() else {
        panic!("five kinds")
    };
    let spent_on = |customers: &[Customer], product: usize| {
        mean(customers, |one| f64::from(one.spending[product]))
    };
    let age = |customers: &[Customer]| mean(customers, |one| f64::from(2020 - one.birth_year));
    assert!(
        spent_on(elite, 0) < 0.8 * spent_on(premium, 0),
        "the elite buys less wine than the premium kind"
    );
    assert!(
        spent_on(elite, 2) > 1.15 * spent_on(premium, 2),
        "and more meat"
    );
    for other in [budget, mature, premium, elite] {
        assert!(
            spent_on(gold, 5) > 1.3 * spent_on(other, 5),
            "gold is the third kind's"
        );
        assert!(
            mean(gold, |one| f64::from(one.purchases[1]))
                > mean(other, |one| f64::from(one.purchases[1])),
            "and so is the web"
        );
    }
    for other in [budget, gold, premium, elite] {
        assert!(age(mature) > age(other) + 5.0, "the mature are the oldest");
    }
    assert!(
        mean(budget, |one| f64::from(one.kids)) > 0.7,
        "kids live with budget families"
    );
}

#[test]
fn columns_of_one_customer_hang_together() {
    let everybody = kept().concat();
    let correlation = |left: fn(&Customer) -> f64, right: fn(&Customer) -> f64| {
        let (left_mean, right_mean) = (mean(&everybody, left), mean(&everybody, right));
        let product = mean(&everybody, |one| {
            (left(one) - left_mean) * (right(one) - right_mean)
        });
        let left_variance = mean(&everybody, |one| {
            (left(one) - left_mean) * (left(one) - left_mean)
        });
        let right_variance = mean(&everybody, |one| {
            (right(one) - right_mean) * (right(one) - right_mean)
        });
        product / (left_variance * right_variance).sqrt()
    };
    let income = |one: &Customer| f64::from(one.income.unwrap_or_default());
    let children = |one: &Customer| f64::from(one.kids + one.teens);
    let responded = |one: &Customer| f64::from(u8::from(one.responded));
    let accepted = |one: &Customer| one.accepted.iter().filter(|yes| **yes).count() as f64;
    assert!(correlation(income, spent_without_gold) > 0.75);
    assert!(correlation(income, |one| f64::from(one.web_visits)) < -0.55);
    assert!(correlation(children, |one| f64::from(one.purchases[0])) > 0.3);
    assert!(correlation(accepted, responded) > 0.35);
    assert!(correlation(|one| f64::from(one.recency), responded) < -0.15);
}

#[test]
fn enrollments_use_the_whole_of_the_two_years() {
    let days: BTreeSet<u32> = generated()
        .iter()
        .map(|sample| sample.customer.enrolled)
        .collect();
    assert_eq!((days.first(), days.last()), (Some(&0), Some(&699)));
}
