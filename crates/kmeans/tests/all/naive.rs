//! Lloyd's algorithm in plain lines: slow, obvious, and what everything faster must equal.

/// Where Lloyd's algorithm ends from given centroids.
pub(crate) struct Naive {
    pub(crate) labels: Vec<u32>,
    pub(crate) centroids: Vec<f64>,
    pub(crate) sizes: Vec<u64>,
    pub(crate) inertia: f64,
    pub(crate) iterations: usize,
    pub(crate) is_converged: bool,
}

/// Runs until no label changes, no centroid moves, or so many iterations are done.
pub(crate) fn lloyd(data: &[f64], d: usize, start: &[f64], max_iterations: usize) -> Naive {
    let k = start.len() / d;
    let mut centroids = start.to_vec();
    let mut labels = vec![u32::MAX; data.len() / d];
    let mut is_converged = false;
    let mut iterations = 0;
    while iterations < max_iterations && !is_converged {
        iterations += 1;
        let before = (labels, centroids.clone());
        labels = all_nearest(data, d, &centroids);
        centroids = means(data, d, &counted(data, d, &labels, &centroids), k);
        is_converged = labels == before.0 || centroids == before.1;
    }
    labels = all_nearest(data, d, &centroids);
    let mut sizes = vec![0; k];
    for &label in &labels {
        sizes[label as usize] += 1;
    }
    let inertia = data.chunks(d).map(|row| nearest(row, &centroids).1).sum();
    Naive {
        labels,
        centroids,
        sizes,
        inertia,
        iterations,
        is_converged,
    }
}

fn all_nearest(data: &[f64], d: usize, centroids: &[f64]) -> Vec<u32> {
    let rows = data.chunks(d);
    rows.map(|row| nearest(row, centroids).0).collect()
}

/// The index of the nearest centroid, of equals the lowest, and the squared distance to it.
pub(crate) fn nearest(row: &[f64], centroids: &[f64]) -> (u32, f64) {
    let mut best = (0, f64::INFINITY);
    for (index, centroid) in (0..).zip(centroids.chunks(row.len())) {
        let distance_sq = distance_sq(row, centroid);
        if distance_sq < best.1 {
            best = (index, distance_sq);
        }
    }
    best
}

/// The cluster that each row counts in: that of its label, but every empty cluster is given the row farthest from its
/// own centroid, of a cluster that keeps a row. For rows that all differ.
fn counted(data: &[f64], d: usize, labels: &[u32], centroids: &[f64]) -> Vec<u32> {
    let k = centroids.len() / d;
    let mut sizes = vec![0; k];
    for &label in labels {
        sizes[label as usize] += 1;
    }
    let distances: Vec<f64> = data
        .chunks(d)
        .map(|row| nearest(row, centroids).1)
        .collect();
    let mut farthest: Vec<usize> = (0..labels.len()).collect();
    farthest.sort_by(|&a, &b| distances[b].total_cmp(&distances[a]));
    let mut farthest = farthest.into_iter();
    let mut counted = labels.to_vec();
    let empty: Vec<usize> = (0..k).filter(|&cluster| sizes[cluster] == 0).collect();
    for cluster in empty {
        let Some(row) = farthest.find(|&row| sizes[labels[row] as usize] > 1) else {
            break;
        };
        sizes[labels[row] as usize] -= 1;
        counted[row] = cluster as u32;
    }
    counted
}

/// The mean of each cluster, summed with the rounding errors of every addition carried along.
fn means(data: &[f64], d: usize, labels: &[u32], k: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); k * d];
    let mut sizes = vec![0.0; k];
    for (row, &label) in data.chunks(d).zip(labels) {
        sizes[label as usize] += 1.0;
        for ((sum, error), value) in sums[label as usize * d..].iter_mut().zip(row) {
            let next: f64 = *sum + value;
            let part = next - *sum;
            *error += (*sum - (next - part)) + (value - part);
            *sum = next;
        }
    }
    let sums = sums.iter().enumerate();
    sums.map(|(at, (sum, error))| (sum + error) / sizes[at / d])
        .collect()
}

fn distance_sq(a: &[f64], b: &[f64]) -> f64 {
    let pairs = a.iter().zip(b);
    pairs.fold(0.0, |sum, (x, y)| sum + (x - y) * (x - y))
}
