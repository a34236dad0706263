//! Named expressions in an order in which each stands behind those it reads.

use std::collections::HashMap;

use super::Expr;

/// Puts named expressions behind those they read: first those that read none of the others, in the order given, then those
/// that read only these, and so on. Linear in the names read.
///
/// # Errors
/// The names of a circle, each of which reads the next, and the last the first.
pub(crate) fn in_order(named: Vec<(String, Expr)>) -> Result<Vec<(String, Expr)>, Vec<String>> {
    let places: HashMap<&str, usize> = named
        .iter()
        .enumerate()
        .map(|(at, (name, _))| (name.as_str(), at))
        .collect();
    let reads: Vec<Vec<usize>> = named
        .iter()
        .map(|(_, expression)| {
            let columns = expression.columns().into_iter();
            columns
                .filter_map(|column| places.get(column).copied())
                .collect()
        })
        .collect();
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); named.len()];
    for (at, read) in reads.iter().enumerate() {
        for other in read {
            readers[*other].push(at);
        }
    }
    let mut open: Vec<usize> = reads.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..named.len()).filter(|at| open[*at] == 0).collect();
    let mut order = Vec::with_capacity(named.len());
    while !ready.is_empty() {
        let mut next = Vec::new();
        for reader in ready.iter().flat_map(|at| &readers[*at]) {
            open[*reader] -= 1;
            if open[*reader] == 0 {
                next.push(*reader);
            }
        }
        next.sort_unstable();
        order.append(&mut ready);
        ready = next;
    }
    if order.len() < named.len() {
        let circle = circle(&reads, &open);
        return Err(circle.into_iter().map(|at| named[at].0.clone()).collect());
    }
    let mut named: Vec<Option<(String, Expr)>> = named.into_iter().map(Some).collect();
    Ok(order
        .into_iter()
        .filter_map(|at| named[at].take())
        .collect())
}

/// From one that is never ready to one that it waits for, until one comes again.
fn circle(reads: &[Vec<usize>], open: &[usize]) -> Vec<usize> {
    let is_open = |at: &usize| open[*at] > 0;
    let mut path: Vec<usize> = Vec::new();
    let mut seen: Vec<Option<usize>> = vec![None; reads.len()];
    let mut at = (0..reads.len()).find(is_open);
    while let Some(here) = at {
        if let Some(first) = seen[here] {
            return path.split_off(first);
        }
        seen[here] = Some(path.len());
        path.push(here);
        at = reads[here].iter().copied().find(is_open);
    }
    path
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn named(pairs: impl IntoIterator<Item = (String, String)>) -> Vec<(String, Expr)> {
        let parsed = |(name, text): (String, String)| (name, Expr::parse(&text).unwrap());
        pairs.into_iter().map(parsed).collect()
    }

    fn names(pairs: &[(&str, &str)]) -> Result<Vec<String>, Vec<String>> {
        let pairs = pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        in_order(named(pairs)).map(|ordered| ordered.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn each_stands_behind_what_it_reads() {
        let ordered = names(&[("c", "b + a"), ("b", "a + 1"), ("z", "y"), ("a", "x * 2")]);
        assert_eq!(ordered.unwrap(), ["z", "a", "b", "c"]);
    }

    #[test]
    fn a_circle_is_told_without_what_only_leads_to_it() {
        let refused = names(&[("x", "a"), ("a", "b + 1"), ("b", "c"), ("c", "a + b")]);
        assert_eq!(refused.unwrap_err(), ["a", "b", "c"]);
        assert_eq!(names(&[("a", "a + 1")]).unwrap_err(), ["a"]);
    }

    #[test]
    fn a_long_chain_and_a_wide_star_are_ordered_at_once() {
        const MANY: usize = 10_000;
        let chain = (0..MANY)
            .rev()
            .map(|at| (format!("d{}", at + 1), format!("d{at} + 1")));
        let star = (0..MANY).map(|at| (format!("s{at}"), "hub + 1".to_owned()));
        let all = star
            .chain(chain)
            .chain([("hub".to_owned(), "d0".to_owned())]);
        let all = named(all);
        let start = Instant::now();
        let ordered = in_order(all).unwrap();
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "{:?}",
            start.elapsed()
        );
        assert_eq!(ordered.last().unwrap().0, format!("d{MANY}"));
    }
}
