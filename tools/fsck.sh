#!/bin/sh
# The pinned fsck of transparency-dev/tessera; the last line of the output is the command's path.
exec "$(dirname "$0")/go-tool.sh" fsck .
