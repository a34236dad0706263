//! Several numbers of clusters of the same points: what one number has worked out serves the next.

use crate::config::{KMeans, check_given};
use crate::error::Error;
use crate::fit::{Fit, Job};
use crate::init::Seeder;
use crate::points::{AnyPoints, Points};
use crate::progress::Watch;
use crate::real::Real;
use crate::table::Table;

impl KMeans {
    /// Clusters `points` into each of several numbers of clusters; `k` of the settings does not count.
    ///
    /// Rows are put in order and packed once. Each restart draws its rows once, for the largest number; smaller numbers
    /// take the first of them. Each number also starts from the best centroids of the number before it with rows far
    /// from them added (as the global k-means algorithm does: A. Likas, N. Vlassis and J. J. Verbeek, Pattern
    /// Recognition 36, 2003, <https://doi.org/10.1016/S0031-3203(02)00060-2>), and from those of `starts` that have as
    /// many centroids (`k x d` each). Recombinations follow as in [`KMeans::fit`].
    ///
    /// Time and memory are those of one [`KMeans::fit`] per number, less what they share. The result depends on the set
    /// of rows, on these settings and on `ks` alone.
    ///
    /// # Errors
    /// Those of [`KMeans::fit`], for any of the numbers; [`Error::Interrupted`] if `watch` asked to stop.
    pub fn sweep<T: Real>(
        &self,
        points: &Points<T>,
        ks: &[usize],
        starts: &[Vec<f64>],
        watch: Watch,
    ) -> Result<Vec<Fit>, Error> {
        match &points.told() {
            AnyPoints::Single(points) => self.sweep_one_precision(points, ks, starts, watch),
            AnyPoints::Double(points) => self.sweep_one_precision(points, ks, starts, watch),
        }
    }

    fn sweep_one_precision<T: Real>(
        &self,
        points: &Points<T>,
        ks: &[usize],
        starts: &[Vec<f64>],
        watch: Watch,
    ) -> Result<Vec<Fit>, Error> {
        let numbers: Vec<KMeans> = ks.iter().map(|&k| KMeans { k, ..self.clone() }).collect();
        for settings in &numbers {
            settings.check(points)?;
        }
        for start in starts {
            check_given(start, start.len() / points.d(), points)?;
        }
        let Some(most) = numbers.iter().max_by_key(|settings| settings.k) else {
            return Ok(Vec::new());
        };
        rayon::scope(|_| swept(most, &numbers, points, starts, watch))
    }
}

/// Each of the numbers in turn; `most` are the settings of the largest.
fn swept<T: Real>(
    most: &KMeans,
    numbers: &[KMeans],
    points: &Points<T>,
    starts: &[Vec<f64>],
    watch: Watch,
) -> Result<Vec<Fit>, Error> {
    let job = |settings| Job {
        settings,
        points,
        weights: None,
        watch,
    };
    let canonical = job(most).canonical();
    let d = points.d();
    let rows = Points::new(&canonical.values, canonical.len(), d)?;
    let table = Table::packed(&rows, canonical.weights(), most.k);
    let seeder = Seeder::new(&table);
    let limits = job(most).limits(&table);
    let most_drawn = KMeans {
        k: most.k.min(canonical.len()),
        ..most.clone()
    };
    let drawn: Vec<Vec<f64>> = (0..most.restarts)
        .map(|restart| seeder.start(&most_drawn, restart))
        .collect();
    let mut before: Option<Vec<f64>> = None;
    let mut fits = Vec::with_capacity(numbers.len());
    for settings in numbers {
        let k = settings.k;
        if canonical.len() <= k {
            fits.push(job(settings).one_cluster_per_content(&canonical)?);
            continue;
        }
        let grown = before
            .take()
            .filter(|before| before.len() < k * d)
            .map(|before| seeder.grown(&before, k, settings.seed));
        let known = starts.iter().filter(|start| start.len() == k * d).cloned();
        let drawn = drawn.iter().map(|rows| rows[..k * d].to_vec());
        let all: Vec<Vec<f64>> = known.chain(grown).chain(drawn).collect();
        let job = job(settings);
        let outcome = job.search(&seeder, limits, &canonical).race(&all);
        before = outcome
            .as_ref()
            .map(|outcome| outcome.best.centroids.clone());
        fits.push(job.finish(&canonical, outcome)?);
    }
    Ok(fits)
}
