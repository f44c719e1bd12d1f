#!/bin/sh
# The pinned litewitness of FiloSottile/torchwood; the last line of the output is the command's path.
exec "$(dirname "$0")/go-tool.sh" witness filippo.io/torchwood/cmd/litewitness
