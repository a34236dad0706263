//! The library as a caller sees it, on whole tables. One program for all these tests: it is linked once.

mod contradictions;
mod decisions;
mod drift;
mod evidence;
mod forged;
mod honesty;
mod meanings;
mod names;
mod purchases;
mod random;
mod reading_cases;
mod reading_files;
mod reading_formats;
mod reading_notations;
mod reading_rejects;
mod real_files;
mod rooms;
mod saved_models;

// The same for tests within the library and these.
#[path = "../../src/thorough.rs"]
mod thorough;
