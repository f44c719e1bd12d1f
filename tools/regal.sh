#!/bin/sh
# The pinned regal; the last line of the output is the command's path.
exec "$(dirname "$0")/go-tool.sh" regal github.com/open-policy-agent/regal
