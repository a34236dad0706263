//! Made-up tables of customers: with groups that are known, and without any.

use std::f64::consts::TAU;
use std::fmt::Write as _;

/// A stream of random numbers: SplitMix64 (Steele, Lea and Flood 2014, <https://doi.org/10.1145/2660193.2660195>).
#[derive(Debug, Clone)]
pub(crate) struct Numbers(u64);

impl Numbers {
    /// A stream for a seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut numbers = Self(
            seed.wrapping_mul(0xd134_2543_de82_ef95)
                .wrapping_add(0x9e37),
        );
        numbers.bits();
        numbers
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in (0, 1).
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Uniform between two numbers.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// A whole number from `low` to `high`.
    pub(crate) fn whole(&mut self, low: usize, high: usize) -> usize {
        low + (self.bits() % (high - low + 1) as u64) as usize
    }

    /// Standard normal (Box and Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (TAU * self.uniform()).cos()
    }

    fn often(&mut self, share: f64) -> bool {
        self.uniform() < share
    }

    /// Gamma with a whole shape.
    fn gamma(&mut self, shape: usize) -> f64 {
        -(0..shape).map(|_| self.uniform().ln()).sum::<f64>()
    }

    fn poisson(&mut self, mean: f64) -> f64 {
        let (mut left, mut count) = (mean, 0.0);
        loop {
            left += self.uniform().ln();
            if left < 0.0 {
                return count;
            }
            count += 1.0;
        }
    }
}

/// A table of customers, and the group of each.
#[derive(Debug, Clone)]
pub(crate) struct Set {
    /// What it is like.
    pub(crate) kind: String,
    /// Row by row.
    pub(crate) rows: Vec<Vec<f64>>,
    /// The group of each row; all 0 where there are none.
    pub(crate) groups: Vec<u32>,
    /// Number of groups.
    pub(crate) k: usize,
    /// What it was made from.
    pub(crate) seed: u64,
}

impl Set {
    /// Every column with mean 0 and standard deviation 1, row by row.
    pub(crate) fn standardized(&self) -> Vec<f64> {
        let (n, d) = (self.rows.len() as f64, self.rows[0].len());
        let scales: Vec<(f64, f64)> = (0..d)
            .map(|column| {
                let mean = self.rows.iter().map(|row| row[column]).sum::<f64>() / n;
                let squares = self.rows.iter().map(|row| (row[column] - mean).powi(2));
                (mean, (squares.sum::<f64>() / n).sqrt())
            })
            .collect();
        let values = self.rows.iter().flat_map(|row| row.iter().zip(&scales));
        values
            .map(|(value, (mean, deviation))| (value - mean) / deviation)
            .collect()
    }

    /// As a CSV file with plain column names.
    pub(crate) fn csv(&self) -> String {
        let columns = self.rows[0].len();
        let names: Vec<String> = (1..=columns).map(|column| format!("x{column}")).collect();
        let mut text = names.join(",") + "\n";
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
            let _ = writeln!(text, "{}", cells.join(","));
        }
        text
    }
}

/// How the values of a group are distributed about its center.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Normal,
    Gamma(usize),
    LogNormal(f64),
    Heavy,
}

impl Shape {
    /// A value of mean 0 and standard deviation 1 (about 1 where tails are heavy).
    fn draw(self, numbers: &mut Numbers) -> f64 {
        match self {
            Self::Normal => numbers.normal(),
            Self::Gamma(shape) => {
                let mean = shape as f64;
                (numbers.gamma(shape) - mean) / mean.sqrt()
            }
            Self::LogNormal(sigma) => {
                let square = sigma * sigma;
                let deviation = ((square.exp() - 1.0) * square.exp()).sqrt();
                ((sigma * numbers.normal()).exp() - (square / 2.0).exp()) / deviation
            }
            Self::Heavy => {
                // Student's t with 5 degrees of freedom.
                let chi: f64 = (0..5).map(|_| numbers.normal().powi(2)).sum();
                numbers.normal() / (chi / 3.0).sqrt()
            }
        }
    }
}

