//! The list to send: customers of some segments with their contacts, those who agreed, and a part that is left alone.
//!
//! In: a [`Segmentation`], the table of its customers (purchases rolled up, [`customers_of`]) and [`AudienceOptions`]. Out: an
//! [`Audience`]: a list and a holdout as Arrow batches, and an account in which every customer of the segments is either written,
//! held out or left out for a reason. Contacts come from the table alone; nothing of them is kept.
//!
//! The holdout is drawn by a hash of the id, so it is the same in every run. [`evaluate`] compares it with the customers of the
//! list later, as a campaign with a control group.

mod account;
mod bought;
mod choose;
mod consent;
mod contacts;
mod country;
mod error;
mod holdout;
mod list;
mod normalize;
mod platform;
mod trial;

use arrow_array::RecordBatch;

pub use account::{AudienceAccount, AudienceColumn, AudienceSegment, LeftOut};
pub use bought::customers_of;
pub use choose::chosen_segments;
pub use consent::{Consent, ConsentCheck, ConsentColumn};
pub use country::Country;
pub use error::AudienceError;
pub use holdout::Share;
pub use platform::Platform;
pub use trial::{Trial, evaluate};

use crate::date::Date;
use crate::expr::Expr;
use crate::pipeline::Pipeline;
use crate::segmentation::{AssignOptions, Customers, Segmentation};
use crate::source::ReadOptions;
use crate::table::Table;
use choose::Chosen;
use list::Columns;

/// Whom a list is for, and how it is written.
#[derive(Debug, Clone, Default)]
pub struct AudienceOptions {
    /// Names (in any case) or numbers of segments and of groups by rule; a customer of any of them is in the list.
    pub segments: Vec<String>,
    /// Columns to write, from the table; an entry may name several, separated by commas. `id`, `segment` and `segment_name` are
    /// there as well. Empty: these three and the contact columns found. With a platform: the columns that may be used.
    pub columns: Vec<String>,
    /// The platform whose headers and hashes are written; default none.
    pub platform: Option<Platform>,
    /// The share of the customers that is left alone; default none.
    pub holdout: Option<Share>,
    /// Another seed draws another holdout; default 0.
    pub holdout_seed: u64,
    /// Only customers for whom this is true.
    pub condition: Option<Expr>,
    /// At most so many customers, those nearest to the centroid of their segment.
    pub limit: Option<usize>,
    /// How consent is checked; by default by the columns that tell of it.
    pub consent: ConsentCheck,
    /// The country of telephone numbers and addresses where no column says it.
    pub country: Option<Country>,
    /// The day that days since count to, as for [`Segmentation::assign_as`].
    pub as_of: Option<Date>,
    /// Rows may share an id.
    pub allow_duplicates: bool,
}

impl AudienceOptions {
    /// The names that the entries of `columns` may stand for: a header may hold commas, so each is taken whole and in parts.
    fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().flat_map(|entry| {
            let parts = entry.split(',').map(str::trim);
            std::iter::once(entry.as_str()).chain(parts)
        })
    }

    /// How the file must be read: as the segmentation asks, and contacts as they stand in it, without losing a leading zero.
    pub fn read_options(&self, options: ReadOptions) -> ReadOptions {
        let consent = match &self.consent {
            ConsentCheck::Column(name) => Some(name.as_str()),
            _ => None,
        };
        // Consent may be a day.
        let names = self.column_names().filter(|name| Some(*name) != consent);
        ReadOptions {
            contacts: true,
            as_written: names.map(str::to_owned).collect(),
            ..options
        }
    }
}

/// A list to send, and who is left alone.
#[derive(Debug, Clone)]
pub struct Audience {
    /// The list.
    pub list: RecordBatch,
    /// `id`, `segment`, `segment_name` and `holdout` (1) of those who are left alone, if any were to be.
    pub holdout: Option<RecordBatch>,
    /// What became of each customer of the segments.
    pub account: AudienceAccount,
}

impl Audience {
    /// Draws the list. The table is that of [`customers_of`], read with [`AudienceOptions::read_options`].
    ///
    /// Of the customers of the segments those are left out, in this order, who did not agree, for whom the condition is not true,
    /// whom the platform cannot match, and, where a holdout is drawn, who have no id. The others come in the order of the table;
    /// with a limit the most typical first, and as many as fill the list are taken: the holdout is drawn among the same.
    ///
    /// # Errors
    /// [`AudienceError`].
    pub fn draw(
        segmentation: &Segmentation,
        table: &Table,
        options: &AudienceOptions,
    ) -> Result<Self, AudienceError> {
        let segments = chosen_segments(segmentation, &options.segments)?;
        let ids = id_position(segmentation.pipeline(), table);
        if options.holdout.is_some() && ids.is_none() {
            return Err(AudienceError::NoId { file: table.file() });
        }
        let columns = Columns::of(table, ids, options)?;
        let (consent, agreed) = consent::consent(table, &options.consent, &columns.channels())?;
        let selected = choose::selected(segmentation, table, options.condition.as_ref())?;
        let assign = AssignOptions {
            as_of: options.as_of,
            allow_duplicates: options.allow_duplicates,
        };
        let customers = segmentation.assign_as(table, &assign)?;
        let mut chosen = Chosen {
            table,
            customers: &customers,
            segments: &segments,
            ids,
            left_out: LeftOut::default(),
        };
        let rows = chosen.rows(&agreed, &selected, &columns, options);
        let (listed, held_out) = chosen.split(rows, options);
        let written = columns.written(segmentation, table, &customers, &listed);
        let holdout = options
            .holdout
            .map(|_| list::holdout(segmentation, table, &customers, ids, &held_out));
        let account = AudienceAccount {
            segments: account::segments(segmentation, &customers, &segments),
            rows: table.rows() as u64,
            set_aside: set_aside(&customers),
            left_out: chosen.left_out,
            held_out: held_out.len() as u64,
            written: listed.len() as u64,
            consent,
            is_checked: options.consent != ConsentCheck::None,
            columns: written.columns,
            holdout: options.holdout.map(Share::get),
            ordered: options.limit.is_some(),
            notes: Vec::new(),
        };
        Ok(Self {
            list: written.batch,
            holdout,
            account: account.with_notes(options),
        })
    }
}

fn set_aside(customers: &Customers) -> u64 {
    let placements = customers.placements.iter();
    placements.filter(|placement| placement.is_none()).count() as u64
}

/// Where the column stands that names the customer.
fn id_position(pipeline: &Pipeline, table: &Table) -> Option<usize> {
    table.position(pipeline.id.as_deref()?)
}

/// The id of a row, without blanks around it; none where it is empty.
fn id_of(table: &Table, ids: Option<usize>, row: usize) -> Option<String> {
    let id = table.cell(ids?, row)?;
    let id = id.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests;
