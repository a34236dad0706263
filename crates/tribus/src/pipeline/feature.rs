//! One feature: limits, transform, scale, weight. Learnt as constants, applied to any row, and undone for centroids.

use serde::{Deserialize, Serialize};

use super::transform::{FittedTransform, fit_yeo_johnson};
use crate::recipe::{Limits, Scale, Transform};
use crate::statistics::{mean, quantile, skewness, sorted, standard_deviation};

/// A feature's way from raw units into the distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Column.
    pub name: String,
    /// Raw values beyond these are limited to them for the distance; far outliers only.
    pub limits: Option<[f64; 2]>,
    /// Transform.
    pub transform: FittedTransform,
    /// Subtracted after the transform.
    pub center: f64,
    /// Divided by after the transform; above 0.
    pub spread: f64,
    /// Multiplied with last; above 0.
    pub weight: f64,
    /// Raw values usually seen (0.5 % to 99.5 %, widened by their distance on each side).
    pub usual: [f64; 2],
}

/// What a feature's constants are learnt by.
#[derive(Debug, Clone, Copy)]
pub(super) struct FeatureRule {
    pub(super) transform: Transform,
    /// Money or a count, which `auto` may transform.
    pub(super) amount: bool,
    pub(super) limits: Limits,
    /// A share or a score: no value of it is far.
    pub(super) bounded: bool,
    pub(super) scale: Scale,
    pub(super) weight: f64,
}

/// What learning a feature came to.
#[derive(Debug)]
pub(super) enum Learnt {
    Feature(Box<Feature>, Vec<String>),
    /// All values equal: no part of any distance.
    Constant,
    /// A value the transform does not take, by its position.
    OutsideDomain {
        row: usize,
        domain: &'static str,
    },
    /// The squares of the values overflow.
    TooLarge,
}

/// Magnitudes above this cannot be squared and summed.
const LARGEST: f64 = 1e140;

/// A feature is heavy-tailed when its upper half is this many times as wide as its lower half (5 % to 95 %).
const HEAVY_TAIL: f64 = 3.0;

/// A value is a far outlier beyond this many robust deviations (interquartile range / 1.349) from the quartiles.
const FAR: f64 = 6.0;

/// At most this share of a column can be far outliers.
const MOST_FAR: f64 = 0.01;

impl Feature {
    pub(super) fn learn(name: &str, values: &[f64], rule: FeatureRule) -> Learnt {
        if values.iter().any(|value| value.abs() > LARGEST) {
            return Learnt::TooLarge;
        }
        let ordered = sorted(values);
        let (Some(first), Some(last)) = (ordered.first(), ordered.last()) else {
            return Learnt::Constant;
        };
        if first == last {
            return Learnt::Constant;
        }
        let transform = choose_transform(values, &ordered, rule);
        if let Some(row) = values.iter().position(|value| !transform.takes(*value)) {
            return Learnt::OutsideDomain {
                row,
                domain: transform.domain(),
            };
        }
        let limits = match rule.limits {
            Limits::None => None,
            Limits::Auto if rule.bounded => None,
            Limits::Auto => far_limits(&ordered, transform),
        };
        let images: Vec<f64> = values
            .iter()
            .map(|value| transform.apply(limited(*value, limits)))
            .collect();
        if images
            .iter()
            .any(|image| image.is_nan() || image.abs() > LARGEST)
        {
            return Learnt::TooLarge;
        }
        let (center, spread) = scale_constants(&images, rule.scale);
        if !(spread.is_finite() && spread > 0.0 && center.is_finite()) {
            return nothing_left(*first, *last);
        }
        let remarks = remarks(name, values, limits, transform, &images, rule);
        let feature = Self {
            name: name.to_owned(),
            limits,
            transform,
            center,
            spread,
            weight: rule.weight,
            usual: usual(&ordered),
        };
        Learnt::Feature(Box::new(feature), remarks)
    }

    /// The feature of a single customer: its only value lies at 0.
    pub(super) fn single(name: &str, value: f64) -> Self {
        Self {
            name: name.to_owned(),
            limits: None,
            transform: FittedTransform::None,
            center: value,
            spread: 1.0,
            weight: 1.0,
            usual: [value, value],
        }
    }

