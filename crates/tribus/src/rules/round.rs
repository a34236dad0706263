//! Thresholds that people can read.

/// The number with fewest digits from `from` (included) to `to` (excluded); of several the one nearest to the middle.
///
/// Whatever is returned parts `from` and `to` as well as any number between them does.
pub(super) fn rounded(from: f64, to: f64) -> f64 {
    let size = from.abs().max(to.abs());
    if !(from < to && size.is_finite()) {
        return from;
    }
    let middle = from + (to - from) / 2.0;
    let largest = libm::log10(size).ceil() as i32;
    for power in (largest - 17..=largest).rev() {
        let candidate = multiple(middle, power);
        let near = [
            candidate,
            next(candidate, power, 1.0),
            next(candidate, power, -1.0),
        ];
        let best = near
            .into_iter()
            .filter(|candidate| (from..to).contains(candidate))
            .min_by(|a, b| (a - middle).abs().total_cmp(&(b - middle).abs()));
        if let Some(best) = best {
            return best;
        }
    }
    from
}

/// The multiple of a power of ten nearest to a number, as its decimal text reads.
fn multiple(number: f64, power: i32) -> f64 {
    if power >= 0 {
        let step = libm::pow(10.0, f64::from(power));
        return (number / step).round() * step + 0.0;
    }
    let decimals = power.unsigned_abs() as usize;
    let text = format!("{number:.decimals$}");
    text.parse::<f64>().unwrap_or(number) + 0.0
}

fn next(number: f64, power: i32, side: f64) -> f64 {
    multiple(number + side * libm::pow(10.0, f64::from(power)), power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_short() {
        for (from, to, threshold) in [
            (40_887.0, 41_021.0, 41_000.0),
            (12.0, 13.0, 12.0),
            (0.131, 0.142, 0.14),
            (-3.7, 4.1, 0.0),
            (-8.0, -5.0, -7.0),
            (1e-9, 3e-9, 2e-9),
            (1e300, 3e300, 2e300),
            (5.0, 5.0, 5.0),
        ] {
            let found = rounded(from, to);
            assert_eq!(found, threshold, "{from} {to}");
        }
        let (a, b): (f64, f64) = (0.1 + 0.2, 0.300_000_000_000_000_1);
        let between = rounded(a.min(b), a.max(b));
        assert!((a.min(b)..a.max(b)).contains(&between));
    }
}
