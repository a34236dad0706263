//! What segments are called in tables of twenty other trades, with clear groups: unique, short, true, and the same whatever
//! the order of the rows and the seed.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use std::collections::BTreeSet;
use std::io::Write as _;

use tribus::recipe::Recipe;
use tribus::segmentation::{Segmentation, agreement};
use tribus::source::{Input, ReadOptions, read};
use tribus::table::Table;

/// Customers of one table.
const ROWS: usize = 480;

/// Names that no sensible name is longer than.
const LONGEST: usize = 5;

/// A trade: its columns as `name:kind`, where kind is `amount`, `count`, `age`, `days`, `share`, `flag` or categories with
/// bars between them.
const TRADES: [(&str, &[&str]); 20] = [
    (
        "telecom",
        &[
            "MonthlyCharges:amount",
            "tenure:count",
            "DataUsageGB:amount",
            "Contract:Month-to-month|One year|Two year",
            "SupportCalls:count",
        ],
    ),
    (
        "bank",
        &[
            "BALANCE:amount",
            "CASH_ADVANCE:amount",
            "PURCHASES:amount",
            "CREDIT_LIMIT:amount",
            "PURCHASES_FREQUENCY:share",
            "PAYMENTS:amount",
        ],
    ),
    (
        "hotel",
        &[
            "Nights:count",
            "RoomRevenue:amount",
            "LeadTime:days",
            "Channel:Direct|Agency|Online",
            "SpaSpend:amount",
        ],
    ),
    (
        "gym",
        &[
            "Age:age",
            "VisitsPerWeek:count",
            "ClassesBooked:count",
            "MembershipFee:amount",
            "PersonalTrainer:flag",
        ],
    ),
    (
        "software",
        &[
            "seats:count",
            "mrr:amount",
            "logins_last_30_days:count",
            "tickets:count",
            "plan:Free|Pro|Enterprise",
        ],
    ),
    (
        "insurance",
        &[
            "age:age",
            "annual_premium:amount",
            "claims:count",
            "vehicle_age:days",
            "region:North|South|East|West",
        ],
    ),
    (
        "airline",
        &[
            "Miles Flown:count",
            "Bonus Transactions:count",
            "Days Since Enroll:days",
            "Lounge Visits:count",
        ],
    ),
    (
        "grocery",
        &[
            "Fresh:amount",
            "Milk:amount",
            "Frozen:amount",
            "Detergents_Paper:amount",
            "Delicatessen:amount",
        ],
    ),
    (
        "donors",
        &[
            "last_gift_amount:amount",
            "gifts:count",
            "days_since_last_gift:days",
            "first_year_gift:amount",
        ],
    ),
    (
        "clinic",
        &[
            "Appointments:count",
            "NoShows:count",
            "Age:age",
            "Smoker:flag",
            "AnnualBill:amount",
        ],
    ),
    (
        "energy",
        &[
            "consumption_kwh:amount",
            "peak_share:share",
            "solar:flag",
            "bill:amount",
            "meter_age:days",
        ],
    ),
    (
        "games",
        &[
            "sessions:count",
            "purchases:count",
            "playtime_hours:amount",
            "level:count",
            "platform:iOS|Android|Web",
        ],
    ),
    (
        "car rental",
        &[
            "RentalDays:count",
            "TotalPaid:amount",
            "Upgrades:count",
            "Extras:amount",
            "Kilometers:amount",
        ],
    ),
    (
        "library",
        &[
            "loans:count",
            "overdue_days:days",
            "fiction_loans:count",
            "reader_age:age",
            "events_attended:count",
        ],
    ),
    (
        "learning",
        &[
            "courses_completed:count",
            "minutes_watched:amount",
            "quiz_score:amount",
            "certificates:count",
        ],
    ),
    (
        "streaming",
        &[
            "hours_watched:amount",
            "devices:count",
            "kids_profile:flag",
            "genre:Drama|Comedy|Sport",
            "days_active:days",
        ],
    ),
    (
        "food delivery",
        &[
            "orders:count",
            "basket_value:amount",
            "delivery_fee:amount",
            "tips:amount",
            "late_night_orders:count",
        ],
    ),
    (
        "wholesale",
        &[
            "Umsatz:amount",
            "Bestellungen:count",
            "Retouren:count",
            "Zahlungsziel:days",
            "Rabatt:share",
        ],
    ),
    (
        "travel",
        &[
            "ingresos:amount",
            "viajes:count",
            "gasto_hotel:amount",
            "gasto_vuelos:amount",
            "edad:age",
        ],
    ),
    (
        "cards",
        &[
            "Avg_Credit_Limit:amount",
            "Total_Credit_Cards:count",
            "Total_visits_bank:count",
            "Total_visits_online:count",
            "Total_calls_made:count",
        ],
    ),
];

