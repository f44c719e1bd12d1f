#!/bin/sh
# Builds a command from its Go module in tools/<name>/ into the tools cache; the last line of the output is the command's path.
# go-tool.sh <name> <package>; GATEHOUSE_TOOLS names the cache (default ~/.cache/gatehouse-tools). go.sum holds every module's hash.
set -eu
name=$1 package=$2
source="$(cd "$(dirname "$0")/$name" && pwd)"
cache="${GATEHOUSE_TOOLS:-$HOME/.cache/gatehouse-tools}"
pins="$(find "$source" -name 'go.*' -o -name '*.go' | LC_ALL=C sort | xargs cat | sha256sum | cut -c1-12)"
folder="$cache/$name-$pins"

mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9 # two runs at once build it once
if ! [ -x "$folder/$name" ]; then
  command -v go >/dev/null || { echo "$name.sh: needs Go to build $package; see tools/$name/go.mod for the version" >&2; exit 1; }
  echo "$name.sh: building $package, 1 to 4 minutes" >&2
  # readonly: a module that go.sum does not name, or names with another hash, ends the build
  (cd "$source" && GOTOOLCHAIN=local GOFLAGS='-mod=readonly -buildvcs=false -trimpath' CGO_ENABLED=0 go build -o "$folder/$name.new" "$package")
  mv "$folder/$name.new" "$folder/$name" # by rename, so that half a build is never taken for the command
fi
echo "$folder/$name"
