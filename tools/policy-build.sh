#!/bin/sh
# policy-build.sh [SOURCE [BUNDLE]]: compiles the Rego below SOURCE (default policies) to WebAssembly and writes policy.wasm
# and manifest.json into BUNDLE (default SOURCE/bundle). The same Rego gives the same bytes.
# Without arguments it writes the table of rules into docs/policy.md as well.
set -eu
tools="$(cd "$(dirname "$0")" && pwd)"
root="$(dirname "$tools")"
source="$(cd "${1:-$root/policies}" && pwd)"
mkdir -p "${2:-$source/bundle}"
bundle="$(cd "${2:-$source/bundle}" && pwd)"
opa="$("$tools/opa.sh" | tail -n 1)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

cd "$source" # paths inside Wasm and manifest are relative to this folder
"$opa" build --target wasm --ignore '*_test.rego' --ignore data.json --ignore bundle --output "$work/bundle.tar.gz" .
tar -xzf "$work/bundle.tar.gz" -C "$work" /policy.wasm 2>/dev/null # tar says that it drops the leading slash
"$opa" inspect --annotations --format json . >"$work/inspect.json"
node "$tools/policy-manifest.mjs" "$work/policy.wasm" "$work/inspect.json" >"$work/manifest.json"
install -m 644 "$work/policy.wasm" "$work/manifest.json" "$bundle/"
[ $# -gt 0 ] || node "$tools/policy-table.mjs" "$bundle/manifest.json" "$root/docs/policy.md"