/// Numbers from 0 to 1 that look random (Steele, Lea and Flood 2014, SplitMix64).
fn uniform(at: u64, stream: u64) -> f64 {
    let mut z = (at + 1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(stream.wrapping_mul(0xd1b5_4a32_d192_ed03));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// One cell. The groups lie at different places of every column, in another order in each, far apart beside their spread.
fn cell(kind: &str, group: usize, groups: usize, row: u64, stream: u64) -> String {
    let order = (group * (1 + stream as usize % groups.max(2)) + stream as usize) % groups;
    let place = order as f64 / (groups - 1) as f64;
    let noise = uniform(row, stream) + uniform(row, stream + 1000) - 1.0;
    let number = |low: f64, high: f64, spread: f64| {
        ((high - low) * place + low + spread * (high - low) * noise).max(0.0)
    };
    match kind {
        "amount" => format!("{:.2}", number(40.0, 900.0, 0.06)),
        "count" => format!("{:.0}", number(2.0, 40.0, 0.06)),
        "age" => format!("{:.0}", number(21.0, 68.0, 0.06)),
        "days" => format!("{:.0}", number(5.0, 300.0, 0.06)),
        "share" => format!("{:.3}", number(0.05, 0.9, 0.05).min(1.0)),
        "flag" => u8::from(uniform(row, stream) < 0.1 + 0.8 * place).to_string(),
        levels => {
            let levels: Vec<&str> = levels.split('|').collect();
            let own = uniform(row, stream) < 0.8;
            let at = if own {
                order % levels.len()
            } else {
                (row as usize) % levels.len()
            };
            levels[at].to_owned()
        }
    }
}

/// The table of a trade, its rows in another order by each `turn`, and the customer of each row.
fn table(trade: usize, turn: usize) -> (Table, Vec<usize>) {
    let (_, columns) = TRADES[trade];
    let groups = 3 + trade % 3;
    // A step that has no divisor in common with the number of rows visits each of them.
    let order: Vec<usize> = (0..ROWS)
        .map(|at| (at * [1, 77, 131][turn]) % ROWS)
        .collect();
    let columns: Vec<(&str, &str)> = columns
        .iter()
        .map(|column| column.split_once(':').unwrap())
        .collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    writeln!(file, "customer_id,{}", names.join(",")).unwrap();
    for customer in &order {
        let cells = columns.iter().enumerate().map(|(at, (_, kind))| {
            let stream = (trade * 20 + at) as u64;
            cell(kind, customer % groups, groups, *customer as u64, stream)
        });
        let cells: Vec<String> = cells.collect();
        writeln!(file, "C{customer:04},{}", cells.join(",")).unwrap();
    }
    let input = Input::Path(file.path().to_path_buf());
    (read(&[input], &ReadOptions::default()).unwrap(), order)
}

/// The segmentation, and name and segment of each customer.
fn made(trade: usize, turn: usize, seed: usize) -> (Segmentation, Vec<String>, Vec<u32>) {
    let (table, order) = table(trade, turn);
    let groups = 3 + trade % 3;
    let recipe = format!("[segment]\nk = {groups}\nseed = {seed}\nevidence = \"quick\"\n");
    let recipe = Recipe::parse(&recipe, "test").unwrap();
    let made = Segmentation::fit(&recipe, &table).unwrap();
    let placed = made.assign(&table).unwrap();
    let mut names = vec![String::new(); ROWS];
    let mut labels = vec![0; ROWS];
    for (placement, customer) in placed.placements.iter().flatten().zip(&order) {
        made.name(placement.segment)
            .clone_into(&mut names[*customer]);
        labels[*customer] = placement.segment.get() - 1;
    }
    (made, names, labels)
}

#[test]
fn twenty_trades_have_unique_short_and_true_names() {
    for (trade, (what, _)) in TRADES.iter().enumerate() {
        let (made, ..) = made(trade, 0, 0);
        let segments = &made.profiles().segments;
        let names: BTreeSet<String> = segments
            .iter()
            .map(|profile| profile.name.to_lowercase())
            .collect();
        assert_eq!(names.len(), made.k(), "{what}: {names:?}");
        for profile in segments {
            let words = profile.name.split_whitespace().filter(|word| *word != "&");
            assert!(words.count() <= LONGEST, "{what}: {}", profile.name);
            assert!(!profile.claims.is_empty(), "{what}: {}", profile.name);
            for claim in &profile.claims {
                assert!(
                    claim.holds(made.summary(), profile.segment),
                    "{what}: {}: {claim:?}",
                    profile.name
                );
            }
        }
    }
}

#[test]
fn names_stay_when_rows_are_shuffled_or_the_seed_is_another() {
    for (trade, (what, _)) in TRADES.iter().enumerate() {
        let (_, names, labels) = made(trade, 0, 0);
        for (turn, seed) in [(1, 0), (2, 0), (0, 11)] {
            let (_, again, same) = made(trade, turn, seed);
            // The groups are clear, or the test would compare nothing.
            assert_eq!(agreement(&labels, &same), 1.0, "{what}: {turn}, {seed}");
            assert_eq!(names, again, "{what}: {turn}, {seed}");
        }
    }
}
