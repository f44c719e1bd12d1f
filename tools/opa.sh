#!/bin/sh
# The pinned OPA; the last line of the output is the command's path.
set -eu
version=1.22.2
command="$("$(dirname "$0")/go-tool.sh" opa github.com/open-policy-agent/opa | tail -n 1)"
"$command" version | grep -qx "Version: $version" || { echo "opa.sh: what was built is not OPA $version" >&2; exit 1; }
echo "$command"
