#!/bin/bash
# Sends many mutated requests to a whole server in one process, over its TLS socket. No Docker, no root.
# usage: tests/fuzz.sh [REQUESTS] [SEED]      default: 100000 requests of the seed that is the date
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
requests=${1:-100000}
seed=${2:-$(date +%Y%m%d)}
if [ -d /dev/shm ]; then export TMPDIR=/dev/shm; fi
dotnet build tests/Carrel.Fuzz.Tests --nologo -v quiet -nodeReuse:false
CARREL_FUZZ=$seed:1-$requests exec tests/Carrel.Fuzz.Tests/bin/Debug/net10.0/Carrel.Fuzz.Tests -noColor
