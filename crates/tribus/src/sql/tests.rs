//! The statement's text; that engines compute the right segments from it is tested in `tests/python/test_sql.py`.

use super::*;
use crate::demo;
use crate::recipe::Recipe;
use crate::table::Table;

fn sample(recipe: &str) -> Segmentation {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.tsv");
    std::fs::write(&path, demo::customers()).unwrap();
    let recipe = Recipe::parse(recipe, "the test's recipe").unwrap();
    let table = Table::open(&path).unwrap();
    Segmentation::fit(&recipe, &table).unwrap()
}

#[test]
fn every_dialect_has_all_steps_and_the_stored_rules() {
    let segmentation = sample("[segment]\nevidence = \"quick\"\n");
    for dialect in Dialect::ALL {
        let options = SqlOptions {
            dialect,
            ..SqlOptions::default()
        };
        let sql = statement(&segmentation, &options).unwrap();
        for step in [
            "typed",
            "replaced",
            "cleaned",
            "derived",
            "features",
            "scaled",
            "distances",
            "assigned",
        ] {
            assert!(sql.contains(&format!("\n{step} AS")), "{dialect}: {step}");
        }
        for name in segmentation.names() {
            assert!(sql.contains(&dialect.text(name)), "{dialect}: {name}");
        }
        let fenced = matches!(dialect, Dialect::Postgres | Dialect::Sqlite);
        assert_eq!(sql.contains(" AS MATERIALIZED ("), fenced, "{dialect}");
    }
}
