//! Lists against counts made by hand.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

use arrow_array::{Array, Int32Array, LargeStringArray, RecordBatch};

use super::*;
use crate::digest::sha256;
use crate::recipe::Recipe;
use crate::source::{Input, read};

/// A table of CSV text, contacts kept as they are.
pub(super) fn table(text: &str) -> Table {
    let options = AudienceOptions::default().read_options(ReadOptions::default());
    opened(text, &options)
}

fn opened(text: &str, options: &ReadOptions) -> Table {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    read(&[Input::Path(file.path().to_path_buf())], options).unwrap()
}

/// Customers of two kinds, row by row: odd ones spend much. Every third agreed to nothing, every fifth says nothing.
fn customers(rows: usize) -> String {
    let mut text = String::from(
        "customer_id,email,phone,first_name,last_name,country,zip,spend,visits,email_opt_in\n",
    );
    for row in 0..rows {
        let spend = if row % 2 == 0 { 100 } else { 900 } + row * 7 % 31;
        let consent = match row {
            _ if row % 5 == 0 => "",
            _ if row % 3 == 0 => "no",
            _ => "yes",
        };
        writeln!(
            text,
            "C{row:04},P.{row}@Example.com,0170 55501{row:02},Ann {row},O'Neil,DE,0{row:04},{spend},{},{consent}",
            spend / 10 + row * 3 % 7,
        )
        .unwrap();
    }
    text
}

struct Place {
    segmentation: Segmentation,
    text: String,
}

impl Place {
    fn new(rows: usize) -> Self {
        let text = customers(rows);
        let recipe = "[segment]\nfeatures = [\"spend\", \"visits\"]\nk = 2\n";
        let recipe = Recipe::parse(recipe, "test").unwrap();
        let table = opened(&text, &ReadOptions::default());
        let segmentation = Segmentation::fit(&recipe, &table).unwrap();
        Self { segmentation, text }
    }

    fn draw(&self, options: &AudienceOptions) -> Result<Audience, AudienceError> {
        self.draw_of(&self.text, options)
    }

    fn draw_of(&self, text: &str, options: &AudienceOptions) -> Result<Audience, AudienceError> {
        let read = options.read_options(self.segmentation.read_options());
        Audience::draw(&self.segmentation, &opened(text, &read), options)
    }
}

fn both() -> AudienceOptions {
    AudienceOptions {
        segments: vec!["1".to_owned(), "2".to_owned()],
        ..AudienceOptions::default()
    }
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name).unwrap();
    let text: &LargeStringArray = column.as_any().downcast_ref().unwrap();
    text.iter()
        .map(|cell| cell.unwrap_or("").to_owned())
        .collect()
}

fn ids(batch: &RecordBatch) -> BTreeSet<String> {
    texts(batch, "id").into_iter().collect()
}

fn names(batch: &RecordBatch) -> Vec<String> {
    let schema = batch.schema();
    let fields = schema.fields().iter();
    fields.map(|field| field.name().clone()).collect()
}

#[test]
fn only_those_who_agreed_are_written_with_their_contacts_as_they_stand() {
    let place = Place::new(60);
    let audience = place.draw(&both()).unwrap();
    let account = &audience.account;
    // Of 60 rows 12 say nothing, and of the others those divisible by 3 say no.
    let agreed = (0..60).filter(|row| row % 5 != 0 && row % 3 != 0).count() as u64;
    assert_eq!(account.written, agreed);
    assert_eq!(account.left_out.without_consent, 60 - agreed);
    assert_eq!(account.consent.columns[0].column, "email_opt_in");
    assert_eq!(account.consent.columns[0].unclear, 12);
    let own = [
        "id",
        "segment",
        "segment_name",
        "email",
        "phone",
        "first_name",
        "last_name",
    ];
    assert_eq!(names(&audience.list), own);
    assert_eq!(texts(&audience.list, "phone")[0], "0170 5550101");
    let one = AudienceOptions {
        segments: vec!["2".to_owned()],
        consent: ConsentCheck::None,
        columns: vec!["zip,customer_id".to_owned(), "spend".to_owned()],
        ..AudienceOptions::default()
    };
    let audience = place.draw(&one).unwrap();
    assert_eq!(audience.account.written, 30);
    assert_eq!(names(&audience.list), ["zip", "customer_id", "spend"]);
    assert!(
        texts(&audience.list, "zip")
            .iter()
            .all(|zip| zip.starts_with('0'))
    );
}

