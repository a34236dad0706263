//! Several files into one table, and its columns typed.

use std::sync::Arc;

use arrow_array::{Array, BooleanArray, Float64Array};
use rayon::prelude::*;

use super::raw::{Cells, RawColumn, RawFile};
use super::rejects::Rejects;
use super::typing::{self, DAY, Evidence, Must, Nulls, Plan, Trouble, Typed, Wish};
use super::{ReadError, ReadOptions, totals};
use crate::date::date_text;
use crate::table::{
    ColumnFacts, Kind, Misfits, Origins, Part, Problem, Reading, Table, rejects_told,
};
use crate::vocabulary::named_like_a_date;

/// Matches the files' columns by name, types each over all files, and builds the table.
pub(crate) fn combine(mut files: Vec<RawFile>, options: &ReadOptions) -> Result<Table, ReadError> {
    let mut rejects = Rejects::of_files(&mut files, options)?;
    let evidence = Evidence {
        decimal: None,
        delimiter: files.first().ok_or(ReadError::NoInput)?.delimiter,
    };
    let mut readings = Vec::with_capacity(files.len());
    let mut parts = Vec::with_capacity(files.len());
    let mut columns: Vec<(String, Vec<RawColumn>)> = Vec::new();
    for file in files {
        match_columns(&mut columns, file.columns, &file.reading, &readings)?;
        parts.push(Part {
            file: file.reading.file.clone(),
            unit: file.unit,
            rows: file.reading.rows,
            places: file.places,
        });
        readings.push(file.reading);
    }
    let origins = Origins::new(parts);
    let columns = supported(columns, options, &mut readings)?;
    if options.keep_rejects {
        rejects.keep(&columns, evidence.delimiter);
    }
    let mut typed = type_columns(columns, options, evidence);
    for (name, typed) in &typed {
        refuse_bad_dates(name, typed, options, &origins, &readings)?;
        if let Some(warning) = typed.trouble.as_ref().map(|trouble| tell(name, trouble)) {
            let file = readings[0].file.clone();
            readings[0].warnings.push(format!("{file}: {warning}"));
        }
    }
    let total = totals::find(&typed, origins.rows(), options.totals);
    let mut aside = rejects.tolerate(&mut typed, options, &origins);
    if let Some(row) = total.filter(|row| !aside.contains(row)) {
        rejects.push(row, Problem::Total, None, true, &origins);
        aside.push(row);
        aside.sort_unstable();
    }
    let (typed, origins) = without(typed, origins, &aside);
    let names: Vec<String> = readings
        .iter()
        .map(|reading| reading.file.clone())
        .collect();
    let rejects = rejects.finish(&names);
    readings[0].warnings.extend(rejects_told(&rejects));
    let columns = typed
        .into_iter()
        .map(|(name, typed)| (name, typed.array, typed.facts))
        .collect();
    Ok(Table::new(columns, origins, readings).with_rejects(rejects))
}

/// The columns without some of their rows.
fn without(
    columns: Vec<(String, Typed)>,
    origins: Origins,
    rows: &[usize],
) -> (Vec<(String, Typed)>, Origins) {
    if rows.is_empty() {
        return (columns, origins);
    }
    let mut keep = vec![true; origins.rows()];
    for &row in rows {
        keep[row] = false;
    }
    let mask = BooleanArray::from(keep.clone());
    let columns = columns
        .into_par_iter()
        .map(|(name, mut typed)| {
            typed.array = arrow_select::filter::filter(&typed.array, &mask)
                .expect("the mask is as long as the column");
            typed.facts = typed.facts.without(rows, typed.array.null_count());
            (name, typed)
        })
        .collect();
    (columns, origins.keep(&keep))
}

/// Adds the columns of one more file to those there are.
fn match_columns(
    columns: &mut Vec<(String, Vec<RawColumn>)>,
    own: Vec<(String, RawColumn)>,
    reading: &Reading,
    before: &[Reading],
) -> Result<(), ReadError> {
    let Some(first) = before.first() else {
        let start = own.into_iter().map(|(name, column)| (name, vec![column]));
        columns.extend(start);
        return Ok(());
    };
    for (name, column) in own {
        match columns.iter_mut().find(|(other, _)| *other == name) {
            Some((_, parts)) => parts.push(column),
            None => {
                return Err(ReadError::ColumnAdditional {
                    file: reading.file.clone(),
                    column: name,
                    other: first.file.clone(),
                });
            }
        }
    }
    match columns
        .iter()
        .find(|(_, parts)| parts.len() <= before.len())
    {
        Some((name, _)) => Err(ReadError::ColumnMissing {
            file: reading.file.clone(),
            column: name.clone(),
            other: first.file.clone(),
        }),
        None => Ok(()),
    }
}

