//! Rows and cells that do not fit: set aside with their line within a limit, or the whole file refused with the way out; and every
//! way out, when followed, works.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and says when it is skipped"
)]

use std::fs;

use arrow_array::Array;
use tempfile::TempDir;
use tribus::recipe::InputSection;
use tribus::source::{Header, Input, MaxRejects, Quote, ReadError, ReadOptions, Totals, read};
use tribus::table::{Kind, Table};

fn read_text(text: &str, options: &ReadOptions) -> Result<Table, ReadError> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("customers.csv");
    fs::write(&path, text).unwrap();
    read(&[Input::Path(path)], options)
}

fn found(text: &str) -> Result<Table, ReadError> {
    read_text(text, &ReadOptions::default())
}

fn with(text: &str, section: &InputSection) -> Table {
    let options = section.over(ReadOptions::default()).unwrap();
    read_text(text, &options).unwrap()
}

/// `rows` customers, of which some lines are replaced; line 1 is the header.
fn customers(rows: usize, replaced: &[(usize, &str)]) -> String {
    let mut lines = vec!["id,joined,spent,visits".to_owned()];
    for at in 1..=rows {
        let (month, day) = (at % 12 + 1, at % 28 + 1);
        lines.push(format!(
            "c{at:05},2024-{month:02}-{day:02},{}.5,{}",
            at * 7 % 400,
            at % 9
        ));
    }
    for (line, text) in replaced {
        (*text).clone_into(&mut lines[line - 1]);
    }
    lines.join("\n") + "\n"
}

fn rejects(table: &Table) -> Vec<(u64, &str, &'static str, bool)> {
    let all = table.rejects().iter();
    all.map(|reject| {
        let column = reject.column.as_deref().unwrap_or_default();
        (
            reject.origin.number,
            column,
            reject.problem.code(),
            reject.is_row,
        )
    })
    .collect()
}

#[test]
fn one_word_over_and_over_among_numbers_stands_for_no_value() {
    let with_word = |word: &str, every: usize| {
        let line = |at: usize| (at + 1, format!("c{at:05},2024-01-02,{word},1"));
        let lines: Vec<(usize, String)> = (1..=300).step_by(every).map(line).collect();
        let lines: Vec<(usize, &str)> = lines
            .iter()
            .map(|(at, text)| (*at, text.as_str()))
            .collect();
        customers(300, &lines)
    };
    let table = found(&with_word("Error", 12)).unwrap();
    let spent = table.position("spent").unwrap();
    assert!(table.numbers(spent).is_some() && table.rejects().is_empty());
    assert_eq!(table.facts(spent).missing, 25);
    let said = &table.facts(spent).notation;
    assert!(
        said.iter().any(|note| note.contains("25 cells")),
        "{said:?}"
    );
    // Fewer may be a slip of the pen, and a number with a stray sign is no word.
    for text in [with_word("Error", 30), with_word("74.!", 12)] {
        let error = found(&text).unwrap().require_numbers("spent").unwrap_err();
        assert!(matches!(error, ReadError::Misfit { .. }), "{error}");
    }
}

#[test]
fn what_does_not_fit_is_set_aside_with_its_line() {
    let text = customers(
        4000,
        &[
            (10, "c00009,2024-01-02,3.5"),
            (20, "c00019,2024-13-45,3.5,1"),
            (30, "c00029,2024-01-02,Error,1"),
        ],
    );
    let table = found(&text).unwrap();
    assert_eq!(
        rejects(&table),
        [
            (10, "", "field_count", true),
            (20, "joined", "not_a_date", true),
            (30, "spent", "not_a_number", false)
        ]
    );
    assert_eq!(table.rows(), 3998);
    assert_eq!(table.require_numbers("spent").unwrap().null_count(), 1);
    // Rows keep their lines.
    assert_eq!(table.origins().of(8).number, 11);
    assert_eq!(table.origins().of(3997).number, 4001);
    let warnings = &table.readings()[0].warnings;
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0]
            .contains("2 rows do not fit and are set aside (the first: customers.csv, line 10")
    );
    assert!(warnings[0].contains("line 30, column `spent`: not a number"));
}

