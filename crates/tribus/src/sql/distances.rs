//! From the derived columns to the segments: features, scales, distances to the centroids, the nearest two.

use super::rows::{constant_of, filled};
use super::{SqlError, Writer, field, one_line};
use crate::expr::{Comparison, Dialect, Expr, ExprType, Step};
use crate::pipeline::{Feature, FittedTransform};

const CONFIDENCE: &str = "CASE WHEN second_sq > 0 THEN 1 - SQRT(nearest_sq) / SQRT(second_sq) WHEN second_sq = 0 THEN 0 END";

impl Writer<'_> {
    pub(super) fn segments(&mut self) -> Result<(), SqlError> {
        self.features()?;
        self.scaled()?;
        self.distances()?;
        self.nearest();
        self.placed();
        self.numbered();
        self.assigned();
        Ok(())
    }

    fn features(&mut self) -> Result<(), SqlError> {
        let mut columns = Vec::new();
        for feature in &self.pipeline.features {
            columns.push(self.named(&self.limited(feature)?, &feature.name)?);
        }
        let query = self.select(&columns);
        let comment = "the features; beyond a limit a value counts as the limit";
        self.steps
            .push(Step::new("features", comment, query).fenced());
        let features = self.pipeline.features.iter();
        self.fields = features
            .map(|feature| field(&feature.name, ExprType::Number))
            .collect();
        Ok(())
    }

    /// A feature's raw value, limited; NULL where it has no place on the scaled axis.
    fn limited(&self, feature: &Feature) -> Result<Expr, SqlError> {
        let encoded = self.encoded(&feature.name);
        let is_encoded = encoded.is_some();
        let raw = encoded.unwrap_or_else(|| Expr::column(&feature.name));
        let raw = filled(raw, constant_of(&self.pipeline.refill, &feature.name))?;
        let [least, most] = feature.range().map(Expr::number);
        let has_place = raw.clone().between(least, most);
        let Some([low, high]) = feature.limits else {
            if is_encoded {
                return Ok(raw);
            }
            return Ok(Expr::case(vec![(has_place, raw)], Expr::null()));
        };
        let mut branches = vec![(!has_place, Expr::null())];
        for (sign, bound) in [(Comparison::Less, low), (Comparison::Greater, high)] {
            let is_beyond = Expr::compare(raw.clone(), sign, Expr::number(bound));
            branches.push((is_beyond, Expr::number(bound)));
        }
        Ok(Expr::case(branches, raw))
    }

    /// 1 for one category of a text, 0 for another, if the feature is a category.
    fn encoded(&self, feature: &str) -> Option<Expr> {
        let mut categories = self.pipeline.encode.iter().flat_map(|encoding| {
            let named = encoding.names().zip(&encoding.categories);
            named.map(move |(name, category)| (name, &encoding.column, category))
        });
        let (_, column, category) = categories.find(|(name, ..)| name == feature)?;
        let is = |sign| Expr::compare(Expr::column(column), sign, Expr::text(category));
        let branches = vec![
            (is(Comparison::Equal), Expr::number(1.0)),
            (is(Comparison::NotEqual), Expr::number(0.0)),
        ];
        Some(Expr::case(branches, Expr::null()))
    }

    fn scaled(&mut self) -> Result<(), SqlError> {
        let mut columns = Vec::new();
        for feature in &self.pipeline.features {
            columns.push(self.named(&scaled(feature)?, &feature.name)?);
        }
        let query = self.select(&columns);
        let comment = "transformed, centered, scaled and weighted";
        self.steps
            .push(Step::new("scaled", comment, query).fenced());
        Ok(())
    }

    fn distances(&mut self) -> Result<(), SqlError> {
        let d = self.pipeline.features.len();
        let mut columns = Vec::new();
        for (at, centroid) in self
            .segmentation
            .centroids()
            .chunks_exact(d.max(1))
            .enumerate()
        {
            let features = self.pipeline.features.iter().zip(centroid);
            let squares = features.map(|(feature, center)| {
                let gap = less(Expr::column(&feature.name), *center);
                gap.clone() * gap
            });
            let sum = squares.reduce(|sum, square| sum + square);
            let sum = self.sql(&sum.expect("there is a feature"))?;
            columns.push(format!("{sum} AS distance_sq_{}", at + 1));
        }
        let query = self.select(&columns);
        let comment = "the squared distance to the centroid of each segment";
        self.steps
            .push(Step::new("distances", comment, query).fenced());
        Ok(())
    }

    fn nearest(&mut self) {
        let least = self.least(self.numbers());
        let query = self.select_more(&[format!("{least} AS nearest_sq")], "");
        let comment = "the smallest of them";
        self.steps
            .push(Step::new("nearest", comment, query).fenced());
    }

    fn placed(&mut self) {
        let numbers = || self.numbers();
        let whens = numbers().map(|k| format!("WHEN distance_sq_{k} THEN {k}"));
        let segment = format!("CASE nearest_sq {} END AS segment", spaced(whens));
        let others = numbers().map(|k| {
            let others = self.least(numbers().filter(|other| *other != k));
            format!("\n            WHEN {k} THEN {others}")
        });
        let first = self.select_more(&[segment], "");
        let comment = "the segment: the lowest number of those that are nearest";
        let query = if self.segmentation.k() == 1 {
            first
        } else {
            let others: String = others.collect();
            format!(
                "    SELECT *,\n        CASE segment{others}\n        END AS second_sq\n    FROM (\n{first}\n    ) AS placed"
            )
        };
        self.steps
            .push(Step::new("placed", comment, query).fenced());
    }

    /// The columns of the result but for the name.
    fn numbered(&mut self) {
        let k = self.segmentation.k();
        let (second, confidence) = if k == 1 {
            (
                format!("CAST(NULL AS {})", self.dialect.integer()),
                "CASE WHEN segment = 1 THEN 1 END",
            )
        } else {
            (self.second_segment(), CONFIDENCE)
        };
        let columns = [
            "segment".to_owned(),
            format!("{second} AS second_segment"),
            format!("{confidence} AS confidence"),
            "SQRT(nearest_sq) AS distance".to_owned(),
        ];
        let query = self.select(&columns);
        let comment = "the segment, the second nearest, and 1 - d1 / d2 of the two distances";
        self.steps.push(Step::new("numbered", comment, query));
    }

    fn second_segment(&self) -> String {
        let whens = self
            .numbers()
            .map(|k| format!("WHEN segment <> {k} AND distance_sq_{k} = second_sq THEN {k}"));
        let whens: Vec<String> = whens.collect();
        format!("CASE {}\n        END", whens.join("\n            "))
    }

    fn assigned(&mut self) {
        let names = format!("{} AS segment_name", self.names_of_segments());
        let query = self.select_more(&[names], "");
        self.steps
            .push(Step::new("assigned", "and its name", query));
    }

    /// All rows: those of the segments, those of groups by rule, and those that are set aside.
    pub(super) fn result(&self) -> String {
        let clustered =
            "SELECT id, segment, segment_name, second_segment, confidence, distance\nFROM assigned";
        if !self.has_rules {
            return clustered.to_owned();
        }
        let [whole, text, number] = [
            self.dialect.integer(),
            self.dialect.type_name(ExprType::Text),
            self.dialect.type_name(ExprType::Number),
        ];
        let groups = self.segmentation.lifecycle();
        let (name, confidence) = if groups.is_empty() {
            (
                format!("CAST(NULL AS {text})"),
                format!("CAST(NULL AS {number})"),
            )
        } else {
            let first = self.segmentation.k() + 1;
            let names = groups.iter().map(|group| group.group.as_str());
            (
                self.case_of_names("by_rule", first, names),
                format!("CAST(CASE WHEN by_rule > 0 THEN 1 END AS {number})"),
            )
        };
        format!(
            "{clustered}
UNION ALL
SELECT id, NULLIF(by_rule, 0), {name}, CAST(NULL AS {whole}), {confidence}, CAST(NULL AS {number})
FROM kept
WHERE by_rule IS NOT NULL"
        )
    }

    fn names_of_segments(&self) -> String {
        self.case_of_names("segment", 1, self.segmentation.names())
    }

    /// The name of each number, from the first on.
    fn case_of_names<'n>(
        &self,
        column: &str,
        first: usize,
        names: impl Iterator<Item = &'n str>,
    ) -> String {
        let whens = names.enumerate().map(|(at, name)| {
            let name = self.dialect.text(&one_line(name));
            format!("WHEN {} THEN {name}", first + at)
        });
        format!("CASE {column} {} END", spaced(whens))
    }

    /// The numbers of the segments.
    fn numbers(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.segmentation.k()
    }

    /// The smallest of these distances, of which all are known or none is.
    fn least(&self, segments: impl Iterator<Item = usize>) -> String {
        let distances: Vec<String> = segments.map(|k| format!("distance_sq_{k}")).collect();
        let name = match self.dialect {
            Dialect::Sqlite => "MIN",
            _ => "LEAST",
        };
        match distances.as_slice() {
            [only] => only.clone(),
            _ => format!("{name}({})", distances.join(", ")),
        }
    }
}

