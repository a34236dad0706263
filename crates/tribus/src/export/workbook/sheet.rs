//! One sheet: a table with a frozen header, its cells guarded.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::super::Guarded;
use crate::export::tables::guard::Guard;

/// Most UTF-16 code units a cell can hold.
const LONGEST: usize = 32_767;

/// Numbers from here on are more than a cell can hold.
const LARGEST: f64 = 9.99e307;

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `1,234`
    Whole,
    /// `12.34`
    Fine,
    /// `0.1234`
    Finest,
    /// `12.3 %`
    Percent,
}

impl Shape {
    /// The shape for values of about this size.
    pub(super) fn of_size(size: f64) -> Self {
        match size.abs() {
            size if size >= 1000.0 => Self::Whole,
            size if size >= 1.0 => Self::Fine,
            _ => Self::Finest,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Whole => "#,##0",
            Self::Fine => "#,##0.00",
            Self::Finest => "0.0000",
            Self::Percent => "0.0%",
        }
    }
}

/// A sheet under way.
pub(super) struct Sheet<'w> {
    pub(super) page: &'w mut Worksheet,
    guard: Guard,
    /// Text stands in the cell itself, not in the table of strings.
    inline: bool,
    header: Format,
    wrapped: Format,
    shapes: [Format; 4],
    date: Format,
    /// Of the columns with a header, in characters.
    widths: Vec<f64>,
    /// The row under way and its height in lines of text.
    tallest: (u32, usize),
}

