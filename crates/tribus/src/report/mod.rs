//! The report: one HTML page for people, and its charts as SVG, from a finished segmentation.
//!
//! In: a [`Segmentation`]. Out: text. The report reads no
//! clock and no disk and prints nothing; the same input gives the same bytes. It never sees a row.

mod charts;
mod figures;
mod method;
mod number;
mod page;
#[cfg(feature = "pdf")]
mod paper;
#[cfg(any(feature = "pdf", feature = "png"))]
mod picture;
mod svg;
mod view;

#[cfg(test)]
mod tests;

use crate::campaign::Campaign;
use crate::evidence::Evidence;
use crate::ledger::{Ledger, PurchaseLedger};
use crate::plan::PleaseCheck;
use crate::profile::Profiles;
use crate::roles::ColumnDecision;
use crate::rules::Rules;
use crate::segmentation::Segmentation;
use crate::summary::Summary;
pub use crate::words::language::Language;
#[cfg(any(feature = "pdf", feature = "png"))]
pub use picture::PictureError;
use view::View;

/// What a report is called where the user did not say.
const TITLE: &str = "Customer segments";

/// All that a report shows, borrowed from the results.
#[derive(Debug)]
struct ReportInput<'a> {
    /// What stands at the head of the page.
    title: &'a str,
    /// How numbers and dates are written.
    language: Language,
    /// What was decided about each column.
    columns: &'a [ColumnDecision],
    /// What happened to rows and cells.
    ledger: &'a Ledger,
    /// The account of the purchases that the customers come from.
    purchases: Option<&'a PurchaseLedger>,
    /// Why this number of segments.
    evidence: &'a Evidence,
    /// The rows, reduced.
    summary: &'a Summary,
    /// Names, differences and advice.
    profiles: &'a Profiles,
    /// The segments as thresholds; none of one segment.
    rules: Option<&'a Rules>,
    /// Whether targeting pays; none where no column tells of a campaign.
    campaign: Option<&'a Campaign>,
    /// Warnings and remarks for people, one sentence each.
    notes: &'a [String],
    /// Decisions that the reader should look at.
    please_check: &'a [PleaseCheck],
    /// Lines about the method as (what, value): seed, version, hash of the data, transform, scale.
    settings: Vec<(String, String)>,
}

/// A report, ready to be written as a page or as single charts.
#[derive(Debug)]
pub struct Report<'a> {
    view: View<'a>,
}

impl<'a> Report<'a> {
    /// The report of a segmentation.
    pub fn of(segmentation: &'a Segmentation) -> Self {
        Self::new(ReportInput {
            title: segmentation.title().unwrap_or(TITLE),
            language: segmentation.language(),
            columns: segmentation.columns(),
            ledger: segmentation.ledger(),
            purchases: segmentation.purchases(),
            evidence: segmentation.evidence(),
            summary: segmentation.summary(),
            profiles: segmentation.profiles(),
            rules: segmentation.rules(),
            campaign: segmentation.campaign(),
            notes: segmentation.notes(),
            please_check: segmentation.please_check(),
            settings: method::settings(segmentation),
        })
    }

    fn new(input: ReportInput<'a>) -> Self {
        Self {
            view: View::new(input),
        }
    }

    /// The whole page: one file that needs no network.
    pub fn to_html(&self) -> String {
        page::render(&self.view)
    }

    /// Each chart of the page as (file stem, standalone SVG document), in the order of the page.
    pub fn charts(&self) -> Vec<(String, String)> {
        let figures = figures::all(&self.view);
        figures
            .into_iter()
            .map(|figure| {
                let drawing = self.view.input.language.write(&figure.wide);
                (figure.caption.stem.to_owned(), drawing)
            })
            .collect()
    }

    /// The report as a PDF file of A4 pages.
    ///
    /// # Errors
    /// [`PictureError::Document`] where the writer refuses.
    #[cfg(feature = "pdf")]
    pub fn to_pdf(&self) -> Result<Vec<u8>, PictureError> {
        paper::pdf(&self.view)
    }

    /// Each chart as (file stem, PNG file), at twice the size of the drawing.
    ///
    /// # Errors
    /// [`PictureError::Drawing`] for a drawing that is too large.
    #[cfg(feature = "png")]
    pub fn pictures(&self) -> Result<Vec<(String, Vec<u8>)>, PictureError> {
        let options = picture::options();
        let charts = self.charts().into_iter();
        charts
            .map(|(stem, svg)| {
                let picture = picture::png(&stem, &svg, &options)?;
                Ok((stem, picture))
            })
            .collect()
    }
}
