#!/bin/sh
# Builds the pinned regal from its Go module into the tools cache; the last line of the output is the command's path.
# GATEHOUSE_TOOLS names the cache (default ~/.cache/gatehouse-tools). tools/regal/go.sum holds every module's hash.
set -eu
source="$(cd "$(dirname "$0")/regal" && pwd)"
cache="${GATEHOUSE_TOOLS:-$HOME/.cache/gatehouse-tools}"
pins="$(cat "$source/go.mod" "$source/go.sum" | sha256sum | cut -c1-12)"
folder="$cache/regal-$pins"

mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9 # two runs at once build it once
if ! [ -x "$folder/regal" ]; then
  command -v go >/dev/null || { echo 'regal.sh: needs Go to build regal; see tools/regal/go.mod for the version' >&2; exit 1; }
  echo 'regal.sh: building regal, 1 to 4 minutes' >&2
  # readonly: a module that go.sum does not name, or names with another hash, ends the build
  (cd "$source" && GOTOOLCHAIN=local GOFLAGS='-mod=readonly -buildvcs=false -trimpath' CGO_ENABLED=0 \
    go build -o "$folder/regal.new" github.com/open-policy-agent/regal)
  mv "$folder/regal.new" "$folder/regal" # by rename, so that half a build is never taken for the command
fi
echo "$folder/regal"
