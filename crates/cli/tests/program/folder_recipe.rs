//! The recipe in a folder of results: it reads the same file again, into the same segments.

use super::workplace::{Workplace, customers, shared};

/// Lines above the header, semicolons, decimal commas, a note below.
fn awkward() -> String {
    let rows = customers(120).replace(',', ";");
    let rows: String = rows
        .lines()
        .map(|line| line.replace("@example.com;", "@example.com;1,5;") + "\n")
        .collect();
    let rows = rows.replacen("email;", "email;ratio;", 1);
    format!("Export of customers\n\n{rows}as of today; all shops\n")
}

#[test]
fn the_recipe_of_a_folder_gives_the_same_segments_however_the_file_is_written() {
    let place = Workplace::new();
    place.write("customers.csv", &awkward());
    let reading = ["--skip-rows", "2", "--skip-footer", "1", "--decimal", ","];
    let segment = ["segment", "customers.csv", "-o", "first", "--quick"];
    place.run(&[&segment[..], &reading].concat()).succeeds();
    let recipe = place.read("first/recipe.toml");
    for line in [
        "# Read from customers.csv: CSV; delimiter: ;",
        "skip_rows = 2",
        "skip_footer = 1",
        "decimal = \",\"",
        "delimiter = \";\"",
        "spend = \"money\"  # clustered on: ",
        "evidence = \"quick\"",
    ] {
        assert!(recipe.contains(line), "no {line} in\n{recipe}");
    }
    let again = ["segment", "customers.csv", "--recipe", "first/recipe.toml"];
    place
        .run(&[&again[..], &["-o", "again"]].concat())
        .succeeds();
    assert_eq!(
        place.read("again/customers.csv"),
        place.read("first/customers.csv")
    );
    // It is one of our files: it may not be edited unnoticed, and stays what it is when the folder is written again.
    assert!(place.read("first/.tribus").contains("  recipe.toml\n"));
    place.run(&["rename", "first", "1", "Best"]).succeeds();
    assert_eq!(place.read("first/recipe.toml"), recipe);
    place.run(&["report", "first", "--k", "5"]).succeeds();
    let switched = place.read("first/recipe.toml");
    assert!(switched.contains("k = 5"), "{switched}");
    assert!(switched.contains("skip_rows = 2") && switched.contains("# Read from customers.csv"));
}

#[test]
fn a_folder_without_a_recipe_gets_one_when_it_is_written_again() {
    let place = Workplace::segmented();
    let recipe = place.read("customers-segments/recipe.toml");
    std::fs::remove_file(place.path("customers-segments/recipe.toml")).unwrap();
    place.run(&["report", "customers-segments"]).succeeds();
    let anew = place.read("customers-segments/recipe.toml");
    // Only how the text was written is not known any more.
    let without = |text: &str| -> Vec<String> {
        let lines = text.lines();
        let lines = lines.filter(|line| !line.contains("delimiter"));
        lines.map(ToOwned::to_owned).collect()
    };
    assert_eq!(without(&anew), without(&recipe));
}

#[test]
fn the_recipes_of_real_files_give_the_same_segments() {
    for name in [
        "data/Mall_Customers.csv",
        "data/marketing_campaign.csv",
        "data/ml_project1_data_semicolon.csv",
        "data/viajes_es.xlsx",
    ] {
        let Some(path) = shared(name) else { return };
        let place = Workplace::new();
        let segment = |more: &[&str]| {
            place
                .run(&[&["segment", &path, "-q", "--no-xlsx"], more].concat())
                .succeeds();
        };
        segment(&["--quick", "-o", "first"]);
        segment(&["--recipe", "first/recipe.toml", "-o", "again"]);
        assert!(
            place.bytes("again/customers.csv") == place.bytes("first/customers.csv"),
            "{name}"
        );
    }
}

#[test]
fn the_recipe_of_purchases_rolls_them_up_again() {
    let place = Workplace::new();
    let orders = place.run(&["demo", "--purchases", "--data"]).succeeds();
    place.write("orders.csv", &orders.out());
    let segment = ["segment", "orders.csv", "-q"];
    place
        .run(&[&segment[..], &["--quick", "-o", "first"]].concat())
        .succeeds();
    place
        .run(
            &[
                &segment[..],
                &["--recipe", "first/recipe.toml", "-o", "again"],
            ]
            .concat(),
        )
        .succeeds();
    assert_eq!(
        place.read("again/customers.csv"),
        place.read("first/customers.csv")
    );
}