#[test]
fn the_holdout_is_the_same_in_any_order_and_never_in_the_list() {
    let place = Place::new(400);
    let options = AudienceOptions {
        holdout: Some("20%".parse().unwrap()),
        consent: ConsentCheck::None,
        ..both()
    };
    let audience = place.draw(&options).unwrap();
    let (listed, held_out) = (ids(&audience.list), ids(audience.holdout.as_ref().unwrap()));
    assert!(listed.is_disjoint(&held_out));
    assert_eq!(listed.len() + held_out.len(), 400);
    // Four standard deviations of 400 draws at a fifth are 32.
    assert!(held_out.len().abs_diff(80) < 32, "{}", held_out.len());
    let mut lines: Vec<&str> = place.text.lines().collect();
    lines[1..].reverse();
    let again = place.draw_of(&lines.join("\n"), &options).unwrap();
    assert_eq!(ids(again.holdout.as_ref().unwrap()), held_out);
    // Each segment alone holds out those of both together.
    let mut apart = BTreeSet::new();
    for segment in ["1", "2"] {
        let options = AudienceOptions {
            segments: vec![segment.to_owned()],
            ..options.clone()
        };
        apart.extend(ids(place.draw(&options).unwrap().holdout.as_ref().unwrap()));
    }
    assert_eq!(apart, held_out);
    let other = AudienceOptions {
        holdout_seed: 1,
        ..options
    };
    assert_ne!(
        ids(place.draw(&other).unwrap().holdout.as_ref().unwrap()),
        held_out
    );
}

#[test]
fn a_limit_takes_the_most_typical_and_holds_out_among_the_same() {
    let place = Place::new(300);
    let options = AudienceOptions {
        segments: vec!["1".to_owned()],
        consent: ConsentCheck::None,
        columns: vec!["id".to_owned()],
        ..AudienceOptions::default()
    };
    let read = options.read_options(place.segmentation.read_options());
    let table = opened(&place.text, &read);
    let customers = place.segmentation.assign(&table).unwrap();
    let mut nearest: Vec<(f64, String)> = (0..300)
        .filter_map(|row| {
            let placed = customers.placements[row]?;
            let id = table.cell(0, row)?;
            (placed.segment.get() == 1).then_some((placed.distance?, id))
        })
        .collect();
    nearest.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let limited = AudienceOptions {
        limit: Some(40),
        ..options.clone()
    };
    let audience = place.draw(&limited).unwrap();
    let expected: Vec<String> = nearest.iter().map(|(_, id)| id.clone()).collect();
    assert_eq!(texts(&audience.list, "id"), expected[..40]);
    assert_eq!(audience.account.left_out.beyond_limit, 110);
    let tested = AudienceOptions {
        holdout: Some("0.25".parse().unwrap()),
        ..limited
    };
    let audience = place.draw(&tested).unwrap();
    let held_out = ids(audience.holdout.as_ref().unwrap());
    assert_eq!(audience.account.written, 40);
    let taken = 40 + held_out.len();
    let mut all = ids(&audience.list);
    all.extend(held_out);
    assert_eq!(all, expected[..taken].iter().cloned().collect());
}

