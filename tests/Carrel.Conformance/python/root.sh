#!/bin/bash
# Makes a root file system with the Azure ML SDK for Python, if the cache does not hold it already, and prints its folder.
# usage: root.sh
#
# Debian 13 has the SDK as python3-azure; one module that it imports is only in sid.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
client="python clients" recipe=$PWD/root.sh
# shellcheck source=tests/Carrel.Conformance/client-root.sh
. ../client-root.sh

suite=trixie
packages=python3-azure,python3-opentelemetry-api
sdk=/usr/lib/python3/dist-packages/azure

build() {
    local main
    main=$(debian_archive)
    printf 'deb %s %s main\n' "$main" "$suite" "$main" sid > "$work/sources.list"
    # sid moves on daily, and a mirror that is kept for long may be behind; signatures are verified all the same.
    # The SDK's package holds the client of every service: without the management clients, which the SDK for machine
    # learning brings itself, it is two thirds smaller.
    # shellcheck disable=SC2016
    run_mmdebstrap "$suite" "$work" "${smaller[@]}" --include="$packages" \
        --aptopt="APT::Default-Release \"$suite\"" --aptopt='Acquire::Check-Valid-Until "false"' \
        --dpkgopt="path-exclude=$sdk/mgmt/*" --dpkgopt="path-include=$sdk/mgmt/core/*" \
        --customize-hook='chroot "$1" python3 -c "from azure.ai.ml import MLClient, load_compute, entities, constants; import azure.identity"' \
        "$suite" "$work/root" "$work/sources.list"
}

client_root python-clients
