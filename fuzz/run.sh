#!/usr/bin/env bash
# Random bytes for one reader, by libFuzzer, on stable Rust.
#
#   fuzz/run.sh TARGET [SECONDS]     60 seconds unless said otherwise; targets are the files of fuzz/src/bin
#
# What was found to reach new code is kept in `target/fuzz/corpus` and used by the next run. Bytes that end a run badly are in
# `target/fuzz/findings`; give their file to the program `target/fuzz/*/release/TARGET` to see it again.
# Exits with 77, saying so, where there is no C++ compiler, which libFuzzer needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

name="${1:-}" seconds="${2:-60}"
if [[ ! -f "src/bin/$name.rs" || ! "$seconds" =~ ^[0-9]+$ ]]; then
    printf 'usage: fuzz/run.sh TARGET [SECONDS]\ntargets: %s\n' "$(basename -s .rs src/bin/*.rs | paste -sd ' ' -)" >&2
    exit 2
fi
if ! command -v "${CXX:-c++}" >/dev/null; then
    printf 'skipped: there is no C++ compiler (%s), which libFuzzer needs\n' "${CXX:-c++}"
    exit 77
fi

# Coverage as libFuzzer wants it: what `cargo fuzz` asks for, but for sanitizers, which stable Rust has not.
flags=(
    --cfg fuzzing
    -Cpasses=sancov-module
    -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares
)
mkdir -p "${CARGO_TARGET_DIR:-../target}"
target="$(cd "${CARGO_TARGET_DIR:-../target}" && pwd)/fuzz"
# Named, so that build scripts and macros, which run without libFuzzer, are built without the flags.
triple="$(rustc -vV | sed -n 's/^host: //p')"
RUSTFLAGS="${flags[*]}" cargo build --release --locked --target "$triple" --target-dir "$target" --bin "$name"

corpus="$target/corpus/$name"
mkdir -p "$corpus" "$target/findings"
seeds=()
if [[ -d "seeds/$name" ]]; then seeds+=("seeds/$name"); fi
if [[ "$name" == recipe ]]; then seeds+=(../recipes); fi
# Each input becomes a file: in memory, where there is a place for it.
memory=/dev/shm
if [[ ! -w "$memory" ]]; then memory="${TMPDIR:-/tmp}"; fi
folder="$(mktemp -d "$memory/tribus-fuzz-XXXXXX")"
trap 'rm -rf "$folder"' EXIT
# One thread: the same bytes take the same way each time.
TMPDIR="$folder" RAYON_NUM_THREADS=1 TRIBUS_FUZZ_CORPUS="$corpus" "$target/$triple/release/$name" \
    -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=5 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="$target/findings/$name-" "$corpus" ${seeds[@]+"${seeds[@]}"}
