//! The five kinds of customer, as summary constants: what an average one earns and buys, and how far they vary.
//!
//! Source: the public iFood marketing data after cleaning (2,205 customers), split by K-Means with k = 5 on the
//! standardized income, age and six spendings. Means, shares and variances are those of the split, rounded to two or
//! three digits. [`Measure::location`] and [`Measure::spread`] were fitted so that the customers left after
//! drawing again what is not at home in its kind have the split's means and spreads. The weights in [`Habits`] were
//! chosen by hand until the correlations over all customers were those of the data to within .2.

/// Income, six spendings (wine, fruit, meat, fish, sweets, gold), age: what the kinds are told apart by.
pub(crate) const MEASURES: usize = 8;

/// The standard deviation of each measure over all customers.
pub(crate) const SPREADS: [f64; MEASURES] = [20_700.0, 337.0, 39.8, 218.0, 54.8, 41.1, 51.7, 11.7];
/// No customer is below or above these; above the highest income, the cleaning would set it aside.
pub(crate) const FLOORS: [f64; MEASURES] = [1_700.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 24.0];
/// See [`FLOORS`].
pub(crate) const CEILINGS: [f64; MEASURES] = [
    113_734.0, 1_500.0, 200.0, 1_000.0, 260.0, 200.0, 260.0, 80.0,
];

/// One kind of customer.
#[derive(Debug)]
pub(crate) struct Kind {
    /// How many there are, without the spoiled ones.
    pub(crate) customers: usize,
    /// How many of these are copies of others.
    pub(crate) copies: usize,
    pub(crate) habits: &'static Habits,
    /// Spending is a normal draw, not below 0, raised to this power: the higher, the more skewed.
    pub(crate) power: u32,
    pub(crate) measures: [Measure; MEASURES],
    /// The shares with one and with two kids at home.
    pub(crate) kids: (f64, f64),
    /// The same of teens.
    pub(crate) teens: (f64, f64),
    /// How much longer than the average they have been customers, in standard deviations.
    pub(crate) tenure: f64,
    /// Purchases with a discount beyond the first.
    pub(crate) deals: Count,
    pub(crate) web: Count,
    pub(crate) catalog: Count,
    /// Purchases in the store beyond the second.
    pub(crate) store: Count,
    /// Visits to the web site in a month: mean and standard deviation.
    pub(crate) web_visits: (f64, f64),
    /// The share that accepted each of campaigns 1 to 5.
    pub(crate) accepted: [f64; 5],
    /// The share that accepted the last campaign.
    pub(crate) responded: f64,
    pub(crate) complained: f64,
    /// The shares of Basic, 2n Cycle, Graduation, Master, PhD.
    pub(crate) education: [f64; 5],
    /// The shares of Single, Divorced, Widow, Together, Married.
    pub(crate) marital_status: [f64; 5],
}

/// How one measure is drawn.
#[derive(Debug)]
pub(crate) struct Measure {
    /// The mean of the kind, in the measure's unit.
    pub(crate) center: f64,
    /// The mean of the normal draw, before the power.
    pub(crate) location: f64,
    /// The standard deviation of the normal draw, before the power.
    pub(crate) spread: f64,
}

/// The mean and variance of a number of purchases.
#[derive(Debug)]
pub(crate) struct Count {
    pub(crate) mean: f64,
    pub(crate) variance: f64,
}

/// How columns move together within a kind.
#[derive(Debug)]
pub(crate) struct Habits {
    /// How far each measure follows the score of wealth, and that of the taste for fresh food.
    pub(crate) measures: [(f64, f64); MEASURES],
    pub(crate) kids: Drivers,
    pub(crate) teens: Drivers,
    pub(crate) deals: Drivers,
    pub(crate) web: Drivers,
    pub(crate) catalog: Drivers,
    pub(crate) store: Drivers,
    pub(crate) web_visits: Drivers,
}

/// What a column follows: the scores of one customer, or the weights of these scores for a column.
#[derive(Debug)]
pub(crate) struct Drivers {
    pub(crate) age: f64,
    pub(crate) income: f64,
    pub(crate) wealth: f64,
    pub(crate) fresh: f64,
    pub(crate) children: f64,
    pub(crate) tenure: f64,
}

impl Drivers {
    /// Pairs of (weight, score), `self` being the scores.
    pub(crate) fn pull(&self, weights: &Self) -> [(f64, f64); 6] {
        [
            (weights.age, self.age),
            (weights.income, self.income),
            (weights.wealth, self.wealth),
            (weights.fresh, self.fresh),
            (weights.children, self.children),
            (weights.tenure, self.tenure),
        ]
    }
}

