//! Whole folders: what is in them, when they may be replaced, and that a failure leaves no trace.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::tables::{customers, records};
use super::{Made, hostile, ifood};
use crate::export::{
    CustomerOptions, CustomersFormat, ExportError, FolderOptions, FolderStep, Keep, ResultFolder,
    Rewrite, Watch, Written, unwatched,
};
use crate::segment::SegmentNumber;
use crate::segmentation::Segmentation;

fn options() -> FolderOptions {
    FolderOptions {
        workbook: true,
        ..FolderOptions::default()
    }
}

fn claim(path: &Path) -> Result<ResultFolder, ExportError> {
    ResultFolder::claim(path, Duration::ZERO)
}

fn write(path: &Path, made: &Made, options: &FolderOptions) -> Result<Written, ExportError> {
    write_watched(path, made, options, &unwatched)
}

fn write_watched(
    path: &Path,
    made: &Made,
    options: &FolderOptions,
    watch: Watch<'_>,
) -> Result<Written, ExportError> {
    let (s, t, c) = (&made.segmentation, &made.table, &made.customers);
    claim(path)?.write(s, t, c, options, watch)
}

/// Writes the folder again from the segmentation alone.
fn rewrite(path: &Path, segmentation: &Segmentation) -> Result<Written, ExportError> {
    claim(path)?.rewrite(segmentation, &Rewrite::default(), &unwatched)
}

fn forced() -> FolderOptions {
    FolderOptions {
        force: true,
        ..options()
    }
}

/// Every file below a folder, by its path in it.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((path, prefix)) = folders.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                folders.push((entry.path(), format!("{name}/")));
            } else {
                found.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_folder_holds_all_and_its_parent_nothing_else() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    let written = write(&path, hostile(), &options()).unwrap();
    let found = contents(&path);
    for name in [
        "report.html",
        "customers.csv",
        "segments.csv",
        "segmentation.json",
    ] {
        assert!(written.files.contains(&name.to_owned()) && !found[name].is_empty());
    }
    assert!(written.files.iter().any(|file| file.starts_with("charts/")));
    assert_eq!(found.len(), written.files.len() + 1, "and the marker");
    assert_eq!(
        written.files.contains(&"workbook.xlsx".to_owned()),
        cfg!(feature = "xlsx")
    );
    assert_eq!(written.guarded.cells, 9);
    assert_eq!(names_in(parent.path()), ["out"]);
    assert!(Segmentation::open(&path).unwrap() == hostile().segmentation);
    assert_eq!(
        found["customers.csv"],
        customers(hostile(), &CustomerOptions::default()).0
    );
}

#[test]
#[cfg(unix)]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, hostile(), &options()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&path.join("charts"))), (0o700, 0o700));
    for name in contents(&path).keys() {
        assert_eq!(mode(&path.join(name)), 0o600, "{name}");
    }
}

#[test]
fn the_same_run_gives_the_same_bytes_and_replaces_its_folder() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    for format in [CustomersFormat::Csv, CustomersFormat::Parquet] {
        let mut options = options();
        options.format = format;
        options.customers.keep = Keep::All;
        write(&path, hostile(), &options).unwrap();
        let first = contents(&path);
        write(&path, hostile(), &options).unwrap();
        assert!(first == contents(&path));
        assert_eq!(
            first.contains_key("customers.csv"),
            format == CustomersFormat::Csv
        );
    }
    assert_eq!(names_in(parent.path()), ["out"]);
}

#[test]
fn what_is_not_ours_or_was_edited_needs_force_and_foreign_files_stay() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("notes.txt"), "mine").unwrap();
    let error = write(&path, hostile(), &options()).unwrap_err();
    assert!(matches!(error, ExportError::NotOurs { .. }) && error.is_usage());
    assert!(error.hint().unwrap().contains("--force"));
    write(&path, hostile(), &forced()).unwrap();
    assert_eq!(fs::read_to_string(path.join("notes.txt")).unwrap(), "mine");

    let error = write(&path, hostile(), &options()).unwrap_err();
    assert!(matches!(error, ExportError::Foreign { ref file, .. } if file == "notes.txt"));
    fs::write(path.join("charts/mine.svg"), "mine").unwrap();
    fs::create_dir(path.join("more")).unwrap();
    fs::write(path.join("more/deep.txt"), "deep").unwrap();
    fs::write(path.join("segments.csv"), "edited").unwrap();
    let error = write(&path, hostile(), &options()).unwrap_err();
    assert!(matches!(error, ExportError::Edited { ref file, .. } if file == "segments.csv"));
    write(&path, hostile(), &forced()).unwrap();
    let found = contents(&path);
    assert_ne!(found["segments.csv"], b"edited");
    assert_eq!(
        (&*found["charts/mine.svg"], &*found["more/deep.txt"]),
        (&b"mine"[..], &b"deep"[..])
    );
    assert_eq!(names_in(parent.path()), ["out"]);
}

