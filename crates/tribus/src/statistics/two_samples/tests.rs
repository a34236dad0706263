use std::collections::BTreeMap;

use super::*;
use crate::statistics::draw::Key;

fn close(found: f64, wanted: f64) {
    assert!(
        (found / wanted - 1.0).abs() < 1e-7,
        "{found:e}, not {wanted:e}"
    );
}

fn counts(before: u64, of_before: u64, after: u64, of_after: u64) -> Counts {
    Counts {
        before,
        of_before,
        after,
        of_after,
    }
}

/// From SciPy 1.17.1:
///
/// ```python
/// from scipy.stats import hypergeom
/// for a, n, b, m in [...]:
///     d = hypergeom(n + m, a + b, n)
///     print(min(1, 2 * min(d.cdf(a), d.sf(a - 1))))
/// ```
#[test]
fn fishers_test_is_that_of_scipy() {
    let cases = [
        (counts(3, 100, 18, 100), 8.197_937_710_679_044e-4),
        (counts(0, 100, 12, 100), 3.439_665_141_949_307e-4),
        (counts(30, 40, 5, 60), 8.703_596_685_110_085e-12),
        (counts(100, 1000, 160, 1000), 8.254_516_965_430_88e-5),
        (counts(17, 1000, 0, 300), 0.022_399_005_321_054_19),
        (
            counts(200_000, 1_000_000, 203_000, 1_000_000),
            1.245_146_084_396_755e-7,
        ),
        (counts(5, 1000, 900, 1_000_000), 4.713_807_330_280_343e-3),
        (counts(10, 10, 0, 10), 1.082_508_822_446_903e-5),
    ];
    for (counts, wanted) in cases {
        close(fisher(counts), wanted);
    }
}

#[test]
fn fishers_test_is_the_sum_over_all_choices() {
    for (n, m) in [(1_u64, 1_u64), (5, 3), (3, 9), (12, 12)] {
        for a in 0..=n {
            for b in 0..=m {
                let (kind, all) = (a + b, n + m);
                let of = |x: u64| {
                    let log = log_choose(kind, x) + log_choose(all - kind, n - x);
                    libm::exp(log - log_choose(all, n))
                };
                let possible = kind.saturating_sub(m)..=kind.min(n);
                let below: f64 = possible.clone().filter(|x| *x <= a).map(of).sum();
                let above: f64 = possible.filter(|x| *x >= a).map(of).sum();
                let wanted = (2.0 * below.min(above)).min(1.0);
                let found = fisher(counts(a, n, b, m));
                assert!(
                    (found - wanted).abs() < 1e-9,
                    "{a} of {n}, {b} of {m}: {found}, {wanted}"
                );
            }
        }
    }
}

/// All ways to draw the second sample, cell by cell: probability by sum of doubled mean ranks.
fn exact_rank_sum(before: &[u64], after: &[u64]) -> f64 {
    let all: u64 = before.iter().chain(after).sum();
    let drawn: u64 = after.iter().sum();
    let mut ways: BTreeMap<(u64, u64), f64> = BTreeMap::from([((0, 0), 1.0)]);
    let (mut below, mut observed, mut total) = (0, 0, 0);
    for (a, b) in before.iter().zip(after) {
        let both = a + b;
        let rank = 2 * below + both;
        below += both;
        (observed, total) = (observed + b * rank, total + both * rank);
        let mut next = BTreeMap::new();
        for ((count, sum), probability) in ways {
            for more in 0..=both.min(drawn - count) {
                let key = (count + more, sum + more * rank);
                *next.entry(key).or_insert(0.0) += probability * libm::exp(log_choose(both, more));
            }
        }
        ways = next;
    }
    let scale = libm::exp(log_choose(all, drawn));
    let tail = |keeps: &dyn Fn(u64) -> bool| -> f64 {
        let kept = ways
            .iter()
            .filter(|((count, sum), _)| *count == drawn && keeps(*sum));
        kept.map(|(_, ways)| ways / scale).sum()
    };
    let is_high = observed as f64 * all as f64 >= total as f64 * drawn as f64;
    let tail = if is_high {
        tail(&|sum| sum >= observed)
    } else {
        tail(&|sum| sum <= observed)
    };
    (2.0 * tail).min(1.0)
}

/// Two samples in a few cells, of which one may hold nearly all rows.
fn random_cells(run: u64) -> (Vec<u64>, Vec<u64>) {
    let key = Key::new(7, run);
    let cells = 2 + (key.of(0) % 5) as usize;
    let (n, m) = (8 + key.of(1) % 24, 4 + key.of(2) % 24);
    let spike = key.uniform(3) * key.uniform(4);
    let shift = key.uniform(5);
    let place = |sample: u64, row: u64, shift: f64| {
        let at = (sample << 32) + (row << 8) + 100;
        if key.uniform(at) < spike {
            return 0;
        }
        let up = key.uniform(at + 1) * (1.0 - shift)
            + shift * libm::sqrt(libm::sqrt(key.uniform(at + 2)));
        (up * cells as f64) as usize
    };
    let (mut before, mut after) = (vec![0; cells], vec![0; cells]);
    for row in 0..n {
        before[place(1, row, 0.0)] += 1;
    }
    for row in 0..m {
        after[place(2, row, shift)] += 1;
    }
    (before, after)
}