#[test]
fn the_limit_counts_rows_and_cells_together() {
    let short = "c,2024-01-02,3.5";
    let text = customers(
        3000,
        &[(10, short), (20, short), (30, "c00029,2024-01-02,Error,1")],
    );
    found(&text).unwrap().require_clean("spent").unwrap();
    let text = customers(3000, &[(10, short), (20, short), (30, short), (40, short)]);
    let error = found(&text).unwrap_err().to_string();
    assert!(
        error.contains(
            "line 10: 3 fields, the header has 4 (3 more rows do not fit: line 20, 30, 40)"
        ),
        "{error}"
    );
    // Cells beyond the limit leave the file readable; whoever needs the column is refused.
    let bad = "c,2024-01-02,Error,1";
    let table = found(&customers(
        3000,
        &[(10, bad), (20, bad), (30, bad), (40, bad)],
    ))
    .unwrap();
    assert!(table.rejects().is_empty());
    table.require_numbers("spent").unwrap_err();
    table.require_clean("visits").unwrap();
}

#[test]
fn small_files_have_no_limit_unless_it_is_set() {
    let text = customers(90, &[(10, "c00009,2024-01-02,3.5")]);
    assert!(matches!(
        found(&text),
        Err(ReadError::FieldCount { line: 10, .. })
    ));
    let one = InputSection {
        max_rejects: Some(MaxRejects::Count(1)),
        ..InputSection::default()
    };
    assert_eq!(with(&text, &one).rows(), 89);
    let two = InputSection {
        max_rejects: Some("2%".parse().unwrap()),
        ..InputSection::default()
    };
    assert_eq!(with(&text, &two).rejects().len(), 1);
}

#[test]
fn some_things_are_refused_whatever_the_limit() {
    let options = ReadOptions {
        max_rejects: Some("100%".parse().unwrap()),
        ..ReadOptions::default()
    };
    let refused = |text: &str| read_text(text, &options).unwrap_err();
    let open = customers(200, &[(150, "c00149,\"2024-01-02,3.5,1")]);
    assert!(matches!(
        refused(&open),
        ReadError::UnterminatedQuote { line: 150, .. }
    ));
    let cut = customers(200, &[])
        .trim_end()
        .rsplit_once(',')
        .unwrap()
        .0
        .to_owned();
    assert!(matches!(refused(&cut), ReadError::CutOff { line: 201, .. }));
    let footer = customers(200, &[]) + "Report of June\nConfidential\n";
    assert!(matches!(
        refused(&footer),
        ReadError::OddEnd {
            line: 202,
            rows: 2,
            ..
        }
    ));
    let declared = ReadOptions {
        number_columns: vec!["spent".into()],
        ..options.clone()
    };
    let text = customers(5000, &[(10, "c00009,2024-01-02,Error,1")]);
    let table = read_text(&text, &declared).unwrap();
    assert!(matches!(
        table.require_numbers("spent"),
        Err(ReadError::Misfit { .. })
    ));
}

#[test]
fn a_note_below_the_table_is_no_row() {
    let noted = customers(2000, &[]) + "Source: the shop\n";
    assert_eq!(
        rejects(&found(&noted).unwrap()),
        [(2002, "", "field_count", true)]
    );
    let footer = customers(200, &[]) + "Report of June\n\nConfidential\n";
    let skipped = InputSection {
        skip_footer: Some(2),
        ..InputSection::default()
    };
    assert_eq!(with(&footer, &skipped).rows(), 200);
}

#[test]
fn a_quote_that_moves_cells_is_no_row() {
    let lost =
        "id,item,text,kind\n1,shoe,\"a, b\",\"x\"\n2,shoe\"a, b\",\"x\",y\n3,shoe,\"a, b\",\"x\"\n";
    assert!(matches!(
        found(lost),
        Err(ReadError::StrayQuote { line: 3, .. } | ReadError::FieldCount { line: 3, .. })
    ));
    let wide = InputSection {
        max_rejects: Some(MaxRejects::Count(1)),
        ..InputSection::default()
    };
    assert_eq!(with(lost, &wide).rows(), 2);
    // Inches are no quotes where nothing is quoted.
    let inches = "id,a,b\n1,12\" pipe,3\" nail\n2,7\" pipe,4\" nail\n";
    assert_eq!(found(inches).unwrap().cell(2, 0).unwrap(), "3\" nail");
}

