//! The order of the rooms: a room imports only from rooms on floors below its own.
//!
//! A room is a module at the top of a crate, with all files in its folder. Floors are declared here from the ground up;
//! rooms of one floor do not import from each other. What is read are the sources, tests left out: `use` items and paths
//! that begin with `crate` or `super`.

#![expect(clippy::unwrap_used, reason = "a test fails by panic")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// An import that is allowed although it runs upward or along a floor.
struct Exception {
    from: &'static str,
    to: &'static str,
    reason: &'static str,
}

struct Tower {
    /// The folder of sources, relative to this crate.
    folder: &'static str,
    /// From the ground up.
    floors: &'static [&'static [&'static str]],
    exceptions: &'static [Exception],
}

const LIBRARY: Tower = Tower {
    folder: "src",
    floors: &[
        &[
            "date",
            "digest",
            "progress",
            "roles",
            "segment",
            "statistics",
            "thorough",
            "words",
        ],
        &["demo", "ledger"],
        &["expr", "table", "vocabulary"],
        &["meaning", "rules", "source"],
        &["recipe"],
        &["purchases"],
        &["plan"],
        &["inspect", "pipeline"],
        &["drift", "evidence", "summary"],
        &["campaign", "profile"],
        &["segmentation"],
        &["audience", "report", "sql"],
        &["export"],
    ],
    exceptions: &[],
};

const PROGRAM: Tower = Tower {
    folder: "../cli/src",
    floors: &[
        &["args", "code", "json", "mode", "pipe"],
        &["failure"],
        &["settings"],
        &["terminal"],
        &["interrupt"],
        &["session"],
        &["destination", "results"],
        &["commands"],
    ],
    exceptions: &[],
};

const ENGINE: Tower = Tower {
    folder: "../kmeans/src",
    floors: &[
        &["draw", "error", "progress", "real", "small", "vector"],
        &["definition", "points", "weights"],
        &["config", "kernel", "sums"],
        &["order", "table"],
        &["hartigan", "init"],
        &["lloyd"],
        &["labels", "quality", "search"],
        &["model"],
        &["fit"],
        &["sweep", "variants"],
    ],
    exceptions: &[],
};

#[test]
fn rooms_of_the_library_import_from_floors_below() {
    assert_eq!(complaints(&LIBRARY), Vec::<String>::new());
}

#[test]
fn rooms_of_the_program_import_from_floors_below() {
    assert_eq!(complaints(&PROGRAM), Vec::<String>::new());
}

#[test]
fn rooms_of_the_engine_import_from_floors_below() {
    assert_eq!(complaints(&ENGINE), Vec::<String>::new());
}

#[test]
fn an_upward_import_is_found_however_it_is_written() {
    for text in [
        "use crate::export::write_folder;",
        "use crate::{date::Date, export::{self, tables::{Rows, chunks}}};",
        "pub(crate) use super::super::export::ExportError as Refused;",
        "fn f() { let folder = crate::export::write_folder(); }",
        "fn f() -> super::super::export::Written { todo!() }",
        "mod inner {\n    use super::super::super::export::Written;\n}",
        "const QUOTE: char = '\"';\nuse\n    crate::export\n;",
        "fn f<'a>(x: &'a str) -> crate::export::Written<'a> { \"use\" }",
    ] {
        let found = imports(text, &["plan", "role"]);
        assert!(found.contains("export"), "{text}: {found:?}");
        let upward = judge(&LIBRARY, &[("plan", "src/plan/role.rs", found)]);
        assert_eq!(upward.len(), 1, "{text}: {upward:?}");
        assert!(upward[0].contains("src/plan/role.rs"), "{upward:?}");
    }
}

#[test]
fn what_is_no_import_is_not_taken_for_one() {
    for text in [
        "// use crate::export::write_folder;",
        "/* crate::export */ /// [`crate::export`]",
        "const TEXT: &str = \"crate::export\";",
        "const TEXT: &str = r#\"use \"crate::export\";\"#;",
        "#[cfg(test)]\nmod tests {\n    use crate::export::{write_folder};\n    fn f() { {} }\n}",
        "use super::traits::Traits;",
        "use std::path::Path;",
        "use crate::date::Date;",
    ] {
        let found = imports(text, &["plan", "role"]);
        assert!(!found.contains("export"), "{text}: {found:?}");
        assert!(judge(&LIBRARY, &[("plan", "role.rs", found)]).is_empty());
    }
}

#[test]
fn an_exception_without_its_import_is_found() {
    let tower = Tower {
        folder: "",
        floors: &[&["low"], &["high"]],
        exceptions: &[Exception {
            from: "low",
            to: "high",
            reason: "for a test",
        }],
    };
    let with = imports("use crate::high::Thing;", &["low"]);
    assert!(judge(&tower, &[("low", "low.rs", with)]).is_empty());
    let without = judge(&tower, &[("low", "low.rs", BTreeSet::new())]);
    assert_eq!(without.len(), 1);
}

/// What is wrong with a tower as it stands.
fn complaints(tower: &Tower) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(tower.folder);
    let mut files = Vec::new();
    collect(&folder, &mut files);
    assert!(files.len() > 10, "{} holds sources", folder.display());
    let mut read = Vec::new();
    let mut rooms = BTreeSet::new();
    for file in &files {
        let relative = file.strip_prefix(&folder).unwrap();
        let module = module_of(relative);
        let Some(room) = module.first().cloned() else {
            continue;
        };
        let text = std::fs::read_to_string(file).unwrap();
        let module: Vec<&str> = module.iter().map(String::as_str).collect();
        rooms.insert(room.clone());
        read.push((
            room,
            relative.display().to_string(),
            imports(&text, &module),
        ));
    }
    let read: Vec<(&str, &str, BTreeSet<String>)> = read
        .iter()
        .map(|(room, file, found)| (room.as_str(), file.as_str(), found.clone()))
        .collect();
    let declared = tower.floors.concat();
    let unknown = rooms
        .iter()
        .filter(|room| !declared.contains(&room.as_str()))
        .map(|room| format!("{room} stands on no floor"));
    let gone = declared
        .iter()
        .filter(|room| !rooms.contains(**room))
        .map(|room| format!("{room} is on a floor, but there is no such room"));
    unknown.chain(gone).chain(judge(tower, &read)).collect()
}