#[test]
fn a_file_of_ours_that_is_gone_counts_as_edited() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, hostile(), &options()).unwrap();
    fs::remove_file(path.join("report.html")).unwrap();
    let error = claim(&path).unwrap().check(false).unwrap_err();
    assert!(matches!(error, ExportError::Edited { ref file, .. } if file == "report.html"));
}

#[test]
fn a_path_that_cannot_be_a_folder_is_an_error_that_says_why() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "x").unwrap();
    let refused = |path: PathBuf| claim(&path).unwrap_err();
    assert!(matches!(
        refused(file.clone()),
        ExportError::NotAFolder { .. }
    ));
    assert!(matches!(
        refused(file.join("out")),
        ExportError::NoParent { .. }
    ));
    let missing = refused(parent.path().join("a/b"));
    assert!(matches!(missing, ExportError::NoParent { .. }) && missing.is_usage());
    assert!(matches!(
        refused(PathBuf::from("/")),
        ExportError::NoName { .. }
    ));
    let folder = parent.path().join("out/report.html");
    fs::create_dir_all(&folder).unwrap();
    let error = write(folder.parent().unwrap(), hostile(), &forced()).unwrap_err();
    assert!(matches!(error, ExportError::InTheWay { ref file, .. } if file == "report.html"));
    assert!(folder.is_dir());
    assert_eq!(names_in(parent.path()), ["file", "out"]);
}

#[test]
fn a_failure_on_the_way_leaves_what_was_there() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, hostile(), &options()).unwrap();
    let before = contents(&path);
    // A file in the way stands for a disk that fails.
    let spoil = |step: FolderStep<'_>| {
        if let FolderStep::Started(staged) = step {
            fs::write(staged.join("segments.csv"), "x").unwrap();
        }
        ControlFlow::Continue(())
    };
    let error = write_watched(&path, hostile(), &options(), &spoil).unwrap_err();
    assert!(
        matches!(error, ExportError::WriteFailed { ref path, .. } if path.ends_with("segments.csv"))
    );
    assert!(!error.is_usage());
    assert!(before == contents(&path));
    assert_eq!(names_in(parent.path()), ["out"]);
}

#[test]
fn what_a_killed_run_left_is_removed_and_what_it_moved_away_comes_back() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, hostile(), &options()).unwrap();
    let before = contents(&path);
    let staging = parent.path().join(".out.tribus-1");
    fs::create_dir(&staging).unwrap();
    fs::write(staging.join(".tribus"), "").unwrap();
    fs::rename(&path, parent.path().join(".out.tribus-1-old")).unwrap();
    claim(&path).unwrap().check(false).unwrap();
    assert!(before == contents(&path));
    assert_eq!(names_in(parent.path()), ["out"]);
}

#[test]
fn a_claimed_folder_is_refused_to_others_with_the_process_until_it_is_free() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    let first = claim(&path).unwrap();
    let ExportError::Busy { process, .. } = claim(&path).unwrap_err() else {
        panic!("not busy")
    };
    assert_eq!(process, Some(std::process::id()));
    assert_eq!(names_in(parent.path()), [".out.tribus-lock"]);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| ResultFolder::claim(&path, Duration::from_mins(1)).is_ok());
        std::thread::sleep(Duration::from_millis(50));
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.join().unwrap());
    });
    assert!(names_in(parent.path()).is_empty());
}

