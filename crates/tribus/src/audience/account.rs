//! What became of each customer of the segments, and what people should know.

use serde::Serialize;

use super::{AudienceOptions, Consent};
use crate::segment::SegmentNumber;
use crate::segmentation::{Customers, Segmentation};
use crate::words::{count, counted};

/// One segment of an audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AudienceSegment {
    /// Its number, from 1.
    pub segment: u32,
    /// Its name.
    pub segment_name: String,
    /// Customers of the table in it.
    pub customers: u64,
}

/// Customers of the segments who are neither written nor held out, each counted at the first reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// They did not agree to be written to, or nobody knows.
    pub without_consent: u64,
    /// The condition is not true of them.
    pub filtered_out: u64,
    /// The platform could not find them.
    pub without_contact: u64,
    /// They have no id, so that nobody could tell whether they were held out.
    pub without_id: u64,
    /// The list was full.
    pub beyond_limit: u64,
}

/// One column of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AudienceColumn {
    /// Its header.
    pub column: String,
    /// The column of the table that it comes from; none of those that are made, and of those that are empty.
    pub from: Option<String>,
    /// Cells of the list without a value.
    pub empty: u64,
    /// Of these, cells that the table has and that could not be read.
    pub unreadable: u64,
}

/// The account of an audience: all customers of the segments are written, held out or left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AudienceAccount {
    /// Rows of the table.
    pub rows: u64,
    /// Rows that are in no segment, because they were set aside.
    pub set_aside: u64,
    /// The segments of the list.
    pub segments: Vec<AudienceSegment>,
    /// Who was left out.
    pub left_out: LeftOut,
    /// Customers who are left alone.
    pub held_out: u64,
    /// Customers of the list.
    pub written: u64,
    /// Whether consent was to be checked.
    #[serde(rename = "consent_checked")]
    pub is_checked: bool,
    /// Which columns tell of consent.
    pub consent: Consent,
    /// The columns of the list.
    pub columns: Vec<AudienceColumn>,
    /// The share to be left alone.
    pub holdout: Option<f64>,
    /// The most typical customer stands first; else the order is that of the table.
    #[serde(rename = "most_typical_first")]
    pub ordered: bool,
    /// What people should know; no part of the JSON, where it stands among the warnings.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// The segments and how many of the customers are in each.
pub(super) fn segments(
    segmentation: &Segmentation,
    customers: &Customers,
    segments: &[SegmentNumber],
) -> Vec<AudienceSegment> {
    let of = |segment: &SegmentNumber| {
        let placed = customers.placements.iter().flatten();
        let own = placed.filter(|placed| placed.segment == *segment);
        AudienceSegment {
            segment: segment.get(),
            segment_name: segmentation.name(*segment).to_owned(),
            customers: own.count() as u64,
        }
    };
    segments.iter().map(of).collect()
}

impl AudienceAccount {
    /// Customers in the segments.
    pub fn in_segments(&self) -> u64 {
        self.segments.iter().map(|segment| segment.customers).sum()
    }

    /// Whether every customer of the segments is accounted for.
    pub fn adds_up(&self) -> bool {
        let LeftOut {
            without_consent,
            filtered_out,
            without_contact,
            without_id,
            beyond_limit,
        } = self.left_out;
        let left_out = without_consent + filtered_out + without_contact + without_id + beyond_limit;
        self.in_segments() == left_out + self.held_out + self.written
    }

    pub(super) fn with_notes(mut self, options: &AudienceOptions) -> Self {
        assert!(
            self.adds_up(),
            "every customer is written, held out or left out"
        );
        self.notes = [
            self.on_consent(),
            self.on_cells(options),
            self.on_sizes(options),
        ]
        .concat();
        self
    }

    /// The account in lines.
    pub fn told(&self) -> Vec<String> {
        let names = self
            .segments
            .iter()
            .map(|segment| format!("{} ({})", segment.segment_name, count(segment.customers)));
        let mut lines = vec![format!(
            "{} in {}",
            counted(self.in_segments(), "customer", "customers"),
            names.collect::<Vec<_>>().join(", ")
        )];
        let out = self.left_out;
        let left_out = [
            (
                out.without_consent,
                "did not agree to be written to, or nobody knows",
            ),
            (out.filtered_out, "do not meet --where"),
            (
                out.without_contact,
                "have no contact that the platform could find them by",
            ),
            (
                out.without_id,
                "have no id, so that a holdout could not be told apart",
            ),
            (out.beyond_limit, "beyond --limit"),
        ];
        let left_out = left_out.iter().filter(|(customers, _)| *customers > 0);
        lines.extend(
            left_out.map(|(customers, why)| format!("  {} left out: {why}", count(*customers))),
        );
        if self.holdout.is_some() {
            lines.push(format!("  {} held out", count(self.held_out)));
        }
        let order = if self.ordered {
            "the most typical first"
        } else {
            "in the order of the file"
        };
        lines.push(format!("  {} written, {order}", count(self.written)));
        lines
    }

