//! Segments that explain themselves: cards, single customers, small groups, the playbook.

use super::workplace::{Workplace, customers};

#[test]
fn explain_tells_every_segment_without_the_data() {
    let place = Workplace::segmented();
    let said = place
        .run(&["explain", "customers-segments"])
        .succeeds()
        .out();
    for words in [
        "customers",
        "found again in",
        "Rule: ",
        "Do: ",
        "difference (95 %)",
        "CASE",
    ] {
        assert!(said.contains(words), "no `{words}` in\n{said}");
    }
    let json = place
        .run(&["explain", "customers-segments", "--json"])
        .succeeds()
        .json();
    let segment = &json["segments"][0];
    for key in ["claims", "differentiators", "rule", "actions", "stability"] {
        assert!(!segment[key].is_null(), "{key}");
    }
    assert!(json["rules"]["fidelity"].as_f64().unwrap() > 0.9);
}

#[test]
fn explain_says_why_a_customer_is_in_a_segment() {
    let place = Workplace::segmented();
    let command = ["explain", "customers-segments", "C00002", "customers.csv"];
    let json = place
        .run(&[&command[..], &["--json"]].concat())
        .succeeds()
        .json();
    let customer = &json["customers"][0];
    assert_eq!(customer["row"], 2);
    let drivers = customer["drivers"].as_array().unwrap();
    let pulls: f64 = drivers
        .iter()
        .map(|driver| driver["pull"].as_f64().unwrap())
        .sum();
    // All features together speak for the segment the customer is in.
    assert!(pulls > 0.0);
    let assigned = place.read("customers-segments/customers.csv");
    let line = assigned.lines().nth(3).unwrap();
    assert!(line.contains("C00002") && line.contains(customer["segment_name"].as_str().unwrap()));
    let said = place.run(&command).succeeds().out();
    assert!(
        said.contains("Row 3") && said.contains("confidence"),
        "{said}"
    );
}

#[test]
fn who_cannot_be_explained_is_told_why() {
    let place = Workplace::segmented();
    place
        .run(&["explain", "customers-segments", "C00002"])
        .fails(2, &["holds no customer", "customers.csv"]);
    place
        .run(&["explain", "customers-segments", "nobody", "customers.csv"])
        .fails(2, &["no customer `nobody`", "hint"]);
    place
        .run(&["explain", "elsewhere"])
        .fails(75, &["elsewhere"]);
}

#[test]
fn a_group_that_would_tell_of_single_customers_is_described_by_its_size() {
    let place = Workplace::new();
    let mut text = customers(117);
    for id in ["X0", "X1", "X2"] {
        text.push_str(id);
        text.push_str(",x@example.com,33,900000,90,70000,Canaryville\n");
    }
    place.write("customers.csv", &text);
    let command = [
        "segment",
        "customers.csv",
        "--k",
        "4",
        "--limits",
        "none",
        "--json",
    ];
    let ran = place.run(&command).succeeds();
    let json = ran.json();
    let segments = json["segments"].as_array().unwrap();
    let small = segments
        .iter()
        .find(|segment| segment["size"] == 3)
        .unwrap();
    assert_eq!(small["name"], "Small Group");
    for key in ["value", "rule", "priority"] {
        assert!(small[key].is_null(), "{key}");
    }
    for key in ["claims", "differentiators", "actions"] {
        assert_eq!(small[key].as_array().unwrap().len(), 0, "{key}");
    }
    let means = small["means"].as_object().unwrap();
    assert!(means.values().all(serde_json::Value::is_null), "{means:?}");
    let table = place.read("customers-segments/segments.csv");
    let line = table
        .lines()
        .find(|line| line.contains("Small Group"))
        .unwrap();
    assert!(line.ends_with(",,,"), "{line}");
    for file in ["segments.csv", "report.html", "segmentation.json"] {
        let text = place.read(&format!("customers-segments/{file}"));
        assert!(!text.contains("Canaryville"), "{file}");
    }
    assert!(!ran.out().contains("Canaryville"));
}

#[test]
fn a_playbook_of_ones_own_decides_what_to_do() {
    let place = Workplace::with_customers();
    place.write(
        "mine.toml",
        "[[play]]\nname = 'call'\nsay = 'call them'\nwhen = [{ column = 'spend', measure = 'mean', at_least = 1000 }]\n\
         [[play]]\nname = 'never'\nsay = 'nothing'\nwhen = [{ column = 'spend', measure = 'mean', at_least = 1e9 }]\n",
    );
    let command = [
        "segment",
        "customers.csv",
        "--playbook",
        "mine.toml",
        "--json",
    ];
    let json = place.run(&command).succeeds().json();
    for segment in json["segments"].as_array().unwrap() {
        let actions = segment["actions"].as_array().unwrap();
        let spends = segment["means"]["spend"].as_f64().unwrap() >= 1000.0;
        assert_eq!(actions.len(), usize::from(spends));
        if spends {
            assert_eq!(actions[0]["say"], "call them");
            assert_eq!(actions[0]["reach"], segment["size"]);
        }
    }
    let idle = json["idle_plays"].as_array().unwrap();
    assert_eq!(idle[0]["play"], "never");
    assert!(idle[0]["why"].as_str().unwrap().contains("comes nearest"));
    place.write(
        "mine.toml",
        "[[play]]\nname = 'call'\nsay = 'call them'\nwhen = []\n",
    );
    place
        .run(&[
            "segment",
            "customers.csv",
            "--playbook",
            "mine.toml",
            "-o",
            "other",
        ])
        .fails(2, &["call", "no condition"]);
}
