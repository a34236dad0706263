#!/usr/bin/env bash
# Every test of the project. Works from any folder; tests of data in ../shared skip where that folder is absent.
#
#   ./test.sh               what must succeed before a change goes in, in minutes
#   ./test.sh --thorough    the same, with simulations in full size, with every test once more in the dev profile, which
#                           checks overflow and debug assertions, and with a minute of random bytes for each reader (fuzz/);
#                           part of a release
#
# Everything is built in the release profile with the features that the program has by default, so that tests, lints and the
# Python package use what `cargo run --release` has built.
#
# Goes on after a step that fails, so that one run shows everything. The last line is "N passed, N failed", summed over
# all test programs, doc tests, Python tests and checks in the browser; the exit code is 0 only if every step succeeded.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

thorough=false
case "${1:-}" in
'') ;;
--thorough)
    thorough=true
    # Simulations read it: crates/*/src/thorough.rs.
    export TRIBUS_THOROUGH=1
    ;;
*)
    printf 'usage: ./test.sh [--thorough]\n' >&2
    exit 2
    ;;
esac

export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"
# A snapshot that differs fails; it is never written beside the old one here.
export INSTA_UPDATE=no
# Random tests draw the same cases every time here; `cargo test` draws new ones.
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20140629}"
source tests/python/environment.sh

failed_steps=()
logs="$(mktemp -d)"
trap 'rm -rf "$logs"' EXIT

# step NAME COMMAND...: runs the command and says how it went and how long it took. A command that has said why it cannot
# run here exits with 77.
step() {
    local name="$1" start=$SECONDS status=0
    shift
    printf '\n==> %s: %s\n' "$name" "$*"
    "$@" 2>&1 | tee "$logs/$name" || status=$?
    if ((status == 0)); then
        printf '==> %s: ok, %d s\n' "$name" "$((SECONDS - start))"
    elif ((status == 77)); then
        printf '==> %s: skipped\n' "$name"
    else
        printf '==> %s: FAILED, %d s\n' "$name" "$((SECONDS - start))"
        failed_steps+=("$name")
    fi
}

# Unit and integration tests. With nextest, tests of different programs run side by side.
run_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        if $thorough; then set -- "$@" --run-ignored all; fi
        cargo nextest run --workspace --locked "$@"
    else
        printf 'cargo test instead of nextest, which is not installed (cargo install --locked cargo-nextest)\n'
        set -- --workspace --locked --no-fail-fast --lib --bins --tests "$@"
        if $thorough; then set -- "$@" -- --include-ignored; fi
        cargo test "$@"
    fi
}

lint() {
    as_for_the_package cargo clippy --workspace --all-targets --locked "$@" -- -D warnings
}

build_docs() {
    RUSTDOCFLAGS="-D warnings" cargo doc --release --workspace --no-deps --locked
}

step format cargo fmt --all --check
step test run_tests --release
step doctest cargo test --release --workspace --locked --no-fail-fast --doc
step python tests/python/run.sh
step browser tests/browser/run.sh
step lint lint --release
step docs build_docs
if $thorough; then
    step dev-test run_tests --all-features
    step dev-doctest cargo test --workspace --all-features --locked --no-fail-fast --doc
    step dev-lint lint --all-features
    for target in fuzz/src/bin/*.rs; do
        target="$(basename "$target" .rs)"
        step "fuzz-$target" fuzz/run.sh "$target" 60
    done
fi
if cargo deny --version >/dev/null 2>&1; then
    # Advisories need a database from the network; licenses, bans and sources need none.
    step dependencies cargo deny --locked check licenses bans sources
else
    printf '\n==> dependencies: skipped, cargo-deny is not installed (cargo install --locked cargo-deny)\n'
fi

if ((${#failed_steps[@]} > 0)); then
    printf '\nfailed steps: %s\n' "${failed_steps[*]}"
else
    printf '\nall steps succeeded, %d s\n' "$SECONDS"
fi
# Lines of cargo, of the browser's checks, of nextest and of pytest.
awk '/^test result:/ || /^ *Summary \[/ || /^[0-9]+ (passed|failed|error|skipped).* in [0-9.]+s/ {
    for (field = 2; field <= NF; field++) {
        if ($field ~ /^passed/) passed += $(field - 1)
        if ($field ~ /^(failed|errors?|timed|exec)/) failed += $(field - 1)
    }
}
END { printf "%d passed, %d failed\n", passed, failed }' "$logs"/*
((${#failed_steps[@]} == 0))