fn spaced(pieces: impl Iterator<Item = String>) -> String {
    pieces.collect::<Vec<_>>().join(" ")
}

/// A feature's scaled coordinate, from its limited raw value.
fn scaled(feature: &Feature) -> Result<Expr, SqlError> {
    let image = transformed(Expr::column(&feature.name), feature.transform)?;
    let mut scaled = less(image, feature.center);
    if feature.spread.to_bits() != 1.0_f64.to_bits() {
        scaled = scaled / Expr::number(feature.spread);
    }
    if feature.weight.to_bits() != 1.0_f64.to_bits() {
        scaled = scaled * Expr::number(feature.weight);
    }
    Ok(scaled)
}

/// `value - center`, without two signs in a row.
fn less(value: Expr, center: f64) -> Expr {
    if center < 0.0 {
        value + Expr::number(-center)
    } else if center > 0.0 {
        value - Expr::number(center)
    } else {
        value
    }
}

fn transformed(x: Expr, transform: FittedTransform) -> Result<Expr, SqlError> {
    Ok(match transform {
        FittedTransform::None => x,
        FittedTransform::Log => Expr::call("LN", vec![x])?,
        FittedTransform::Log1p => Expr::call("LOG1P", vec![x])?,
        FittedTransform::YeoJohnson { lambda } => {
            let one = || Expr::number(1.0);
            let is_left = Expr::compare(x.clone(), Comparison::Less, Expr::number(0.0));
            let left = -power_of(one() - x.clone(), 2.0 - lambda)?;
            Expr::case(vec![(is_left, left)], power_of(one() + x, lambda)?)
        }
    })
}

/// `(base ^ power - 1) / power`, and its limit, the logarithm, where the power is 0.
fn power_of(base: Expr, power: f64) -> Result<Expr, SqlError> {
    if power.abs() < f64::EPSILON {
        return Ok(Expr::call("LN", vec![base])?);
    }
    let raised = Expr::call("POWER", vec![base, Expr::number(power)])?;
    Ok((raised - Expr::number(1.0)) / Expr::number(power))
}