impl<'w> Sheet<'w> {
    /// Names the sheet and freezes its first row.
    pub(super) fn new(
        sheet: &'w mut Worksheet,
        name: &str,
        raw: bool,
        inline: bool,
    ) -> Result<Self, XlsxError> {
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        let top = Format::new().set_align(FormatAlign::Top);
        let shapes = [Shape::Whole, Shape::Fine, Shape::Finest, Shape::Percent];
        Ok(Self {
            page: sheet,
            guard: Guard::new(raw),
            inline,
            header: Format::new()
                .set_bold()
                .set_align(FormatAlign::Top)
                .set_text_wrap(),
            wrapped: Format::new().set_align(FormatAlign::Top).set_text_wrap(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            widths: Vec::new(),
            tallest: (0, 1),
            shapes: shapes.map(|shape| top.clone().set_num_format(shape.code())),
        })
    }

    /// What was guarded.
    pub(super) fn guarded(&self) -> Guarded {
        self.guard.guarded()
    }

    /// Writes the first row and sets the widths, in characters.
    pub(super) fn header(&mut self, columns: &[(&str, f64)]) -> Result<(), XlsxError> {
        self.widths = columns.iter().map(|(_, width)| *width).collect();
        for (at, (name, width)) in columns.iter().enumerate() {
            let column = column_number(at)?;
            self.make_room(0, at, name)?;
            self.page.set_column_width(column, *width)?;
            let text = self.cell_text(name);
            self.page
                .write_string_with_format(0, column, text, &self.header)?;
        }
        Ok(())
    }

    pub(super) fn text(&mut self, row: u32, column: usize, text: &str) -> Result<(), XlsxError> {
        self.make_room(row, column, text)?;
        let text = self.cell_text(text);
        let column = column_number(column)?;
        let format = &self.wrapped;
        self.page
            .write_string_with_format(row, column, text, format)?;
        Ok(())
    }

    /// The head of a column of a table that does not begin in the first row.
    pub(super) fn heading(&mut self, row: u32, column: usize, text: &str) -> Result<(), XlsxError> {
        self.make_room(row, column, text)?;
        let text = self.cell_text(text);
        let format = &self.header;
        self.page
            .write_string_with_format(row, column_number(column)?, text, format)?;
        Ok(())
    }

    /// Text across several columns, so many lines high.
    pub(super) fn wide_text(
        &mut self,
        row: u32,
        columns: (u16, u16),
        text: &str,
        lines: usize,
    ) -> Result<(), XlsxError> {
        let text = self.cell_text(text);
        self.page
            .merge_range(row, columns.0, row, columns.1, &text, &self.wrapped)?;
        self.set_lines(row, lines)
    }

    /// Wrapped text is shown whole by programs that do not measure it themselves.
    fn make_room(&mut self, row: u32, column: usize, text: &str) -> Result<(), XlsxError> {
        let width = self.widths.get(column).copied().unwrap_or(f64::INFINITY);
        let of_line = |line: &str| (line.chars().count() as f64 / width).ceil().max(1.0) as usize;
        let lines: usize = text.lines().map(of_line).sum();
        let known = if self.tallest.0 == row {
            self.tallest.1
        } else {
            1
        };
        if lines > known {
            self.set_lines(row, lines)?;
        }
        Ok(())
    }

    fn set_lines(&mut self, row: u32, lines: usize) -> Result<(), XlsxError> {
        let lines = lines.clamp(1, 20);
        self.tallest = (row, lines);
        self.page.set_row_height(row, 16.0 * lines as f64)?;
        Ok(())
    }

    /// Text of a customer: no format, it may be one of a million.
    pub(super) fn plain_text(
        &mut self,
        row: u32,
        column: usize,
        text: &str,
    ) -> Result<(), XlsxError> {
        let text = self.cell_text(text);
        self.page.write_string(row, column_number(column)?, text)?;
        Ok(())
    }

    /// A finite number in a given shape; nothing for another.
    pub(super) fn number(
        &mut self,
        row: u32,
        column: usize,
        value: f64,
        shape: Shape,
    ) -> Result<(), XlsxError> {
        let column = column_number(column)?;
        if value.is_finite() && value.abs() < LARGEST {
            let format = &self.shapes[shape as usize];
            self.page
                .write_number_with_format(row, column, value + 0.0, format)?;
        }
        Ok(())
    }

    /// A count.
    pub(super) fn count(&mut self, row: u32, column: usize, value: u64) -> Result<(), XlsxError> {
        self.number(row, column, value as f64, Shape::Whole)
    }

    /// A number of a customer: no format, every digit. What a cell cannot hold becomes text.
    pub(super) fn plain_number(
        &mut self,
        row: u32,
        column: usize,
        value: f64,
    ) -> Result<(), XlsxError> {
        let column = column_number(column)?;
        if value.abs() < LARGEST {
            self.page.write_number(row, column, value + 0.0)?;
        } else {
            self.page.write_string(row, column, format!("{value:e}"))?;
        }
        Ok(())
    }

    pub(super) fn flag(&mut self, row: u32, column: usize, value: bool) -> Result<(), XlsxError> {
        self.page
            .write_boolean(row, column_number(column)?, value)?;
        Ok(())
    }

    /// A date by its number in Excel.
    pub(super) fn date(&mut self, row: u32, column: usize, number: f64) -> Result<(), XlsxError> {
        let column = column_number(column)?;
        self.page
            .write_number_with_format(row, column, number, &self.date)?;
        Ok(())
    }

    fn cell_text(&mut self, text: &str) -> String {
        let guarded = self.guard.text(text);
        let mut cell = fitted(&guarded).into_owned();
        // The writer takes such text in its table of strings for markup of its own, and would not escape it.
        if !self.inline && cell.starts_with("<r>") && cell.ends_with("</r>") {
            cell.push(' ');
        }
        cell
    }
}

/// Excel numbers columns with 16 bits; what is beyond its limit it refuses itself.
pub(super) fn column_number(column: usize) -> Result<u16, XlsxError> {
    u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)
}

/// As much of the text as a cell can hold. Excel counts in UTF-16, so [`crate::words::shortened`] does not serve.
fn fitted(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut units = 0;
    let kept = text.chars().take_while(|character| {
        units += character.len_utf16();
        units < LONGEST
    });
    Cow::Owned(kept.chain(['…']).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_where_a_cell_ends() {
        let long = "𝄞".repeat(20_000);
        let cut = fitted(&long);
        assert_eq!(cut.encode_utf16().count(), 32_767);
        assert!(cut.ends_with('…'));
        let exact = "a".repeat(LONGEST);
        assert_eq!(fitted(&exact), exact);
    }
}
