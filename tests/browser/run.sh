#!/usr/bin/env bash
# Opens reports in headless Chromium with the network off and checks them; see check.mjs. Needs chromium, node and npm; the two
# npm packages go into a cache outside of the project. Where something cannot be had it says so and exits with 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

skip() {
    printf 'browser tests skipped: %s\n' "$1"
    exit 77
}

browser="${CHROMIUM:-}"
for name in chromium chromium-browser google-chrome; do
    [[ -n "$browser" ]] || browser="$(command -v "$name" || true)"
done
[[ -n "$browser" ]] || skip "there is no chromium (Debian: apt-get install chromium; elsewhere set CHROMIUM to a Chrome)"
command -v node >/dev/null || skip "there is no node (Debian: apt-get install nodejs)"
command -v npm >/dev/null || skip "there is no npm (Debian: apt-get install npm)"

# One folder for each state of the list of packages, so that a new list is installed anew.
list="$(sha256sum package-lock.json | cut -c 1-16)"
modules="${XDG_CACHE_HOME:-$HOME/.cache}/tribus-browser-tests/$list"
if [[ ! -d "$modules/node_modules/playwright-core" || ! -d "$modules/node_modules/axe-core" ]]; then
    mkdir -p "$modules"
    cp package.json package-lock.json "$modules"
    # The browser is the system's; none is downloaded.
    (cd "$modules" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
        skip "npm cannot install playwright-core and axe-core"
fi

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
tribus() {
    cargo run --release --quiet --locked --package tribus-cli -- "$@"
}
tribus demo --output "$results/demo" --quiet
node many.mjs "$results"
tribus segment "$results/many.csv" --recipe "$results/many.toml" --output "$results/many" --quiet
reports=("$results/demo/report.html" "$results/many/report.html")
shared="${TRIBUS_SHARED:-../../../shared}"
if [[ -d "$shared/data" ]]; then
    tribus segment "$shared/data/ifood_df.csv" --recipe ifood --output "$results/ifood" --quiet
    tribus segment "$shared/data/Mall_Customers.csv" --output "$results/mall" --quiet
    tribus segment "$shared/data/Wholesale customers data.csv" --output "$results/wholesale" --quiet
    reports+=("$results/ifood/report.html" "$results/mall/report.html" "$results/wholesale/report.html")
else
    printf 'reports of real files skipped: there is no %s\n' "$shared/data"
fi
node check.mjs "$modules" "$browser" "${reports[@]}"
