#!/usr/bin/env bash
# Every test of the project. Works from any folder; tests of data in ../shared skip where that folder is absent.
#
# Goes on after a step that fails, so that one run shows everything. The last line is "N passed, N failed", summed over
# all test programs, doc tests and Python tests; the exit code is 0 only if every step succeeded.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"
# A snapshot that differs fails; it is never written beside the old one here.
export INSTA_UPDATE=no
# Random tests draw the same cases every time here; `cargo test` draws new ones.
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20140629}"

failed_steps=()
log="$(mktemp)"
python_log="$(mktemp)"
browser_log="$(mktemp)"
trap 'rm -f "$log" "$python_log" "$browser_log"' EXIT

# step NAME COMMAND...: runs the command and says how it went and how long it took. A command that has said why it cannot
# run here exits with 77.
step() {
    local name="$1" start=$SECONDS status=0
    shift
    printf '\n==> %s: %s\n' "$name" "$*"
    "$@" || status=$?
    if ((status == 0)); then
        printf '==> %s: ok, %d s\n' "$name" "$((SECONDS - start))"
    elif ((status == 77)); then
        printf '==> %s: skipped\n' "$name"
    else
        printf '==> %s: FAILED, %d s\n' "$name" "$((SECONDS - start))"
        failed_steps+=("$name")
    fi
}

run_tests() {
    cargo test --workspace --all-features --locked --no-fail-fast 2>&1 | tee "$log"
}

# Reports in a real browser; says so and succeeds where there is no browser or no npm.
run_browser() {
    tests/browser/run.sh 2>&1 | tee "$browser_log"
}

build_docs() {
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --all-features --no-deps --locked
}

test_python() {
    tests/python/run.sh 2>&1 | tee "$python_log"
}

step format cargo fmt --all --check
step lint cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
step test run_tests
step browser run_browser
step docs build_docs
step python test_python
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
awk '/^test result:/ || /^[0-9]+ (passed|failed|error|skipped).* in [0-9.]+s/ {
    for (field = 2; field <= NF; field++) {
        if ($field ~ /^passed/) passed += $(field - 1)
        if ($field ~ /^(failed|error)/) failed += $(field - 1)
    }
}
END { printf "%d passed, %d failed\n", passed, failed }' "$log" "$browser_log" "$python_log"
((${#failed_steps[@]} == 0))
