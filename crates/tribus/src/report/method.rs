//! How the segments were made, as the report tells it.

use crate::pipeline::{Feature, FittedTransform};
use crate::segmentation::Segmentation;

use crate::words::number::number_text;

/// How the segments were made, line by line as (what, value): program, seed, rows, scale, each feature, k.
pub(super) fn settings(segmentation: &Segmentation) -> Vec<(String, String)> {
    let (manifest, recipe) = (segmentation.manifest(), segmentation.recipe());
    let line = |what: &str, value: String| (what.to_owned(), value);
    let word = |word: Option<String>| word.unwrap_or_else(|| "standard".to_owned());
    let mut lines = vec![
        line("Program", manifest.program.clone()),
        line("Seed", manifest.seed.to_string()),
        line("Rows", manifest.rows.to_string()),
        line("SHA-256 of the rows", manifest.rows_sha256.clone()),
        line("Number of segments", number_of_segments(segmentation)),
        line(
            "Scale",
            word(recipe.segment.scale.map(|scale| scale.to_string())),
        ),
    ];
    if let Some(weights) = recipe.segment.weights {
        lines.push(line("Weights", weights.to_string()));
    }
    if let Some(value) = recipe.segment.value_column() {
        lines.push(line("Value", value.to_owned()));
    }
    if let Some(date) = segmentation.pipeline().as_of {
        lines.push(line("Reference date", date.to_string()));
    }
    for feature in &segmentation.pipeline().features {
        let what = format!("Feature {}", feature.name);
        lines.push(line(&what, feature_words(feature)));
    }
    lines
}

fn number_of_segments(segmentation: &Segmentation) -> String {
    let how = if segmentation.evidence().choice.requested {
        "asked for"
    } else {
        "chosen by the evidence"
    };
    format!("{} ({how})", segmentation.k())
}

fn feature_words(feature: &Feature) -> String {
    let transform = match feature.transform {
        FittedTransform::None => "no transform".to_owned(),
        FittedTransform::Log => "log".to_owned(),
        FittedTransform::Log1p => "log1p".to_owned(),
        FittedTransform::YeoJohnson { lambda } => {
            format!("yeo-johnson with power {}", rounded(lambda))
        }
    };
    let mut words = format!(
        "{transform}, minus {}, divided by {}, weight {}",
        rounded(feature.center),
        rounded(feature.spread),
        rounded(feature.weight)
    );
    if let Some([low, high]) = feature.limits {
        for (word, limit) in [("below", low), ("above", high)] {
            if limit.is_finite() {
                let limit = rounded(limit);
                words.extend([", values ", word, " ", &limit, " count as that"]);
            }
        }
    }
    words
}

/// Six significant digits: the model file has them all.
fn rounded(value: f64) -> String {
    let short: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    number_text(short)
}
