//! Two years of orders of a made-up shop: customers who come back and many who do not, returns, guests, cancelled orders.

use std::fmt::Write;

use super::chance::Chance;
use crate::date::days_from_civil;

/// People who buy in the two years.
const BUYERS: usize = 1_600;

/// The last day, counted from the first of January 2023.
const DAYS: f64 = 730.0;

const HEADER: &str = "order_id,order_date,customer_id,email,product,category,quantity,unit_price,discount,status,country\n";

/// Name, kind and price of what the shop sells.
const PRODUCTS: [(&str, &str, f64); 12] = [
    ("Espresso beans 1 kg", "Coffee", 24.9),
    ("Filter coffee 500 g", "Coffee", 12.5),
    ("Decaf 250 g", "Coffee", 8.9),
    ("Green tea 100 g", "Tea", 7.5),
    ("Earl Grey 100 g", "Tea", 6.9),
    ("Rooibos 200 g", "Tea", 9.4),
    ("Hand grinder", "Equipment", 59.0),
    ("Moka pot", "Equipment", 34.5),
    ("Milk frother", "Equipment", 19.9),
    ("Cups, set of four", "Tableware", 28.0),
    ("Teapot", "Tableware", 39.0),
    ("Cold brew bottle", "Tableware", 16.5),
];

const COUNTRIES: [&str; 6] = ["DE", "DE", "DE", "AT", "FR", "NL"];

/// How a kind of buyer buys.
struct Habit {
    /// Share of the buyers.
    share: f64,
    /// Mean days between orders; none for those who come once.
    gap: Option<f64>,
    /// Mean days until they stay away.
    life: f64,
    /// Pieces in an order, on average.
    pieces: f64,
    /// How often an order is discounted.
    discounted: f64,
    /// How often a line comes back.
    returned: f64,
}

const HABITS: [Habit; 4] = [
    Habit {
        share: 0.14,
        gap: Some(28.0),
        life: 900.0,
        pieces: 4.0,
        discounted: 0.05,
        returned: 0.03,
    },
    Habit {
        share: 0.28,
        gap: Some(80.0),
        life: 500.0,
        pieces: 2.2,
        discounted: 0.12,
        returned: 0.04,
    },
    Habit {
        share: 0.13,
        gap: Some(120.0),
        life: 600.0,
        pieces: 1.6,
        discounted: 0.8,
        returned: 0.18,
    },
    Habit {
        share: 0.45,
        gap: None,
        life: 1.0,
        pieces: 1.8,
        discounted: 0.2,
        returned: 0.06,
    },
];

/// An order on its way to the file.
struct Order {
    day: f64,
    buyer: usize,
    lines: Vec<String>,
}

/// The orders as CSV with a header line, the oldest first; always the same bytes.
///
/// ```
/// let text = tribus::demo::purchases();
/// assert!(text.starts_with("order_id,order_date,customer_id"));
/// assert_eq!(text, tribus::demo::purchases());
/// ```
pub fn purchases() -> String {
    let mut chance = Chance::new(20_230_101);
    let mut orders: Vec<Order> = Vec::new();
    for buyer in 0..BUYERS {
        orders.extend(of_buyer(buyer, &mut chance));
    }
    orders.sort_by(|a, b| a.day.total_cmp(&b.day).then(a.buyer.cmp(&b.buyer)));
    let mut text = HEADER.to_owned();
    for (at, order) in orders.iter().enumerate() {
        for line in &order.lines {
            let _ = writeln!(text, "{},{line}", 10_001 + at);
        }
    }
    text
}

fn of_buyer(buyer: usize, chance: &mut Chance) -> Vec<Order> {
    let share = chance.uniform();
    let mut reached = 0.0;
    let habit = HABITS
        .iter()
        .find(|habit| {
            reached += habit.share;
            share < reached
        })
        .unwrap_or(&HABITS[3]);
    let wait = |chance: &mut Chance, mean: f64| -mean * libm::log(chance.uniform());
    let mut day = DAYS * chance.uniform();
    let end = (day + wait(chance, habit.life)).min(DAYS);
    let who = who(buyer, habit, chance);
    let mut orders = Vec::new();
    loop {
        let mut order = Order {
            day,
            buyer,
            lines: Vec::new(),
        };
        let back = lines(&mut order, &who, habit, chance);
        orders.push(order);
        orders.extend(back);
        day += match habit.gap {
            Some(gap) => 3.0 + wait(chance, gap - 3.0),
            None => return orders,
        };
        if day > end {
            return orders;
        }
    }
}

/// Number, address and country of a buyer. Guests have no number, and a few nothing at all.
fn who(buyer: usize, habit: &Habit, chance: &mut Chance) -> (String, &'static str) {
    let country = COUNTRIES[chance.below(COUNTRIES.len())];
    let email = format!("buyer{buyer}@example.org");
    let who = match chance.uniform() {
        unknown if habit.gap.is_none() && unknown < 0.05 => ",".to_owned(),
        guest if habit.gap.is_none() && guest < 0.3 => format!(",{email}"),
        _ => format!("C{:05},{email}", 1 + buyer),
    };
    (who, country)
}

/// Writes the lines of an order; the order of what comes back of it, if anything does.
fn lines(
    order: &mut Order,
    who: &(String, &str),
    habit: &Habit,
    chance: &mut Chance,
) -> Option<Order> {
    let is_cancelled = chance.uniform() < 0.02;
    let status = if is_cancelled { "cancelled" } else { "paid" };
    let is_discounted = chance.uniform() < habit.discounted;
    let count = 1 + usize::from(chance.uniform() < 0.55) + usize::from(chance.uniform() < 0.2);
    let mut back = Vec::new();
    for _ in 0..count {
        let (product, category, price) = PRODUCTS[chance.below(PRODUCTS.len())];
        let most = (2.0 * habit.pieces / count as f64).max(1.0) as usize;
        let pieces = 1 + chance.below(most);
        let discount = if is_discounted {
            0.2 * price * pieces as f64
        } else {
            0.0
        };
        let line = |pieces: i64, discount: f64, day: f64| {
            let (who, country) = who;
            format!(
                "{},{who},\"{product}\",{category},{pieces},{price:.2},{discount:.2},{status},{country}",
                date(day)
            )
        };
        order.lines.push(line(pieces as i64, discount, order.day));
        if !is_cancelled && chance.uniform() < habit.returned {
            back.push(line(-(pieces as i64), -discount, order.day + 9.0));
        }
    }
    let day = order.day + 9.0;
    (!back.is_empty() && day <= DAYS).then_some(Order {
        day,
        buyer: order.buyer,
        lines: back,
    })
}

fn date(day: f64) -> String {
    crate::date::date_text(days_from_civil(2023, 1, 1) + day as i32)
}