/// A name for each step.
fn name_of(step: FolderStep<'_>) -> String {
    match step {
        FolderStep::Wrote(file) if file.starts_with("charts/") => "chart".into(),
        FolderStep::Wrote(file) => file.into(),
        FolderStep::Started(_) => "started".into(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_watch_stops_the_writer_at_any_step_before_the_replacement_and_at_none_after_it() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, hostile(), &options()).unwrap();
    fs::write(path.join("notes.txt"), "mine").unwrap();
    let before = contents(&path);
    let steps = RefCell::new(Vec::new());
    let record = |step: FolderStep<'_>| {
        steps.borrow_mut().push(name_of(step));
        ControlFlow::Continue(())
    };
    write_watched(&path, hostile(), &forced(), &record).unwrap();
    let mut steps = steps.into_inner();
    let last = steps.len() - 1;
    assert_eq!(
        steps[last - 3..],
        ["ForeignKept", "Replacing", "Replaced", "Cleared"]
    );
    for stop in 0..=last {
        let count = RefCell::new(0);
        let watch = |_: FolderStep<'_>| {
            *count.borrow_mut() += 1;
            if *count.borrow() > stop {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let written = write_watched(&path, hostile(), &forced(), &watch);
        let is_stopped = matches!(written, Err(ExportError::Stopped));
        assert_eq!(is_stopped, stop < last - 1, "{}", steps[stop]);
        assert!(contents(&path) == before, "{}", steps[stop]);
        assert_eq!(names_in(parent.path()), ["out"], "{}", steps[stop]);
    }
    steps.dedup();
    assert!(steps.starts_with(&["started".into(), "customers.csv".into()]));
}

#[test]
fn a_file_of_other_people_that_comes_at_the_last_moment_stays() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, hostile(), &options()).unwrap();
    let watch = |step: FolderStep<'_>| {
        if step == FolderStep::Replacing {
            fs::write(path.join("late.txt"), "late").unwrap();
        }
        ControlFlow::Continue(())
    };
    write_watched(&path, hostile(), &options(), &watch).unwrap();
    assert_eq!(fs::read_to_string(path.join("late.txt")).unwrap(), "late");
    assert_eq!(names_in(parent.path()), ["out"]);
}

#[test]
fn what_a_run_left_that_was_killed_after_the_replacement_is_removed() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    let left = parent.path().join(".out.tribus-1");
    write(&path, hostile(), &options()).unwrap();
    write(&left, hostile(), &options()).unwrap();
    fs::write(left.join("notes.txt"), "mine").unwrap();
    claim(&path).unwrap();
    assert_eq!(names_in(parent.path()), ["out"]);
    assert_eq!(fs::read_to_string(path.join("notes.txt")).unwrap(), "mine");
}

#[test]
fn a_link_stays_a_link() {
    #[cfg(unix)]
    {
        let parent = tempfile::tempdir().unwrap();
        let (real, link) = (parent.path().join("real"), parent.path().join("link"));
        write(&real, hostile(), &options()).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write(&link, hostile(), &options()).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(real.join("report.html").exists());
    }
}

#[test]
fn a_new_name_reaches_every_file_and_nothing_else_changes() {
    for format in [CustomersFormat::Csv, CustomersFormat::Parquet] {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("out");
        let mut options = options();
        options.format = format;
        options.customers.keep = Keep::All;
        write(&path, hostile(), &options).unwrap();
        let before = contents(&path);
        rewrite(&path, &hostile().segmentation).unwrap();
        let again = contents(&path);
        let changed = |name: &&String| before.get(*name) != again.get(*name);
        assert_eq!(
            again.keys().filter(changed).collect::<Vec<_>>(),
            Vec::<&String>::new()
        );
        let mut segmentation = hostile().segmentation.clone();
        segmentation
            .rename(SegmentNumber::at(1), "=Cautious, but \"loyal\"")
            .unwrap();
        fs::write(path.join("notes.txt"), "mine").unwrap();
        rewrite(&path, &segmentation).unwrap();
        // A fresh folder of the renamed segmentation is the measure.
        let fresh = parent.path().join("fresh");
        let (t, c) = (&hostile().table, &hostile().customers);
        let folder = claim(&fresh).unwrap();
        folder
            .write(&segmentation, t, c, &options, &unwatched)
            .unwrap();
        let mut refreshed = contents(&path);
        assert_eq!(refreshed.remove("notes.txt").unwrap(), b"mine");
        for (name, bytes) in contents(&fresh) {
            assert!(refreshed.remove(&name).as_ref() == Some(&bytes), "{name}");
        }
        assert!(refreshed.is_empty());
    }
}

#[test]
fn a_refresh_refuses_edited_and_foreign_folders_and_lets_removed_files_rest() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, hostile(), &options()).unwrap();
    fs::remove_file(path.join("customers.csv")).unwrap();
    let written = rewrite(&path, &hostile().segmentation).unwrap();
    assert!(!written.files.contains(&"customers.csv".to_owned()));
    fs::write(path.join("report.html"), "edited").unwrap();
    let error = rewrite(&path, &hostile().segmentation).unwrap_err();
    assert!(matches!(error, ExportError::Edited { .. }));
    let error = rewrite(parent.path(), &hostile().segmentation).unwrap_err();
    assert!(matches!(error, ExportError::NotOurs { .. }));
}