/// Leaves out columns of types we cannot hold, telling; refuses if one was asked for.
fn supported(
    columns: Vec<(String, Vec<RawColumn>)>,
    options: &ReadOptions,
    readings: &mut [Reading],
) -> Result<Vec<(String, Vec<RawColumn>)>, ReadError> {
    let mut kept = Vec::with_capacity(columns.len());
    for (name, parts) in columns {
        let unsupported = parts
            .iter()
            .enumerate()
            .find_map(|(file, part)| match part {
                RawColumn::Unsupported(data_type) => Some((file, data_type.clone())),
                _ => None,
            });
        let Some((file, data_type)) = unsupported else {
            kept.push((name, parts));
            continue;
        };
        let reading = &mut readings[file];
        let asked = [
            &options.number_columns,
            &options.text_columns,
            &options.date_columns,
        ];
        if asked.iter().any(|names| names.contains(&name)) {
            return Err(ReadError::UnsupportedType {
                file: reading.file.clone(),
                column: name,
                data_type,
            });
        }
        reading.warnings.push(format!(
            "{}: column `{name}` has the type {data_type}; left out",
            reading.file
        ));
    }
    Ok(kept)
}

fn type_columns(
    columns: Vec<(String, Vec<RawColumn>)>,
    options: &ReadOptions,
    mut evidence: Evidence,
) -> Vec<(String, Typed)> {
    let nulls = nulls(options);
    let planned: Vec<_> = columns
        .into_par_iter()
        .map(|(name, parts)| {
            let column = match (merge(parts), &nulls) {
                (RawColumn::Cells(cells), Some(nulls)) => {
                    RawColumn::Cells(cells.with_nulls(Arc::clone(nulls)))
                }
                (column, _) if options.text => RawColumn::Cells(as_cells(column)),
                (column, _) => column,
            };
            let wish = wish(&name, options);
            let plan = match &column {
                RawColumn::Cells(cells) => Some(typing::plan(cells, wish)),
                _ => None,
            };
            // Numbers that are typed already need their cells no more.
            let column = match plan {
                Some(Plan::Plain { .. }) => RawColumn::Cells(Cells::default()),
                _ => column,
            };
            (name, column, wish, plan)
        })
        .collect();
    let mut proofs: Vec<char> = planned
        .iter()
        .filter_map(|(.., plan)| plan.as_ref().and_then(Plan::proves_decimal))
        .collect();
    proofs.sort_unstable();
    proofs.dedup();
    if let [decimal] = proofs[..] {
        evidence.decimal = Some(decimal);
    }
    planned
        .into_par_iter()
        .map(|(name, column, wish, plan)| {
            let typed = match (column, plan) {
                (RawColumn::Cells(cells), Some(plan)) => {
                    let decimal = plan.proves_decimal();
                    let mut typed = typing::build(&cells, plan, wish, evidence);
                    typed.facts.decimal = decimal;
                    typed
                }
                (column, _) => typed_by_file(column),
            };
            (name, typed)
        })
        .collect()
}

/// What stands for no value, if the user says anything about it.
fn nulls(options: &ReadOptions) -> Option<Arc<Nulls>> {
    let said = !options.null_values.is_empty() || options.keep_default_nulls.is_some();
    said.then(|| {
        Arc::new(Nulls {
            own: options.null_values.clone(),
            defaults: options.keep_default_nulls.unwrap_or(true),
        })
    })
}

fn wish(name: &str, options: &ReadOptions) -> Wish {
    let named = |names: &[String]| names.iter().any(|other| other == name);
    let must = if options.text {
        Some(Must::Verbatim)
    } else if options.keeps_bytes(name) {
        Some(Must::Id)
    } else if named(&options.date_columns) {
        Some(Must::Dates)
    } else if named(&options.number_columns) {
        Some(Must::Numbers)
    } else {
        None
    };
    Wish {
        must,
        named_date: named_like_a_date(name),
        in_years: crate::vocabulary::says_years(name),
        date_order: options.date_order,
        decimal: options.decimal,
    }
}

/// A column that came typed.
fn typed_by_file(column: RawColumn) -> Typed {
    match column {
        RawColumn::Numbers(numbers) => finite_numbers(&numbers),
        RawColumn::Dates(instants) => typing::dates_from(&instants),
        RawColumn::Cells(_) | RawColumn::Unsupported(_) => {
            unreachable!("cells are typed, and unsupported columns left out, before")
        }
    }
}

/// Infinite numbers do not fit a table.
fn finite_numbers(numbers: &Float64Array) -> Typed {
    let infinite = |value: &Option<f64>| value.is_some_and(f64::is_infinite);
    let first = numbers
        .iter()
        .enumerate()
        .find(|(_, value)| infinite(value));
    let misfits = first.map(|(_, value)| Misfits {
        cells: (numbers.iter().enumerate())
            .filter(|(_, value)| infinite(value))
            .map(|(row, _)| (row, Problem::Infinite))
            .collect(),
        example: value.map(|value| value.to_string()),
        tolerated: false,
    });
    let facts = ColumnFacts {
        misfits,
        ..ColumnFacts::default()
    };
    let finite = numbers
        .iter()
        .map(|value| value.filter(|value| value.is_finite()));
    typing::numbers_from(finite.collect(), facts)
}

