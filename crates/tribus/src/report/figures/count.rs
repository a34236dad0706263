//! How many segments: the criteria over k, and the silhouettes of the number chosen.

use super::super::charts::Caption;
use super::super::charts::criterion::{self, Criterion, Step};
use super::super::charts::knives::{self, Knives};
use super::super::number::fixed;
use super::super::view::View;
use super::{Figure, figure};
use crate::evidence::{Candidate, Elbow};
use crate::words::shortened;

/// Inertia over k.
pub(in crate::report) fn elbow(view: &View<'_>) -> Option<Figure> {
    let evidence = view.input.evidence;
    let step = |candidate: &Candidate| Step {
        k: candidate.k,
        value: candidate.inertia,
        interval: None,
    };
    let steps: Vec<Step> = evidence
        .candidates
        .iter()
        .map(step)
        .filter(|step| step.value.is_finite())
        .collect();
    if steps.len() < 2 {
        return None;
    }
    let title = match evidence.choice.elbow {
        Some(Elbow { k: elbow, .. }) if elbow == view.k() => {
            format!("The curve bends at {elbow}, the number chosen")
        }
        Some(Elbow { k: elbow, .. }) => format!("The curve bends at {elbow}; {} chosen", view.k()),
        None => "The curve has no clear bend".to_owned(),
    };
    let how = "Every further segment makes the customers within a segment more alike, so the curve always falls. Where it bends, more segments start to gain little.".to_owned();
    let caption = Caption {
        stem: "elbow",
        title,
        how,
    };
    let data = Criterion {
        caption: &caption,
        steps: &steps,
        measure: "Spread within the segments (inertia)",
        chosen: view.k(),
        marked: evidence.choice.elbow.map(|elbow| (elbow.k, "bend")),
        bounded: false,
        interval: "",
    };
    Some(figure(&caption, true, |width| {
        criterion::draw(&data, width)
    }))
}

/// Mean silhouette over k.
pub(in crate::report) fn silhouette(view: &View<'_>) -> Option<Figure> {
    let evidence = view.input.evidence;
    let step = |candidate: &Candidate| {
        let silhouette = candidate.silhouette?;
        Some(Step {
            k: candidate.k,
            value: silhouette.mean,
            interval: silhouette.interval,
        })
    };
    let steps: Vec<Step> = evidence
        .candidates
        .iter()
        .filter_map(step)
        .filter(|step| step.value.is_finite())
        .collect();
    if steps.is_empty() {
        return None;
    }
    let sampled = steps.iter().any(|step| step.interval.is_some());
    let how = format!(
        "The silhouette says how much nearer customers are to their own segment than to the next: 1 is far apart, 0 is on the border.{}",
        if sampled {
            " Bars are 95% intervals, as it was estimated from a sample."
        } else {
            ""
        }
    );
    let caption = Caption {
        stem: "silhouette",
        title: silhouette_finding(view, &steps),
        how,
    };
    let data = Criterion {
        caption: &caption,
        steps: &steps,
        measure: "Mean silhouette",
        chosen: view.k(),
        marked: Some((evidence.choice.natural_k, "best separated")),
        bounded: true,
        interval: "95% interval",
    };
    Some(figure(&caption, true, |width| {
        criterion::draw(&data, width)
    }))
}

fn silhouette_finding(view: &View<'_>, steps: &[Step]) -> String {
    let natural = view.input.evidence.choice.natural_k;
    if !steps.iter().any(|step| step.k == natural) {
        return "How well each number of segments separates the customers".to_owned();
    }
    match steps.iter().find(|step| step.k == view.k()) {
        Some(_) if natural == view.k() => {
            format!("{natural} segments separate best, the number chosen")
        }
        Some(own) => format!(
            "{natural} segments separate best; {} reach {}",
            view.k(),
            fixed(own.value, 2)
        ),
        None => format!("{natural} segments separate best"),
    }
}

