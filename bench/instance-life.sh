#!/bin/bash
# How long people wait for a machine, beside the same container driven by the docker client alone. Prints medians of 10 and their ratio.
# usage: bench/instance-life.sh [ROUNDS]
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$checkout"
CARREL_TEST_IMAGE=$(images/workstation/build.sh --flavour minimal)
dotnet publish src/Carrel.Agent/Carrel.Agent.csproj -c Release -r linux-x64 -o artifacts/agent --nologo -v quiet >&2
export CARREL_TEST_IMAGE CARREL_TEST_AGENT=$checkout/artifacts/agent
dotnet build bench/Carrel.Bench.InstanceLife -c Release --nologo -v quiet >&2
exec bench/Carrel.Bench.InstanceLife/bin/Release/net10.0/Carrel.Bench.InstanceLife "$@"