#[test]
fn other_ways_to_quote_are_found_where_all_rows_fit_them() {
    let escaped = "id,city,n\n1,\"Rome \\\"Eternal\\\", IT\",3\n2,Lima,4\n";
    assert_eq!(
        found(escaped).unwrap().cell(1, 0).unwrap(),
        "Rome \"Eternal\", IT"
    );
    let spaced = "id, city, n\n1, \"Rome, IT\", 3\n2, \"Lima, PE\", 4\n";
    let table = found(spaced).unwrap();
    assert_eq!(table.cell(1, 0).unwrap(), "Rome, IT");
    assert_eq!(table.kind(2), Kind::Number);
    let apostrophes = "id,city,n\n1,'Rome, IT',3\n2,Lima,4\n";
    assert!(matches!(
        found(apostrophes),
        Err(ReadError::Apostrophes { line: 2, .. })
    ));
    let said = InputSection {
        quote: Some(Quote::Character('\'')),
        ..InputSection::default()
    };
    assert_eq!(with(apostrophes, &said).cell(1, 0).unwrap(), "Rome, IT");
}

#[test]
fn a_header_one_name_short_is_settled_or_refused() {
    let numbered = "age,spent\n1,31,2.5\n2,44,3.5\n3,27,9.5\n";
    let table = found(numbered).unwrap();
    assert_eq!(
        table.names().collect::<Vec<_>>(),
        ["column 1", "age", "spent"]
    );
    assert_eq!(table.cell(1, 2).unwrap(), "27");
    // The numbers are ids: a delimiter of the header may be lost.
    for short in [
        "id,agespent\n1,31,2.5\n2,44,3.5\n",
        "name,agespent\na,31,2.5\nb,44,3.5\n",
        "name,agespent\na,31,\nb,44,\n",
    ] {
        assert!(
            matches!(found(short), Err(ReadError::HeaderShort { .. })),
            "{short}"
        );
        let section = InputSection {
            header: Some(Header::Is(false)),
            skip_rows: Some(1),
            ..InputSection::default()
        };
        assert_eq!(with(short, &section).rows(), 2);
    }
    let trailing = "id,age,\n1,31\n2,44\n";
    assert_eq!(found(trailing).unwrap().names().count(), 2);
}

#[test]
fn a_header_that_is_a_row_is_not_taken_for_one() {
    for text in [
        "C01,p1@example.com,Oslo\nC02,p2@example.com,Rome\nC03,p3@example.com,Lima\n",
        "C01,12.5,3\nC02,14.5,4\nC03,19.25,9\n",
    ] {
        assert!(
            matches!(found(text), Err(ReadError::HeaderIsRow { line: 1, .. })),
            "{text}"
        );
        let none = InputSection {
            header: Some(Header::Is(false)),
            ..InputSection::default()
        };
        let table = with(text, &none);
        assert_eq!((table.rows(), table.names().next()), (3, Some("column 1")));
        let one = InputSection {
            header: Some(Header::Rows(1)),
            ..InputSection::default()
        };
        assert_eq!(with(text, &one).rows(), 2);
    }
    // Years and counted columns are names.
    for text in [
        "id,2022,2023\nC02,14.5,4\nC03,19.25,9\n",
        "0,1,2\n5,14.5,4\n8,19.25,9\n",
        "name,city\nAnna,Rome\nBen,Oslo\n",
    ] {
        found(text).unwrap();
    }
}

#[test]
fn two_header_rows_are_refused_with_the_setting_that_reads_them() {
    let units = "id,spent,visits\n,EUR,count\n1,12.5,3\n2,14.5,4\n3,2.5,4\n";
    let years = ",2023,,2024,\nid,orders,spent,orders,spent\nc1,1,2.5,3,4.5\nc2,2,2.5,3,4.5\nc3,4,2.5,3,4.5\n";
    let joined = InputSection {
        header: Some(Header::Rows(2)),
        ..InputSection::default()
    };
    for (text, names) in [
        (units, vec!["id", "spent EUR", "visits count"]),
        (
            years,
            vec![
                "id",
                "2023 orders",
                "2023 spent",
                "2024 orders",
                "2024 spent",
            ],
        ),
    ] {
        assert!(matches!(
            found(text),
            Err(ReadError::SecondHeader { line: 2, .. })
        ));
        let table = with(text, &joined);
        assert_eq!(table.names().collect::<Vec<_>>(), names);
        assert_eq!(table.rows(), 3);
        assert_eq!(table.kind(2), Kind::Number);
    }
}

