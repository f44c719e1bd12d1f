#!/bin/sh
# Builds the pinned litewitness of FiloSottile/torchwood into the tools cache; the last line of the output is the command's path.
# GATEHOUSE_TOOLS names the cache (default ~/.cache/gatehouse-tools). tools/witness/go.sum holds every module's hash.
set -eu
source="$(cd "$(dirname "$0")/witness" && pwd)"
cache="${GATEHOUSE_TOOLS:-$HOME/.cache/gatehouse-tools}"
pins="$(cat "$source/go.mod" "$source/go.sum" | sha256sum | cut -c1-12)"
folder="$cache/litewitness-$pins"

mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9 # two runs at once build it once
if ! [ -x "$folder/litewitness" ]; then
  command -v go >/dev/null || { echo 'witness.sh: needs Go to build litewitness; see tools/witness/go.mod for the version' >&2; exit 1; }
  echo 'witness.sh: building litewitness of FiloSottile/torchwood, about 1 minute' >&2
  # readonly: a module that go.sum does not name, or names with another hash, ends the build
  (cd "$source" && GOTOOLCHAIN=local GOFLAGS='-mod=readonly -buildvcs=false -trimpath' CGO_ENABLED=0 go build -o "$folder/litewitness.new" filippo.io/torchwood/cmd/litewitness)
  mv "$folder/litewitness.new" "$folder/litewitness" # by rename, so that half a build is never taken for the command
fi
echo "$folder/litewitness"