    /// Whether `value` has a place on the scaled axis.
    pub(super) fn takes(&self, value: f64) -> bool {
        let value_limited = limited(value, self.limits);
        let image = || self.transform.apply(value_limited);
        value.abs() <= LARGEST && self.transform.takes(value_limited) && image().abs() <= LARGEST
    }

    /// The smallest and the largest raw value that have a place on the scaled axis, as far as size decides it.
    pub(crate) fn range(&self) -> [f64; 2] {
        let ends = [-LARGEST, LARGEST];
        // A value beyond a limit counts as the limit, which has a place.
        if self.limits.is_some() {
            return ends;
        }
        ends.map(|end| {
            let raw = self.transform.invert(end);
            // Beyond the images of a bounded transform nothing lies.
            if raw.abs() <= LARGEST { raw } else { end }
        })
    }

    /// Whether `value` is limited for the distance.
    pub(super) fn limits(&self, value: f64) -> bool {
        self.limits
            .is_some_and(|[low, high]| value < low || value > high)
    }

    /// The scaled coordinate of a raw value.
    pub(crate) fn scaled(&self, value: f64) -> f64 {
        let image = self.transform.apply(limited(value, self.limits));
        (image - self.center) / self.spread * self.weight
    }

    /// The raw value of a scaled coordinate.
    pub fn raw(&self, coordinate: f64) -> f64 {
        self.transform
            .invert(coordinate / self.weight * self.spread + self.center)
    }
}

/// The values differ, but so little, or so far out, that nothing is left of it on the scaled axis.
fn nothing_left(first: f64, last: f64) -> Learnt {
    if last - first > 1e-12 * first.abs().max(last.abs()) {
        Learnt::TooLarge
    } else {
        Learnt::Constant
    }
}

/// The range of raw values that surprises nobody.
fn usual(ordered: &[f64]) -> [f64; 2] {
    let low = quantile(ordered, 0.005);
    let high = quantile(ordered, 0.995);
    [low - (high - low), high + (high - low)]
}

fn limited(value: f64, limits: Option<[f64; 2]>) -> f64 {
    match limits {
        Some([low, high]) => value.clamp(low, high),
        None => value,
    }
}

fn choose_transform(values: &[f64], ordered: &[f64], rule: FeatureRule) -> FittedTransform {
    match rule.transform {
        Transform::Log => FittedTransform::Log,
        Transform::Log1p => FittedTransform::Log1p,
        Transform::YeoJohnson => FittedTransform::YeoJohnson {
            lambda: fit_yeo_johnson(values),
        },
        Transform::Auto if rule.amount && ordered[0] >= 0.0 && heavy_tailed(ordered) => {
            FittedTransform::Log1p
        }
        Transform::Auto | Transform::None => FittedTransform::None,
    }
}

/// Judged between quantiles, so that one far value does not decide; a few distinct values have no tail.
fn heavy_tailed(ordered: &[f64]) -> bool {
    let mut distinct = ordered.to_vec();
    distinct.dedup();
    if distinct.len() < 20 {
        return false;
    }
    let [low, median, high] = [0.05, 0.5, 0.95].map(|share| quantile(ordered, share));
    high - median > HEAVY_TAIL * (median - low)
}

/// Limits far outside the quartiles of the transformed values, in raw units; none where nothing lies beyond.
fn far_limits(ordered: &[f64], transform: FittedTransform) -> Option<[f64; 2]> {
    let images: Vec<f64> = ordered
        .iter()
        .map(|value| transform.apply(*value))
        .collect();
    let (q25, q75) = (quantile(&images, 0.25), quantile(&images, 0.75));
    let reach = FAR * (q75 - q25) / 1.349;
    if reach <= 0.0 {
        return None;
    }
    // Beyond the images of a bounded transform nothing lies, and nothing is limited.
    let or_largest = |limit: f64, largest: f64| {
        if limit.abs() <= LARGEST {
            limit
        } else {
            largest
        }
    };
    let low = or_largest(transform.invert(q25 - reach), -LARGEST);
    let high = or_largest(transform.invert(q75 + reach), LARGEST);
    let beyond = ordered
        .iter()
        .filter(|value| **value < low || **value > high)
        .count();
    // Where many values lie beyond, they are no outliers: the middle half is a spike.
    let few = beyond as f64 <= MOST_FAR * ordered.len() as f64;
    (beyond > 0 && (few || beyond == 1)).then_some([low, high])
}