const fn measure(center: f64, location: f64, spread: f64) -> Measure {
    Measure {
        center,
        location,
        spread,
    }
}

const fn count(mean: f64, variance: f64) -> Count {
    Count { mean, variance }
}

const fn weights([age, income, wealth, fresh, children, tenure]: [f64; 6]) -> Drivers {
    Drivers {
        age,
        income,
        wealth,
        fresh,
        children,
        tenure,
    }
}

/// Where money is short, whoever has more buys more of everything, everywhere.
const MODEST: Habits = Habits {
    measures: [
        (0.75, 0.0),
        (0.90, 0.10),
        (0.15, 0.80),
        (0.70, 0.50),
        (0.15, 0.80),
        (0.15, 0.80),
        (0.40, 0.50),
        (0.0, -0.10),
    ],
    kids: weights([0.0, 0.0, -0.10, -0.15, 0.0, 0.0]),
    teens: weights([0.20, 0.25, 0.0, -0.15, 0.0, 0.0]),
    deals: weights([0.0, -0.10, 0.35, 0.35, 0.40, 0.20]),
    web: weights([0.0, 0.0, 0.60, 0.50, -0.05, 0.10]),
    catalog: weights([0.0, 0.0, 0.55, 0.45, -0.05, 0.10]),
    store: weights([0.0, 0.0, 0.70, 0.40, 0.0, 0.05]),
    web_visits: weights([0.0, -0.50, 0.35, 0.05, 0.05, 0.45]),
};

/// Where it is not, tastes part: wine or fresh food, and children cost the luxuries.
const AFFLUENT: Habits = Habits {
    measures: [
        (0.80, 0.0),
        (0.60, -0.20),
        (0.25, 0.50),
        (0.70, 0.30),
        (0.20, 0.50),
        (0.25, 0.50),
        (0.15, 0.0),
        (0.10, 0.0),
    ],
    kids: weights([-0.15, -0.05, 0.0, -0.15, 0.0, 0.0]),
    teens: weights([0.10, -0.30, 0.0, -0.30, 0.0, 0.0]),
    deals: weights([0.0, -0.35, 0.0, -0.10, 0.50, 0.20]),
    web: weights([0.0, -0.10, 0.10, -0.05, 0.25, 0.15]),
    catalog: weights([0.05, 0.15, 0.15, 0.15, -0.20, 0.0]),
    store: weights([0.0, 0.10, 0.10, 0.0, 0.05, 0.0]),
    web_visits: weights([0.0, -0.50, 0.20, -0.15, 0.25, 0.45]),
};

/// The kinds, from the lowest mean income to the highest.
pub(crate) const KINDS: [Kind; 5] = [
    BUDGET_FAMILIES,
    MATURE_MODERATES,
    GOLD_AND_WEB,
    LOYAL_PREMIUM,
    ELITE,
];

/// Low income, small baskets, kids at home, many visits to the web site.
const BUDGET_FAMILIES: Kind = Kind {
    customers: 778,
    copies: 64,
    habits: &MODEST,
    power: 4,
    measures: [
        measure(32_900.0, 34_200.0, 12_600.0),
        measure(49.9, 2.35, 0.880),
        measure(6.17, 1.39, 0.502),
        measure(28.7, 2.16, 0.571),
        measure(8.92, 1.51, 0.556),
        measure(6.3, 1.40, 0.510),
        measure(16.1, 1.87, 0.497),
        measure(42.8, 44.5, 8.08),
    ],
    kids: (0.778, 0.03),
    teens: (0.299, 0.01),
    tenure: -0.055,
    deals: count(1.25, 2.79),
    web: count(2.38, 2.89),
    catalog: count(0.582, 0.619),
    store: count(1.38, 1.99),
    web_visits: (6.72, 1.8),
    accepted: [0.0026, 0.0, 0.082, 0.0077, 0.0],
    responded: 0.116,
    complained: 0.009,
    education: [0.059, 0.12, 0.51, 0.16, 0.16],
    marital_status: [0.25, 0.086, 0.014, 0.24, 0.41],
};

