//! What later stages ask of a table's columns, answered with the place of what is wrong.

use std::collections::HashMap;

use arrow_array::{Array, Float64Array};

use super::ReadError;
use super::raw::Cells;
use super::typing::{self, Evidence, Must, Trouble, Wish, showable};
use crate::table::{Kind, Misfits, Origins, Table};
use crate::words::nearest::{nearest, showable as showable_names};

impl Table {
    /// Position of a column that must be there; names match exactly.
    ///
    /// # Errors
    /// [`ReadError::UnknownColumn`], with the nearest name there is.
    pub fn require(&self, name: &str) -> Result<usize, ReadError> {
        self.position(name).ok_or_else(|| ReadError::UnknownColumn {
            file: self.file_name(),
            column: name.to_owned(),
            nearest: nearest(name, self.names()),
            available: showable_names(self.names()),
        })
    }

    /// The numbers of a column that must hold numbers and nothing else but missing cells.
    ///
    /// # Errors
    /// [`ReadError::UnknownColumn`]; [`ReadError::Misfit`] with the first cell that is no number;
    /// [`ReadError::AmbiguousDecimals`]; [`ReadError::NotNumbers`] for dates.
    pub fn require_numbers(&self, name: &str) -> Result<&Float64Array, ReadError> {
        let position = self.require(name)?;
        self.refuse_misfits(name, position)?;
        match self.numbers(position) {
            Some(numbers) => Ok(numbers),
            None => Err(self.why_not_numbers(name, position)),
        }
    }

    /// Checks that a column that will be read has no cell that does not fit its kind.
    ///
    /// # Errors
    /// [`ReadError::UnknownColumn`]; [`ReadError::Misfit`] with the first such cell.
    pub fn require_clean(&self, name: &str) -> Result<(), ReadError> {
        let position = self.require(name)?;
        self.refuse_misfits(name, position)
    }

    fn refuse_misfits(&self, name: &str, position: usize) -> Result<(), ReadError> {
        match &self.facts(position).misfits {
            Some(misfits) if !misfits.tolerated => Err(misfit(name, misfits, self.origins())),
            _ => Ok(()),
        }
    }

    fn why_not_numbers(&self, name: &str, position: usize) -> ReadError {
        let not_numbers = |kind| ReadError::NotNumbers {
            file: self.file_name(),
            column: name.to_owned(),
            kind,
        };
        let Some(text) = self.text(position) else {
            return not_numbers(Kind::Date);
        };
        let cells: Cells = text.iter().map(Option::unwrap_or_default).collect();
        let wish = Wish {
            must: Some(Must::Numbers),
            ..Wish::default()
        };
        let plan = typing::plan(&cells, wish);
        let typed = typing::build(&cells, plan, wish, Evidence::default());
        match (typed.trouble, typed.facts.misfits) {
            (Some(Trouble::AmbiguousDecimals { example }), _) => ReadError::AmbiguousDecimals {
                file: self.file_name(),
                column: name.to_owned(),
                example,
            },
            (_, Some(misfits)) => misfit(name, &misfits, self.origins()),
            _ => not_numbers(Kind::Text),
        }
    }

    /// Checks that every row has an id and no two the same.
    ///
    /// # Errors
    /// [`ReadError::UnknownColumn`], [`ReadError::EmptyId`], [`ReadError::DuplicateId`].
    pub fn require_unique_ids(&self, name: &str) -> Result<(), ReadError> {
        let position = self.require(name)?;
        let column = self.batch().column(position);
        if let Some(row) = (0..column.len()).find(|&row| column.is_null(row)) {
            return Err(ReadError::EmptyId {
                origin: Box::new(self.origins().of(row)),
                column: name.to_owned(),
                cells: column.null_count() as u64,
            });
        }
        self.require_different_ids(name)
    }

    /// Refuses an id that two rows have; empty ones are no ids.
    ///
    /// # Errors
    /// [`ReadError::DuplicateId`]; as [`Self::require`].
    pub fn require_different_ids(&self, name: &str) -> Result<(), ReadError> {
        let position = self.require(name)?;
        if self.batch().column(position).null_count() == 0 && self.surely_differ(&[position]) {
            return Ok(());
        }
        let ids: Vec<Option<Id<'_>>> = match (self.text(position), self.numbers(position)) {
            (Some(text), _) => text.iter().map(|id| id.map(Id::Text)).collect(),
            (_, Some(numbers)) => numbers
                .iter()
                .map(|id| id.map(|id| Id::Number(id.to_bits())))
                .collect(),
            _ => (self.dates(position).into_iter())
                .flat_map(arrow_array::Date32Array::iter)
                .map(|id| id.map(Id::Day))
                .collect(),
        };
        let mut seen = HashMap::with_capacity(ids.len());
        for (row, id) in ids.iter().enumerate() {
            if let Some(id) = id
                && let Some(first) = seen.insert(id, row)
            {
                return Err(self.duplicate_id(name, id, first, row));
            }
        }
        Ok(())
    }

    fn duplicate_id(&self, name: &str, id: &Id<'_>, first: usize, row: usize) -> ReadError {
        let first = self.origins().of(first);
        ReadError::DuplicateId {
            origin: Box::new(self.origins().of(row)),
            column: name.to_owned(),
            example: match id {
                Id::Text(text) => showable(text),
                Id::Number(bits) => Some(f64::from_bits(*bits).to_string()),
                Id::Day(days) => Some(crate::date::date_text(*days)),
            },
            unit: first.unit,
            first: first.number,
        }
    }

    fn file_name(&self) -> String {
        self.readings()
            .first()
            .map_or_else(String::new, |reading| reading.file.clone())
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Id<'a> {
    Text(&'a str),
    Number(u64),
    Day(i32),
}

/// The error that names a column's first misfit.
pub(crate) fn misfit(name: &str, misfits: &Misfits, origins: &Origins) -> ReadError {
    ReadError::Misfit {
        origin: Box::new(origins.of(misfits.cells[0].0)),
        column: name.to_owned(),
        example: misfits.example.clone(),
        problem: misfits.problem(),
        cells: misfits.count(),
    }
}
