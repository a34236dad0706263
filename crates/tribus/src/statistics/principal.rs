//! Principal axes of a small matrix of products.

/// Sweeps after which rotations have long become nothing.
const SWEEPS: usize = 60;

/// The eigenvectors of a symmetric d x d matrix, as columns, row-major.
///
/// Cyclic Jacobi rotations (Golub and Van Loan: Matrix Computations, 4th ed., 2013, section 8.5). Time `O(d^3)` a sweep, of
/// which a handful are needed.
pub(crate) fn axes(symmetric: &[f64], d: usize) -> Vec<f64> {
    let mut a = symmetric.to_vec();
    let mut axes = vec![0.0; d * d];
    for i in 0..d {
        axes[i * d + i] = 1.0;
    }
    let total: f64 = a.iter().map(|x| x * x).sum();
    for _ in 0..SWEEPS {
        let off: f64 = (0..d)
            .flat_map(|p| (0..p).map(move |q| (p, q)))
            .map(|(p, q)| a[p * d + q] * a[p * d + q])
            .sum();
        if off <= total * 1e-28 {
            break;
        }
        for p in 0..d {
            for q in 0..p {
                rotate(&mut a, &mut axes, d, p, q);
            }
        }
    }
    axes
}

/// Turns columns and rows p and q so that their product becomes 0.
fn rotate(a: &mut [f64], axes: &mut [f64], d: usize, p: usize, q: usize) {
    let product = a[p * d + q];
    if product == 0.0 {
        return;
    }
    let ratio = (a[q * d + q] - a[p * d + p]) / (2.0 * product);
    let tangent = ratio.signum() / (ratio.abs() + (ratio * ratio + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    let turn = |x: f64, y: f64| (cosine * x - sine * y, sine * x + cosine * y);
    for i in 0..d {
        (a[i * d + p], a[i * d + q]) = turn(a[i * d + p], a[i * d + q]);
        (axes[i * d + p], axes[i * d + q]) = turn(axes[i * d + p], axes[i * d + q]);
    }
    for i in 0..d {
        (a[p * d + i], a[q * d + i]) = turn(a[p * d + i], a[q * d + i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_orthogonal_and_diagonalize() {
        let d = 5;
        let symmetric: Vec<f64> = (0..d * d)
            .map(|at| {
                let (i, j) = (at / d, at % d);
                libm::sin((i * j) as f64) + if i == j { i as f64 } else { 0.0 }
            })
            .collect();
        let v = axes(&symmetric, d);
        let column = |c: usize| (0..d).map(|r| v[r * d + c]).collect::<Vec<f64>>();
        let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(a, b)| a * b).sum::<f64>();
        for p in 0..d {
            let image: Vec<f64> = symmetric
                .chunks(d)
                .map(|row| dot(row, &column(p)))
                .collect();
            for q in 0..d {
                let unit = if p == q { 1.0 } else { 0.0 };
                assert!((dot(&column(p), &column(q)) - unit).abs() < 1e-12);
                assert!(p == q || dot(&image, &column(q)).abs() < 1e-12);
            }
        }
    }
}