/// The oldest: middling income, teens at home, some wine and little else.
const MATURE_MODERATES: Kind = Kind {
    customers: 539,
    copies: 44,
    habits: &MODEST,
    power: 3,
    measures: [
        measure(47_300.0, 47_300.0, 14_500.0),
        measure(192.0, 5.19, 2.50),
        measure(7.76, 1.67, 1.06),
        measure(52.3, 3.53, 1.37),
        measure(11.4, 1.87, 1.23),
        measure(8.24, 1.64, 1.15),
        measure(22.8, 2.69, 1.05),
        measure(61.4, 58.0, 9.5),
    ],
    kids: (0.358, 0.037),
    teens: (0.809, 0.046),
    tenure: -0.12,
    deals: count(1.78, 3.95),
    web: count(3.88, 6.69),
    catalog: count(1.42, 1.84),
    store: count(3.08, 5.78),
    web_visits: (5.79, 1.85),
    accepted: [0.013, 0.0074, 0.043, 0.093, 0.0019],
    responded: 0.0724,
    complained: 0.01,
    education: [0.011, 0.052, 0.44, 0.21, 0.29],
    marital_status: [0.17, 0.12, 0.054, 0.29, 0.37],
};

/// Buyers of gold and on the web, with a taste for wine.
const GOLD_AND_WEB: Kind = Kind {
    customers: 197,
    copies: 16,
    habits: &AFFLUENT,
    power: 2,
    measures: [
        measure(59_600.0, 60_400.0, 15_100.0),
        measure(490.0, 21.4, 7.9),
        measure(31.4, 5.12, 3.17),
        measure(183.0, 13.3, 5.17),
        measure(36.4, 5.57, 3.34),
        measure(26.2, 4.61, 3.19),
        measure(146.0, 10.3, 3.04),
        measure(53.1, 53.6, 11.7),
    ],
    kids: (0.173, 0.0051),
    teens: (0.624, 0.025),
    tenure: 0.4,
    deals: count(2.17, 6.01),
    web: count(6.27, 6.11),
    catalog: count(4.01, 6.02),
    store: count(5.99, 10.0),
    web_visits: (5.18, 2.19),
    accepted: [0.066, 0.02, 0.13, 0.061, 0.061],
    responded: 0.157,
    complained: 0.005,
    education: [0.0051, 0.096, 0.6, 0.14, 0.16],
    marital_status: [0.19, 0.14, 0.046, 0.26, 0.37],
};

/// High income, the most wine, few children.
const LOYAL_PREMIUM: Kind = Kind {
    customers: 395,
    copies: 33,
    habits: &AFFLUENT,
    power: 2,
    measures: [
        measure(72_600.0, 70_500.0, 12_600.0),
        measure(708.0, 24.1, 7.99),
        measure(39.4, 5.94, 3.46),
        measure(362.0, 17.3, 7.57),
        measure(58.2, 7.24, 4.06),
        measure(38.3, 5.93, 3.1),
        measure(41.1, 6.47, 2.72),
        measure(53.6, 53.8, 14.2),
    ],
    kids: (0.081, 0.0051),
    teens: (0.385, 0.023),
    tenure: 0.11,
    deals: count(0.937, 2.69),
    web: count(5.65, 5.91),
    catalog: count(5.47, 6.13),
    store: count(6.69, 7.97),
    web_visits: (3.81, 2.17),
    accepted: [0.16, 0.048, 0.063, 0.18, 0.23],
    responded: 0.253,
    complained: 0.01,
    education: [0.0, 0.058, 0.42, 0.18, 0.34],
    marital_status: [0.21, 0.11, 0.033, 0.25, 0.4],
};

/// The highest spending: less wine than the premium ones, more meat, fish, fruit and sweets.
const ELITE: Kind = Kind {
    customers: 296,
    copies: 25,
    habits: &AFFLUENT,
    power: 1,
    measures: [
        measure(75_400.0, 72_800.0, 11_800.0),
        measure(529.0, 517.0, 286.0),
        measure(92.9, 51.5, 76.3),
        measure(456.0, 339.0, 301.0),
        measure(135.0, 89.7, 90.6),
        measure(102.0, 55.5, 83.2),
        measure(92.2, 81.4, 72.3),
        measure(49.5, 49.5, 14.1),
    ],
    kids: (0.0642, 0.0),
    teens: (0.24, 0.014),
    tenure: 0.1,
    deals: count(0.601, 2.86),
    web: count(5.51, 5.11),
    catalog: count(5.61, 5.17),
    store: count(6.35, 8.11),
    web_visits: (3.02, 1.94),
    accepted: [0.19, 0.01, 0.084, 0.078, 0.2],
    responded: 0.247,
    complained: 0.003,
    education: [0.0034, 0.12, 0.67, 0.1, 0.1],
    marital_status: [0.24, 0.091, 0.047, 0.26, 0.36],
};