/// What is subtracted from transformed values, and what they are then divided by.
pub(crate) fn scale_constants(images: &[f64], scale: Scale) -> (f64, f64) {
    match scale {
        Scale::None => (0.0, 1.0),
        Scale::Standard => {
            let center = mean(images);
            (center, standard_deviation(images, center))
        }
        Scale::Robust => {
            let ordered = sorted(images);
            let spread = quantile(&ordered, 0.75) - quantile(&ordered, 0.25);
            // Over half of the values are equal: the interquartile range says nothing, so the deviation speaks.
            let spread = if spread > 0.0 {
                spread
            } else {
                standard_deviation(images, mean(images))
            };
            (quantile(&ordered, 0.5), spread)
        }
        Scale::MinMax => {
            let ordered = sorted(images);
            (ordered[0], ordered[ordered.len() - 1] - ordered[0])
        }
    }
}

fn remarks(
    name: &str,
    values: &[f64],
    limits: Option<[f64; 2]>,
    transform: FittedTransform,
    images: &[f64],
    rule: FeatureRule,
) -> Vec<String> {
    let mut remarks = Vec::new();
    if rule.transform == Transform::Auto && transform != FittedTransform::None {
        let before: Vec<f64> = values.iter().map(|value| limited(*value, limits)).collect();
        remarks.push(format!(
            "{name} is heavy-tailed: log1p brings its skew from {:.1} to {:.1}",
            skewness(&before),
            skewness(images)
        ));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: FeatureRule = FeatureRule {
        transform: Transform::Auto,
        amount: true,
        limits: Limits::Auto,
        bounded: false,
        scale: Scale::Standard,
        weight: 1.0,
    };

    fn learn(values: &[f64], rule: FeatureRule) -> Feature {
        match Feature::learn("x", values, rule) {
            Learnt::Feature(feature, _) => *feature,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_far_value_is_limited_and_does_not_call_for_a_logarithm() {
        let mut values: Vec<f64> = (0..100).map(|i| 1000.0 + f64::from(i)).collect();
        values.push(666_666.0);
        let feature = learn(&values, RULE);
        assert_eq!(feature.transform, FittedTransform::None);
        assert!(feature.limits(666_666.0) && !feature.limits(1099.0));
        assert!(feature.scaled(666_666.0) < 10.0);
    }

    #[test]
    fn heavy_tailed_amounts_take_a_logarithm_and_others_do_not() {
        let values: Vec<f64> = (0..200).map(|i| libm::exp(f64::from(i) / 25.0)).collect();
        assert_eq!(learn(&values, RULE).transform, FittedTransform::Log1p);
        let other = FeatureRule {
            amount: false,
            ..RULE
        };
        assert_eq!(learn(&values, other).transform, FittedTransform::None);
    }

    #[test]
    fn scaling_back_gives_the_raw_value() {
        let values: Vec<f64> = (0..200).map(|i| libm::exp(f64::from(i) / 25.0)).collect();
        for scale in [Scale::Standard, Scale::Robust, Scale::MinMax, Scale::None] {
            let feature = learn(
                &values,
                FeatureRule {
                    scale,
                    weight: 0.5,
                    ..RULE
                },
            );
            for value in [1.0, 10.0, 500.0] {
                assert!((feature.raw(feature.scaled(value)) - value).abs() < 1e-9 * value);
            }
        }
    }

    #[test]
    fn what_cannot_be_scaled_is_told() {
        assert!(matches!(
            Feature::learn("x", &[2.0, 2.0], RULE),
            Learnt::Constant
        ));
        assert!(matches!(
            Feature::learn("x", &[1e200, 2.0], RULE),
            Learnt::TooLarge
        ));
        let log = FeatureRule {
            transform: Transform::Log,
            ..RULE
        };
        let learnt = Feature::learn("x", &[1.0, 0.0, 3.0], log);
        assert!(matches!(learnt, Learnt::OutsideDomain { row: 1, .. }));
    }
}