#[test]
fn the_folder_of_real_customers_is_complete() {
    let Some(made) = ifood() else { return };
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    let written = write(&path, made, &options()).unwrap();
    let found = contents(&path);
    assert_eq!(
        records(&found["customers.csv"]).len(),
        made.table.rows() + 1
    );
    assert!(found["report.html"].len() < 1_000_000);
    assert!(written.files.len() >= 8, "{:?}", written.files);
}

/// Writes the folder again with the customers of the table.
fn rewrite_with_rows(path: &Path, segmentation: &Segmentation, made: &Made) {
    let customers = segmentation.assign(&made.table).unwrap();
    let rewrite = Rewrite {
        customers: Some((&made.table, &customers)),
        ..Rewrite::default()
    };
    let folder = claim(path).unwrap();
    folder.rewrite(segmentation, &rewrite, &unwatched).unwrap();
}

#[test]
fn another_number_of_segments_takes_the_customers_out_until_the_rows_are_given() {
    let Some(made) = ifood() else { return };
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, made, &options()).unwrap();
    let three = made.segmentation.with_number(3).unwrap();
    let written = rewrite(&path, &three).unwrap();
    assert!(!written.files.iter().any(|file| file == "customers.csv"));
    let switched = Segmentation::open(&path).unwrap();
    assert_eq!((switched.k(), switched.summary().segments.len()), (3, 3));
    let why = &switched.evidence().choice.why;
    assert!(why.starts_with("Three was asked for"), "{why}");
    rewrite_with_rows(&path, &switched, made);
    let lines = records(&fs::read(path.join("customers.csv")).unwrap());
    assert_eq!(lines.len() - 1, made.table.rows());
    for (at, segment) in switched.summary().segments.iter().enumerate() {
        let own = lines
            .iter()
            .filter(|line| line[2] == (at + 1).to_string())
            .count();
        assert_eq!(own as u64, segment.size);
    }
}

#[test]
fn another_number_of_segments_changes_everything_and_back_again_nothing() {
    let Some(made) = ifood() else { return };
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    write(&path, made, &options()).unwrap();
    let before = contents(&path);
    let three = made.segmentation.with_number(3).unwrap();
    rewrite(&path, &three).unwrap();
    let switched = contents(&path);
    let back = three.with_number(made.segmentation.k()).unwrap();
    assert_eq!(three.rules().unwrap().segments.len(), 3);
    let says_so = |note: &String| note.starts_with("whether targeting pays was tried with 4");
    assert!(three.campaign().is_none() && three.notes().iter().any(says_so));
    assert_eq!(back.campaign(), made.segmentation.campaign());
    assert_eq!(back.rules(), made.segmentation.rules());
    assert_eq!(back.notes(), made.segmentation.notes());
    rewrite_with_rows(&path, &back, made);
    let after = contents(&path);
    for file in [
        "customers.csv",
        "segments.csv",
        "charts/map.svg",
        "charts/profile.svg",
    ] {
        assert_eq!(after[file], before[file], "{file}");
        assert_ne!(switched.get(file), before.get(file), "{file}");
    }
}

#[test]
fn a_number_that_was_not_tried_is_refused_with_those_that_were() {
    let made = hostile();
    let error = made.segmentation.with_number(99).unwrap_err();
    assert!(
        error.to_string().contains("99 segments are not kept"),
        "{error}"
    );
    assert!(error.hint().unwrap().contains("--k 99"));
}

#[test]
fn another_value_is_summed_from_what_is_kept() {
    let Some(made) = ifood() else { return };
    let valued = made.segmentation.with_value("MntWines").unwrap();
    assert_eq!(valued.summary().value.as_deref(), Some("MntWines"));
    let shares: f64 = valued
        .summary()
        .segments
        .iter()
        .filter_map(|segment| segment.value_share)
        .sum();
    assert!((shares - 1.0).abs() < 1e-9);
    let error = made.segmentation.with_value("MntWine").unwrap_err();
    assert!(error.hint().unwrap().contains("MntWines"));
}

#[test]
#[cfg(all(feature = "pdf", feature = "png"))]
fn pictures_stay_when_a_folder_is_written_again_and_are_the_same_bytes() {
    let made = hostile();
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("out");
    let pictures = crate::export::Pictures {
        pdf: true,
        png: true,
    };
    write(
        &path,
        made,
        &FolderOptions {
            pictures,
            ..options()
        },
    )
    .unwrap();
    let before = contents(&path);
    assert!(before["report.pdf"].starts_with(b"%PDF-"));
    assert!(before["charts/size.png"].starts_with(b"\x89PNG"));
    rewrite(&path, &made.segmentation).unwrap();
    assert_eq!(contents(&path), before);
}
