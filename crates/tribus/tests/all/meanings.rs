//! The meaning of columns on made-up tables of many industries and languages: a recorded score.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use std::fmt::Write as _;
use std::io::Write as _;

use tribus::plan::Plan;
use tribus::recipe::Recipe;
use tribus::roles::{Fate, Role};
use tribus::table::Table;

use crate::random::uniform;

const ROWS: usize = 400;

/// What the cells of a column are like. Amounts and counts rise with one hidden size of the customer.
#[derive(Clone, Copy)]
enum Cells {
    /// An id with this beginning.
    Id(&'static str),
    /// Whole numbers of one length, all different.
    Number(u32),
    Name,
    Address,
    /// Whole numbers from one to another, each as likely: a code.
    Code(u64, u64),
    /// A rank of how often; the words before a bar.
    Kind(&'static str),
    Count(f64),
    Money(f64),
    Share,
    Age,
    Year(u64, u64),
    /// An answer on a scale to this number.
    Rating(u64),
    YesNo(&'static str, &'static str, f64),
    /// Days before 2024-07-01, as `2024-06-30`, `20240630`, `30.06.2024`, days of a spreadsheet, seconds.
    Iso,
    Compact,
    Dotted,
    Serial,
    Seconds,
    Months(f64),
}

/// What is right about a column.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    /// Clustered on.
    In,
    /// Never clustered on, neither as it is nor by what is made from it.
    Out,
    /// Either.
    Free,
}

use Cells::{
    Address, Age, Code, Compact, Count, Dotted, Id, Iso, Kind, Money, Months, Name, Number, Rating,
    Seconds, Serial, Share, Year, YesNo,
};
use Use::{Free, In, Out};

struct Made {
    name: &'static str,
    value: Option<&'static str>,
    columns: &'static [(&'static str, Cells, Role, Use)],
}

const TABLES: &[Made] = &[
    Made {
        name: "hotel, English",
        value: Some("Total Revenue"),
        columns: &[
            ("Guest ID", Id("G-"), Role::Id, Out),
            ("Email Address", Address, Role::Text, Out),
            ("Room No", Code(101, 160), Role::Category, Out),
            ("Nights", Count(6.0), Role::Count, In),
            ("Total Revenue", Money(900.0), Role::Money, In),
            ("Last Stay", Iso, Role::Date, Free),
            ("Cancelled", YesNo("Yes", "No", 0.2), Role::Outcome, Out),
            ("Updated At", Iso, Role::Date, Out),
        ],
    },
    Made {
        name: "insurance, English",
        value: Some("annual_premium"),
        columns: &[
            ("policy_id", Number(8), Role::Id, Out),
            ("annual_premium", Money(600.0), Role::Money, In),
            ("total_claim_amount", Money(300.0), Role::Money, Free),
            ("months_since_last_claim", Months(24.0), Role::Days, Free),
            ("policy_sales_channel", Code(1, 150), Role::Category, Out),
            ("claims", Count(1.0), Role::Count, In),
            ("age", Age, Role::Age, Free),
        ],
    },
    Made {
        name: "shop, German",
        value: Some("Umsatz gesamt"),
        columns: &[
            ("Kundennummer", Number(6), Role::Id, Out),
            ("Nachname", Name, Role::Text, Out),
            ("PLZ", Code(10_000, 99_999), Role::Category, Out),
            ("Anzahl Bestellungen", Count(8.0), Role::Count, In),
            ("Umsatz gesamt", Money(400.0), Role::Money, In),
            ("Letzter Kauf", Dotted, Role::Date, Free),
            ("Geburtsjahr", Year(1940, 2004), Role::BirthYear, Free),
        ],
    },
    Made {
        name: "energy, French",
        value: Some("CA total"),
        columns: &[
            ("N° client", Number(7), Role::Id, Out),
            ("Code tarif", Code(1, 9), Role::Category, Out),
            ("CA total", Money(900.0), Role::Money, In),
            ("Nb factures", Count(10.0), Role::Count, In),
            ("Date dernier paiement", Dotted, Role::Date, Free),
            ("Dernier relevé compteur", Dotted, Role::Date, Out),
        ],
    },
    Made {
        name: "gym, Spanish",
        value: Some("Importe total"),
        columns: &[
            ("ID Socio", Id("S"), Role::Id, Out),
            ("Visitas", Count(20.0), Role::Count, In),
            ("Importe total", Money(300.0), Role::Money, In),
            ("Fecha de alta", Compact, Role::Date, Free),
            ("Sexo", Kind("Mujer|Hombre"), Role::Category, Out),
        ],
    },
    Made {
        name: "payments, English",
        value: Some("total_spend"),
        columns: &[
            ("id", Id("cus_"), Role::Id, Out),
            ("created_ts", Seconds, Role::Date, Free),
            ("last_purchase", Serial, Role::Date, Free),
            ("payment_count", Count(5.0), Role::Count, In),
            ("total_spend", Money(200.0), Role::Money, In),
            ("refunded_amount", Money(20.0), Role::Money, Free),
        ],
    },
    Made {
        name: "survey, English",
        value: None,
        columns: &[
            ("respondent", Id("R"), Role::Id, Out),
            ("Q1_quality", Rating(5), Role::Score, In),
            ("Q2_price", Rating(5), Role::Score, In),
            ("Q3_service", Rating(5), Role::Score, In),
            ("Q4_brand", Rating(5), Role::Score, In),
            (
                "age group",
                Kind("18-29|30-44|45-59|60+"),
                Role::Category,
                Out,
            ),
        ],
    },
    Made {
        name: "bank, English",
        value: None,
        columns: &[
            ("CLIENTNUM", Number(9), Role::Id, Out),
            ("branch", Code(2, 60), Role::Category, Out),
            ("has_loan", YesNo("Y", "N", 0.3), Role::Flag, In),
            ("has_card", YesNo("Y", "N", 0.6), Role::Flag, In),
            ("has_savings", YesNo("Y", "N", 0.5), Role::Flag, In),
            ("balance", Money(4000.0), Role::Money, Free),
            ("credit_limit", Money(9000.0), Role::Money, Free),
            ("attrition_flag", YesNo("Y", "N", 0.15), Role::Outcome, Out),
        ],
    },
    Made {
        name: "members, Chinese",
        value: Some("消费金额"),
        columns: &[
            ("会员编号", Number(8), Role::Id, Out),
            ("消费金额", Money(500.0), Role::Money, In),
            ("消费次数", Count(7.0), Role::Count, In),
            ("最近消费日期", Compact, Role::Date, Free),
            ("城市", Kind("北京|上海|广州"), Role::Category, Out),
        ],
    },
    Made {
        name: "games, without words",
        value: None,
        columns: &[
            ("xyzzy", Number(9), Role::Id, Out),
            ("plugh", Code(100, 400), Role::Category, Out),
            ("waldo", Count(9.0), Role::Count, In),
            ("grault", Share, Role::Share, Free),
        ],
    },
];