/// Imports that do not run downward, and exceptions that nothing needs.
fn judge(tower: &Tower, files: &[(&str, &str, BTreeSet<String>)]) -> Vec<String> {
    let floor = |room: &str| tower.floors.iter().position(|rooms| rooms.contains(&room));
    let mut complaints = Vec::new();
    let mut needed = BTreeSet::new();
    for (room, file, imported) in files {
        for other in imported {
            // A name at the top of the crate that is no room is a function or constant of lib.rs.
            let (Some(own), Some(theirs)) = (floor(room), floor(other)) else {
                continue;
            };
            let excepted = |exception: &Exception| exception.from == *room && exception.to == other;
            if other == room || theirs < own {
                continue;
            }
            match tower.exceptions.iter().position(excepted) {
                Some(at) => {
                    needed.insert(at);
                }
                None => complaints.push(format!("{file}: {room} imports from {other}, not below")),
            }
        }
    }
    let exceptions = tower.exceptions.iter().enumerate();
    let idle = exceptions.filter(|(at, _)| !needed.contains(at));
    complaints.extend(idle.map(|(_, exception)| {
        format!(
            "{} no longer imports from {} ({}): the exception can go",
            exception.from, exception.to, exception.reason
        )
    }));
    complaints
}

/// Source files below a folder, without those of tests.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let stem = path.file_stem().unwrap();
        if stem == "tests" {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The module of a file: `plan/role.rs` is plan, role; `plan/mod.rs` is plan; `lib.rs` is none.
fn module_of(file: &Path) -> Vec<String> {
    let parts = file.with_extension("");
    let mut parts: Vec<String> = parts
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if parts
        .last()
        .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
    {
        parts.pop();
    }
    parts
}

/// The first parts, below the crate, of what a text imports; `module` is where the text stands.
fn imports(text: &str, module: &[&str]) -> BTreeSet<String> {
    let tokens = tokens(text);
    let mut found = BTreeSet::new();
    // Inline modules around the position, each with the depth of braces at which it ends.
    let mut inner: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < tokens.len() {
        let is = |offset: usize, wanted: &str| {
            tokens.get(at + offset).is_some_and(|token| token == wanted)
        };
        if is(0, "#") && is(2, "cfg") && is(4, "test") && is(7, "mod") && is(9, "{") {
            at = behind_braces(&tokens, at + 9);
            continue;
        }
        if is(0, "mod") && is(2, "{") {
            inner.push((tokens[at + 1].clone(), depth));
        }
        let scope: Vec<&str> = (module.iter().copied())
            .chain(inner.iter().map(|(name, _)| name.as_str()))
            .collect();
        match tokens[at].as_str() {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inner.retain(|(_, ends)| *ends < depth);
            }
            "use" => {
                let end = tokens[at..].iter().position(|token| token == ";");
                let end = at + end.expect("a use item ends");
                for path in leaves(&tokens[at + 1..end]) {
                    found.extend(top(&path, &scope));
                }
                at = end;
            }
            "crate" | "super" if at == 0 || tokens[at - 1] != "(" || is(1, "::") => {
                let mut path = vec![tokens[at].clone()];
                while tokens.get(at + 1).is_some_and(|token| token == "::") {
                    path.extend(tokens.get(at + 2).cloned());
                    at += 2;
                }
                found.extend(top(&path, &scope));
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The room that a path leads to, if it is one of this crate.
fn top(path: &[String], scope: &[&str]) -> Option<String> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    match path.first()?.as_str() {
        "crate" => path.get(1).cloned(),
        "super" => {
            let left = scope.len().checked_sub(supers)?;
            match scope[..left].first() {
                Some(room) => Some((*room).to_owned()),
                None => path.get(supers).cloned(),
            }
        }
        _ => None,
    }
}

/// The paths of a `use` item, one for each name it brings in.
fn leaves(tokens: &[String]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut prefixes: Vec<usize> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    for token in tokens {
        match token.as_str() {
            "::" => {}
            "{" => prefixes.push(path.len()),
            "," | "}" => {
                paths.push(path.clone());
                path.truncate(*prefixes.last().expect("a list stands in braces"));
                if token == "}" {
                    prefixes.pop();
                }
            }
            _ => path.push(token.clone()),
        }
    }
    paths.push(path);
    paths
}

/// The position behind the braces that open at `at`.
fn behind_braces(tokens: &[String], mut at: usize) -> usize {
    let mut depth = 0;
    loop {
        match tokens[at].as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
}

/// Words, `::` and single signs; comments, text and characters left out.
fn tokens(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let starts = |at: usize, sign: &str| text_at(&characters, at, sign);
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let c = characters[at];
        if starts(at, "//") {
            at = find(&characters, at, "\n");
        } else if starts(at, "/*") {
            at = find(&characters, at + 2, "*/") + 2;
        } else if let Some(hashes) = raw_text(&characters, at) {
            let end = format!("\"{}", "#".repeat(hashes));
            at = find(&characters, at + hashes + 2, &end) + end.len();
        } else if c == '"' {
            at += 1;
            while at < characters.len() && characters[at] != '"' {
                at += if characters[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if c == '\'' && starts(at + 1, "\\") {
            at = find(&characters, at + 3, "'") + 1;
        } else if c == '\'' && starts(at + 2, "'") {
            at += 3;
        } else if starts(at, "::") {
            tokens.push("::".to_owned());
            at += 2;
        } else if is_word(c) {
            let end = (at..characters.len()).find(|end| !is_word(characters[*end]));
            let end = end.unwrap_or(characters.len());
            tokens.push(characters[at..end].iter().collect());
            at = end;
        } else {
            if !c.is_whitespace() {
                tokens.push(c.to_string());
            }
            at += 1;
        }
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How many `#` open a raw text at this position, if one opens there.
fn raw_text(characters: &[char], at: usize) -> Option<usize> {
    let word_before = at > 0 && is_word(characters[at - 1]);
    if characters[at] != 'r' || word_before {
        return None;
    }
    let hashes = characters[at + 1..]
        .iter()
        .take_while(|c| **c == '#')
        .count();
    (characters.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn text_at(characters: &[char], at: usize, sign: &str) -> bool {
    sign.chars()
        .enumerate()
        .all(|(offset, c)| characters.get(at + offset) == Some(&c))
}

/// Where a sign stands next, or the end.
fn find(characters: &[char], from: usize, sign: &str) -> usize {
    (from..characters.len())
        .find(|at| text_at(characters, *at, sign))
        .unwrap_or(characters.len())
}
