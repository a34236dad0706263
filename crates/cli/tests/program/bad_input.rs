//! Bad input: a clear message, the right exit code, nothing written, nobody's address told.

use std::fs;

use super::workplace::Workplace;

/// The command fails, nothing is written, and no customer is quoted.
#[track_caller]
fn refused(place: &Workplace, arguments: &[&str], code: i32, words: &[&str]) {
    let before = place.names();
    let ran = place.run(arguments).fails(code, words);
    assert_eq!(place.names(), before, "{arguments:?} wrote something");
    assert!(!ran.err().contains('@'), "{}", ran.err());
    assert!(!ran.err().contains("bug"), "{}", ran.err());
    let json = [arguments, &["--json"]].concat();
    place.run(&json).fails(code, words);
}

#[test]
fn a_missing_file_is_named() {
    let place = Workplace::new();
    refused(
        &place,
        &["segment", "no.csv"],
        75,
        &["no.csv", "no such file"],
    );
}

#[test]
fn a_folder_is_no_input() {
    let place = Workplace::new();
    fs::create_dir(place.path("folder")).unwrap();
    refused(&place, &["segment", "folder"], 3, &["folder is a folder"]);
}

#[test]
fn an_empty_file_and_a_lone_header_hold_no_customers() {
    let place = Workplace::new();
    place.write("empty.csv", "");
    place.write("header.csv", "id,age,spend\n");
    refused(
        &place,
        &["segment", "empty.csv"],
        3,
        &["empty.csv is empty"],
    );
    refused(
        &place,
        &["segment", "header.csv"],
        3,
        &["header.csv", "no rows"],
    );
}

#[test]
fn an_unknown_column_gets_the_nearest_name() {
    let place = Workplace::with_customers();
    for flags in [["--on", "spned"], ["--value", "spned"], ["--keep", "spned"]] {
        let arguments = [&["segment", "customers.csv"], &flags[..]].concat();
        refused(&place, &arguments, 2, &["spned", "`spend`"]);
    }
    refused(
        &place,
        &["segment", "customers.csv", "--id", "custmer_id"],
        2,
        &["custmer_id", "customer_id"],
    );
    refused(
        &place,
        &["segment", "customers.csv", "--on", "x*"],
        2,
        &["x*", "inspect"],
    );
}

#[test]
fn text_in_a_number_column_is_told_with_file_line_and_column() {
    let place = Workplace::new();
    place.write(
        "t.csv",
        "id,age,spend\na,20,5\nb,30 years,6\nc,40,7\nd,41,8\n",
    );
    let words = ["t.csv, line 3", "`age`", "`30 years`"];
    refused(
        &place,
        &[
            "segment", "t.csv", "--on", "age", "--on", "spend", "--k", "2",
        ],
        3,
        &words,
    );
}

#[test]
fn more_segments_than_customers_are_refused() {
    let place = Workplace::with_customers();
    refused(
        &place,
        &["segment", "customers.csv", "--k", "121"],
        3,
        &["121 segments", "120 customers", "--k 120"],
    );
}

#[test]
fn constant_columns_are_nothing_to_cluster_on() {
    let place = Workplace::new();
    place.write("c.csv", "id,a,b\nx,1,2\ny,1,2\nz,1,2\n");
    refused(
        &place,
        &["segment", "c.csv", "--on", "a", "--on", "b", "--k", "2"],
        3,
        &["a, b", "same value"],
    );
    refused(&place, &["segment", "c.csv"], 3, &["cluster on"]);
}

#[test]
fn a_folder_that_is_not_ours_is_left_alone() {
    let place = Workplace::with_customers();
    fs::create_dir(place.path("mine")).unwrap();
    place.write("mine/thesis.txt", "years of work");
    refused(
        &place,
        &["segment", "customers.csv", "-o", "mine"],
        2,
        &["mine", "--force"],
    );
    refused(&place, &["name", "mine", "1", "x"], 2, &["mine"]);
    refused(&place, &["report", "mine"], 2, &["mine"]);
    refused(
        &place,
        &["assign", "mine", "customers.csv", "-o", "a.csv"],
        2,
        &["mine"],
    );
    assert_eq!(place.read("mine/thesis.txt"), "years of work");
    refused(&place, &["report", "nowhere"], 75, &["nowhere"]);
}

