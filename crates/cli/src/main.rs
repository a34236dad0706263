//! The program `tribus`.
fn main() {}
