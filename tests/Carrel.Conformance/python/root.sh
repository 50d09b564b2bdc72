#!/bin/bash
# Makes a root file system with the Azure ML SDK for Python, if the cache does not hold it already, and prints its folder.
# usage: root.sh
#
# Debian 13 has the SDK as python3-azure; one module that it imports is only in sid. Kept by the hash of this recipe.
#
# environment: CARREL_CACHE          where root file systems are kept (default: ~/.cache/carrel)
#              CARREL_DEBIAN_MIRROR  Debian archive to use (default: the one this machine's apt uses)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

suite=trixie
packages=python3-azure,python3-opentelemetry-api
sdk=/usr/lib/python3/dist-packages/azure
cache=${CARREL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/carrel}
work=

say() { echo "python clients: $*" >&2; }
fail() { echo "python clients: $*" >&2; exit 1; }
clean() { [ -z "$work" ] || rm -rf --one-file-system "$work"; }
trap clean EXIT
trap 'exit 1' INT TERM HUP
# shellcheck source=images/debian.sh
. ../../../images/debian.sh

build() {
    local main
    work=$(mktemp -d "$cache/python-build.XXXXXX")
    main=$(debian_archive)
    printf 'deb %s %s main\n' "$main" "$suite" "$main" sid > "$work/sources.list"
    # sid moves on daily, and a mirror that is kept for long may be behind; signatures are verified all the same.
    # The SDK's package holds the client of every service: without the management clients, which the SDK for machine
    # learning brings itself, it is two thirds smaller. Compiling all modules would take longer than downloading them, and
    # stops at one that is missing: compiled is what the cases import.
    # mmdebstrap expands $1 (the root file system) itself.
    # shellcheck disable=SC2016
    run_mmdebstrap "$suite" "$work" --variant=apt --include="$packages" \
        --aptopt="APT::Default-Release \"$suite\"" --aptopt='Acquire::Check-Valid-Until "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --dpkgopt="path-exclude=$sdk/mgmt/*" --dpkgopt="path-include=$sdk/mgmt/core/*" \
        --essential-hook='chroot "$1" dpkg-divert --quiet --local --no-rename --add /usr/bin/py3compile && ln -s true "$1/usr/bin/py3compile"' \
        --customize-hook='chroot "$1" python3 -c "from azure.ai.ml import MLClient, load_compute, entities, constants; import azure.identity"' \
        --customize-hook='mkdir -p "$1/conformance"' \
        --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*' \
        "$suite" "$work/root" "$work/sources.list"
    mv "$work/root" "$root"
}

root=$cache/python-clients-$(sha256sum < root.sh | cut -c1-12)
if [ ! -d "$root" ]; then
    mkdir -p "$cache"
    # One build at a time; what a killed one left behind goes, and so do the roots of old recipes.
    exec 9> "$cache/python.lock"
    flock 9
    find "$cache" -maxdepth 1 -name 'python-build.??????' -exec rm -rf --one-file-system {} +
    find "$cache" -maxdepth 1 -name 'python-clients-*' -mtime +30 ! -path "$root" -exec rm -rf --one-file-system {} +
    if [ ! -d "$root" ]; then
        say "building the root file system of the Azure ML SDK from Debian packages (some minutes, once)"
        build
    fi
fi
echo "$root"
