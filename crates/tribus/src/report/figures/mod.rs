//! The figures of the page: each chart with its finding as a title and a sentence on how to read it.

mod campaign;
mod count;
mod features;
mod profile;
mod purchases;
mod value;

pub(super) use campaign::{policy_profit, responses, together, uplift, uplift_name, whom};
pub(super) use count::{elbow, gap, silhouette, silhouette_knives, stability};
pub(super) use features::{PAIRED, coarse, correlations, histograms, spread_features};
pub(super) use profile::{customer_map, heat_map, snake_plot};
pub(super) use purchases::{
    cohorts, concentration, gaps, recency_frequency, revenue_by_period, second_order,
    share_of_money,
};
pub(super) use value::{PANELS, boxes_by_segment, panel_features, size_and_value};

use super::charts::{Caption, Width};
use super::view::View;

/// A chart in the drawings that the page needs.
pub(super) struct Figure {
    /// What it is called and shows.
    pub(super) caption: Caption,
    /// For a screen or paper: one drawing for files and, where it is shown at full width, for the page.
    pub(super) wide: String,
    /// For half the page, where it is shown beside another.
    pub(super) half: Option<String>,
    /// For a phone.
    pub(super) phone: String,
    /// For a page of paper.
    #[cfg(feature = "pdf")]
    pub(super) paper: String,
}

/// Every figure that the data allows, in the order of the page.
pub(super) fn all(view: &View<'_>) -> Vec<Figure> {
    [
        customer_map(view),
        heat_map(view),
        snake_plot(view),
        size_and_value(view),
        boxes_by_segment(view),
        policy_profit(view),
        responses(view),
        uplift(view),
        elbow(view),
        silhouette(view),
        gap(view),
        stability(view),
        silhouette_knives(view),
        histograms(view),
        correlations(view),
        share_of_money(view),
        revenue_by_period(view),
        cohorts(view),
        recency_frequency(view),
        gaps(view),
        concentration(view),
        second_order(view),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn figure(caption: &Caption, has_half: bool, draw: impl Fn(Width) -> String) -> Figure {
    Figure {
        caption: caption.clone(),
        wide: draw(Width::Wide),
        half: has_half.then(|| draw(Width::Half)),
        phone: draw(Width::Phone),
        #[cfg(feature = "pdf")]
        paper: draw(Width::Paper),
    }
}