#[test]
fn platforms_get_their_headers_and_hashes() {
    let place = Place::new(40);
    let options = AudienceOptions {
        platform: Some(Platform::Google),
        consent: ConsentCheck::None,
        ..both()
    };
    let google = place.draw(&options).unwrap();
    let headers = [
        "Email",
        "Phone",
        "First Name",
        "Last Name",
        "Country",
        "Zip",
    ];
    assert_eq!(names(&google.list), headers);
    let first = |batch: &RecordBatch, name| texts(batch, name)[0].clone();
    let hash = |text: &str| sha256(text.as_bytes());
    assert_eq!(first(&google.list, "Email"), hash("p.0@example.com"));
    assert_eq!(first(&google.list, "Phone"), hash("+491705550100"));
    assert_eq!(first(&google.list, "First Name"), hash("ann 0"));
    assert_eq!(first(&google.list, "Last Name"), hash("o'neil"));
    assert_eq!(first(&google.list, "Country"), "DE");
    assert_eq!(first(&google.list, "Zip"), "00000");
    let meta = AudienceOptions {
        platform: Some(Platform::Meta),
        ..options
    };
    let meta = place.draw(&meta).unwrap();
    let headers = [
        "email", "phone", "madid", "uid", "fn", "ln", "ct", "st", "country", "zip",
    ];
    assert_eq!(names(&meta.list), headers);
    assert_eq!(first(&meta.list, "phone"), hash("491705550100"));
    assert_eq!(first(&meta.list, "ln"), hash("oneil"));
    assert_eq!(first(&meta.list, "country"), hash("de"));
    assert_eq!(first(&meta.list, "madid"), "");
    assert!(
        meta.account
            .notes
            .iter()
            .any(|note| note.contains("at least 100"))
    );
}

#[test]
fn conditions_see_columns_as_numbers_and_the_account_adds_up() {
    let place = Place::new(100);
    let options = AudienceOptions {
        condition: Some(Expr::parse("zip >= 50 AND country = 'DE'").unwrap()),
        holdout: Some("10%".parse().unwrap()),
        ..both()
    };
    let audience = place.draw(&options);
    // Postal codes with leading zeros are text for conditions, too: a number and a text do not compare.
    assert!(matches!(audience, Err(AudienceError::Condition { .. })));
    let options = AudienceOptions {
        condition: Some(Expr::parse("spend >= 500 AND email LIKE 'P.%'").unwrap()),
        limit: Some(10),
        ..options
    };
    let account = place.draw(&options).unwrap().account;
    assert!(account.adds_up());
    assert!(account.left_out.filtered_out > 0 && account.left_out.beyond_limit > 0);
    assert_eq!(account.written, 10);
    let unknown = AudienceOptions {
        condition: Some(Expr::parse("spnd > 1").unwrap()),
        ..options
    };
    let error = place.draw(&unknown).unwrap_err();
    assert!(error.hint().unwrap().contains("spend"), "{error}");
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    let place = Place::new(40);
    let unknown = AudienceOptions {
        segments: vec!["9".to_owned()],
        ..AudienceOptions::default()
    };
    let error = place.draw(&unknown).unwrap_err();
    assert!(
        error.hint().unwrap().starts_with("the segments are 1 "),
        "{error}"
    );
    let name = place
        .segmentation
        .name(crate::segment::SegmentNumber::at(0))
        .to_owned();
    let named = AudienceOptions {
        segments: vec![name.to_uppercase()],
        ..AudienceOptions::default()
    };
    assert_eq!(
        place.draw(&named).unwrap().account.segments[0].segment_name,
        name
    );
    let misspelt = AudienceOptions {
        segments: vec![format!("{}x", &name[..name.len() - 1])],
        ..AudienceOptions::default()
    };
    assert!(
        place
            .draw(&misspelt)
            .unwrap_err()
            .hint()
            .unwrap()
            .contains(&name)
    );
    let text = "spend,visits\n100,10\n900,90\n";
    let no_id = AudienceOptions {
        holdout: Some("10%".parse().unwrap()),
        ..both()
    };
    let error = place.draw_of(text, &no_id).unwrap_err();
    assert!(matches!(error, AudienceError::NoId { .. }), "{error}");
    let google = AudienceOptions {
        platform: Some(Platform::Google),
        ..both()
    };
    let error = place.draw_of(text, &google).unwrap_err();
    assert!(matches!(error, AudienceError::NoContact { .. }), "{error}");
}

