//! One customer: drawn from its kind, printed as a row without ID.

use std::fmt;

use super::chance::{Chance, choice, count, level};
use super::kinds::{CEILINGS, Count, Drivers, FLOORS, Habits, KINDS, Kind, MEASURES, SPREADS};

const EDUCATION: [&str; 5] = ["Basic", "2n Cycle", "Graduation", "Master", "PhD"];
const MARITAL_STATUS: [&str; 5] = ["Single", "Divorced", "Widow", "Together", "Married"];
/// From here on in [`MARITAL_STATUS`], customers live with a partner.
const FIRST_WITH_PARTNER: usize = 3;

/// Days from the first enrollment, 2012-07-30, to the last, 2014-06-29, both counted.
const ENROLLMENT_DAYS: u32 = 700;

/// Ages are those of 2020, as the study of the public data counts them.
const YEAR_OF_AGE: u32 = 2020;

/// The cells of one row in whole numbers, without ID and constants. Spending is over two years.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) birth_year: u32,
    pub(crate) education: &'static str,
    pub(crate) marital_status: &'static str,
    pub(crate) income: Option<u32>,
    pub(crate) kids: u32,
    pub(crate) teens: u32,
    /// Days after 2012-07-30.
    pub(crate) enrolled: u32,
    pub(crate) recency: u32,
    /// Wine, fruit, meat, fish, sweets, gold.
    pub(crate) spending: [u32; 6],
    /// Deals, web, catalog, store.
    pub(crate) purchases: [u32; 4],
    pub(crate) web_visits: u32,
    /// Campaigns 1 to 5.
    pub(crate) accepted: [bool; 5],
    pub(crate) complained: bool,
    pub(crate) responded: bool,
}

impl Customer {
    pub(crate) fn draw(kind: &Kind, chance: &mut Chance) -> Self {
        let basket = Basket::draw(kind, chance);
        let (kids, teens, drivers) = draw_household(kind, &basket, chance);
        let enrollment_level = level(-drivers.tenure - kind.tenure);
        let education_score = chance.follow(&[(0.3, drivers.income)]);
        let marital_status = choice(chance.uniform(), &kind.marital_status);
        let recency_score = chance.normal();
        let liking = Liking::new(kind, &basket, chance);
        // A standard score over all customers, of whom 35 % live alone.
        let alone = if marital_status < FIRST_WITH_PARTNER {
            0.45
        } else {
            -0.25
        };
        Self {
            birth_year: YEAR_OF_AGE - basket.measures[MEASURES - 1] as u32,
            education: EDUCATION[choice(level(education_score), &kind.education)],
            marital_status: MARITAL_STATUS[marital_status],
            income: Some(basket.measures[0] as u32),
            kids,
            teens,
            enrolled: (enrollment_level * f64::from(ENROLLMENT_DAYS)) as u32,
            recency: (100.0 * level(recency_score)) as u32,
            spending: std::array::from_fn(|product| basket.measures[product + 1] as u32),
            purchases: draw_purchases(kind, &drivers, chance),
            web_visits: draw_web_visits(kind, &drivers, chance),
            accepted: liking.accepted,
            complained: chance.uniform() < kind.complained,
            responded: liking.responded(kind, &drivers, recency_score, alone, chance),
        }
    }
}

/// Income, six spendings and age, with the hidden scores behind them.
struct Basket {
    measures: [f64; MEASURES],
    scores: [f64; MEASURES],
    wealth: f64,
    fresh: f64,
}

impl Basket {
    /// Draws until every measure is in its range and the whole is at home in its own kind.
    fn draw(kind: &Kind, chance: &mut Chance) -> Self {
        loop {
            let drawn = Self::draw_once(kind, chance);
            let in_range = (0..MEASURES).all(|measure| {
                (FLOORS[measure]..=CEILINGS[measure]).contains(&drawn.measures[measure])
            });
            // More gold than all else together is rare: most such draws are not kept.
            let others: f64 = drawn.measures[1..MEASURES - 2].iter().sum();
            let plausible = drawn.measures[MEASURES - 2] <= others || chance.uniform() < 0.1;
            if in_range && plausible && is_nearest(kind, &drawn.measures) {
                return drawn;
            }
        }
    }

    fn draw_once(kind: &Kind, chance: &mut Chance) -> Self {
        let (wealth, fresh) = (chance.normal(), chance.normal());
        let mut scores = [0.0; MEASURES];
        let mut measures = [0.0; MEASURES];
        for measure in 0..MEASURES {
            let (of_wealth, of_fresh) = kind.habits.measures[measure];
            let score = chance.follow(&[(of_wealth, wealth), (of_fresh, fresh)]);
            let draw = &kind.measures[measure];
            let curved = draw.location + draw.spread * score;
            let is_spending = (1..MEASURES - 1).contains(&measure);
            let raw = if is_spending {
                raised(curved.max(0.0), kind.power)
            } else {
                curved.round()
            };
            measures[measure] = raw.floor();
            scores[measure] = score;
        }
        Self {
            measures,
            scores,
            wealth,
            fresh,
        }
    }
}

/// By multiplication: `powi` may round differently from one platform to another.
fn raised(base: f64, power: u32) -> f64 {
    (1..power).fold(base, |product, _| product * base)
}

/// Whether no other kind's center is nearer, each measure in units of its spread over all customers.
fn is_nearest(kind: &Kind, measures: &[f64; MEASURES]) -> bool {
    let distance_sq = |other: &Kind| -> f64 {
        (0..MEASURES)
            .map(|measure| (measures[measure] - other.measures[measure].center) / SPREADS[measure])
            .map(|difference| difference * difference)
            .sum()
    };
    let own = distance_sq(kind);
    KINDS.iter().all(|other| own <= distance_sq(other))
}

