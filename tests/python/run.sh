#!/usr/bin/env bash
# Builds the Python package as `pip install .` does, in a virtual environment kept in the cache folder, and tests it.
#
# Exits with 77 where it cannot: no Python from 3.10 on, or no package registry to install from. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cannot() {
    printf 'skipped: %s\n' "$1"
    exit 77
}

venv="${XDG_CACHE_HOME:-$HOME/.cache}/tribus-venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1

python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || cannot 'there is no python3 from 3.10 on (Debian: apt-get install python3 python3-venv)'
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python3 -m venv --clear "$venv" || cannot 'python3 -m venv does not work here (Debian: apt-get install python3-venv)'
fi
python="$venv/bin/python"
# Without build isolation, maturin is looked for on the path.
export PATH="$venv/bin:$PATH"

# What pyproject.toml says is needed to build and to test. Satisfied requirements need no network.
requirements="$(mktemp)"
trap 'rm -f "$requirements"' EXIT
"$python" - >"$requirements" <<'PYTHON'
try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib

with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)
needed = project["build-system"]["requires"] + project["project"]["dependencies"]
print("\n".join(needed + project["project"]["optional-dependencies"]["test"]))
PYTHON
"$python" -m pip install --quiet --requirement "$requirements" ||
    cannot 'what the tests need could not be installed (no package registry?)'

"$python" -m pip install --quiet --no-build-isolation --no-deps --force-reinstall .
# One process for each core; the slowest tests are named.
"$python" -m pytest -q -p no:cacheprovider --numprocesses auto --dist worksteal --durations 10 tests/python "$@"
