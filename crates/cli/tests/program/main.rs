//! Whole commands, as a user types them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audience;
mod bad_input;
mod cases;
mod error_codes;
mod everyday;
mod examples;
mod explained;
mod fail_on;
mod folder_recipe;
mod forgetting;
mod help;
mod hostile_text;
mod machine_summary;
mod real_files;
mod rejects;
mod reporting;
mod same_bytes;
mod scheduled;
mod special_files;
mod sql;
mod stops;
mod streams;
mod verify;
mod workplace;
