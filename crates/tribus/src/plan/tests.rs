use std::fmt::Write;
use std::io::Write as _;

use super::*;
use crate::inspect;
use crate::source::{Input, ReadError, ReadOptions, read};

fn table(text: &str) -> Table {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    read(
        &[Input::Path(file.path().to_path_buf())],
        &ReadOptions::default(),
    )
    .unwrap()
}

fn plan(text: &str) -> Plan {
    Plan::make(&Recipe::default(), &table(text)).unwrap()
}

/// Forty customers: `header` names the columns, `row` makes the cells of customer `i`.
fn customers(header: &str, row: impl Fn(usize) -> String) -> String {
    let mut text = format!("{header}\n");
    for i in 0..40 {
        let _ = writeln!(text, "{}", row(i));
    }
    text
}

fn decision<'p>(plan: &'p Plan, name: &str) -> &'p ColumnDecision {
    plan.columns
        .iter()
        .find(|column| column.name == name)
        .unwrap()
}

#[test]
fn outcomes_ids_and_constants_are_never_clustered_on() {
    let text = customers("customer_id,spend,visits,Response,source", |i| {
        format!("C{i:03},{}.50,{},{},web", 10 + i * i, i % 7, i % 2)
    });
    let plan = plan(&text);
    assert_eq!(plan.recipe.segment.features, ["spend", "visits"]);
    assert_eq!(plan.recipe.input.id.as_deref(), Some("customer_id"));
    assert_eq!(decision(&plan, "Response").role, Role::Outcome);
    assert_eq!(decision(&plan, "source").role, Role::Constant);
    assert_eq!(plan.recipe.segment.value_column(), Some("spend"));
}

#[test]
fn answers_that_were_not_given_leave_a_battery_on_its_scale() {
    let text = customers("customer_id,v_1,v_2,v_3,age", |i| {
        let answer = |shift: usize| match (i + shift) % 9 {
            0 => "-77".to_owned(),
            8 => "-66".to_owned(),
            other => (1 + other % 5).to_string(),
        };
        format!(
            "C{i:03},{},{},{},{}",
            answer(0),
            answer(1),
            answer(3),
            20 + i
        )
    });
    let plan = plan(&text);
    assert_eq!(
        plan.recipe.clean.replace["v_1"].len(),
        2,
        "{:?}",
        plan.notes
    );
    assert_eq!(plan.recipe.segment.features, ["age", "v_1", "v_2", "v_3"]);
}

#[test]
fn the_order_of_the_columns_changes_nothing() {
    let one = customers("id,b_spend,a_spend,age", |i| {
        format!("{i},{},{},{}", i * 13 % 17, i * i, 20 + i)
    });
    let two = customers("age,a_spend,id,b_spend", |i| {
        format!("{},{},{i},{}", 20 + i, i * i, i * 13 % 17)
    });
    assert_eq!(plan(&one).recipe.segment, plan(&two).recipe.segment);
    assert_eq!(plan(&one).recipe.derive, plan(&two).recipe.derive);
}

#[test]
fn an_exact_sum_becomes_the_value_and_is_not_clustered_on() {
    let text = customers("id,spend_a,spend_b,spend_total", |i| {
        let (a, b) = (i * 7 % 31, i * 11 % 23);
        format!("{i},{a},{b},{}", a + b)
    });
    let plan = plan(&text);
    assert_eq!(plan.recipe.segment.value_column(), Some("spend_total"));
    assert_eq!(plan.recipe.segment.features, ["spend_a", "spend_b"]);
    assert!(
        decision(&plan, "spend_total")
            .reason
            .contains("spend_a + spend_b")
    );
}

#[test]
fn a_difference_is_found_though_no_pair_of_columns_correlates() {
    let text = customers("id,spend_a,spend_b,spend_c,spend_net", |i| {
        let (a, b, c) = (100 + i * 7 % 31, i * 11 % 23, i * 5 % 19);
        format!("{i},{a},{b},{c},{}", a + c - b)
    });
    let reason = &decision(&plan(&text), "spend_net").reason.clone();
    let other = &decision(&plan(&text), "spend_a").reason.clone();
    assert!(
        reason.contains("spend_a + spend_c - spend_b") || other.contains("it is exactly"),
        "{reason}; {other}"
    );
}

#[test]
fn a_near_copy_is_left_out_by_name() {
    let text = customers("id,income,salary,age", |i| {
        format!(
            "{i},{},{}.{},{}",
            1000 + i * 37 % 101,
            2000 + 2 * (i * 37 % 101),
            i % 3,
            20 + i % 30
        )
    });
    let plan = plan(&text);
    assert_eq!(decision(&plan, "salary").fate, Fate::LeftOut);
    assert!(decision(&plan, "salary").reason.contains("income"));
}

