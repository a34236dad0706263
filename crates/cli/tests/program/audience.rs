//! `tribus audience` and `tribus evaluate-campaign`: lists to send, and what came of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::workplace::{Workplace, customers, shared};

/// The customers with consent: every fourth refused, every tenth says nothing.
fn with_consent(rows: usize) -> String {
    let mut text = String::new();
    for (at, line) in customers(rows).lines().enumerate() {
        let consent = match at {
            0 => "email_opt_in,phone",
            _ if at % 4 == 0 => "no,+49 170 1234567",
            _ if at % 10 == 0 => ",0170 1234567",
            _ if at % 7 == 0 => "yes,=1+1",
            _ => "yes,0171 1234567",
        };
        writeln!(text, "{line},{consent}").unwrap();
    }
    text
}

fn segmented() -> Workplace {
    let place = Workplace::new();
    place.write("customers.csv", &with_consent(240));
    let segment = [
        "segment",
        "customers.csv",
        "--k",
        "3",
        "--quick",
        "--on",
        "spend",
        "--on",
        "visits",
    ];
    place.run(&segment).succeeds();
    place
}

fn audience(place: &Workplace, arguments: &[&str]) -> super::workplace::Ran {
    place.run(
        &[
            &["audience", "customers-segments", "customers.csv"],
            arguments,
        ]
        .concat(),
    )
}

/// Column `at` of a file without quotes.
fn column(text: &str, at: usize) -> Vec<String> {
    let lines = text.lines().skip(1);
    lines
        .map(|line| line.split(',').nth(at).unwrap().to_owned())
        .collect()
}

