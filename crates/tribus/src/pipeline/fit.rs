//! Fitting: each step is learnt from the rows the steps before it left, then applied.

use std::collections::BTreeSet;

use arrow_array::{Array, ArrayRef, Float64Array};
use indexmap::IndexMap;
use rayon::prelude::*;

use super::clean::{DropStep, Fill, Filling, Replacement};
use super::derive::in_order;
use super::encode::Encoding;
use super::error::PipelineError;
use super::feature::{Feature, FeatureRule, Learnt};
use super::run::Run;
use super::{Derivation, InputColumn, Pipeline, Prepared, add_derived};
use crate::expr::Expr;
use crate::plan::Plan;
use crate::recipe::{Limits, Missing, MissingRule, Recipe, Scalar, Scale, Transform};
use crate::roles::Role;
use crate::table::{Kind, Table, kind_of};

impl Pipeline {
    /// Fits the steps of a complete recipe to a table.
    ///
    /// # Errors
    /// A column that is not there or holds the wrong kind of values, an expression that cannot be evaluated, missing
    /// cells where none are allowed, nothing left to cluster on.
    pub fn fit(plan: &Plan, table: &Table) -> Result<(Self, Prepared), PipelineError> {
        let recipe = &plan.recipe;
        let mut run = Run::start(table);
        let derive = in_order(&recipe.derive)?;
        let drop = drop_steps(recipe)?;
        let needed = needed_columns(recipe, &derive, &drop, &run)?;
        run.ledger.duplicates = table.duplicates(recipe.input.id.as_deref());

        let replace = replace(&mut run, recipe)?;
        for step in &drop {
            run.drop_rows(step)?;
        }
        let fill = fill(&mut run, recipe, &needed)?;
        for step in &derive {
            if table.position(&step.name).is_some() {
                let (place, column) = (format!("derive.{}", step.name), step.name.clone());
                return Err(PipelineError::NameTaken { place, column });
            }
            add_derived(&mut run, step)?;
        }
        let encode = encode(&mut run, recipe)?;
        let refill = refill(&mut run, recipe)?;
        run.require_rows()?;
        let features = features(&mut run, plan)?;
        let pipeline = Self {
            id: recipe.input.id.clone(),
            inputs: needed,
            as_of: recipe.input.as_of,
            replace,
            drop,
            fill,
            derive,
            encode,
            refill,
            features,
        };
        let prepared = pipeline.finish(run);
        Ok((pipeline, prepared))
    }
}

fn drop_steps(recipe: &Recipe) -> Result<Vec<DropStep>, PipelineError> {
    let steps = recipe
        .clean
        .drop
        .iter()
        .map(|rule| match Expr::parse(&rule.condition) {
            Ok(condition) => Ok(DropStep {
                condition,
                because: rule.because.clone(),
            }),
            Err(source) => Err(PipelineError::Expression {
                place: format!("clean.drop, where = \"{}\"", rule.condition),
                source,
            }),
        });
    steps.collect()
}

/// The columns of the file that the recipe's steps read, each checked to be there and clean.
fn needed_columns(
    recipe: &Recipe,
    derive: &[Derivation],
    drop: &[DropStep],
    run: &Run<'_>,
) -> Result<Vec<InputColumn>, PipelineError> {
    let derived: BTreeSet<&str> = derive.iter().map(|step| step.name.as_str()).collect();
    let mut needed: Vec<(String, String)> = Vec::new();
    let mut need = |column: &str, wanted_for: String| {
        if !derived.contains(column) && !needed.iter().any(|(name, _)| name == column) {
            needed.push((column.to_owned(), wanted_for));
        }
    };
    for column in recipe.clean.replace.keys() {
        need(column, format!("clean.replace.{column}"));
    }
    for step in drop {
        for column in step.condition.columns() {
            need(
                column,
                format!("clean.drop, where = \"{}\"", step.condition),
            );
        }
    }
    for column in recipe.clean.columns.keys() {
        need(column, format!("clean.columns.{column}"));
    }
    for step in derive {
        for column in step.expression.columns() {
            need(column, format!("derive.{}", step.name));
        }
    }
    for column in recipe.encode.keys() {
        need(column, format!("encode.{column}"));
    }
    let encoded = |name: &str| {
        recipe
            .encode
            .iter()
            .any(|(column, encode)| encode.makes(column, name))
    };
    for column in &recipe.segment.features {
        if run.table.position(column).is_some() || !encoded(column) {
            need(column, "to cluster on".to_owned());
        }
    }
    needed
        .into_iter()
        .map(|(name, wanted_for)| input_column(run, name, &wanted_for, recipe))
        .collect()
}

