//! The engine alone: loads an array once, then makes one run per line of standard input and prints one JSON object each.
//!
//!     tribus-bench fixed X.npy START.npy ITERATIONS      Lloyd from given centroids
//!     tribus-bench search X.npy K [RESTARTS RECOMBINATIONS]    from nothing; the line is the seed
//!     tribus-bench sweep X.npy FROM TO [RESTARTS]        fits and silhouettes of several k; the line is the seed
//!     tribus-bench silhouette X.npy LABELS.npy           labels of 32 bits
//!
//! Timed is what a caller of the library waits for: checks of the points included, loading not.

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::marker::PhantomData;
use std::ops::Deref;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use bytemuck::Pod;
use memmap2::MmapMut;
use serde_json::{Value, json};
use tribus_kmeans::quality::{Labeled, silhouettes};
use tribus_kmeans::{Fit, Init, KMeans, Points, Real};

/// A matrix in either precision.
enum Matrix {
    Single(Array<f32>),
    Double(Array<f64>),
}

struct Array<T> {
    values: Pages<T>,
    rows: usize,
    columns: usize,
}

/// Values on huge pages where there are such, as NumPy keeps large arrays.
struct Pages<T> {
    bytes: MmapMut,
    kind: PhantomData<T>,
}

impl<T: Pod> Pages<T> {
    fn of(values: &[T]) -> Result<Self> {
        let bytes = bytemuck::cast_slice(values);
        let mut pages = MmapMut::map_anon(bytes.len().max(1))?;
        #[cfg(target_os = "linux")]
        pages.advise(memmap2::Advice::HugePage)?;
        pages[..bytes.len()].copy_from_slice(bytes);
        Ok(Self {
            bytes: pages,
            kind: PhantomData,
        })
    }
}

impl<T: Pod> Deref for Pages<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        bytemuck::cast_slice(&self.bytes)
    }
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, data, rest @ ..] = &arguments[..] else {
        bail!("usage: tribus-bench fixed|search|sweep|silhouette X.npy ...");
    };
    match matrix(data)? {
        Matrix::Single(array) => serve(&array, mode, rest),
        Matrix::Double(array) => serve(&array, mode, rest),
    }
}

fn serve<T: Real + Pod>(array: &Array<T>, mode: &str, rest: &[String]) -> Result<()> {
    let mut run: Box<dyn FnMut(u64) -> Result<Value> + '_> = match (mode, rest) {
        ("fixed", [start, iterations]) => fixed(array, start, iterations.parse()?)?,
        ("search", [k]) => search(
            array,
            KMeans {
                k: k.parse()?,
                ..KMeans::default()
            },
        ),
        ("search", [k, restarts, recombinations]) => search(
            array,
            KMeans {
                k: k.parse()?,
                restarts: restarts.parse()?,
                recombinations: recombinations.parse()?,
                ..KMeans::default()
            },
        ),
        ("sweep", [from, to]) => sweep(array, from.parse()?, to.parse()?, KMeans::default()),
        ("sweep", [from, to, restarts]) => sweep(
            array,
            from.parse()?,
            to.parse()?,
            KMeans {
                restarts: restarts.parse()?,
                recombinations: 0,
                ..KMeans::default()
            },
        ),
        ("silhouette", [labels]) => silhouette(array, labels)?,
        _ => bail!("unknown mode or wrong number of arguments: {mode} {rest:?}"),
    };
    let mut out = std::io::stdout();
    for line in std::io::stdin().lines() {
        let result = run(line?.trim().parse().unwrap_or(0))?;
        writeln!(out, "{result}")?;
        out.flush()?;
    }
    Ok(())
}

type Runner<'a> = Box<dyn FnMut(u64) -> Result<Value> + 'a>;

fn fixed<'a, T: Real + Pod>(
    array: &'a Array<T>,
    start: &str,
    max_iterations: usize,
) -> Result<Runner<'a>> {
    let (start, k) = match matrix(start)? {
        Matrix::Double(start) => (start.values.to_vec(), start.rows),
        Matrix::Single(start) => (
            start.values.iter().copied().map(f64::from).collect(),
            start.rows,
        ),
    };
    let settings = KMeans {
        k,
        init: Init::Given(start),
        max_iterations,
        ..KMeans::default()
    };
    Ok(search(array, settings))
}