    fn on_consent(&self) -> Vec<String> {
        if !self.is_checked {
            return vec!["consent was not checked".to_owned()];
        }
        let mut notes = Vec::new();
        if self.consent.columns.is_empty() {
            notes.push(
                "no column tells who agreed to be written to, so consent was not checked; --consent COLUMN names one"
                    .to_owned(),
            );
        }
        for column in &self.consent.columns {
            let name = &column.column;
            let rule = match (column.days, column.negated) {
                (false, false) => "only customers for whom it says yes are written to",
                (false, true) => "only customers for whom it says no are written to",
                (true, false) => "only customers for whom it holds a day are written to",
                (true, true) => "customers for whom it holds a day are not written to",
            };
            let unclear = if column.unclear > 0 {
                let cells = counted(column.unclear, "row", "rows");
                format!(
                    "; in {cells} of the file it is empty or unclear, which counts as no consent"
                )
            } else {
                String::new()
            };
            notes.push(format!("`{name}` tells of consent: {rule}{unclear}"));
        }
        for ignored in &self.consent.ignored {
            notes.push(format!(
                "`{ignored}` tells of another way to write, and was not looked at; --consent {ignored} takes it instead"
            ));
        }
        if !self.consent.unspoken.is_empty() {
            notes.push(format!(
                "no column tells of consent to {}: see that the list is not used for it",
                self.consent.unspoken.join(" or ")
            ));
        }
        notes
    }

    fn on_cells(&self, options: &AudienceOptions) -> Vec<String> {
        let mut notes = Vec::new();
        if options.columns.is_empty() || options.platform.is_some() {
            let sources = self.columns.iter().filter_map(|column| {
                let from = column.from.as_ref()?;
                Some(if *from == column.column {
                    format!("`{from}`")
                } else {
                    format!("{} from `{from}`", column.column)
                })
            });
            let sources: Vec<String> = sources.collect();
            notes.push(if sources.is_empty() {
                "no column with contacts was found; --columns names those to write".to_owned()
            } else {
                format!("contacts: {}", sources.join(", "))
            });
        }
        for column in self.columns.iter().filter(|column| column.from.is_some()) {
            let AudienceColumn {
                column,
                empty,
                unreadable,
                ..
            } = column;
            if *unreadable > 0 {
                let cells = counted(
                    *unreadable,
                    "cell that could not be read is",
                    "cells that could not be read are",
                );
                notes.push(format!(
                    "{column}: {cells} left empty{}",
                    self.way_out(column, options)
                ));
            }
            if empty > unreadable {
                let cells = counted(
                    empty - unreadable,
                    "customer of the list has",
                    "customers of the list have",
                );
                notes.push(format!("{column}: {cells} none"));
            }
        }
        notes
    }

    /// What would make telephone numbers readable.
    fn way_out(&self, column: &str, options: &AudienceOptions) -> &'static str {
        let is_phone = column.eq_ignore_ascii_case("phone");
        let has_country = self
            .columns
            .iter()
            .any(|column| column.column.eq_ignore_ascii_case("country") && column.from.is_some());
        if is_phone && options.country.is_none() && !has_country {
            "; numbers in national notation need a country: --country DE"
        } else {
            ""
        }
    }

    fn on_sizes(&self, options: &AudienceOptions) -> Vec<String> {
        let mut notes = Vec::new();
        if self.written == 0 {
            notes.push("the list is empty".to_owned());
        }
        let fewest = options
            .platform
            .and_then(|platform| platform.fewest().map(|fewest| (platform.name(), fewest)));
        if let Some((platform, fewest)) = fewest.filter(|(_, fewest)| self.written < *fewest) {
            notes.push(format!(
                "{platform} asks for at least {fewest} customers in a list"
            ));
        }
        if self.holdout.is_some() && self.held_out == 0 {
            notes.push(
                "nobody is held out: the segments have too few customers for this share".to_owned(),
            );
        }
        notes
    }
}