/// The customers afterwards, those of the list having bought three times as often; and the rates of list and holdout.
fn afterwards(place: &Place, held_out: &BTreeSet<String>) -> (Table, [f64; 2]) {
    let mut text = String::from("customer_id,spend,visits,bought\n");
    let (mut sums, mut counts) = ([0.0; 2], [0.0; 2]);
    for (row, line) in place.text.lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let is_out = held_out.contains(cells[0]);
        let bought = row % if is_out { 9 } else { 3 } == 0;
        sums[usize::from(is_out)] += f64::from(bought);
        counts[usize::from(is_out)] += 1.0;
        let bought = u8::from(bought);
        writeln!(text, "{},{},{},{bought}", cells[0], cells[7], cells[8]).unwrap();
    }
    let table = opened(&text, &place.segmentation.read_options());
    (table, [sums[0] / counts[0], sums[1] / counts[1]])
}

/// Ids and segments as they are read back from a file.
fn read_back(batch: &RecordBatch) -> Table {
    let segments: &Int32Array = batch.column(1).as_any().downcast_ref().unwrap();
    let mut text = String::from("id,segment\n");
    for (id, segment) in texts(batch, "id").iter().zip(segments) {
        writeln!(text, "{id},{}", segment.unwrap()).unwrap();
    }
    opened(&text, &ReadOptions::default())
}

#[test]
fn a_trial_is_the_difference_of_means_of_list_and_holdout() {
    let place = Place::new(400);
    let options = AudienceOptions {
        holdout: Some("30%".parse().unwrap()),
        consent: ConsentCheck::None,
        ..both()
    };
    let audience = place.draw(&options).unwrap();
    let held_out = ids(audience.holdout.as_ref().unwrap());
    let (table, rates) = afterwards(&place, &held_out);
    let (list, holdout) = (
        read_back(&audience.list),
        read_back(audience.holdout.as_ref().unwrap()),
    );
    let trial = Trial {
        outcome: "bought",
        holdout: &holdout,
        list: Some(&list),
        economics: None,
    };
    let assign = AssignOptions::default();
    let (campaign, notes) = evaluate(&place.segmentation, &table, &trial, &assign).unwrap();
    let all = &campaign.uplift[0];
    assert!((all.treated - rates[0]).abs() < 1e-12);
    assert!((all.control - rates[1]).abs() < 1e-12);
    assert_eq!(all.control_customers, held_out.len() as u64);
    assert!(
        campaign.verdict.starts_with("Contacting raised bought"),
        "{}",
        campaign.verdict
    );
    assert_eq!(campaign.uplift.len(), 3);
    assert!(notes.is_empty());
    let without = Trial {
        list: None,
        ..trial
    };
    let (same, notes) = evaluate(&place.segmentation, &table, &without, &assign).unwrap();
    assert_eq!(same.uplift, campaign.uplift, "everybody agreed here");
    assert_eq!(notes.len(), 1);
}

#[test]
fn contacts_of_purchases_come_along_where_all_lines_agree() {
    let mut text = String::from("order_id,customer_id,order_date,total,email,accepts_marketing\n");
    for line in 0..300 {
        let customer = line % 60;
        let consent = if customer % 4 == 3 && line > 200 {
            "no"
        } else {
            "yes"
        };
        writeln!(
            text,
            "O{line},C{customer},2024-{:02}-{:02},{}.50,p{customer}@example.com,{consent}",
            1 + line % 12,
            1 + line % 28,
            10 + (line * 37) % 300,
        )
        .unwrap();
    }
    let lines = opened(&text, &ReadOptions::default());
    let segmentation = Segmentation::fit(&Recipe::default(), &lines).unwrap();
    let groups = segmentation.k() + segmentation.lifecycle().len();
    let options = AudienceOptions {
        segments: (1..=groups).map(|number| number.to_string()).collect(),
        ..AudienceOptions::default()
    };
    let read = options.read_options(segmentation.read_options());
    let (table, notes) = customers_of(&segmentation, opened(&text, &read), &options).unwrap();
    assert_eq!(table.rows(), 60);
    assert!(notes[0].contains("15 customers"), "{notes:?}");
    let audience = Audience::draw(&segmentation, &table, &options).unwrap();
    assert_eq!(audience.account.written, 45);
    let addresses = texts(&audience.list, "email")
        .into_iter()
        .zip(texts(&audience.list, "id"));
    for (email, id) in addresses {
        assert_eq!(email, format!("{}@example.com", id.replace('C', "p")));
    }
}