fn search<T: Real + Pod>(array: &Array<T>, settings: KMeans) -> Runner<'_> {
    Box::new(move |seed| {
        let settings = KMeans {
            seed,
            ..settings.clone()
        };
        let start = Instant::now();
        let points = Points::new(&array.values, array.rows, array.columns)?;
        let fit = settings.fit(&points)?;
        let seconds = start.elapsed().as_secs_f64();
        Ok(json!({
            "seconds": seconds,
            "iterations": fit.iterations,
            "inertia": fit.inertia,
            "runs": fit.restarts.runs,
            "agreed": fit.restarts.agreed,
            "distances": fit.work.distances,
            "points": fit.work.points,
            "centroids": fit.model.centroids(),
        }))
    })
}

/// Fits and exact silhouettes for each k.
fn sweep<T: Real + Pod>(array: &Array<T>, from: usize, to: usize, settings: KMeans) -> Runner<'_> {
    Box::new(move |seed| {
        let start = Instant::now();
        let points = Points::new(&array.values, array.rows, array.columns)?;
        let fits = (from..=to)
            .map(|k| {
                let settings = KMeans {
                    k,
                    seed,
                    ..settings.clone()
                };
                settings.fit(&points)
            })
            .collect::<Result<Vec<Fit>, _>>()?;
        let labeled = fits
            .iter()
            .map(|fit| Labeled::new(&points, &fit.labels, fit.model.k()))
            .collect::<Result<Vec<_>, _>>()?;
        let measured = silhouettes(&labeled)?;
        let seconds = start.elapsed().as_secs_f64();
        let inertias: Vec<f64> = fits.iter().map(|fit| fit.inertia).collect();
        let centroids: Vec<&[f64]> = fits.iter().map(|fit| fit.model.centroids()).collect();
        let silhouettes: Vec<f64> = measured.iter().map(|measured| measured.mean).collect();
        Ok(json!({
            "seconds": seconds,
            "inertias": inertias,
            "centroids": centroids,
            "silhouettes": silhouettes,
        }))
    })
}

fn silhouette<'a, T: Real + Pod>(array: &'a Array<T>, labels: &str) -> Result<Runner<'a>> {
    let file = npyz::NpyFile::new(BufReader::new(File::open(labels)?))?;
    let labels: Vec<u32> = file
        .into_vec::<i32>()?
        .into_iter()
        .map(u32::try_from)
        .collect::<Result<_, _>>()?;
    let k = labels.iter().max().map_or(0, |&label| label as usize + 1);
    Ok(Box::new(move |_| {
        let start = Instant::now();
        let points = Points::new(&array.values, array.rows, array.columns)?;
        let mean = Labeled::new(&points, &labels, k)?.silhouette()?.mean;
        let seconds = start.elapsed().as_secs_f64();
        Ok(json!({ "seconds": seconds, "silhouette": mean }))
    }))
}

fn matrix(path: &str) -> Result<Matrix> {
    let open = || -> Result<_> {
        let file = File::open(path).with_context(|| format!("cannot open {path}"))?;
        Ok(npyz::NpyFile::new(BufReader::new(file))?)
    };
    let file = open()?;
    if file.order() == npyz::Order::Fortran {
        bail!("{path} is stored column by column; save np.ascontiguousarray of it");
    }
    let (rows, columns) = match *file.shape() {
        [rows, columns] => (rows as usize, columns as usize),
        _ => bail!("{path} is not a matrix"),
    };
    Ok(match file.try_data::<f64>() {
        Ok(values) => {
            let values = Pages::of(&values.collect::<Result<Vec<f64>, _>>()?)?;
            Matrix::Double(Array {
                values,
                rows,
                columns,
            })
        }
        Err(file) => {
            let values = Pages::of(&file.into_vec::<f32>()?)?;
            Matrix::Single(Array {
                values,
                rows,
                columns,
            })
        }
    })
}