/// Groups of customers in 3 to 20 columns: 2 to 10 of them, of equal or unequal sizes and spreads, round or elongated,
/// symmetric or skewed, with and without columns of noise, overlapping more or less.
pub(crate) fn grouped(seed: u64) -> Set {
    let mut numbers = Numbers::new(seed);
    let n = &mut numbers;
    let k = n.whole(2, 10);
    let informative = n.whole(if k > 6 { 3 } else { 2 }, 12);
    let noise = if n.often(0.5) {
        n.whole(1, informative.max(2)).min(20 - informative)
    } else {
        0
    };
    let noise = noise.max(3_usize.saturating_sub(informative));
    let shape = match n.whole(0, 5) {
        0..=2 => Shape::Normal,
        3 => Shape::Gamma(n.whole(2, 6)),
        4 => Shape::LogNormal(n.between(0.3, 0.7)),
        _ => Shape::Heavy,
    };
    let (unequal_sizes, unequal_spreads, elongated) = (n.often(0.5), n.often(0.5), n.often(0.4));
    let rounded = n.often(0.2);
    let per_group = n.whole(40, 300);
    let separation = n.between(1.2, 4.5);
    let sizes: Vec<usize> = (0..k)
        .map(|_| {
            if unequal_sizes {
                (per_group as f64 * n.between(0.25, 2.0)) as usize
            } else {
                per_group
            }
        })
        .collect();
    let centers: Vec<Vec<f64>> = (0..k)
        .map(|_| (0..informative).map(|_| separation * n.normal()).collect())
        .collect();
    let mut rows = Vec::new();
    let mut groups = Vec::new();
    for (group, (size, center)) in sizes.iter().zip(&centers).enumerate() {
        let spread = if unequal_spreads {
            n.between(0.6, 1.6)
        } else {
            1.0
        };
        let scales: Vec<f64> = (0..informative)
            .map(|_| if elongated { n.between(0.5, 1.5) } else { 1.0 })
            .collect();
        let turn = elongated.then(|| {
            (
                n.whole(0, informative - 1),
                n.whole(0, informative - 1),
                n.between(0.0, TAU),
            )
        });
        for _ in 0..*size {
            let mut row: Vec<f64> = scales
                .iter()
                .map(|scale| spread * scale * shape.draw(n))
                .collect();
            if let Some((a, b, angle)) = turn
                && a != b
            {
                let (x, y) = (row[a], row[b]);
                row[a] = angle.cos() * x - angle.sin() * y;
                row[b] = angle.sin() * x + angle.cos() * y;
            }
            for (value, center) in row.iter_mut().zip(center) {
                *value += center;
            }
            row.extend((0..noise).map(|_| shape.draw(n)));
            rows.push(row);
            groups.push(group as u32);
        }
    }
    let columns = informative + noise;
    let scales: Vec<(f64, f64)> = (0..columns)
        .map(|_| (n.between(-50.0, 200.0), 10_f64.powf(n.between(0.0, 2.0))))
        .collect();
    for row in &mut rows {
        for (value, (offset, scale)) in row.iter_mut().zip(&scales) {
            *value = offset + scale * *value;
            if rounded {
                *value = (*value / scale * 4.0).round();
            }
        }
    }
    let flag = |on: bool, name: &'static str| if on { name } else { "" };
    Set {
        kind: format!(
            "{shape:?} d={informative}+{noise} n={} sep={separation:.1}{}{}{}{}",
            rows.len(),
            flag(unequal_sizes, " sizes"),
            flag(unequal_spreads, " spreads"),
            flag(elongated, " elongated"),
            flag(rounded, " rounded"),
        ),
        rows,
        groups,
        k,
        seed,
    }
}

/// Groups that only some columns show: one column of two or three kinds of customer, few of them perhaps, beside columns
/// that have nothing to do with it; or groups in several columns beside counts of few values.
pub(crate) fn grouped_in_part(seed: u64) -> Set {
    let mut numbers = Numbers::new(seed ^ 0x7061_7274);
    let n = &mut numbers;
    let beside_counts = n.often(0.5);
    let k = if beside_counts {
        n.whole(2, 6)
    } else {
        n.whole(2, 3)
    };
    let informative = if beside_counts { n.whole(2, 6) } else { 1 };
    let others = n.whole(usize::from(beside_counts), 3);
    let few = n.often(0.5);
    let separation = if beside_counts {
        n.between(2.5, 4.5)
    } else {
        n.between(5.0, 12.0)
    };
    let kinds: Vec<usize> = (0..others).map(|_| n.whole(0, 2)).collect();
    let rates: Vec<f64> = (0..others).map(|_| n.between(0.2, 2.5)).collect();
    let (rows, share) = (n.whole(200, 2500), n.between(0.06, 0.3));
    let centers: Vec<Vec<f64>> = (0..k)
        .map(|group| {
            let center = (0..informative).map(|_| {
                if beside_counts {
                    separation * n.normal()
                } else {
                    separation * group as f64
                }
            });
            center.collect()
        })
        .collect();
    let mut set = Set {
        kind: format!(
            "in part d={informative}+{others} n={rows} sep={separation:.1}{}{}",
            if beside_counts { " counts" } else { "" },
            if few { " few" } else { "" },
        ),
        rows: Vec::new(),
        groups: Vec::new(),
        k,
        seed,
    };
    for row in 0..rows {
        let is_few = (row as f64) < share * rows as f64;
        let group = match (few, is_few) {
            (true, true) => 1 + row % (k - 1),
            (true, false) => 0,
            (false, _) => row % k,
        };
        let own = centers[group].iter().map(|center| center + n.normal());
        let mut values: Vec<f64> = own.collect();
        values.extend(kinds.iter().zip(&rates).map(|(kind, rate)| match kind {
            _ if beside_counts => n.poisson(*rate),
            0 => n.uniform(),
            1 => n.normal(),
            _ => n.whole(18, 80) as f64,
        }));
        set.rows.push(values);
        set.groups.push(group as u32);
    }
    set
}