/// One column of all files. Files that disagree on its type meet as text.
pub(crate) fn merge(parts: Vec<RawColumn>) -> RawColumn {
    let unsupported = parts.iter().find_map(|part| match part {
        RawColumn::Unsupported(data_type) => Some(data_type.clone()),
        _ => None,
    });
    if let Some(data_type) = unsupported {
        return RawColumn::Unsupported(data_type);
    }
    if parts
        .iter()
        .all(|part| matches!(part, RawColumn::Numbers(_)))
    {
        let values = parts.iter().flat_map(|part| match part {
            RawColumn::Numbers(numbers) => numbers.iter().collect(),
            _ => Vec::new(),
        });
        return RawColumn::Numbers(values.collect());
    }
    if parts.iter().all(|part| matches!(part, RawColumn::Dates(_))) {
        let values = parts.iter().flat_map(|part| match part {
            RawColumn::Dates(dates) => dates.iter().collect(),
            _ => Vec::new(),
        });
        return RawColumn::Dates(values.collect());
    }
    let mut parts = parts.into_iter().map(as_cells);
    let mut cells = parts.next().unwrap_or_default();
    for part in parts {
        cells.append(part);
    }
    RawColumn::Cells(cells)
}

fn as_cells(column: RawColumn) -> Cells {
    let mut cells = Cells::default();
    match column {
        RawColumn::Cells(cells) => return cells,
        RawColumn::Numbers(numbers) => {
            for value in &numbers {
                cells.push(&value.map_or_else(String::new, |value| value.to_string()));
            }
        }
        RawColumn::Dates(dates) => {
            for instant in &dates {
                let day = instant.and_then(|instant| i32::try_from(instant.div_euclid(DAY)).ok());
                cells.push(&day.map_or_else(String::new, date_text));
            }
        }
        RawColumn::Unsupported(_) => unreachable!("unsupported columns are left out before"),
    }
    cells
}

/// A column that must be dates is dates, all of it, or an error.
fn refuse_bad_dates(
    name: &str,
    typed: &Typed,
    options: &ReadOptions,
    origins: &Origins,
    readings: &[Reading],
) -> Result<(), ReadError> {
    if !options.date_columns.iter().any(|other| other == name) {
        return Ok(());
    }
    let (file, column) = (readings[0].file.clone(), name.to_owned());
    match &typed.trouble {
        Some(Trouble::AmbiguousDates { example }) => Err(ReadError::AmbiguousDates {
            file,
            column,
            example: Some(example.clone()),
        }),
        Some(Trouble::TwoDigitYears { row, example }) => Err(ReadError::TwoDigitYear {
            origin: Box::new(origins.of(*row)),
            column,
            example: Some(example.clone()),
        }),
        Some(Trouble::MixedDates { first, second }) => Err(ReadError::MixedDates {
            file,
            column,
            first: first.clone(),
            second: second.clone(),
        }),
        _ => refuse_other_than_dates(name, typed, origins, file),
    }
}

fn refuse_other_than_dates(
    name: &str,
    typed: &Typed,
    origins: &Origins,
    file: String,
) -> Result<(), ReadError> {
    if let Some(misfits) = &typed.facts.misfits {
        return Err(super::require::misfit(name, misfits, origins));
    }
    let all_missing = typed.array.null_count() == typed.array.len();
    if crate::table::kind_of(typed.array.data_type()) == Kind::Date || all_missing {
        return Ok(());
    }
    Err(ReadError::NotDates {
        file,
        column: name.to_owned(),
    })
}

fn tell(name: &str, trouble: &Trouble) -> String {
    match trouble {
        Trouble::AmbiguousDates { example } => format!(
            "`{name}` holds dates such as {example}, which may be day-month or month-day; kept as text until `date_order` says which"
        ),
        Trouble::TwoDigitYears { example, .. } => {
            format!("`{name}` holds dates with two-digit years such as {example}; kept as text")
        }
        Trouble::MixedDates { first, second } => format!(
            "`{name}` mixes dates of two formats, such as {first} and {second}; kept as text"
        ),
        Trouble::AmbiguousDecimals { example } => format!(
            "`{name}` holds numbers such as {example}, where the {} may stand before decimals or thousands; kept as text until --decimal (`decimal` in a recipe) says which",
            if example.contains(',') {
                "comma"
            } else {
                "point"
            }
        ),
        Trouble::MixedCurrencies { currencies } => format!(
            "`{name}` mixes currencies ({}); kept as text",
            currencies.join(", ")
        ),
    }
}
