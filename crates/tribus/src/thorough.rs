//! How much a test does: enough to fail on a plausible mistake every day, everything before a release.

/// Whether everything is asked for: `TRIBUS_THOROUGH` is set, as `./test.sh --thorough` does.
pub(crate) fn is_asked_for() -> bool {
    std::env::var_os("TRIBUS_THOROUGH").is_some()
}

/// So many runs of a simulation: `daily`, or `thorough` if everything is asked for.
pub(crate) fn runs(daily: u64, thorough: u64) -> u64 {
    if is_asked_for() { thorough } else { daily }
}
