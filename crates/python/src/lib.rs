//! The Python module `tribus._tribus`: the engine and the library, as the package `tribus` calls them.
//!
//! In: NumPy arrays, Arrow streams, settings as JSON. Out: the same. What is Python's business (validation in scikit-learn's
//! words, kinds of frames, displays) is Python's, in `python/tribus`; what is computed is computed here, without the
//! interpreter's lock, and by the same functions as the program's.

#![expect(
    clippy::needless_pass_by_value,
    reason = "PyO3 hands over what it extracted"
)]
#![expect(
    clippy::result_large_err,
    reason = "an error of the library is on its way to become an exception"
)]

mod command;
mod engine;
mod error;
mod frame;
mod interrupt;
mod matrix;
mod pool;
mod quality;
mod rows;
mod segmentation;
mod variants;

use pyo3::prelude::*;

#[pymodule]
mod _tribus {
    #[pymodule_export]
    use crate::command::run_command;
    #[pymodule_export]
    use crate::engine::{assign, distances, fit, score};
    #[pymodule_export]
    use crate::error::printable_text;
    #[pymodule_export]
    use crate::frame::Frame;
    #[pymodule_export]
    use crate::quality::{measure, silhouette};
    #[pymodule_export]
    use crate::rows::{rows_of_columns, rows_of_stream};
    #[pymodule_export]
    use crate::segmentation::{
        Segmentation, Source, audience_of_files, audience_of_frame, builtin_recipes,
        demo_customers, evidence, limit_memory, open, parse, segment,
    };
    #[pymodule_export]
    use crate::variants::{bisect, descend, mini_batches};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
