//! The fitted steps: every column that a step reads is read from the file or made by an earlier step.

use std::collections::BTreeSet;

use super::{Checked, above_zero, ascending, different, require};
use crate::expr::Expr;
use crate::pipeline::{Feature, FittedTransform, Pipeline};

/// Powers of a Yeo-Johnson transform beyond this are not learnt from data.
const LARGEST_POWER: f64 = 100.0;

impl Pipeline {
    pub(super) fn check(&self) -> Checked {
        let inputs = || self.inputs.iter().map(|input| input.name.as_str());
        different(format_args!("pipeline.inputs"), inputs())?;
        let mut known: BTreeSet<String> = inputs().map(ToOwned::to_owned).collect();
        for (at, step) in self.drop.iter().enumerate() {
            reads_known(
                &format!("pipeline.drop[{at}].condition"),
                &step.condition,
                &known,
            )?;
        }
        for (at, step) in self.derive.iter().enumerate() {
            reads_known(
                &format!("pipeline.derive[{at}].expression"),
                &step.expression,
                &known,
            )?;
            known.insert(step.name.clone());
        }
        for (at, encoding) in self.encode.iter().enumerate() {
            let categories = encoding.categories.iter();
            ascending(format_args!("pipeline.encode[{at}].categories"), categories)?;
            known.extend(encoding.names());
        }
        require(!self.features.is_empty(), || {
            "`pipeline.features` is empty".to_owned()
        })?;
        let names = self.features.iter().map(|feature| feature.name.as_str());
        different(format_args!("pipeline.features"), names)?;
        for (at, feature) in self.features.iter().enumerate() {
            require(known.contains(&feature.name), || {
                format!(
                    "`pipeline.features[{at}].name` is `{}`, which is neither read nor derived",
                    feature.name
                )
            })?;
            check_feature(&format!("pipeline.features[{at}]"), feature)?;
        }
        Ok(())
    }
}

fn check_feature(place: &str, feature: &Feature) -> Checked {
    above_zero(format_args!("{place}.spread"), feature.spread)?;
    above_zero(format_args!("{place}.weight"), feature.weight)?;
    let ranges = [("limits", feature.limits), ("usual", Some(feature.usual))];
    for (name, range) in ranges {
        require(range.is_none_or(|[low, high]| low <= high), || {
            format!("`{place}.{name}` ends before it begins")
        })?;
    }
    match feature.transform {
        FittedTransform::YeoJohnson { lambda } => require(lambda.abs() <= LARGEST_POWER, || {
            format!("`{place}.transform.lambda` is {lambda}, which is no power of a transform")
        }),
        _ => Ok(()),
    }
}

fn reads_known(place: &str, expression: &Expr, known: &BTreeSet<String>) -> Checked {
    let unknown = expression
        .columns()
        .into_iter()
        .find(|column| !known.contains(*column));
    require(unknown.is_none(), || {
        let column = unknown.unwrap_or_default();
        format!("`{place}` reads `{column}`, which is neither read nor derived before")
    })
}
