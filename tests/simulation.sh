#!/bin/bash
# Runs many random sequences of operations against the engine, API and store, with machines in memory and a virtual clock. No Docker, no root.
# usage: tests/simulation.sh [SEQUENCES] [FIRST_SEED]      default: 3000 sequences from seed 1
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sequences=${1:-3000}
first=${2:-1}
# The store flushes each commit to disk; what a power failure leaves is shown elsewhere.
if [ -d /dev/shm ]; then export TMPDIR=/dev/shm; fi
dotnet build tests/Carrel.Simulation.Tests --nologo -v quiet -nodeReuse:false
CARREL_SIMULATION=$first-$((first + sequences - 1)) exec tests/Carrel.Simulation.Tests/bin/Debug/net10.0/Carrel.Simulation.Tests -noColor