/// The gap statistic over k, from one segment on.
pub(in crate::report) fn gap(view: &View<'_>) -> Option<Figure> {
    let evidence = view.input.evidence;
    let of_one = evidence.gap_of_one.map(|gap| (1, gap));
    let others = evidence
        .candidates
        .iter()
        .filter(|candidate| candidate.k > 1 || of_one.is_none())
        .filter_map(|candidate| Some((candidate.k, candidate.gap?)));
    let steps: Vec<Step> = of_one
        .into_iter()
        .chain(others)
        .filter(|(_, gap)| gap.value.is_finite())
        .map(|(k, gap)| Step {
            k,
            value: gap.value,
            interval: Some([
                gap.value - gap.standard_error,
                gap.value + gap.standard_error,
            ]),
        })
        .collect();
    if steps.len() < 2 {
        return None;
    }
    // Tibshirani, Walther and Hastie 2001: the smallest k whose gap is within a standard error of the next one's.
    let found = steps
        .windows(2)
        .find(|pair| pair[0].value >= pair[1].interval.map_or(pair[1].value, |ends| ends[0]))
        .map(|pair| pair[0].k);
    let title = match found {
        Some(1) => "The gap does not grow from one segment to two: it favors one".to_owned(),
        Some(k) => format!("The gap first stops growing at {k}"),
        None => "The gap grows with every segment: it names no number".to_owned(),
    };
    let caption = Caption {
        stem: "gap",
        title,
        how: "How much tighter the segments are than those of customers spread evenly over the same range. The smallest number whose gap is within a standard error (the bars) of the next is the one it favors.".to_owned(),
    };
    let data = Criterion {
        caption: &caption,
        steps: &steps,
        measure: "Gap (difference of log inertia)",
        chosen: view.k(),
        marked: found.map(|k| (k, "favored")),
        bounded: false,
        interval: "one standard error:",
    };
    Some(figure(&caption, true, |width| {
        criterion::draw(&data, width)
    }))
}

/// How alike the segments come out on resampled customers, over k.
pub(in crate::report) fn stability(view: &View<'_>) -> Option<Figure> {
    let steps: Vec<Step> = view
        .input
        .evidence
        .candidates
        .iter()
        .filter_map(|candidate| Some((candidate.k, candidate.stability.as_ref()?)))
        .filter(|(_, stability)| stability.rand.is_finite())
        .map(|(k, stability)| Step {
            k,
            value: stability.rand,
            interval: stability.interval,
        })
        .collect();
    let best = steps
        .iter()
        .max_by(|one, other| one.value.total_cmp(&other.value))?;
    let title = match steps.iter().find(|step| step.k == view.k()) {
        Some(own) if own.k == best.k => {
            format!(
                "{} segments are found again best, the number chosen",
                best.k
            )
        }
        Some(own) => format!(
            "{} segments are found again best ({}); {} reach {}",
            best.k,
            fixed(best.value, 2),
            own.k,
            fixed(own.value, 2)
        ),
        None => format!("{} segments are found again best", best.k),
    };
    let caption = Caption {
        stem: "stability",
        title,
        how: "How alike the segments come out when the customers are drawn again by chance: 1 is the same segments each time, 0 no more alike than by luck. Bars hold 95% of the resamples.".to_owned(),
    };
    let data = Criterion {
        caption: &caption,
        steps: &steps,
        measure: "Stability (adjusted Rand index)",
        chosen: view.k(),
        marked: Some((best.k, "most stable")),
        bounded: true,
        interval: "95% of the resamples",
    };
    Some(figure(&caption, true, |width| {
        criterion::draw(&data, width)
    }))
}

/// Silhouettes within each segment.
pub(in crate::report) fn silhouette_knives(view: &View<'_>) -> Option<Figure> {
    let knives = &view.input.summary.knives;
    if knives.is_empty() || knives.len() != view.k() {
        return None;
    }
    let mean_of = |segment: usize| knives[segment].mean;
    let best = (0..knives.len()).max_by(|one, other| mean_of(*one).total_cmp(&mean_of(*other)))?;
    let worst = (0..knives.len()).min_by(|one, other| mean_of(*one).total_cmp(&mean_of(*other)))?;
    let title = if best == worst {
        "All segments hold together alike".to_owned()
    } else {
        format!(
            "{} holds together best, {} least",
            shortened(&view.names[best], 60),
            shortened(&view.names[worst], 60)
        )
    };
    let how = "Each blade holds the customers of one segment, the best placed on top. A long blade is a segment that holds together; customers left of 0 are nearer to another segment.".to_owned();
    let sizes: Vec<u64> = view
        .input
        .summary
        .segments
        .iter()
        .map(|segment| segment.size)
        .collect();
    let caption = Caption {
        stem: "knives",
        title,
        how,
    };
    let mean = view
        .candidate()
        .and_then(|candidate| candidate.silhouette)
        .map(|silhouette| silhouette.mean);
    let data = Knives {
        caption: &caption,
        blades: knives,
        names: &view.names,
        sizes: &sizes,
        mean,
    };
    Some(figure(&caption, false, |width| knives::draw(&data, width)))
}
