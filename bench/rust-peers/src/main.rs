//! linfa-clustering, driven as `tribus-bench` is: one run per line of standard input, one JSON object each.
//!
//!     rust-peers fixed X.npy START.npy ITERATIONS

use std::fs::File;
use std::io::Write as _;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use linfa::traits::{Fit, Predict};
use linfa::{DatasetBase, Float};
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::Array2;
use ndarray_npy::{ReadNpyExt, ReadableElement};
use serde_json::json;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, data, start, iterations] = &arguments[..] else {
        bail!("usage: rust-peers fixed X.npy START.npy ITERATIONS");
    };
    if mode != "fixed" {
        bail!("unknown mode: {mode}");
    }
    let iterations = iterations.parse()?;
    match matrix::<f64>(data) {
        Ok(values) => serve(values, matrix(start)?, iterations),
        Err(_) => serve::<f32>(matrix(data)?, matrix(start)?, iterations),
    }
}

fn serve<F: Float>(values: Array2<F>, start: Array2<F>, iterations: u64) -> Result<()> {
    let data = DatasetBase::from(values);
    let mut out = std::io::stdout();
    for line in std::io::stdin().lines() {
        line?;
        let clock = Instant::now();
        let model = KMeans::params(start.nrows())
            .init_method(KMeansInit::Precomputed(start.clone()))
            .n_runs(1)
            .max_n_iterations(iterations)
            // The smallest that is allowed: it stops only once the centroids stand still.
            .tolerance(F::min_positive_value())
            .fit(&data)?;
        // Every other engine gives labels; here they take a pass of their own.
        std::hint::black_box(model.predict(&data));
        let seconds = clock.elapsed().as_secs_f64();
        let centroids: Vec<Option<f64>> = model
            .centroids()
            .iter()
            .map(|value| value.to_f64())
            .collect();
        // linfa does not tell how many iterations it made.
        let result = json!({ "seconds": seconds, "iterations": null, "centroids": centroids });
        writeln!(out, "{result}")?;
        out.flush()?;
    }
    Ok(())
}

fn matrix<T: ReadableElement>(path: &str) -> Result<Array2<T>> {
    let file = File::open(path).with_context(|| format!("cannot open {path}"))?;
    Array2::read_npy(file).with_context(|| format!("cannot read {path}"))
}
