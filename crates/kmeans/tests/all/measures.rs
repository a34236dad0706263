//! Measures of labeled points from their definitions: slow, obvious, and what everything faster must equal.

/// The silhouette of every point.
pub(crate) fn silhouettes(data: &[f64], d: usize, labels: &[u32]) -> Vec<f64> {
    silhouettes_by(data, d, labels, f64::sqrt)
}

/// The same with squared distances to all points, the own one included.
pub(crate) fn squared_silhouettes(data: &[f64], d: usize, labels: &[u32]) -> Vec<f64> {
    silhouettes_by(data, d, labels, |distance_sq| distance_sq)
}

fn silhouettes_by(data: &[f64], d: usize, labels: &[u32], of_sq: fn(f64) -> f64) -> Vec<f64> {
    let clusters = *labels.iter().max().expect("there are points") as usize + 1;
    let value = |(row, &own): (&[f64], &u32)| {
        let mut sums = vec![0.0; clusters];
        let mut sizes = vec![0.0; clusters];
        for (other, &label) in data.chunks(d).zip(labels) {
            sums[label as usize] += of_sq(distance_sq(row, other));
            sizes[label as usize] += 1.0;
        }
        silhouette(&sums, &sizes, own as usize)
    };
    data.chunks(d).zip(labels).map(value).collect()
}

fn silhouette(sums: &[f64], sizes: &[f64], own: usize) -> f64 {
    if sizes[own] == 1.0 {
        return 0.0;
    }
    let within = sums[own] / (sizes[own] - 1.0);
    let others = (0..sums.len()).filter(|&cluster| cluster != own && sizes[cluster] > 0.0);
    let next = others
        .map(|cluster| sums[cluster] / sizes[cluster])
        .fold(f64::INFINITY, f64::min);
    if within.max(next) > 0.0 {
        (next - within) / within.max(next)
    } else {
        0.0
    }
}

fn distance_sq(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}

/// Measures of whole numbers in clusters that all have points, from integer sums that are exact; only the last steps
/// round.
pub(crate) struct Exact {
    rows: Vec<Vec<i128>>,
    labels: Vec<u32>,
    /// Per cluster: rows, and sum per column.
    clusters: Vec<(i128, Vec<i128>)>,
}

impl Exact {
    pub(crate) fn new(data: &[i64], d: usize, labels: &[u32], k: usize) -> Self {
        let rows: Vec<Vec<i128>> = data
            .chunks(d)
            .map(|row| row.iter().map(|&value| i128::from(value)).collect())
            .collect();
        let mut clusters = vec![(0, vec![0; d]); k];
        for (row, &label) in rows.iter().zip(labels) {
            let (size, sums) = &mut clusters[label as usize];
            *size += 1;
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        Self {
            rows,
            labels: labels.to_vec(),
            clusters,
        }
    }

    /// Per row, the cluster's size squared times the squared distance to its mean: a whole number.
    fn scaled_distances_sq(&self) -> impl Iterator<Item = (usize, i128)> {
        self.rows.iter().zip(&self.labels).map(|(row, &label)| {
            let (size, sums) = &self.clusters[label as usize];
            let pairs = row.iter().zip(sums);
            let distance_sq = pairs.map(|(x, sum)| (size * x - sum).pow(2)).sum();
            (label as usize, distance_sq)
        })
    }

    pub(crate) fn inertia(&self) -> f64 {
        let mut scaled = vec![0; self.clusters.len()];
        for (cluster, distance_sq) in self.scaled_distances_sq() {
            scaled[cluster] += distance_sq;
        }
        let pairs = scaled.iter().zip(&self.clusters);
        pairs
            .map(|(&sum, (size, _))| sum as f64 / (size * size) as f64)
            .sum()
    }

    pub(crate) fn calinski_harabasz(&self) -> f64 {
        let n = self.rows.len() as i128;
        let d = self.rows[0].len();
        let column = |j: usize| self.clusters.iter().map(|(_, sums)| sums[j]).sum();
        let all: Vec<i128> = (0..d).map(column).collect();
        let between = self.clusters.iter().map(|(size, sums)| {
            let pairs = sums.iter().zip(&all);
            let scaled: i128 = pairs.map(|(sum, all)| (n * sum - size * all).pow(2)).sum();
            scaled as f64 / (size * n * n) as f64
        });
        let freedom = (self.rows.len() - self.clusters.len()) as f64;
        between.sum::<f64>() / self.inertia() * freedom / (self.clusters.len() - 1) as f64
    }

    pub(crate) fn davies_bouldin(&self) -> f64 {
        let mut spreads = vec![0.0; self.clusters.len()];
        for (cluster, distance_sq) in self.scaled_distances_sq() {
            let size = self.clusters[cluster].0 as f64;
            spreads[cluster] += (distance_sq as f64).sqrt() / size / size;
        }
        let likeness = |a: usize| {
            let others = (0..spreads.len()).filter(|&b| b != a);
            others
                .map(|b| (spreads[a] + spreads[b]) / self.distance(a, b))
                .fold(0.0, f64::max)
        };
        (0..spreads.len()).map(likeness).sum::<f64>() / spreads.len() as f64
    }

    fn distance(&self, a: usize, b: usize) -> f64 {
        let ((size_a, sums_a), (size_b, sums_b)) = (&self.clusters[a], &self.clusters[b]);
        let pairs = sums_a.iter().zip(sums_b);
        let scaled: i128 = pairs.map(|(x, y)| (x * size_b - y * size_a).pow(2)).sum();
        (scaled as f64).sqrt() / (size_a * size_b) as f64
    }
}
