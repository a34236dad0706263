//! `tribus completions` and `tribus man`: made from the same flags as the help.

use std::io;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::args::{Completions, Typed};
use crate::failure::Failure;
use crate::terminal;

pub(super) fn shell(typed: &Completions) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(typed.shell, &mut Typed::command(), "tribus", &mut script);
    terminal::print_text(&String::from_utf8_lossy(&script))
}

/// One page for all: the program, then every command in a section of its own.
pub(super) fn manual() -> Result<(), Failure> {
    let mut command = Typed::command();
    command.build();
    let page = page(&command).map_err(|source| Failure::write("the manual page", source))?;
    terminal::print_text(&page)
}

fn page(command: &Command) -> io::Result<String> {
    let mut roff = Vec::new();
    Man::new(command.clone()).render(&mut roff)?;
    let mut page = String::from_utf8_lossy(&roff).into_owned();
    for below in command.get_subcommands() {
        // There is but this one page.
        let elsewhere = format!("tribus\\-{}(1)", below.get_name());
        page = page.replace(&elsewhere, &format!("tribus {}", below.get_name()));
        section(&mut page, below)?;
    }
    Ok(page)
}

/// A command's own page becomes a section, its sections become smaller ones.
fn section(page: &mut String, command: &Command) -> io::Result<()> {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    // The flags of every command stand at the top of the page.
    let own = command.clone().mut_args(|flag| {
        let elsewhere = flag.is_global_set() || flag.get_id() == "help";
        flag.hide(elsewhere)
    });
    let man = Man::new(own);
    let mut roff = Vec::new();
    man.render_synopsis_section(&mut roff)?;
    man.render_description_section(&mut roff)?;
    man.render_options_section(&mut roff)?;
    page.extend([".SH \"", &name.to_uppercase(), "\"\n"]);
    for line in String::from_utf8_lossy(&roff).lines() {
        page.push_str(&line.replacen(".SH ", ".SS ", 1));
        page.push('\n');
    }
    for below in command.get_subcommands() {
        section(page, below)?;
    }
    Ok(())
}