fn input_column(
    run: &Run<'_>,
    name: String,
    wanted_for: &str,
    recipe: &Recipe,
) -> Result<InputColumn, PipelineError> {
    let table = run.table;
    let at = table
        .position(&name)
        .ok_or_else(|| run.unknown(&name, wanted_for))?;
    let kind = table.kind(at);
    if recipe.segment.features.contains(&name) {
        table.require_numbers(&name)?;
        if kind != Kind::Number {
            return Err(PipelineError::WrongKind {
                file: table.file(),
                column: name,
                found: kind.to_string(),
                wanted_for: "the distance between customers".to_owned(),
                needed: "numbers",
            });
        }
    } else {
        table.require_clean(&name)?;
    }
    Ok(InputColumn { name, kind })
}

fn replace(run: &mut Run<'_>, recipe: &Recipe) -> Result<Vec<Replacement>, PipelineError> {
    let mut steps = Vec::with_capacity(recipe.clean.replace.len());
    for (column, pairs) in &recipe.clean.replace {
        let array = run.column(column, "clean.replace")?;
        check_replacements(column, array, pairs)?;
        let pairs = pairs
            .iter()
            .map(|(old, new)| (old.clone(), new.clone()))
            .collect();
        let step = Replacement {
            column: column.clone(),
            pairs,
        };
        run.replace(&step);
        steps.push(step);
    }
    Ok(steps)
}

/// New values must be of the column's kind; the empty text stands for missing.
fn check_replacements(
    column: &str,
    array: &ArrayRef,
    pairs: &IndexMap<String, Scalar>,
) -> Result<(), PipelineError> {
    let kind = kind_of(array.data_type());
    let fits = |new: &Scalar| match (kind, new) {
        (Kind::Number, Scalar::Text(text)) => text.is_empty() || text.parse::<f64>().is_ok(),
        (Kind::Date, _) => false,
        _ => true,
    };
    match pairs.iter().find(|(_, new)| !fits(new)) {
        None => Ok(()),
        Some((old, new)) => Err(PipelineError::Setting {
            place: format!("clean.replace.{column}"),
            problem: format!("`{old}` cannot become `{new}` in a column of {kind}"),
        }),
    }
}

fn rule_for<'r>(recipe: &'r Recipe, column: &str) -> &'r Missing {
    const MEDIAN: &Missing = &Missing::Rule(MissingRule::Median);
    let own = recipe
        .clean
        .columns
        .get(column)
        .map(|column| &column.missing);
    own.or(recipe.clean.missing.as_ref()).unwrap_or(MEDIAN)
}

fn fill(
    run: &mut Run<'_>,
    recipe: &Recipe,
    needed: &[InputColumn],
) -> Result<Vec<Fill>, PipelineError> {
    let mut steps = Vec::new();
    // Rows go first, so that constants are learnt from the rows that stay.
    let (aside, kept): (Vec<_>, Vec<_>) = needed
        .iter()
        .map(|input| &input.name)
        .partition(|name| *rule_for(recipe, name) == Missing::Rule(MissingRule::Drop));
    for name in aside.into_iter().chain(kept) {
        steps.extend(fill_one(run, recipe, name)?);
    }
    Ok(steps)
}

fn fill_one(run: &mut Run<'_>, recipe: &Recipe, name: &str) -> Result<Option<Fill>, PipelineError> {
    let column = run.column(name, "clean.missing")?;
    let clustered = recipe
        .segment
        .features
        .iter()
        .any(|feature| feature == name);
    let rule = rule_for(recipe, name);
    let Some(filling) = Filling::learn(column, rule) else {
        if let Missing::Value { value } = rule {
            return Err(PipelineError::Setting {
                place: format!("clean.columns.{name}.missing"),
                problem: format!(
                    "`{value}` is no value for a column of {}",
                    kind_of(column.data_type())
                ),
            });
        }
        if clustered && *rule == Missing::Rule(MissingRule::Keep) {
            return Err(PipelineError::Setting {
                place: format!("clean.columns.{name}"),
                problem: "a column clustered on cannot keep missing values".to_owned(),
            });
        }
        if clustered && !run.frame.rows.is_empty() && column.null_count() == column.len() {
            return Err(PipelineError::NoValues {
                column: name.to_owned(),
            });
        }
        return Ok(None);
    };
    let step = Fill {
        column: name.to_owned(),
        filling,
    };
    run.fill(&step)?;
    Ok(Some(step))
}

fn encode(run: &mut Run<'_>, recipe: &Recipe) -> Result<Vec<Encoding>, PipelineError> {
    let mut steps = Vec::with_capacity(recipe.encode.len());
    for (column, encode) in &recipe.encode {
        run.column(column, &format!("encode.{column}"))?;
        let Some(text) = run.frame.text(column) else {
            return Err(PipelineError::WrongKind {
                file: run.table.file(),
                column: column.clone(),
                found: "no text".to_owned(),
                wanted_for: format!("encode.{column}"),
                needed: "text",
            });
        };
        let step = Encoding::learn(column, encode.prefix.as_deref().unwrap_or(column), text);
        if let Some(taken) = step.names().find(|name| run.frame.column(name).is_some()) {
            return Err(PipelineError::NameTaken {
                place: format!("encode.{column}"),
                column: taken,
            });
        }
        step.apply(&mut run.frame);
        steps.push(step);
    }
    Ok(steps)
}