#[test]
fn the_rank_sum_is_nearly_that_of_all_choices_and_not_below_it_in_the_tail() {
    let (mut in_tail, mut smallest, mut largest) = (0, f64::INFINITY, 0.0_f64);
    for run in 0..400 {
        let (before, after) = random_cells(run);
        let (found, wanted) = (rank_sum(&before, &after), exact_rank_sum(&before, &after));
        if wanted < 0.05 {
            in_tail += 1;
            smallest = smallest.min(found / wanted);
            largest = largest.max(found / wanted);
        }
        assert!(
            found >= 0.5 * wanted,
            "{before:?}, {after:?}: {found:e}, not {wanted:e}"
        );
    }
    assert!(in_tail > 50, "{in_tail}");
    assert!(
        smallest > 0.95 && largest < 8.0,
        "{in_tail} {smallest} {largest}"
    );
}

/// Two cells are Fisher's test.
#[test]
fn the_rank_sum_of_two_cells_is_fishers_test() {
    for (a, b) in [(5, 25), (40, 12), (1, 14), (30, 3)] {
        let found = rank_sum(&[100 - a, a], &[80 - b, b]);
        let wanted = fisher(counts(a, 100, b, 80));
        assert!(
            (0.95..1.4).contains(&(found / wanted)),
            "{found:e}, not {wanted:e}"
        );
    }
}

#[test]
fn the_rank_sum_of_many_rows_is_that_of_scipy() {
    // scipy.stats.mannwhitneyu(x, y, method="asymptotic", use_continuity=False), whose normal tail is good here.
    let (before, after) = ([100; 10], [60, 70, 80, 90, 95, 105, 110, 120, 130, 140]);
    let ratio = rank_sum(&before, &after) / 4.058_131_505_151_054e-8;
    assert!((0.8..1.2).contains(&ratio), "{ratio}");
    let ratio = rank_sum(&[9700, 200, 100], &[9550, 250, 200]) / 1.724_314_476_415_213e-8;
    assert!((0.8..1.3).contains(&ratio), "{ratio}");
}

/// The probability that absent levels hold so many rows, from all choices of the first sample.
fn exact_unseen(levels: &[u64], n: u64, observed: u64) -> f64 {
    let all: u64 = levels.iter().sum();
    let mut ways: BTreeMap<(u64, u64), f64> = BTreeMap::from([((0, 0), 1.0)]);
    for rows in levels {
        let mut next = BTreeMap::new();
        for ((count, absent), probability) in ways {
            for more in 0..=(*rows).min(n - count) {
                let absent = absent + if more == 0 { *rows } else { 0 };
                let key = (count + more, absent);
                *next.entry(key).or_insert(0.0) += probability * libm::exp(log_choose(*rows, more));
            }
        }
        ways = next;
    }
    let scale = libm::exp(log_choose(all, n));
    let tail = ways
        .iter()
        .filter(|((count, absent), _)| *count == n && *absent >= observed);
    tail.map(|(_, ways)| ways / scale).sum()
}

#[test]
fn unseen_levels_are_never_less_likely_than_all_choices_say() {
    let cases: [(&[(u64, u64)], f64); 6] = [
        (&[(20, 20), (0, 9)], 4.0),
        (&[(10, 5), (0, 4), (0, 3), (1, 2)], 8.0),
        (&[(1, 0), (1, 0), (1, 0), (0, 1), (0, 1), (10, 10)], 10.0),
        (
            &[(10, 10), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1)],
            10.0,
        ),
        (&[(6, 24), (0, 12)], 4.0),
        (&[(24, 2), (0, 4)], 4.0),
    ];
    for (levels, far) in cases {
        let n = levels.iter().map(|(before, _)| before).sum();
        let m = levels.iter().map(|(_, after)| after).sum();
        let absent = levels.iter().filter(|(before, _)| *before == 0);
        let observed = absent.map(|(_, after)| after).sum();
        let both: Vec<u64> = levels
            .iter()
            .map(|(before, after)| before + after)
            .collect();
        let exact = exact_unseen(&both, n, observed);
        let found = unseen(levels, n, m);
        let near = exact..(exact * far).max(f64::MIN_POSITIVE);
        assert!(
            found >= exact * (1.0 - 1e-9),
            "{levels:?}: {found:e} is below {exact:e}"
        );
        assert!(
            found <= near.end,
            "{levels:?}: {found:e}, far above {exact:e}"
        );
    }
    assert_eq!(unseen(&[(5, 5), (3, 0)], 8, 5), 1.0);
}

#[test]
fn holm_is_that_of_statsmodels() {
    // statsmodels.stats.multitest.multipletests([0.01, 0.04, 0.03, 0.005, 0.9], method="holm")[1]
    let found = holm(&[0.01, 0.04, 0.03, 0.005, 0.9]);
    let wanted = [0.04, 0.09, 0.09, 0.025, 0.9];
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-12, "{found}");
    }
    assert_eq!(holm(&[]), Vec::<f64>::new());
}

#[test]
fn the_usual_limit_of_the_stability_index_alarms_on_most_unchanged_batches_of_a_hundred() {
    let runs = 2000;
    let sample = |key: Key, from: u64| {
        let mut cells = [0_u64; 10];
        for row in 0..100 {
            cells[(key.uniform(from + row) * 10.0) as usize] += 1;
        }
        cells
    };
    let alarms = (0..runs).filter(|run| {
        let key = Key::new(3, *run);
        stability_index(&sample(key, 0), &sample(key, 1000)) > 0.1
    });
    let share = alarms.count() as f64 / runs as f64;
    assert!((0.81..0.88).contains(&share), "{share}");
}