#[test]
fn a_near_copy_is_found_though_no_row_is_complete() {
    // Each of the counts has a gap in two rows of five, together they have one in every row.
    let text = customers("id,income,salary,visits,calls,orders", |i| {
        let income = 1000 + i * 37 % 101;
        let cell = |gaps: [usize; 2], value: usize| {
            if gaps.contains(&(i % 5)) {
                String::new()
            } else {
                value.to_string()
            }
        };
        let (a, b) = (cell([0, 1], i * 7 % 23), cell([2, 3], i * 11 % 19));
        let c = cell([4, 0], i * 5 % 17);
        format!("{i},{income},{},{a},{b},{c}", 2 * income + i % 2)
    });
    let plan = plan(&text);
    assert_eq!(
        plan.recipe.segment.features,
        ["calls", "income", "orders", "visits"]
    );
    assert_eq!(decision(&plan, "salary").fate, Fate::LeftOut);
}

#[test]
fn birth_years_and_dates_become_ages_and_days_at_the_latest_date() {
    let text = customers("id,Year_Birth,joined,spend", |i| {
        format!("{i},{},2014-06-{:02},{}", 1950 + i, 1 + i % 29, i * i)
    });
    let plan = plan(&text);
    assert_eq!(plan.recipe.input.as_of.unwrap().to_string(), "2014-06-29");
    assert_eq!(plan.recipe.derive["Age"], "2014 - Year_Birth");
    assert_eq!(
        plan.recipe.derive["Days_since_joined"],
        "DATE '2014-06-29' - joined"
    );
    assert_eq!(
        plan.recipe.segment.features,
        ["Age", "Days_since_joined", "spend"]
    );
}

#[test]
fn without_a_date_the_birth_year_itself_is_clustered_on() {
    let text = customers("id,Year_Birth,spend", |i| {
        format!("{i},{},{}", 1950 + i % 30, i * i)
    });
    assert_eq!(plan(&text).recipe.segment.features, ["Year_Birth", "spend"]);
}

#[test]
fn impossible_ages_and_negative_counts_are_set_aside() {
    let text = customers("id,age,num_orders", |i| {
        format!(
            "{i},{},{}",
            if i == 3 { 150 } else { 20 + i },
            if i == 5 { -1 } else { (i % 9) as i64 }
        )
    });
    let rules: Vec<String> = plan(&text)
        .recipe
        .clean
        .drop
        .iter()
        .map(|rule| rule.condition.clone())
        .collect();
    assert_eq!(rules, ["age < 0 OR age > 110", "num_orders < 0"]);
}

#[test]
fn ids_that_repeat_without_being_purchases_are_refused() {
    let text = customers("customer_id,age", |i| format!("C{},{}", i.max(1), 20 + i));
    let error = Plan::make(&Recipe::default(), &table(&text)).unwrap_err();
    assert!(error.to_string().contains("customer_id"), "{error}");
}

#[test]
fn money_that_only_an_outcome_brings_is_an_outcome() {
    let text = customers("id,history,conversion,spend", |i| {
        format!(
            "{i},{}.{:02},{},{}",
            20 + i * 7,
            i,
            u8::from(i % 4 == 0),
            if i % 4 == 0 { i + 1 } else { 0 }
        )
    });
    let plan = plan(&text);
    assert_eq!(decision(&plan, "spend").role, Role::Outcome);
    assert_eq!(plan.recipe.segment.features, ["history"]);
}

