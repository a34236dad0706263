//! The program `tribus`, which the package installs beside the module.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Runs the program on these arguments, the first of which is its name; returns the exit code.
#[pyfunction]
pub(crate) fn run_command(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| tribus_cli::run(arguments))
}
