#!/bin/sh
# Builds the pinned OPA from its Go module into the tools cache; the last line of the output is the command's path.
# GATEHOUSE_TOOLS names the cache (default ~/.cache/gatehouse-tools). tools/opa/go.sum holds every module's hash.
set -eu
version=1.22.2
source="$(cd "$(dirname "$0")/opa" && pwd)"
cache="${GATEHOUSE_TOOLS:-$HOME/.cache/gatehouse-tools}"
pins="$(cat "$source/go.mod" "$source/go.sum" | sha256sum | cut -c1-12)"
folder="$cache/opa-$version-$pins"

mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9 # two runs at once build it once
if ! [ -x "$folder/opa" ]; then
  command -v go >/dev/null || { echo 'opa.sh: needs Go to build OPA; see tools/opa/go.mod for the version' >&2; exit 1; }
  echo "opa.sh: building OPA $version, 1 to 4 minutes" >&2
  # readonly: a module that go.sum does not name, or names with another hash, ends the build
  (cd "$source" && GOTOOLCHAIN=local GOFLAGS='-mod=readonly -buildvcs=false -trimpath' CGO_ENABLED=0 \
    go build -o "$folder/opa.new" github.com/open-policy-agent/opa)
  "$folder/opa.new" version | grep -qx "Version: $version" || { echo "opa.sh: what was built is not OPA $version" >&2; exit 1; }
  mv "$folder/opa.new" "$folder/opa" # by rename, so that half a build is never taken for the command
fi
echo "$folder/opa"
