//! How much a test does: enough to fail on a plausible mistake every day, everything before a release.

/// So many runs of a simulation: `daily`, or `thorough` where `TRIBUS_THOROUGH` is set, as `./test.sh --thorough` does.
pub(crate) fn runs(daily: u64, thorough: u64) -> u64 {
    if std::env::var_os("TRIBUS_THOROUGH").is_some() {
        thorough
    } else {
        daily
    }
}