#[test]
fn an_edited_folder_is_replaced_only_by_force() {
    let place = Workplace::segmented();
    let edited = place.read("customers-segments/customers.csv") + "my notes\n";
    place.write("customers-segments/customers.csv", &edited);
    refused(
        &place,
        &["segment", "customers.csv"],
        2,
        &["customers-segments", "--force"],
    );
    place
        .run(&["segment", "customers.csv", "--force"])
        .succeeds();
    assert!(
        !place
            .read("customers-segments/customers.csv")
            .contains("my notes")
    );
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_a_failed_write() {
    use std::os::unix::fs::PermissionsExt;

    let place = Workplace::with_customers();
    fs::create_dir(place.path("locked")).unwrap();
    fs::set_permissions(place.path("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    // Nothing is locked for root, but /proc is.
    let root = fs::write(place.path("locked/probe"), "").is_ok();
    let folder = if root { "/proc/tribus" } else { "locked/out" };
    refused(
        &place,
        &["segment", "customers.csv", "-o", folder],
        1,
        &["error:"],
    );
    fs::set_permissions(place.path("locked"), fs::Permissions::from_mode(0o755)).unwrap();
    place.write("file", "");
    refused(
        &place,
        &["segment", "customers.csv", "-o", "file/out"],
        2,
        &["file"],
    );
}

#[test]
fn a_model_cut_short_or_edited_is_refused() {
    let place = Workplace::segmented();
    let model = place.read("customers-segments/segmentation.json");
    place.write("short.json", &model[..model.len() / 2]);
    place.write("edited.json", &model.replacen("age", "ega", 1));
    place.write("other.json", "{\"format\": 1}");
    let assign = |model: &str, code: i32, words: &[&str]| {
        let arguments = ["assign", model, "customers.csv", "-o", "a.csv"];
        refused(&place, &arguments, code, words);
    };
    assign("short.json", 3, &["short.json", "cut short"]);
    assign("edited.json", 3, &["edited.json", "checksum"]);
    assign("other.json", 3, &["other.json", "no segmentation"]);
    // The job that writes it may not have run.
    assign("missing.json", 75, &["missing.json"]);
}

#[test]
fn new_rows_without_a_column_are_wrong_input() {
    let place = Workplace::segmented();
    place.write("new.csv", "customer_id,age,income,visits\nX1,30,20000,4\n");
    refused(
        &place,
        &["assign", "customers-segments", "new.csv", "-o", "a.csv"],
        3,
        &["new.csv", "`spend`"],
    );
}

#[test]
fn recipes_and_expressions_are_the_users_to_correct() {
    let place = Workplace::with_customers();
    place.write("typo.toml", "[segment]\nfeatuers = [\"age\"]\n");
    place.write(
        "expression.toml",
        "[derive]\nx = \"age +\"\n[segment]\nfeatures = [\"x\"]\n",
    );
    let recipe = |name: &str, words: &[&str]| {
        let arguments = ["segment", "customers.csv", "--recipe", name];
        refused(&place, &arguments, 2, words);
    };
    recipe("typo.toml", &["typo.toml, line 2", "`features`"]);
    recipe("expression.toml", &["derive.x"]);
    recipe("ifod", &["`ifood`"]);
    recipe("missing.toml", &["missing.toml"]);
}

#[test]
fn flags_that_cannot_be_are_refused_before_anything_is_read() {
    let place = Workplace::with_customers();
    let flag = |flag: &str, value: &str, word: &str| {
        refused(&place, &["segment", "no.csv", flag, value], 2, &[word]);
    };
    flag("--k", "many", "many");
    flag("--k", "5-2", "2-5");
    flag("--as-of", "yesterday", "2014-06-29");
    flag("--threads", "0", "threads");
    flag("--scale", "big", "standard, robust, minmax, none");
    flag("--delimiter", ";;", "one ASCII character");
    refused(&place, &["segment", "-", "-"], 2, &["only once"]);
    refused(&place, &["frobnicate"], 2, &["frobnicate"]);
    let onto_itself = ["prepare", "customers.csv", "-o", "customers.csv"];
    refused(&place, &onto_itself, 2, &["input itself"]);
}

#[test]
fn strict_refuses_missing_cells() {
    let place = Workplace::with_customers();
    refused(
        &place,
        &["segment", "customers.csv", "--strict"],
        3,
        &["`income`", "missing value", "line 7"],
    );
}

#[test]
fn names_must_be_of_a_segment_and_unlike_the_others() {
    let place = Workplace::segmented();
    refused(
        &place,
        &["name", "customers-segments", "99", "Top"],
        2,
        &["no segment 99"],
    );
    refused(
        &place,
        &["name", "customers-segments", "0", "Top"],
        2,
        &["0"],
    );
    refused(
        &place,
        &["name", "customers-segments", "1", " "],
        2,
        &["1 to 100"],
    );
    place
        .run(&["name", "customers-segments", "1", "Top"])
        .succeeds();
    for again in ["Top", " tOP "] {
        refused(
            &place,
            &["name", "customers-segments", "2", again],
            2,
            &["another segment has this name"],
        );
    }
    // Its own name is no other's.
    place
        .run(&["name", "customers-segments", "1", "TOP"])
        .succeeds();
    refused(
        &place,
        &["name", "customers.csv", "1", "Top"],
        2,
        &["customers.csv is a file"],
    );
}

#[test]
fn purchases_that_cannot_be_rolled_up_are_refused_with_the_way_out() {
    let place = Workplace::new();
    let rows = |ending: &str| -> String {
        (0..60)
            .map(|row| format!("o{row},c{},2024-01-{:02},{ending}\n", row % 9, row % 28 + 1))
            .collect()
    };
    let header = "order_id,customer_id,order_date,amount";
    let orders = format!(
        "{header},currency\n{}{}",
        rows("3.50,EUR"),
        "o99,c1,2024-01-05,4.50,USD\n"
    );
    place.write("two.csv", &orders);
    refused(
        &place,
        &["segment", "two.csv"],
        3,
        &["several currencies", "EUR, USD", "purchases.drop"],
    );
    let text = format!("order_id,shop,order_date,amount\n{}", rows("3.50"));
    place.write("nobody.csv", &text);
    refused(
        &place,
        &["segment", "nobody.csv"],
        3,
        &["no column names the buyer", "customer ="],
    );
    place.write("orders.csv", &format!("{header}\n{}", rows("3.50")));
    place.write("wrong.toml", "[purchases]\ncustomer = \"customr_id\"\n");
    let wrong = [
        "rollup",
        "orders.csv",
        "--recipe",
        "wrong.toml",
        "-o",
        "out.csv",
    ];
    refused(
        &place,
        &wrong,
        2,
        &["`customr_id`", "did you mean `customer_id`?"],
    );
    place.write("customers.csv", "customer_id,visits,spent\na,1,2\nb,2,3\n");
    refused(
        &place,
        &["rollup", "customers.csv", "-o", "out.csv"],
        2,
        &["one row per customer already"],
    );
}

#[test]
fn nothing_of_other_people_is_written_over() {
    let place = Workplace::with_customers();
    let raw = place.read("customers.csv");
    fs::create_dir(place.path("data")).unwrap();
    fs::rename(
        place.path("customers.csv"),
        place.path("data/customers.csv"),
    )
    .unwrap();
    let into_its_folder = [
        "segment",
        "data/customers.csv",
        "-o",
        "data",
        "--force",
        "--quick",
    ];
    refused(
        &place,
        &into_its_folder,
        2,
        &["customers.csv", "would replace"],
    );
    assert_eq!(place.read("data/customers.csv"), raw);

    place.write("my.toml", "[segment]\nk = 3\n");
    let over_recipe = [
        "prepare",
        "data/customers.csv",
        "--recipe",
        "my.toml",
        "-o",
        "my.toml",
    ];
    refused(&place, &over_recipe, 2, &["my.toml is the recipe itself"]);
    assert_eq!(place.read("my.toml"), "[segment]\nk = 3\n");
}

#[test]
fn a_table_is_not_written_over_a_model() {
    let place = Workplace::segmented();
    let folder = place
        .names()
        .into_iter()
        .find(|name| place.path(name).join("segmentation.json").is_file())
        .unwrap();
    let model = format!("{folder}/segmentation.json");
    let before = place.bytes(&model);
    for arguments in [
        ["prepare", "customers.csv", "-o", &model].as_slice(),
        ["assign", &folder, "customers.csv", "-o", &model].as_slice(),
    ] {
        refused(
            &place,
            arguments,
            2,
            &["stands in a folder that tribus wrote"],
        );
    }
    assert_eq!(place.bytes(&model), before);
}