/// Derived features may have gaps of their own (a division by zero, a missing date).
fn refill(run: &mut Run<'_>, recipe: &Recipe) -> Result<Vec<Fill>, PipelineError> {
    let mut steps = Vec::new();
    for name in recipe
        .segment
        .features
        .iter()
        .filter(|name| run.table.position(name).is_none())
    {
        steps.extend(fill_one(run, recipe, name)?);
    }
    Ok(steps)
}

fn features(run: &mut Run<'_>, plan: &Plan) -> Result<Vec<Feature>, PipelineError> {
    let mut features = Vec::new();
    let mut constant = Vec::new();
    let names = &plan.recipe.segment.features;
    let columns: Vec<_> = names.iter().map(|name| run.frame.numbers(name)).collect();
    let learn = |(name, column): (&String, Option<&Float64Array>)| {
        column.map(|numbers| Feature::learn(name, numbers.values(), feature_rule(plan, name)))
    };
    let learnt: Vec<Option<Learnt>> = names.par_iter().zip(columns).map(learn).collect();
    for (name, learnt) in names.iter().zip(learnt) {
        match feature(run, name, learnt)? {
            Some((feature, remarks)) => {
                features.push(feature);
                run.notices.extend(remarks);
            }
            None => constant.push(name.clone()),
        }
    }
    if features.is_empty() {
        return nothing_differs(run, plan, constant);
    }
    for name in constant {
        run.notices
            .push(format!("{name} is constant: it is no part of the distance"));
    }
    Ok(features)
}

/// The constants of one feature; none where it has the same value in every row.
fn feature(
    run: &Run<'_>,
    name: &str,
    learnt: Option<Learnt>,
) -> Result<Option<(Feature, Vec<String>)>, PipelineError> {
    let array = run.column(name, "to cluster on")?;
    let numbers = array.as_any().downcast_ref::<Float64Array>();
    let Some((numbers, learnt)) = numbers.zip(learnt) else {
        return Err(PipelineError::WrongKind {
            file: run.table.file(),
            column: name.to_owned(),
            found: "no numbers".to_owned(),
            wanted_for: "the distance between customers".to_owned(),
            needed: "numbers",
        });
    };
    let column = name.to_owned();
    match learnt {
        Learnt::Feature(feature, remarks) => Ok(Some((*feature, remarks))),
        Learnt::Constant => Ok(None),
        Learnt::TooLarge => Err(PipelineError::TooLarge {
            file: run.table.file(),
            column,
        }),
        Learnt::OutsideDomain { row, domain } => {
            let found = if numbers.value(row) == 0.0 {
                "zero"
            } else {
                "a negative number"
            };
            Err(PipelineError::OutsideDomain {
                origin: run.origin(row),
                column,
                domain,
                found,
            })
        }
    }
}

fn nothing_differs(
    run: &Run<'_>,
    plan: &Plan,
    columns: Vec<String>,
) -> Result<Vec<Feature>, PipelineError> {
    let file = run.table.file();
    if columns.is_empty() {
        Err(PipelineError::NoFeatures { file })
    } else if run.frame.rows.len() > 1 {
        Err(PipelineError::AllConstant { file, columns })
    } else {
        // A single customer: every column is constant, and one segment is all there can be.
        Ok(single_customer(run, plan))
    }
}

fn single_customer(run: &Run<'_>, plan: &Plan) -> Vec<Feature> {
    let names = plan.recipe.segment.features.iter();
    let features = names.filter_map(|name| {
        let value = run.frame.numbers(name)?.values().first().copied()?;
        Some(Feature::single(name, value))
    });
    features.collect()
}

fn feature_rule(plan: &Plan, name: &str) -> FeatureRule {
    let segment = &plan.recipe.segment;
    let scale = segment.scale.unwrap_or(Scale::Standard);
    // Raw units were asked for: nothing is done to them unless asked for too.
    let raw = scale == Scale::None;
    let unset_transform = if raw {
        Transform::None
    } else {
        Transform::Auto
    };
    let unset_limits = if raw { Limits::None } else { Limits::Auto };
    FeatureRule {
        transform: segment
            .transform
            .as_ref()
            .map_or(unset_transform, |all| all.of(name)),
        amount: plan.is_amount(name),
        limits: segment.limits.unwrap_or(unset_limits),
        bounded: matches!(plan.role(name), Some(Role::Share | Role::Score)),
        scale,
        weight: plan.weight(name),
    }
}
