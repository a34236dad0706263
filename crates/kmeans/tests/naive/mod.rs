//! The definitions in plain lines: slow, obvious, and what everything faster must equal.

/// Lloyd's algorithm from given centroids, for data on which no cluster runs empty.
pub(crate) struct Naive {
    pub(crate) labels: Vec<u32>,
    pub(crate) centroids: Vec<f64>,
    pub(crate) sizes: Vec<u64>,
    pub(crate) inertia: f64,
    pub(crate) iterations: usize,
}

pub(crate) fn lloyd(data: &[f64], d: usize, start: &[f64]) -> Naive {
    let k = start.len() / d;
    let mut centroids = start.to_vec();
    let mut labels = vec![u32::MAX; data.len() / d];
    let mut iterations = 0;
    loop {
        iterations += 1;
        let before = (labels.clone(), centroids.clone());
        labels = data
            .chunks(d)
            .map(|row| nearest(row, &centroids).0)
            .collect();
        let mut sizes = vec![0_u64; k];
        let mut sums = vec![0.0; k * d];
        for (row, &label) in data.chunks(d).zip(&labels) {
            sizes[label as usize] += 1;
            (0..d).for_each(|j| sums[label as usize * d + j] += row[j]);
        }
        for (index, sum) in sums.iter().enumerate() {
            assert!(
                sizes[index / d] > 0,
                "this oracle does not refill empty clusters"
            );
            centroids[index] = sum / sizes[index / d] as f64;
        }
        if labels == before.0 || centroids == before.1 {
            let inertia = data.chunks(d).map(|row| nearest(row, &centroids).1).sum();
            return Naive {
                labels,
                centroids,
                sizes,
                inertia,
                iterations,
            };
        }
    }
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

/// The silhouette of every point, from the definition.
pub(crate) fn silhouettes(data: &[f64], d: usize, labels: &[u32]) -> Vec<f64> {
    let of = |i: usize| {
        let mean_to = |cluster: u32| {
            let others = (0..labels.len()).filter(|&j| j != i && labels[j] == cluster);
            let distances: Vec<f64> = others
                .map(|j| distance_sq(&data[i * d..][..d], &data[j * d..][..d]).sqrt())
                .collect();
            (!distances.is_empty()).then(|| distances.iter().sum::<f64>() / distances.len() as f64)
        };
        let own = mean_to(labels[i]);
        let next = (0..=*labels.iter().max().expect("there are points"))
            .filter(|&cluster| cluster != labels[i])
            .filter_map(mean_to)
            .fold(f64::INFINITY, f64::min);
        own.map_or(0.0, |own| {
            if own.max(next) > 0.0 {
                (next - own) / own.max(next)
            } else {
                0.0
            }
        })
    };
    (0..labels.len()).map(of).collect()
}

fn distance_sq(a: &[f64], b: &[f64]) -> f64 {
    a.iter()
        .zip(b)
        .fold(0.0, |sum, (x, y)| sum + (x - y) * (x - y))
}

/// Small whole or broken numbers that look random but are the same in every run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    pub(crate) fn unit(&mut self) -> f64 {
        self.below(1 << 30) as f64 / f64::from(1 << 30)
    }

    /// A random order of `0..n`.
    pub(crate) fn order(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        (1..n).for_each(|i| order.swap(i, self.below(i as u64 + 1) as usize));
        order
    }
}
