//! The study's own files, where they are at hand.

use super::workplace::{Workplace, shared};

#[test]
fn the_ifood_file_gives_the_five_segments_of_the_study() {
    let Some(file) = shared("data/ifood_df.csv") else {
        return;
    };
    let place = Workplace::new();
    let object = place
        .run(&["segment", &file, "--recipe", "ifood", "--json"])
        .succeeds()
        .json();
    assert!(object["inertia"].as_f64().unwrap() <= 7569.26);
    let mut sizes: Vec<i64> = object["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|segment| segment["size"].as_i64().unwrap())
        .collect();
    sizes.sort_unstable();
    for (size, studied) in sizes.iter().zip([197, 296, 395, 539, 778]) {
        assert!((size - studied).abs() <= 4, "{sizes:?}");
    }
}

#[test]
fn the_raw_campaign_file_is_prepared_to_its_cleaned_sister() {
    let (Some(raw), Some(clean)) = (
        shared("data/marketing_campaign.csv"),
        shared("data/ifood_df.csv"),
    ) else {
        return;
    };
    let place = Workplace::new();
    let object = place
        .run(&[
            "prepare",
            &raw,
            "--recipe",
            "marketing-campaign",
            "-o",
            "clean.csv",
            "--json",
        ])
        .succeeds()
        .json();
    assert_eq!(object["rows"]["used"], 2205);
    let set_aside: Vec<u64> = object["rows"]["set_aside"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["rows"].as_u64().unwrap())
        .collect();
    let mut ordered = set_aside.clone();
    ordered.sort_unstable();
    assert_eq!(ordered, [3, 8, 24]);
    let ours = place.read("clean.csv");
    let theirs = std::fs::read_to_string(clean).unwrap();
    assert_eq!(ours.lines().count(), theirs.lines().count());
    for name in theirs.lines().next().unwrap().split(',') {
        let (left, right) = (column(&ours, name), column(&theirs, name));
        for (row, (left, right)) in left.iter().zip(&right).enumerate() {
            let number = |cell: &str| cell.parse::<f64>().unwrap();
            assert!(
                number(left) == number(right),
                "{name}, row {row}: {left}, {right}"
            );
        }
    }
}

fn column<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let mut lines = text.lines();
    let at = lines
        .next()
        .unwrap()
        .split(',')
        .position(|other| other == name);
    let at = at.unwrap_or_else(|| panic!("no column {name}"));
    lines.map(|line| line.split(',').nth(at).unwrap()).collect()
}

// A test for each file, so that they run side by side.

#[test]
fn the_ifood_file_as_it_is_finishes() {
    finishes_without_a_recipe("data/ifood_df.csv");
}

#[test]
fn the_campaign_file_as_it_is_finishes() {
    finishes_without_a_recipe("data/marketing_campaign.csv");
}

#[test]
fn the_campaign_file_with_semicolons_as_it_is_finishes() {
    finishes_without_a_recipe("data/ml_project1_data_semicolon.csv");
}

#[test]
fn the_campaign_file_with_dollars_as_it_is_finishes() {
    finishes_without_a_recipe("data/marketing_data_dollar_income.csv");
}

#[test]
fn the_mall_file_as_it_is_finishes() {
    finishes_without_a_recipe("data/Mall_Customers.csv");
}

#[test]
fn the_wholesale_file_as_it_is_finishes() {
    finishes_without_a_recipe("data/Wholesale customers data.csv");
}

#[test]
fn the_spanish_workbook_as_it_is_finishes() {
    finishes_without_a_recipe("data/viajes_es.xlsx");
}

#[test]
fn the_file_of_an_online_shop_as_it_is_finishes() {
    finishes_without_a_recipe("reference/OnlineRetail_rfm.csv");
}

#[track_caller]
fn finishes_without_a_recipe(name: &str) {
    let Some(file) = shared(name) else { return };
    let place = Workplace::new();
    let object = place.run(&["segment", &file, "--json"]).succeeds().json();
    assert!(object["k"].as_u64().unwrap() >= 2);
    for column in object["columns"].as_array().unwrap() {
        assert!(!column["reason"].as_str().unwrap().is_empty(), "{column}");
    }
    let folder = object["output"].as_str().unwrap();
    let assigned = place.run(&["assign", folder, &file]).succeeds();
    assert_eq!(
        assigned.out(),
        place.read(&format!("{folder}/customers.csv"))
    );
}

#[test]
fn a_file_of_purchases_is_rolled_up() {
    let Some(file) = shared("data/OnlineRetail_full.csv.gz") else {
        return;
    };
    let place = Workplace::new();
    let ran = place.run(&["segment", &file, "--quick", "--json", "-o", "out"]);
    let object = ran.succeeds().json();
    let purchases = &object["purchases"];
    assert_eq!(purchases["customers"], 4372);
    assert_eq!(purchases["money"]["used"], 8_300_065.814);
    let by_rule = purchases["lifecycle"].as_array().unwrap();
    let of_groups: u64 = by_rule
        .iter()
        .map(|group| group["customers"].as_u64().unwrap())
        .sum();
    assert_eq!(object["rows"]["used"].as_u64().unwrap() + of_groups, 4372);
    // The same purchases are assigned as they were segmented.
    let customers = place.read("out/customers.csv");
    place
        .run(&["assign", "out", &file, "-o", "again.csv"])
        .succeeds();
    assert_eq!(place.read("again.csv"), customers);
}
