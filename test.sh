#!/bin/bash
# Runs every test and ends with the line 'N passed, N failed'. Needs root, because tests use a real Docker engine and its host rules.
# usage: ./test.sh [PROJECT ...]      such as ./test.sh Carrel.Instances.Tests
#
# environment: CARREL_TEST_RESULTS  folder for the projects' output (default: artifacts/test-results)
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$checkout"
# shellcheck source=deploy/machine/installation.sh
. "$checkout/deploy/machine/installation.sh"
# shellcheck source=deploy/machine/docker.sh
. "$checkout/deploy/machine/docker.sh"
results=${CARREL_TEST_RESULTS:-$checkout/artifacts/test-results}
build=(--nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false)

# What the tests on real machines stand on. Everything is kept outside the checkout or in artifacts/, by the hash of what it is made of.
prepare() {
    mkdir -p "$checkout/artifacts" "$results"
    # Docker's own log stays with the results of the run that had to start it.
    data=$checkout/artifacts
    start_docker
    CARREL_TEST_IMAGE=$("$checkout/images/workstation/build.sh" --flavour minimal)
    say "publishing what machines get: the agent and the command line"
    dotnet publish src/Carrel.Agent/Carrel.Agent.csproj -c Release -r linux-x64 -o artifacts/agent "${build[@]}" >&2
    dotnet publish src/Carrel.Cli/Carrel.Cli.csproj -c Release -o artifacts/agent "${build[@]}" >&2
    CARREL_TEST_AGENT=$checkout/artifacts/agent
    CARREL_TEST_PYTHON=$("$checkout/tests/Carrel.Conformance/python/root.sh")
    CARREL_TEST_AZURE_CLI=$("$checkout/tests/Carrel.Conformance/azure-cli/root.sh")
    export CARREL_TEST_IMAGE CARREL_TEST_AGENT CARREL_TEST_PYTHON CARREL_TEST_AZURE_CLI
    say "installing the JavaScript clients"
    npm --prefix tests/Carrel.Conformance/javascript ci --no-audit --no-fund --loglevel error >&2
    say "building"
    dotnet build Carrel.slnx "${build[@]}" >&2
}

passed=0
failed=0
# run_project NAME: adds its counts; a project that crashes before it counts is one failure.
run_project() {
    local log=$results/$1.log code=0 counts
    say "testing $1"
    "tests/$1/bin/Debug/net10.0/$1" -noColor > "$log" 2>&1 || code=$?
    counts=$(sed -n 's/.*Total: \([0-9]*\), Errors: \([0-9]*\), Failed: \([0-9]*\), Skipped: \([0-9]*\), Not Run: \([0-9]*\).*/\1 \2 \3 \4 \5/p' "$log" | tail -n 1)
    if [ -z "$counts" ]; then
        tail -n 40 "$log" >&2
        failed=$((failed + 1))
        return
    fi
    # shellcheck disable=SC2086 # five numbers
    set -- $counts "$1" "$code"
    # A skipped test has shown nothing: it counts as failed.
    local bad=$(($2 + $3 + $4 + $5))
    passed=$((passed + $1 - $3 - $4 - $5))
    failed=$((failed + bad))
    if [ "$bad" != 0 ]; then
        grep -vE '^\s*$' "$log" | tail -n 120 >&2
    elif [ "$7" != 0 ]; then
        say "$6 ended with exit code $7"
        failed=$((failed + 1))
    fi
}

prepare
projects=("$@")
if [ ${#projects[@]} = 0 ]; then
    for folder in tests/*/; do
        name=$(basename "$folder")
        # A test project is one that references the test framework itself.
        if grep -qs 'Include="xunit.v3"' "tests/$name/$name.csproj"; then projects+=("$name"); fi
    done
fi
for project in "${projects[@]}"; do run_project "$project"; done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