/// Columns without groups that look as if they had some: whole numbers in one column, few values, a spike where missing
/// cells were filled, many zeros.
pub(crate) fn ungrouped_in_part(seed: u64) -> Set {
    let mut numbers = Numbers::new(seed ^ 0x6f64_6473);
    let n = &mut numbers;
    let (rows, family) = (n.whole(150, 2500), seed % 6);
    let d = if family < 2 { 1 } else { n.whole(2, 8) };
    let rates: Vec<f64> = (0..d).map(|_| n.between(0.3, 3.0)).collect();
    let (share, most) = (n.between(0.1, 0.4), n.whole(5, 60));
    let mut row = || -> Vec<f64> {
        match family {
            0 => vec![n.whole(0, most) as f64],
            1 => vec![n.poisson(rates[0] * most as f64 / 3.0)],
            2 => (0..d).map(|i| n.poisson(rates[i])).collect(),
            3 => (0..d).map(|_| n.whole(1, 5) as f64).collect(),
            4 => (0..d)
                .map(|_| if n.often(share) { 0.0 } else { n.normal() })
                .collect(),
            _ => (0..d)
                .map(|i| {
                    if n.often(share) {
                        0.0
                    } else {
                        (0.5 * n.normal()).exp() * rates[i]
                    }
                })
                .collect(),
        }
    };
    let rows: Vec<Vec<f64>> = (0..rows).map(|_| row()).collect();
    let kind = [
        "whole numbers",
        "one count",
        "few counts",
        "answers",
        "filled",
        "zeros",
    ][family as usize];
    Set {
        kind: format!("{kind} d={d} n={}", rows.len()),
        groups: vec![0; rows.len()],
        rows,
        k: 1,
        seed,
    }
}

/// Customers without groups: uniform in a box or a ball, normal, correlated, log-normal, counts, flags; and continua that
/// no copula describes: one factor that saturates, spread that grows with the factor, budgets and their parts.
pub(crate) fn ungrouped(seed: u64) -> Set {
    let mut numbers = Numbers::new(seed ^ 0x6e75_6c6c);
    let n = &mut numbers;
    let (rows, d) = (n.whole(150, 2500), n.whole(2, 15));
    let family = seed % 11;
    let factors: Vec<f64> = (0..2 * d).map(|_| n.normal()).collect();
    let rates: Vec<f64> = (0..d).map(|_| n.between(0.5, 12.0)).collect();
    let shares: Vec<f64> = (0..d).map(|_| n.between(0.1, 0.9)).collect();
    let mut row = || -> Vec<f64> {
        match family {
            0 => (0..d).map(|_| n.uniform()).collect(),
            1 => {
                let direction: Vec<f64> = (0..d).map(|_| n.normal()).collect();
                let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
                let radius = n.uniform().powf(1.0 / d as f64);
                direction.iter().map(|x| x / length * radius).collect()
            }
            2 => (0..d).map(|_| n.normal()).collect(),
            3 => {
                let (a, b) = (n.normal(), n.normal());
                (0..d)
                    .map(|i| factors[2 * i] * a + factors[2 * i + 1] * b + 0.7 * n.normal())
                    .collect()
            }
            4 => (0..d).map(|_| n.normal().exp()).collect(),
            5 => (0..d).map(|i| n.poisson(rates[i])).collect(),
            6 => (0..d).map(|i| f64::from(n.often(shares[i]))).collect(),
            7 => {
                let a = n.normal();
                (0..d)
                    .map(|i| (0.6 * factors[i] * a + 0.6 * n.normal()).exp())
                    .collect()
            }
            8 => {
                let a = n.normal();
                (0..d)
                    .map(|i| (1.5 * factors[i] * a + factors[d + i]).tanh() + 0.3 * n.normal())
                    .collect()
            }
            9 => {
                let a = n.uniform();
                (0..d)
                    .map(|i| 2.0 * factors[i] * a + (0.2 + 0.8 * a) * n.normal())
                    .collect()
            }
            _ => {
                let budget = n.normal().exp();
                (0..d)
                    .map(|i| budget * (factors[i] + 0.7 * n.normal()).exp())
                    .collect()
            }
        }
    };
    let rows: Vec<Vec<f64>> = (0..rows).map(|_| row()).collect();
    let kind = [
        "box",
        "ball",
        "normal",
        "correlated",
        "log-normal",
        "counts",
        "flags",
        "correlated log-normal",
        "bent",
        "fanned out",
        "budgets",
    ][family as usize];
    Set {
        kind: format!("{kind} d={d} n={}", rows.len()),
        groups: vec![0; rows.len()],
        rows,
        k: 1,
        seed,
    }
}