#[test]
fn comments_words_for_nothing_and_totals_follow_the_settings() {
    let text = "# export\nid;spent;n\n# more\na;1,5;3\nb;unknown;4\nc;NA;x5\n";
    let section = InputSection {
        comment: Some('#'),
        null_values: vec!["unknown".into(), "x5".into()],
        ..InputSection::default()
    };
    let table = with(text, &section);
    assert_eq!(
        (table.rows(), table.kind(1), table.facts(1).missing),
        (3, Kind::Number, 2)
    );
    assert_eq!(table.origins().of(0).number, 4);
    let kept = InputSection {
        keep_default_nulls: Some(false),
        ..section
    };
    assert_eq!(with(text, &kept).kind(1), Kind::Text);
    let total = customers(50, &[])
        + &format!(
            "Total,,{}.0,{}\n",
            (1..=50).map(|at| at * 7 % 400).sum::<usize>() + 25,
            (1..=50).map(|at| at % 9).sum::<usize>()
        );
    let table = found(&total).unwrap();
    assert_eq!(rejects(&table), [(52, "", "total", true)]);
    let keep = InputSection {
        totals: Some(Totals::Keep),
        ..InputSection::default()
    };
    assert_eq!(with(&total, &keep).rows(), 51);
}

#[test]
fn text_keeps_every_cell() {
    let options = ReadOptions {
        text: true,
        ..ReadOptions::default()
    };
    let table = read_text("id,spent,when\n007, 1.50,NA\n008,,2024-01-02\n", &options).unwrap();
    let cells: Vec<String> = (0..3)
        .flat_map(|at| (0..2).map(move |row| (at, row)))
        .map(|(at, row)| table.cell(at, row).unwrap())
        .collect();
    assert_eq!(cells, ["007", "008", " 1.50", "", "NA", "2024-01-02"]);
}

#[test]
fn shuffled_rows_are_rejected_alike() {
    let mut lines: Vec<String> = customers(
        3000,
        &[
            (10, "c00009,2024-01-02,3.5"),
            (20, "c00019,2024-01-02,Error,1"),
        ],
    )
    .lines()
    .map(str::to_owned)
    .collect();
    let before = found(&(lines.join("\n") + "\n")).unwrap();
    lines[1..].reverse();
    let after = found(&(lines.join("\n") + "\n")).unwrap();
    let cells = |table: &Table| {
        let rows = 0..table.rows();
        let mut cells: Vec<_> = rows
            .map(|row| (0..4).map(|at| table.cell(at, row)).collect::<Vec<_>>())
            .collect();
        cells.sort();
        cells
    };
    assert_eq!(cells(&before), cells(&after));
    let problems = |table: &Table| {
        let mut problems: Vec<_> = table
            .rejects()
            .iter()
            .map(|reject| reject.problem)
            .collect();
        problems.sort();
        problems
    };
    assert_eq!(problems(&before), problems(&after));
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_line() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("customers.csv");
    let bytes_read = |bytes: &[u8], encoding: Option<&str>| {
        fs::write(&path, bytes).unwrap();
        let options = ReadOptions {
            encoding: encoding.map(str::to_owned),
            ..ReadOptions::default()
        };
        read(&[Input::Path(path.clone())], &options)
    };
    // Most letters are UTF-8: as Windows-1252 every one of them would be wrong.
    let mixed = "id,city\n1,M\u{e9}rida\n2,K\u{f6}ln\n3,"
        .as_bytes()
        .to_vec();
    let mixed = [mixed, b"Le\xf3n\n".to_vec()].concat();
    let refused = |bytes: &[u8], encoding| match bytes_read(bytes, encoding) {
        Err(ReadError::BadEncoding { line, .. }) => line,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&mixed, None), 4);
    assert_eq!(refused(&mixed, Some("utf-8")), 4);
    assert_eq!(
        refused(&[b"\xef\xbb\xbf", mixed.as_slice()].concat(), None),
        4
    );
    assert_eq!(bytes_read(&mixed, Some("windows-1252")).unwrap().rows(), 3);
    assert_eq!(
        bytes_read(b"id,city\n1,Le\xf3n\n", None)
            .unwrap()
            .cell(1, 0)
            .unwrap(),
        "Le\u{f3}n"
    );
}
