#!/bin/sh
# Builds the pinned fsck of transparency-dev/tessera into the tools cache; the last line of the output is the command's path.
# GATEHOUSE_TOOLS names the cache (default ~/.cache/gatehouse-tools). tools/fsck/go.sum holds every module's hash.
set -eu
source="$(cd "$(dirname "$0")/fsck" && pwd)"
cache="${GATEHOUSE_TOOLS:-$HOME/.cache/gatehouse-tools}"
pins="$(cat "$source/go.mod" "$source/go.sum" "$source/main.go" | sha256sum | cut -c1-12)"
folder="$cache/fsck-$pins"

mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9 # two runs at once build it once
if ! [ -x "$folder/fsck" ]; then
  command -v go >/dev/null || { echo 'fsck.sh: needs Go to build fsck; see tools/fsck/go.mod for the version' >&2; exit 1; }
  echo 'fsck.sh: building fsck of transparency-dev/tessera, about 1 minute' >&2
  # readonly: a module that go.sum does not name, or names with another hash, ends the build
  (cd "$source" && GOTOOLCHAIN=local GOFLAGS='-mod=readonly -buildvcs=false -trimpath' CGO_ENABLED=0 go build -o "$folder/fsck.new" .)
  mv "$folder/fsck.new" "$folder/fsck" # by rename, so that half a build is never taken for the command
fi
echo "$folder/fsck"