/// Kids and teens at home, and the scores that all else follows.
fn draw_household(kind: &Kind, basket: &Basket, chance: &mut Chance) -> (u32, u32, Drivers) {
    let mut drivers = Drivers {
        age: basket.scores[MEASURES - 1],
        income: basket.scores[0],
        wealth: basket.wealth,
        fresh: basket.fresh,
        children: 0.0,
        tenure: chance.follow(&[(-0.15, basket.scores[0]), (0.25, basket.scores[1])]),
    };
    let kids = children(chance.follow(&drivers.pull(&kind.habits.kids)), kind.kids);
    let teens = children(chance.follow(&drivers.pull(&kind.habits.teens)), kind.teens);
    let expected = kind.kids.0 + 2.0 * kind.kids.1 + kind.teens.0 + 2.0 * kind.teens.1;
    // One child more or less is about one and a half standard deviations in every kind.
    drivers.children = 1.5 * (f64::from(kids + teens) - expected);
    (kids, teens, drivers)
}

fn children(score: f64, (one, two): (f64, f64)) -> u32 {
    choice(level(score), &[1.0 - one - two, one, two]) as u32
}

fn draw_purchases(kind: &Kind, drivers: &Drivers, chance: &mut Chance) -> [u32; 4] {
    let Habits {
        deals,
        web,
        catalog,
        store,
        ..
    } = kind.habits;
    let mut draw = |purchases: &Count, pull: &Drivers, least: u32, ceiling: u32| {
        let level = level(chance.follow(&drivers.pull(pull)));
        least + count(level, purchases.mean, purchases.variance, ceiling - least)
    };
    [
        draw(&kind.deals, deals, 1, 15),
        draw(&kind.web, web, 0, 11),
        draw(&kind.catalog, catalog, 0, 11),
        draw(&kind.store, store, 2, 13),
    ]
}

fn draw_web_visits(kind: &Kind, drivers: &Drivers, chance: &mut Chance) -> u32 {
    let (mean, spread) = kind.web_visits;
    let score = chance.follow(&drivers.pull(&kind.habits.web_visits));
    (mean + spread * score).round().clamp(0.0, 10.0) as u32
}

/// How a customer takes to campaigns, and to which it said yes.
struct Liking {
    score: f64,
    accepted: [bool; 5],
}

impl Liking {
    fn new(kind: &Kind, basket: &Basket, chance: &mut Chance) -> Self {
        // How far each campaign follows the liking, income and wine: campaign 3 was for everybody.
        const FOLLOWS: [(f64, f64, f64); 5] = [
            (0.75, 0.25, 0.2),
            (0.75, 0.0, 0.3),
            (0.4, -0.1, 0.0),
            (0.7, 0.0, 0.5),
            (0.7, 0.3, 0.35),
        ];
        let score = chance.normal();
        let accepted = std::array::from_fn(|campaign| {
            let (of_liking, of_income, of_wine) = FOLLOWS[campaign];
            let answer = chance.follow(&[
                (of_liking, score),
                (of_income, basket.scores[0]),
                (of_wine, basket.scores[1]),
            ]);
            level(answer) > 1.0 - kind.accepted[campaign]
        });
        Self { score, accepted }
    }

    /// Those who liked earlier campaigns, bought of late, came early, or live alone say yes more often.
    fn responded(
        &self,
        kind: &Kind,
        drivers: &Drivers,
        recency: f64,
        alone: f64,
        chance: &mut Chance,
    ) -> bool {
        let answer = chance.follow(&[
            (0.75, self.score),
            (-0.35, recency),
            (0.3, drivers.tenure),
            (-0.1, drivers.children),
            (0.3, alone),
        ]);
        level(answer) > 1.0 - kind.responded
    }
}

impl fmt::Display for Customer {
    fn fmt(&self, row: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            row,
            "{}\t{}\t{}\t",
            self.birth_year, self.education, self.marital_status
        )?;
        if let Some(income) = self.income {
            write!(row, "{income}")?;
        }
        let (year, month, day) = enrollment_date(self.enrolled);
        write!(
            row,
            "\t{}\t{}\t{day:02}-{month:02}-{year}\t{}",
            self.kids, self.teens, self.recency
        )?;
        for number in self.spending.iter().chain(&self.purchases) {
            write!(row, "\t{number}")?;
        }
        write!(row, "\t{}", self.web_visits)?;
        let [first, second, third, fourth, fifth] = self.accepted;
        for answer in [third, fourth, fifth, first, second, self.complained] {
            write!(row, "\t{}", u8::from(answer))?;
        }
        write!(row, "\t3\t11\t{}", u8::from(self.responded))
    }
}

/// Year, month and day of the month, so many days after 2012-07-30.
fn enrollment_date(days: u32) -> (u32, u32, u32) {
    // No February 29 lies in the two years.
    const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (mut year, mut month, mut day) = (2012, 7, 30 + days);
    while day > LENGTHS[month - 1] {
        day -= LENGTHS[month - 1];
        month += 1;
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    (year, month as u32, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enrollments_run_from_july_2012_to_june_2014() {
        assert_eq!(enrollment_date(0), (2012, 7, 30));
        assert_eq!(enrollment_date(2), (2012, 8, 1));
        assert_eq!(enrollment_date(155), (2013, 1, 1));
        assert_eq!(enrollment_date(ENROLLMENT_DAYS - 1), (2014, 6, 29));
    }

    #[test]
    fn a_row_has_29_columns_with_its_id() {
        let customer = Customer::draw(&KINDS[0], &mut Chance::new(7));
        assert_eq!(format!("1\t{customer}").split('\t').count(), 29);
    }
}