#[test]
fn a_list_holds_who_agreed_and_its_account_adds_up() {
    let place = segmented();
    let ran = audience(&place, &["--segment", "1", "-o", "list.csv", "--json"]).succeeds();
    let object = ran.json();
    let number = |key: &str| object[key].as_u64().unwrap();
    assert_eq!(object["segments"][0]["customers"], 80);
    let left_out = object["left_out"]["without_consent"].as_u64().unwrap();
    assert_eq!(number("written") + left_out, 80);
    assert!(left_out > 15);
    assert_eq!(object["consent"]["columns"][0]["column"], "email_opt_in");
    assert_eq!(object["output"], "list.csv");
    let list = place.read("list.csv");
    assert!(
        list.starts_with("id,segment,segment_name,email,phone\n"),
        "{list}"
    );
    assert_eq!(list.lines().count() as u64, 1 + number("written"));
    assert!(list.contains(",'=1+1\n"), "formulas are guarded");
    assert!(!ran.err().contains('@') && !ran.out().contains("@example"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(place.path("list.csv"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "for its owner alone");
    }
}

#[test]
fn everything_of_the_program_is_told_for_people() {
    let place = segmented();
    let ran = audience(
        &place,
        &["--segment", "2", "--limit", "5", "--where", "spend > 0"],
    )
    .succeeds();
    assert_eq!(ran.out().lines().count(), 6);
    for words in [
        "customers in ",
        "left out: did not agree",
        "beyond --limit",
        "5 written, the most typical first",
        "`email_opt_in` tells of consent",
    ] {
        assert!(ran.err().contains(words), "{words}: {}", ran.err());
    }
}

#[test]
fn the_holdout_is_written_beside_and_the_same_every_time() {
    let place = segmented();
    let all = [
        "--segment",
        "1",
        "--segment",
        "2",
        "--segment",
        "3",
        "--no-consent-check",
    ];
    let ask = |output: &str| {
        audience(
            &place,
            &[&all[..], &["--holdout", "10%", "-o", output]].concat(),
        )
        .succeeds();
    };
    ask("list.csv");
    ask("again.csv");
    assert_eq!(
        place.bytes("list.holdout.csv"),
        place.bytes("again.holdout.csv")
    );
    assert_eq!(place.bytes("list.csv"), place.bytes("again.csv"));
    let listed: BTreeSet<String> = column(&place.read("list.csv"), 0).into_iter().collect();
    let holdout = place.read("list.holdout.csv");
    assert!(
        holdout.starts_with("id,segment,segment_name,holdout\n"),
        "{holdout}"
    );
    let held_out: BTreeSet<String> = column(&holdout, 0).into_iter().collect();
    assert!(listed.is_disjoint(&held_out));
    assert_eq!(listed.len() + held_out.len(), 240);
    assert!((10..=40).contains(&held_out.len()), "{}", held_out.len());
    // Afterwards nobody takes it for that of a list without one.
    let ran = audience(&place, &[&all[..], &["-o", "list.csv"]].concat()).succeeds();
    assert!(ran.err().contains("earlier list"), "{}", ran.err());
    let parquet = [&all[..], &["--holdout", "0.5", "-o", "list.parquet"]].concat();
    audience(&place, &parquet).succeeds();
    assert!(place.names().contains(&"list.holdout.parquet".to_owned()));
}

/// The file with an outcome: one in two bought, of those who were held out one in eight.
fn bought_after(customers: &str, held_out: &BTreeSet<String>) -> String {
    let mut after = String::new();
    for (at, line) in customers.lines().enumerate() {
        let id = line.split(',').next().unwrap();
        let bought = match at {
            0 => "bought".to_owned(),
            _ => u8::from(at % if held_out.contains(id) { 8 } else { 2 } == 0).to_string(),
        };
        writeln!(after, "{line},{bought}").unwrap();
    }
    after
}

#[test]
fn what_was_left_alone_becomes_the_control_group() {
    let place = segmented();
    let all = ["--segment", "1", "--segment", "2", "--segment", "3"];
    audience(
        &place,
        &[&all[..], &["--holdout", "25%", "-o", "list.csv"]].concat(),
    )
    .succeeds();
    let held_out: BTreeSet<String> = column(&place.read("list.holdout.csv"), 0)
        .into_iter()
        .collect();
    let after = bought_after(&place.read("customers.csv"), &held_out);
    place.write("after.csv", &after);
    let command = [
        "evaluate-campaign",
        "customers-segments",
        "after.csv",
        "--outcome",
        "bought",
    ];
    let command = [&command[..], &["--holdout", "list.holdout.csv"]].concat();
    let said = place.run(&command).succeeds();
    assert!(
        said.out().contains("Contacting raised bought"),
        "{}",
        said.out()
    );
    let object = place
        .run(&[&command[..], &["--json"]].concat())
        .succeeds()
        .json();
    let uplift = &object["campaign"]["uplift"][0];
    assert_eq!(uplift["control_customers"], held_out.len());
    let listed = place.read("list.csv").lines().count() - 1;
    assert_eq!(uplift["treated_customers"], listed);
    assert_eq!(object["list"], "list.csv");
    place
        .run(&[&command[..4], &["nothing", "--holdout", "list.holdout.csv"]].concat())
        .fails(2, &["nothing"]);
    place.write("other.csv", "id,segment\nX1,1\n");
    let other = [&command[..6], &["other.csv"]].concat();
    let other: Vec<&str> = other
        .into_iter()
        .filter(|word| *word != "list.holdout.csv")
        .collect();
    place.run(&other).fails(3, &["no customer of the holdout"]);
}

#[test]
fn platforms_get_exact_headers_and_no_guard() {
    let place = segmented();
    for (platform, headers) in [
        ("google", "Email,Phone,First Name,Last Name,Country,Zip\n"),
        ("meta", "email,phone,madid,uid,fn,ln,ct,st,country\n"),
    ] {
        let ran = audience(&place, &["--segment", "1", "--for", platform]).succeeds();
        let out = ran.out();
        assert!(out.starts_with(headers), "{out}");
        assert!(!out.contains('@') && !out.contains('\''), "{out}");
        let is_warned = ran.err().contains("at least 100 customers");
        assert_eq!(is_warned, platform == "meta", "{}", ran.err());
        assert_eq!(column(&out, 0)[0].len(), 64);
    }
}

#[test]
fn an_audience_refuses_what_it_cannot_do() {
    let place = segmented();
    for (code, arguments, words) in [
        (2, &["--segment", "7"][..], "the segments are 1 "),
        (2, &["--segment", "1", "--columns", "emial"], "email"),
        (2, &["--segment", "1", "--holdout", "10%"], "-o list.csv"),
        (2, &["--segment", "1", "--holdout", "0"], "10% or 0.1"),
        (2, &["--segment", "1", "--where", "spend >"], "--where"),
        (2, &["--segment", "1", "--where", "spned > 1"], "spend"),
        (
            2,
            &["--segment", "1", "--consent", "emailoptin"],
            "email_opt_in",
        ),
        (
            2,
            &["--segment", "1", "--consent", "city"],
            "neither yes nor no",
        ),
        (2, &["--segment", "1", "--country", "Atlantis"], "DE"),
        (
            2,
            &["--segment", "1", "-o", "customers.csv"],
            "input itself",
        ),
        (
            2,
            &["--segment", "1", "-o", "customers-segments/list.csv"],
            "tribus wrote",
        ),
        (2, &[], "--segment"),
    ] {
        audience(&place, arguments).fails(code, &[words]);
    }
    assert!(!place.names().iter().any(|name| name.starts_with(".tribus")));
}

#[test]
fn consent_to_another_way_to_write_is_none() {
    let place = segmented();
    place.write(
        "sms.csv",
        &with_consent(240)
            .replace("email_opt_in", "sms_opt_in")
            .replace(",phone", ",note"),
    );
    place
        .run(&[
            "audience",
            "customers-segments",
            "sms.csv",
            "--segment",
            "1",
            "--columns",
            "email",
        ])
        .fails(2, &["sms_opt_in", "--consent COLUMN"]);
}

#[test]
fn lists_of_real_customers_add_up() {
    let Some(file) = shared("data/marketing_campaign.csv") else {
        return;
    };
    let place = Workplace::new();
    place
        .run(&[
            "segment",
            &file,
            "--recipe",
            "marketing-campaign",
            "--quick",
            "-o",
            "real",
        ])
        .succeeds();
    let ask = [
        "audience",
        "real",
        &file,
        "--segment",
        "1",
        "--holdout",
        "10%",
        "-o",
        "list.csv",
        "--json",
    ];
    let object = place.run(&ask).succeeds().json();
    let written = object["written"].as_u64().unwrap();
    let held_out = object["held_out"].as_u64().unwrap();
    assert_eq!(
        written + held_out,
        object["segments"][0]["customers"].as_u64().unwrap()
    );
    let share = held_out as f64 / (written + held_out) as f64;
    assert!((0.05..0.16).contains(&share), "{share}");
}
