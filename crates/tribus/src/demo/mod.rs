//! Sample customers, made up by the program: the same 2,240 in the same bytes on every machine.
//!
//! A newcomer can try every command before finding a file of their own, and documentation and tests have a
//! realistic table that may be shown to anybody: no row describes a real person. [`customers`] gives the text of a
//! raw export as a shop would send it, tab-separated, with the dirt that the cleaning must find:
//!
//! | dirt | rows |
//! |---|---|
//! | income missing | 24 |
//! | income above 113,734, one of them 666,666 | 8 |
//! | birth year 1893, 1899 or 1900 | 3 |
//! | marital status `Alone`, `Absurd` or `YOLO` | 3, 2, 2 |
//! | copy of another row under a new ID | 182 |
//! | `Z_CostContact` always 3 and `Z_Revenue` always 11 | all |
//!
//! No row is spoiled by two of the first three, so 2,205 customers are left after cleaning.
//!
//! # Where the numbers come from
//!
//! The columns and their distributions are modeled on the public marketing data of the iFood customer analytics
//! case (`marketing_campaign.csv`). K-Means with five clusters on income, age and the six product groups finds five
//! kinds of customer there; `kinds.rs` holds summary constants of each, rounded to two or three digits. No row of
//! that file is in here, and none can be rebuilt from these constants.
//!
//! # How a customer is drawn
//!
//! Two hidden scores, wealth and a taste for fresh food, tie income, age and spending together. What is drawn must lie
//! nearer to the center of its own kind than to the others, else it is drawn again: so the kinds meet at their
//! borders as K-Means cells of one crowd do, without gaps. Children, dates, purchases and answers to campaigns
//! then follow from the scores. After cleaning, scikit-learn's K-Means with k = 5 finds the kinds again (adjusted Rand
//! index .96), and the silhouette is highest at k = 2 (.41, then .25 at k = 5), as in the public data (.42 and .24):
//! five is a usable choice, not a discovery, here as there. All chance comes from one seed, and logarithms and the like from `libm`.

mod chance;
mod customer;
pub(crate) mod kinds;
mod purchases;

pub use purchases::purchases;

use std::fmt::Write as _;

use chance::Chance;
use customer::Customer;
use kinds::{KINDS, Kind};

/// "tribus" in ASCII: a seed is needed, and no value of it is better than another.
const SEED: u64 = 0x7472_6962_7573;

const HEADER: &str = "ID\tYear_Birth\tEducation\tMarital_Status\tIncome\tKidhome\tTeenhome\tDt_Customer\tRecency\
\tMntWines\tMntFruits\tMntMeatProducts\tMntFishProducts\tMntSweetProducts\tMntGoldProds\tNumDealsPurchases\
\tNumWebPurchases\tNumCatalogPurchases\tNumStorePurchases\tNumWebVisitsMonth\tAcceptedCmp3\tAcceptedCmp4\
\tAcceptedCmp5\tAcceptedCmp1\tAcceptedCmp2\tComplain\tZ_CostContact\tZ_Revenue\tResponse\n";

/// IDs are drawn from 0 to this number, as sparse as those of a real shop.
const HIGHEST_ID: u32 = 11_191;

const MISSING_INCOMES: usize = 24;
const IMPOSSIBLE_BIRTH_YEARS: [u32; 3] = [1893, 1899, 1900];
const IMPLAUSIBLE_INCOMES: usize = 8;
const ODD_MARITAL_STATUS: [&str; 7] = [
    "Alone", "Absurd", "YOLO", "Alone", "YOLO", "Absurd", "Alone",
];

/// A customer and the position in [`KINDS`] of the kind it was drawn from.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) kind: usize,
    pub(crate) customer: Customer,
}

/// The text of a raw tab-separated file of 2,240 made-up customers under a header, 29 columns, dates as
/// `dd-mm-yyyy` from 30-07-2012 to 29-06-2014, every line ended by a line feed.
///
/// Always the same bytes.
///
/// ```
/// let text = tribus::demo::customers();
/// assert_eq!(text.lines().count(), 2241);
/// assert!(text.starts_with("ID\tYear_Birth\tEducation\t"));
/// ```
pub fn customers() -> String {
    let mut chance = Chance::new(SEED);
    let samples = samples(&mut chance);
    let mut ids: Vec<u32> = (0..=HIGHEST_ID).collect();
    chance.shuffle(&mut ids);
    let mut text = String::with_capacity(240 * 1024);
    text.push_str(HEADER);
    for (id, sample) in ids.iter().zip(&samples) {
        writeln!(text, "{id}\t{}", sample.customer).expect("writing to a String cannot fail");
    }
    text
}

/// All customers in the order of the file, spoiled ones included.
pub(crate) fn samples(chance: &mut Chance) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (position, kind) in KINDS.iter().enumerate() {
        let of_this_kind = customers_of(kind, chance);
        samples.extend(of_this_kind.into_iter().map(|customer| Sample {
            kind: position,
            customer,
        }));
    }
    rename_marital_status(&mut samples);
    samples.extend(spoiled(chance));
    chance.shuffle(&mut samples);
    samples
}

/// As many customers as the kind has, the last [`Kind::copies`] of them copies of some in the first half.
fn customers_of(kind: &Kind, chance: &mut Chance) -> Vec<Customer> {
    let originals = kind.customers - kind.copies;
    let mut customers: Vec<Customer> = (0..originals)
        .map(|_| Customer::draw(kind, chance))
        .collect();
    for _ in 0..kind.copies {
        let copied = chance.below(originals / 2);
        customers.push(customers[copied].clone());
    }
    customers
}

/// Gives the odd answers to singles without a copy, one after another through all kinds.
fn rename_marital_status(samples: &mut [Sample]) {
    let mut seen = [0; KINDS.len()];
    let singles = samples.iter_mut().filter(|sample| {
        let kind = &KINDS[sample.kind];
        let position = seen[sample.kind];
        seen[sample.kind] += 1;
        let originals = kind.customers - kind.copies;
        (originals / 2..originals).contains(&position) && sample.customer.marital_status == "Single"
    });
    // Every 25th is enough for all, and spreads them over more than one kind.
    for (single, answer) in singles.step_by(25).zip(ODD_MARITAL_STATUS) {
        single.customer.marital_status = answer;
    }
}

/// Customers whom the cleaning must set aside, each with one fault, of all kinds in turn.
fn spoiled(chance: &mut Chance) -> Vec<Sample> {
    let wanted = MISSING_INCOMES + IMPOSSIBLE_BIRTH_YEARS.len() + IMPLAUSIBLE_INCOMES;
    let mut samples: Vec<Sample> = (0..wanted)
        .map(|position| position % KINDS.len())
        .map(|kind| Sample {
            kind,
            customer: Customer::draw(&KINDS[kind], chance),
        })
        .collect();
    let (missing, others) = samples.split_at_mut(MISSING_INCOMES);
    let (born_too_early, too_rich) = others.split_at_mut(IMPOSSIBLE_BIRTH_YEARS.len());
    for sample in missing {
        sample.customer.income = None;
    }
    for (sample, year) in born_too_early.iter_mut().zip(IMPOSSIBLE_BIRTH_YEARS) {
        sample.customer.birth_year = year;
    }
    for (position, sample) in too_rich.iter_mut().enumerate() {
        let income = 150_000 + chance.below(13_000) as u32;
        sample.customer.income = Some(if position == 0 { 666_666 } else { income });
    }
    samples
}

#[cfg(test)]
mod tests;
