# Sourced by test.sh, from the root of the repository.

# as_for_the_package COMMAND...: runs it with what maturin told pyo3's build script when it last built the package. With
# anything else, each of lints and package would make Cargo compile pyo3, and all that is built on it, anew.
as_for_the_package() {
    local target="${CARGO_TARGET_DIR:-target}" config
    [[ "$target" == /* ]] || target="$PWD/$target"
    for config in "$target"/maturin/pyo3-config-*-abi3.txt; do
        if [[ -f "$config" ]]; then
            PYO3_CONFIG_FILE="$config" PYO3_BUILD_EXTENSION_MODULE=1 "$@"
            return
        fi
    done
    "$@"
}
