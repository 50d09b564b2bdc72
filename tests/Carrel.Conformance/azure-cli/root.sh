#!/bin/bash
# Makes a root file system with the Azure command line (az), if the cache does not hold it already, and prints its folder.
# usage: root.sh
#
# Debian 12 has it as azure-cli 2.45. That version asks Microsoft whether an authority is genuine and has no switch for it yet (newer ones:
# core.instance_discovery): the one line that the switch changes is set here. And Debian built it against a newer authorization SDK, in which "config" of
# its clients is called "_config": without that name every "az role" command and "create-for-rbac --role" ends in a Python fault before it asks anything.
# Nothing else is changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
client="azure command line" recipe=$PWD/root.sh
# shellcheck source=tests/Carrel.Conformance/client-root.sh
. ../client-root.sh

suite=bookworm

build() {
    printf 'deb %s %s main\n' "$(debian_archive)" "$suite" > "$work/sources.list"
    # shellcheck disable=SC2016
    run_mmdebstrap "$suite" "$work" "${smaller[@]}" --include=azure-cli,ca-certificates \
        --customize-hook='printf "127.0.0.1 localhost\n::1 localhost\n" > "$1/etc/hosts"' \
        --customize-hook='sed -i "/def _msal_app_kwargs/,/return {/ s/return {/return {\"instance_discovery\": False,/" "$1/usr/lib/python3/dist-packages/azure/cli/core/auth/identity.py"' \
        --customize-hook='chroot "$1" grep -q "return {\"instance_discovery\": False," /usr/lib/python3/dist-packages/azure/cli/core/auth/identity.py' \
        --customize-hook='sed -i "s/\(definitions\|assignments\)_client\.config\./\1_client._config./" "$1/usr/lib/python3/dist-packages/azure/cli/command_modules/role/custom.py"' \
        --customize-hook='chroot "$1" grep -q "assignments_client._config.subscription_id" /usr/lib/python3/dist-packages/azure/cli/command_modules/role/custom.py' \
        --customize-hook='chroot "$1" env HOME=/tmp AZURE_CORE_COLLECT_TELEMETRY=false az version > /dev/null && rm -rf "$1/tmp/.azure"' \
        "$suite" "$work/root" "$work/sources.list"
}

client_root azure-cli
