//! Recipes and playbooks: they print as text that reads back equal, and a plan is made or refused.
#![no_main]

use std::cell::OnceCell;

use tribus::recipe::{Playbook, Recipe};
use tribus::segmentation::prepare;
use tribus::source::ReadOptions;
use tribus::table::Table;

thread_local! {
    static TABLE: OnceCell<Table> = const { OnceCell::new() };
}

fn check(text: &str) {
    let _ = Playbook::parse(text, "fuzz");
    let recipe = match Recipe::parse(text, "fuzz") {
        Ok(recipe) => recipe,
        Err(error) => {
            let _ = (error.to_string(), error.hint());
            return;
        }
    };
    let printed = recipe.to_toml();
    match Recipe::parse(&printed, "printed") {
        Ok(again) => assert!(again == recipe, "reads back as another recipe: {printed}"),
        Err(error) => panic!("does not read back: {error}\n{printed}"),
    }
    let _ = recipe.read_options();
    TABLE.with(|table| {
        let table = table.get_or_init(|| tribus_fuzz::customers(40, &ReadOptions::default()));
        if let Ok(resolved) = recipe.resolve(table) {
            let _ = prepare(&resolved, table).map_err(|error| (error.to_string(), error.hint()));
        }
    });
}

libfuzzer_sys::fuzz_target!(
    init: tribus_fuzz::begin(&[]),
    |bytes: &[u8]| {
        if let Ok(text) = str::from_utf8(bytes) {
            tribus_fuzz::must_not_panic(|| check(text));
        }
    }
);
