//! From values to pixels.

/// A straight map of values onto pixels.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Scale {
    values: (f64, f64),
    pixels: (f64, f64),
}

impl Scale {
    /// Maps `values.0` to `pixels.0` and `values.1` to `pixels.1`.
    pub(in crate::report) fn new(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { values, pixels }
    }

    /// The pixel of a value; values beyond the ends stay on the ends.
    pub(in crate::report) fn at(&self, value: f64) -> f64 {
        let span = self.values.1 - self.values.0;
        if span == 0.0 || !value.is_finite() {
            return f64::midpoint(self.pixels.0, self.pixels.1);
        }
        let part = ((value - self.values.0) / span).clamp(0.0, 1.0);
        part.mul_add(self.pixels.1 - self.pixels.0, self.pixels.0)
    }
}

/// Round values (1, 2 or 5 times a power of ten apart) that cover `low..=high` in about `wanted` steps.
pub(in crate::report) fn nice_ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    if !low.is_finite() || !high.is_finite() || high <= low {
        return vec![if low.is_finite() { low } else { 0.0 }];
    }
    let rough = (high - low) / wanted.max(1) as f64;
    let power = libm::pow(10.0, libm::log10(rough).floor());
    if power == 0.0 || !power.is_finite() || !(high / power).is_finite() {
        return vec![low, high];
    }
    // A little slack, so that rounding in the power of ten does not skip a step.
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * power >= rough * 0.999_999);
    let step = factor.unwrap_or(10.0) * power;
    let first = (low / step + 1e-9).floor() as i64;
    let last = (high / step - 1e-9).ceil() as i64;
    // Steps below one are divided, not multiplied: 3 / 10 is the 0.3 that people write, 3 x 0.1 is not.
    let inverse = (1.0 / step).round();
    let tick = |index: i64| {
        if step < 1.0 {
            index as f64 / inverse
        } else {
            index as f64 * step
        }
    };
    (first..=last).take(50).map(tick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_values() {
        assert_eq!(nice_ticks(0.0, 0.35, 4), [0.0, 0.1, 0.2, 0.3, 0.4]);
        assert_eq!(nice_ticks(-0.12, 1.0, 5), [-0.5, 0.0, 0.5, 1.0]);
        assert_eq!(
            nice_ticks(0.0, 79_380.0, 4),
            [0.0, 20_000.0, 40_000.0, 60_000.0, 80_000.0]
        );
    }

    #[test]
    fn odd_ranges_give_ticks_too() {
        for (low, high) in [
            (1.0, 1.0),
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
            (5.0, 4.0),
            (0.0, 1e-320),
            (-1e308, 1e308),
            (1e16, 1e16 + 4.0),
        ] {
            let ticks = nice_ticks(low, high, 5);
            assert!(
                !ticks.is_empty() && ticks.len() <= 50,
                "{low} {high}: {ticks:?}"
            );
            assert!(
                ticks.iter().all(|tick| tick.is_finite()),
                "{low} {high}: {ticks:?}"
            );
        }
    }

    #[test]
    fn a_scale_keeps_what_lies_beyond_on_its_ends() {
        let scale = Scale::new((0.0, 1.0), (100.0, 0.0));
        assert_eq!(
            [
                scale.at(0.25),
                scale.at(2.0),
                scale.at(-9.0),
                scale.at(f64::NAN)
            ],
            [75.0, 0.0, 100.0, 50.0]
        );
    }
}