#[test]
fn of_sixty_columns_not_all_are_clustered_on() {
    let header: Vec<String> = (0..60).map(|j| format!("x{j}")).collect();
    let mut text = format!("{}\n", header.join(","));
    for i in 0..400_u64 {
        let cells: Vec<String> = (0..60_u64)
            .map(|j| {
                (i.wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(j.wrapping_mul(1_442_695_040_888_963_407))
                    >> 33)
                    .to_string()
            })
            .map(|digits| digits.chars().take(4).collect())
            .collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    assert!(plan(&text).recipe.segment.features.len() <= 24);
}

#[test]
fn the_role_a_recipe_gives_wins() {
    let text = customers("id,code,spend", |i| format!("{i},{},{}", 1 + i % 5, i * i));
    assert_eq!(plan(&text).recipe.segment.features, ["spend"]);
    let recipe = Recipe::parse("[columns]\ncode = \"count\"\n", "x").unwrap();
    let plan = Plan::make(&recipe, &table(&text)).unwrap();
    assert_eq!(plan.recipe.segment.features, ["code", "spend"]);
}

#[test]
fn an_unknown_feature_offers_the_nearest() {
    let text = customers("id,spend,visits", |i| format!("{i},{i},{i}"));
    let recipe = Recipe::parse("[segment]\nfeatures = [\"spned\"]\n", "x").unwrap();
    let error = Plan::make(&recipe, &table(&text)).unwrap_err();
    assert_eq!(error.hint().unwrap(), "did you mean `spend`?");
}

/// The inspection of the real files, to be read when it changes.
#[test]
fn inspections_of_real_files() {
    let Some(shared) = crate::shared() else {
        return;
    };
    for (name, path) in [
        ("ifood", "data/ifood_df.csv"),
        ("marketing_campaign", "data/marketing_campaign.csv"),
        ("ml_project1", "data/ml_project1_data_semicolon.csv"),
        ("dollar_income", "data/marketing_data_dollar_income.csv"),
        ("mall", "data/Mall_Customers.csv"),
        ("wholesale", "data/Wholesale customers data.csv"),
        ("hillstrom", "data/hillstrom.csv"),
        ("viajes", "data/viajes_es.xlsx"),
        ("rfm", "reference/OnlineRetail_rfm.csv"),
    ] {
        let table = Table::open(shared.join(path)).unwrap();
        let plan = Plan::make(&Recipe::default(), &table).unwrap();
        insta::assert_snapshot!(name, inspect::text(&table, &plan));
    }
}

#[test]
fn only_what_is_surely_money_makes_the_value() {
    let text = customers("member,BMI,Weight (kg),Monthly fee [€],Discount %", |i| {
        format!(
            "m{i},{}.{},{}.5,{}.99,{}",
            20 + i % 9,
            i % 7,
            60 + i % 30,
            19 + i % 5 * 10,
            i % 30
        )
    });
    let plan = plan(&text);
    assert_eq!(plan.recipe.segment.value_column(), Some("Monthly fee [€]"));
    assert_ne!(decision(&plan, "BMI").role, Role::Money);
    assert_eq!(decision(&plan, "Discount %").role, Role::Share);
}

#[test]
fn row_numbers_and_names_of_persons_are_left_out() {
    let text = customers("RowNumber,customer_id,first_name,latitude,spend", |i| {
        format!(
            "{},{},name{},{}.{i},{}.5",
            i + 1,
            5000 + i * 3,
            i % 8,
            40 + i % 9,
            i * i
        )
    });
    let plan = plan(&text);
    assert_eq!(plan.recipe.segment.features, ["spend"]);
    assert_eq!(plan.recipe.input.id.as_deref(), Some("customer_id"));
    assert_eq!(decision(&plan, "first_name").fate, Fate::LeftOut);
}

#[test]
fn a_date_of_birth_becomes_an_age() {
    let text = customers("id,Date of Birth,last_order,spend", |i| {
        format!(
            "{i},{}-03-{:02},2024-05-{:02},{}.5",
            1950 + i,
            1 + i % 28,
            1 + i % 30,
            i * i
        )
    });
    let plan = plan(&text);
    assert_eq!(plan.recipe.input.as_of.unwrap().to_string(), "2024-05-30");
    assert_eq!(
        plan.recipe.segment.features,
        ["Age", "Days_since_last_order", "spend"]
    );
}

#[test]
fn a_value_that_is_no_number_is_refused() {
    let text = customers("id,country,spend", |i| format!("{i},land{},{i}", i % 3));
    let recipe = Recipe::parse("[segment]\nvalue = \"country\"\n", "x").unwrap();
    let Err(error) = Plan::make(&recipe, &table(&text)) else {
        panic!("text was taken for the value");
    };
    assert!(
        matches!(&error, PlanError::Read(ReadError::Misfit { column, .. }) if column == "country"),
        "{error:?}"
    );
    let text = error.to_string();
    assert!(
        text.contains("`country`") && text.contains("not a number"),
        "{text}"
    );
}

#[test]
fn derived_columns_that_need_each_other_are_refused() {
    let text = customers("x,y", |i| format!("{i},{}", i * i % 17));
    let recipe = "[derive]\nz = \"a\"\na = \"b + x\"\nb = \"a + 1\"\n";
    let recipe = Recipe::parse(recipe, "test").unwrap();
    let error = Plan::make(&recipe, &table(&text)).unwrap_err();
    assert_eq!(error.to_string(), "derive: a, b need each other");
    assert!(error.hint().is_some());
}
