//! What the program says about itself.

use super::workplace::Workplace;

fn help(arguments: &[&str]) -> String {
    let place = Workplace::new();
    let arguments = [arguments, &["--help"]].concat();
    place.run(&arguments).succeeds().out()
}

#[test]
fn the_program_introduces_itself() {
    insta::assert_snapshot!("tribus", help(&[]));
}

#[test]
fn every_command_has_a_help_with_its_flags() {
    let commands: [&[&str]; 22] = [
        &["segment"],
        &["assign"],
        &["audience"],
        &["evaluate-campaign"],
        &["prepare"],
        &["rollup"],
        &["evidence"],
        &["evaluate"],
        &["inspect"],
        &["explain"],
        &["sql"],
        &["dbt"],
        &["report"],
        &["verify"],
        &["rename"],
        &["forget"],
        &["demo"],
        &["recipe"],
        &["recipe", "init"],
        &["recipe", "show"],
        &["completions"],
        &["man"],
    ];
    for command in commands {
        insta::assert_snapshot!(command.join("-"), help(command));
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let place = Workplace::new();
    let said = place.run(&["--version"]).succeeds().out();
    assert_eq!(said, format!("tribus {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn no_command_at_all_shows_the_help_as_an_error() {
    let place = Workplace::new();
    let ran = place.command(&[]).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(ran.stdout.is_empty());
}

#[test]
fn the_manual_page_has_every_command_and_completions_know_the_flags() {
    let place = Workplace::new();
    let manual = place.run(&["man"]).succeeds().out();
    for words in [
        ".TH tribus 1",
        "TRIBUS SEGMENT",
        "TRIBUS RECIPE INIT",
        "\\-\\-features",
    ] {
        assert!(manual.contains(words), "{words}");
    }
    assert!(!manual.contains("tribus\\-segment(1)"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = place.run(&["completions", shell]).succeeds().out();
        assert!(
            script.contains("as-of") && script.contains("segment"),
            "{shell}"
        );
    }
}
