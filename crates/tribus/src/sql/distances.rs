//! From the derived columns to the segments: features, scales, distances to the centroids, the nearest two.

use super::rows::{constant_of, filled, within};
use super::{SqlError, Writer, field, one_line};
use crate::expr::{Comparison, Dialect, Expr, ExprType, Step};
use crate::pipeline::{Feature, FittedTransform, LARGEST};

impl Writer<'_> {
    pub(super) fn segments(&mut self) -> Result<(), SqlError> {
        self.features()?;
        self.scaled()?;
        self.distances()?;
        self.nearest();
        self.second();
        self.assigned();
        Ok(())
    }

    fn features(&mut self) -> Result<(), SqlError> {
        let mut columns = Vec::new();
        for feature in &self.pipeline.features {
            columns.push(self.named(&self.limited(feature)?, &feature.name)?);
        }
        let query = self.select(columns);
        let comment = "the features; beyond a limit a value counts as the limit";
        self.steps
            .push(Step::new("features", comment, query).fenced());
        let features = self.pipeline.features.iter();
        self.fields = features
            .map(|feature| field(&feature.name, ExprType::Number))
            .collect();
        Ok(())
    }

    /// A feature's raw value, limited; NULL where it is too large to have a place on the scaled axis.
    fn limited(&self, feature: &Feature) -> Result<Expr, SqlError> {
        let encoded = self.encoded(&feature.name);
        let is_encoded = encoded.is_some();
        let raw = encoded.unwrap_or_else(|| Expr::column(&feature.name));
        let raw = filled(raw, constant_of(&self.pipeline.refill, &feature.name))?;
        let mut branches = Vec::new();
        if let Some([low, high]) = feature.limits {
            let is_large = |bound: f64| {
                let sign = if bound < 0.0 {
                    Comparison::Less
                } else {
                    Comparison::Greater
                };
                Expr::compare(raw.clone(), sign, Expr::number(bound))
            };
            branches.push((is_large(-LARGEST), Expr::null()));
            branches.push((is_large(LARGEST), Expr::null()));
            for (sign, bound) in [(Comparison::Less, low), (Comparison::Greater, high)] {
                let is_beyond = Expr::compare(raw.clone(), sign, Expr::number(bound));
                branches.push((is_beyond, Expr::number(bound)));
            }
            return Ok(Expr::case(branches, raw));
        }
        if is_encoded {
            return Ok(raw);
        }
        branches.push((within(raw.clone(), LARGEST), raw));
        Ok(Expr::case(branches, Expr::null()))
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
        let query = self.select(columns);
        let comment = "transformed, centered, scaled and weighted";
        self.steps
            .push(Step::new("scaled", comment, query).fenced());
        Ok(())
    }

    fn distances(&mut self) -> Result<(), SqlError> {
        let d = self.pipeline.features.len();
        let mut columns = Vec::new();
        for (at, centroid) in self.segmentation.centroids().chunks_exact(d).enumerate() {
            let features = self.pipeline.features.iter().zip(centroid);
            let squares = features.map(|(feature, center)| {
                let gap = less(Expr::column(&feature.name), *center);
                gap.clone() * gap
            });
            let sum = squares.reduce(|sum, square| sum + square);
            let sum = self.sql(&sum.expect("there is a feature"))?;
            columns.push(format!("{sum} AS distance_{}", at + 1));
        }
        let query = self.select(columns);
        let comment = "the squared distance to the centroid of each segment";
        self.steps
            .push(Step::new("distances", comment, query).fenced());
        Ok(())
    }

    fn nearest(&mut self) {
        let least = self.least(self.numbers());
        let query = self.select_more(&[format!("{least} AS nearest")], "");
        let comment = "the smallest of them";
        self.steps
            .push(Step::new("nearest", comment, query).fenced());
    }

    fn second(&mut self) {
        let numbers = || self.numbers();
        let whens = numbers().map(|k| format!("WHEN distance_{k} THEN {k}"));
        let segment = format!("CASE nearest {} END AS segment", spaced(whens));
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
                "    SELECT *,\n        CASE segment{others}\n        END AS second_nearest\n    FROM (\n{first}\n    ) AS placed"
            )
        };
        self.steps
            .push(Step::new("placed", comment, query).fenced());
    }

    fn assigned(&mut self) {
        let k = self.segmentation.k();
        let second = if k == 1 {
            format!("CAST(NULL AS {})", self.dialect.integer())
        } else {
            let whens = self
                .numbers()
                .map(|k| format!("WHEN segment <> {k} AND distance_{k} = second_nearest THEN {k}"));
            format!(
                "CASE {} END",
                whens.collect::<Vec<_>>().join("\n            ")
            )
        };
        let confidence = if k == 1 {
            "CASE WHEN segment = 1 THEN 1 END"
        } else {
            "CASE WHEN second_nearest > 0 THEN 1 - SQRT(nearest) / SQRT(second_nearest) WHEN second_nearest = 0 THEN 0 END"
        };
        let mut columns = vec![
            ("segment", "segment".to_owned(), "by_rule"),
            ("second_segment", second, "NULL"),
            ("confidence", confidence.to_owned(), "1"),
            ("distance", "SQRT(nearest)".to_owned(), "NULL"),
        ];
        if self.own.contains(&"by_rule") {
            for (_, value, of_group) in &mut columns {
                *value = by_rule(value, of_group);
            }
        }
        let columns: Vec<String> = columns
            .iter()
            .map(|(name, value, _)| {
                if name == value {
                    value.clone()
                } else {
                    format!("{value} AS {name}")
                }
            })
            .collect();
        let from = &self.steps.last().expect("they were placed").name;
        let inner = format!(
            "        SELECT id, {}\n        FROM {from}",
            columns.join(",\n            ")
        );
        let names = self.names_of_segments();
        let query = format!(
            "    SELECT id, segment,\n        {names} AS segment_name,\n        second_segment, confidence, distance\n    FROM (\n{inner}\n    ) AS numbered"
        );
        let comment = "its name, the second nearest, and 1 - d1 / d2 of the two distances";
        self.steps.push(Step::new("assigned", comment, query));
    }

    fn names_of_segments(&self) -> String {
        let groups = self.segmentation.lifecycle().iter();
        let groups = groups.map(|group| group.group.as_str());
        let names = self.segmentation.names().chain(groups);
        let whens = names.enumerate().map(|(at, name)| {
            let name = self.dialect.text(&one_line(name));
            format!("WHEN {} THEN {name}", at + 1)
        });
        format!("CASE segment {} END", spaced(whens))
    }

    /// The numbers of the segments.
    fn numbers(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.segmentation.k()
    }

    /// The smallest of these distances, of which all are known or none is.
    fn least(&self, segments: impl Iterator<Item = usize>) -> String {
        let distances: Vec<String> = segments.map(|k| format!("distance_{k}")).collect();
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

/// The value of rows that are clustered, that of a group by rule, NULL for rows set aside.
fn by_rule(value: &str, of_group: &str) -> String {
    let of_group = match of_group {
        "NULL" => String::new(),
        _ => format!(" WHEN by_rule > 0 THEN {of_group}"),
    };
    format!("CASE WHEN by_rule IS NULL THEN {value}{of_group} END")
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
