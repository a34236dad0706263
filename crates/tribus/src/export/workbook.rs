//! `workbook.xlsx`: segments with a native chart, their profile, every customer, the data check and the evidence.

use arrow_array::RecordBatch;
use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormat3ColorScale, DocProperties, ExcelDateTime, Format,
    FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::ExportError;
use super::delimited::{Cells, push_date};
use super::guard::Guard;
use crate::segmentation::Segmentation;
use crate::summary::ColumnStatistics;

/// Rows of a sheet, without its header.
const ROWS_PER_SHEET: usize = 1_048_575;

/// The bytes of the workbook; the same input gives the same bytes.
pub(super) fn make(
    segmentation: &Segmentation,
    customers: &RecordBatch,
    raw: bool,
) -> Result<Vec<u8>, ExportError> {
    let mut book = Book::new(raw);
    book.write(segmentation, customers)
        .map_err(|source| ExportError::Workbook {
            source: Box::new(source),
        })
}

struct Book {
    workbook: Workbook,
    guard: Guard,
    head: Format,
    percent: Format,
    wrap: Format,
}

impl Book {
    fn new(raw: bool) -> Self {
        Self {
            workbook: Workbook::new(),
            guard: Guard::new(raw),
            head: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00E4_E7EB))
                .set_align(FormatAlign::Top)
                .set_text_wrap(),
            percent: Format::new().set_num_format("0 %"),
            wrap: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        }
    }

    fn write(
        &mut self,
        segmentation: &Segmentation,
        customers: &RecordBatch,
    ) -> Result<Vec<u8>, XlsxError> {
        // A fixed date, so that two runs write the same bytes.
        let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
        self.workbook.set_properties(
            &DocProperties::new()
                .set_title("Customer segments")
                .set_creation_datetime(&created),
        );
        self.segments(segmentation)?;
        self.profile(segmentation)?;
        self.customers(customers)?;
        self.data_check(segmentation)?;
        self.evidence(segmentation)?;
        self.workbook.save_to_buffer()
    }

    fn sheet(&mut self, name: &str, header: &[&str]) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        for (column, title) in (0_u16..).zip(header) {
            let title = self.guard.text(title);
            sheet.write_string_with_format(0, column, title, &self.head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(sheet)
    }

    fn segments(&mut self, segmentation: &Segmentation) -> Result<(), XlsxError> {
        let header = [
            "Segment",
            "Name",
            "Customers",
            "Share",
            "Value",
            "Share of value",
            "Differences",
            "Advice",
        ];
        let mut sheet = self.sheet("Segments", &header)?;
        let summary = &segmentation.summary;
        let profiles = segmentation.profiles.segments.iter();
        for (row, (segment, profile)) in (1_u32..).zip(summary.segments.iter().zip(profiles)) {
            sheet.write_number(row, 0, f64::from(row))?;
            sheet.write_string_with_format(row, 1, self.guard.text(&profile.name), &self.wrap)?;
            sheet.write_number(row, 2, segment.size as f64)?;
            sheet.write_number_with_format(row, 3, segment.share, &self.percent)?;
            if let Some(value) = segment.value {
                sheet.write_number(row, 4, value)?;
            }
            if let Some(share) = segment.value_share {
                sheet.write_number_with_format(row, 5, share, &self.percent)?;
            }
            let words: Vec<&str> = profile
                .differences
                .iter()
                .map(|difference| difference.words.as_str())
                .collect();
            sheet.write_string_with_format(
                row,
                6,
                self.guard.text(&words.join("\n")),
                &self.wrap,
            )?;
            sheet.write_string_with_format(row, 7, self.guard.text(&profile.advice), &self.wrap)?;
        }
        for (column, width) in [(1, 28.0), (6, 60.0), (7, 60.0)] {
            sheet.set_column_width(column, width)?;
        }
        let last = summary.segments.len() as u32;
        let valued = summary
            .segments
            .iter()
            .any(|segment| segment.value_share.is_some());
        sheet.insert_chart(last + 2, 1, &size_chart(last, valued))?;
        self.workbook.push_worksheet(sheet);
        Ok(())
    }

    fn profile(&mut self, segmentation: &Segmentation) -> Result<(), XlsxError> {
        let k = segmentation.k;
        let names: Vec<&str> = (0..k).map(|segment| segmentation.name(segment)).collect();
        let z_names: Vec<String> = names.iter().map(|name| format!("{name} (z)")).collect();
        let mut header = vec!["Column", "Role", "Used", "All customers"];
        header.extend(names.iter().copied());
        header.extend(z_names.iter().map(String::as_str));
        let mut sheet = self.sheet("Profile", &header)?;
        let mut row = 1_u32;
        for column in &segmentation.summary.columns {
            let ColumnStatistics::Numbers {
                overall, segments, ..
            } = &column.statistics
            else {
                continue;
            };
            sheet.write_string(row, 0, self.guard.text(&column.name))?;
            sheet.write_string(row, 1, column.role.word())?;
            sheet.write_string(row, 2, column.fate.to_string())?;
            sheet.write_number(row, 3, overall.mean)?;
            for (at, segment) in (4_u16..).zip(segments) {
                if segment.count > 0 {
                    sheet.write_number(row, at, segment.mean)?;
                }
                if segment.count > 0 && overall.sd > 0.0 {
                    let z = (segment.mean - overall.mean) / overall.sd;
                    sheet.write_number(row, at + k as u16, z)?;
                }
            }
            row += 1;
        }
        let colors = ConditionalFormat3ColorScale::new()
            .set_minimum_color(Color::RGB(0x00B3_5806))
            .set_midpoint_color(Color::RGB(0x00F7_F7F7))
            .set_maximum_color(Color::RGB(0x0005_5A96));
        let first = 4 + k as u16;
        sheet.add_conditional_format(1, first, row.max(2) - 1, first + k as u16 - 1, &colors)?;
        sheet.set_column_width(0, 28)?;
        sheet.set_freeze_panes(1, 1)?;
        self.workbook.push_worksheet(sheet);
        Ok(())
    }

    fn customers(&mut self, customers: &RecordBatch) -> Result<(), XlsxError> {
        let schema = customers.schema();
        let header: Vec<&str> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        let columns: Vec<Cells<'_>> = customers
            .columns()
            .iter()
            .map(|column| Cells::of(column))
            .collect();
        let rows = customers.num_rows();
        for (part, first) in (0..rows.max(1)).step_by(ROWS_PER_SHEET).enumerate() {
            let last = rows.min(first + ROWS_PER_SHEET);
            let name = if part == 0 {
                "Customers".to_owned()
            } else {
                format!("Customers {}", part + 1)
            };
            let mut sheet = self.sheet(&name, &header)?;
            for (line, row) in (1_u32..).zip(first..last) {
                for (at, cells) in (0_u16..).zip(&columns) {
                    self.cell(&mut sheet, line, at, cells, row)?;
                }
            }
            let lines = (last - first) as u32;
            sheet.autofilter(0, 0, lines, header.len().max(1) as u16 - 1)?;
            sheet.set_column_width(3, 28)?;
            self.workbook.push_worksheet(sheet);
        }
        Ok(())
    }

    fn cell(
        &mut self,
        sheet: &mut Worksheet,
        line: u32,
        at: u16,
        cells: &Cells<'_>,
        row: usize,
    ) -> Result<(), XlsxError> {
        if cells.is_missing(row) {
            return Ok(());
        }
        match cells {
            Cells::Number(numbers) => sheet.write_number(line, at, numbers.value(row))?,
            Cells::Count(counts) => sheet.write_number(line, at, counts.value(row) as f64)?,
            Cells::Text(text) => {
                let guarded = self.guard.text(text.value(row));
                // A cell holds 32,767 characters and no more.
                let cut: String = guarded.chars().take(32_767).collect();
                sheet.write_string(line, at, cut)?
            }
            Cells::Date(dates) => {
                let mut text = String::new();
                push_date(&mut text, dates.value(row));
                sheet.write_string(line, at, text)?
            }
            Cells::Flag(flags) => sheet.write_boolean(line, at, flags.value(row))?,
        };
        Ok(())
    }

    fn data_check(&mut self, segmentation: &Segmentation) -> Result<(), XlsxError> {
        let mut sheet = self.sheet("Data check", &["What", "Rule", "Rows or cells"])?;
        let ledger = &segmentation.ledger;
        let mut lines: Vec<(String, String, u64)> =
            vec![("Rows read".into(), String::new(), ledger.read)];
        for entry in &ledger.set_aside {
            lines.push(("Rows set aside".into(), entry.reason.clone(), entry.rows));
        }
        lines.push(("Rows used".into(), String::new(), ledger.used));
        for (what, entries) in [("Repaired", &ledger.repaired), ("Limited", &ledger.limited)] {
            for entry in entries {
                lines.push((
                    format!("{what}: {}", entry.column),
                    entry.rule.clone(),
                    entry.cells,
                ));
            }
        }
        lines.push((
            "Rows equal to another but for the id".into(),
            "kept".into(),
            ledger.duplicates,
        ));
        for (row, (what, rule, count)) in (1_u32..).zip(&lines) {
            sheet.write_string(row, 0, self.guard.text(what))?;
            sheet.write_string(row, 1, self.guard.text(rule))?;
            sheet.write_number(row, 2, *count as f64)?;
        }
        sheet.set_column_width(0, 40)?;
        sheet.set_column_width(1, 50)?;
        self.workbook.push_worksheet(sheet);
        Ok(())
    }

    fn evidence(&mut self, segmentation: &Segmentation) -> Result<(), XlsxError> {
        let header = [
            "Segments",
            "Inertia",
            "Silhouette",
            "Calinski-Harabasz",
            "Davies-Bouldin",
            "Found again",
            "Smallest segment",
        ];
        let mut sheet = self.sheet("Evidence", &header)?;
        for (row, candidate) in (1_u32..).zip(&segmentation.evidence.candidates) {
            sheet.write_number(row, 0, candidate.k as f64)?;
            sheet.write_number(row, 1, candidate.inertia)?;
            let measures = [
                candidate.silhouette.map(|silhouette| silhouette.mean),
                candidate.calinski_harabasz,
                candidate.davies_bouldin,
                candidate.stability,
            ];
            for (at, measure) in (2_u16..).zip(measures) {
                if let Some(measure) = measure {
                    sheet.write_number(row, at, measure)?;
                }
            }
            let smallest = candidate.sizes.iter().min().copied().unwrap_or(0);
            sheet.write_number(row, 6, smallest as f64)?;
        }
        let below = segmentation.evidence.candidates.len() as u32 + 2;
        sheet.write_string(below, 0, self.guard.text(&segmentation.evidence.choice.why))?;
        self.workbook.push_worksheet(sheet);
        Ok(())
    }
}

/// Share of customers, and of value where there is one, by segment.
fn size_chart(last: u32, valued: bool) -> Chart {
    let mut chart = Chart::new(ChartType::Bar);
    let shares: &[(u16, &str)] = if valued {
        &[(3, "Share of customers"), (5, "Share of value")]
    } else {
        &[(3, "Share of customers")]
    };
    for (column, name) in shares {
        chart
            .add_series()
            .set_name(*name)
            .set_categories(("Segments", 1, 1, last, 1))
            .set_values(("Segments", 1, *column, last, *column));
    }
    chart.title().set_name("Customers and value by segment");
    chart.y_axis().set_reverse();
    chart
}