/// How much a customer does of everything, with some luck of its own in each column; the mean is about 1.
fn size(row: usize, stream: u64) -> f64 {
    let level = |stream| 0.12 / (0.05 + uniform(row, stream));
    0.7 * level(1) + 0.3 * level(stream)
}

impl Cells {
    fn cell(self, row: usize, stream: u64) -> String {
        let random = uniform(row, stream);
        let whole = |from: u64, to: u64| from + (random * (to - from + 1) as f64) as u64;
        // Coprime to every power of ten: all different, and in no order.
        let different = |digits: u32| {
            10_u64.pow(digits - 1) + (row as u64 * 7_919 + 13) % (9 * 10_u64.pow(digits - 1))
        };
        let days = (400.0 * random * random) as i32;
        let day = || tribus::date::Date::from_days(19_905 - days).unwrap();
        match self {
            Id(start) => format!("{start}{:05}", (row * 7_919 + 13) % 99_991),
            Number(digits) => different(digits).to_string(),
            Name => format!("{}{}", ["Aster", "Birke", "Cress", "Dill"][row % 4], row),
            Address => format!("c{row}@example.com"),
            Code(from, to) | Year(from, to) => whole(from, to).to_string(),
            Kind(kinds) => {
                let kinds: Vec<&str> = kinds.split('|').collect();
                kinds[(random * random * kinds.len() as f64) as usize].to_owned()
            }
            Count(mean) => ((mean * size(row, stream)).round() as u64).to_string(),
            Money(mean) => format!("{:.2}", mean * size(row, stream)),
            Share => format!("{random:.3}"),
            Age => whole(18, 85).to_string(),
            Rating(top) => whole(1, top).to_string(),
            YesNo(yes, no, share) => if random < share { yes } else { no }.to_owned(),
            Iso => day().to_string(),
            Compact => day().to_string().replace('-', ""),
            Dotted => {
                let text = day().to_string();
                format!("{}.{}.{}", &text[8..], &text[5..7], &text[..4])
            }
            Serial => (45_474 - days).to_string(),
            Seconds => ((19_905 - i64::from(days)) * 86_400 + whole(0, 86_399) as i64).to_string(),
            Months(mean) => ((mean * size(row, stream)).min(60.0).round() as u64).to_string(),
        }
    }
}

fn plan(made: &Made) -> Plan {
    let names: Vec<&str> = made.columns.iter().map(|(name, ..)| *name).collect();
    let mut text = format!("{}\n", names.join(","));
    for row in 0..ROWS {
        let cells = made.columns.iter().enumerate();
        let cells: Vec<String> = cells
            .map(|(at, (_, cells, ..))| cells.cell(row, at as u64 + 2))
            .collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    Plan::make(&Recipe::default(), &Table::open(file.path()).unwrap()).unwrap()
}

/// Whether a column, or what is made from it, is clustered on.
fn is_clustered(plan: &Plan, name: &str) -> bool {
    let mut sources = vec![name.to_owned()];
    // Days since a date that is made from a number are made from that number.
    for (made, text) in &plan.recipe.derive {
        if sources.iter().any(|source| text.contains(source.as_str())) {
            sources.push(made.clone());
        }
    }
    plan.with_fate(Fate::Clustered)
        .any(|column| sources.contains(&column.name))
}

#[test]
fn columns_of_many_industries_are_understood() {
    let (mut columns, mut right, mut told) = (0, 0, String::new());
    for made in TABLES {
        let plan = plan(made);
        for (name, _, role, used) in made.columns {
            columns += 1;
            let decided = plan.role(name).unwrap();
            right += usize::from(decided == *role);
            if decided != *role {
                let _ = writeln!(told, "{}: {name} is {role}, not {decided}", made.name);
            }
            let is_in = is_clustered(&plan, name);
            if is_in && *used == Out || !is_in && *used == In {
                let _ = writeln!(
                    told,
                    "{}: {name} is {}",
                    made.name,
                    if is_in { "in" } else { "out" }
                );
            }
        }
        let value = plan.recipe.segment.value_column();
        if value != made.value {
            let _ = writeln!(
                told,
                "{}: the value is {value:?}, not {:?}",
                made.name, made.value
            );
        }
    }
    let _ = write!(told, "{right} of {columns} roles are right");
    insta::assert_snapshot!("meanings", told);
}
