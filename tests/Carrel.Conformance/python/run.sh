#!/bin/bash
# Runs a Python program of this folder inside the root file system of root.sh, with this environment.
# usage: run.sh ROOT PROGRAM CA
#
# ROOT is not written to. All mounts live in a name space of their own, which goes with its last process, however that ends;
# the network is the machine's.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${1:?ROOT is missing} program=${2:?PROGRAM is missing} authority=${3:?CA is missing}
export root folder program authority
# shellcheck disable=SC2016 # the inner shell expands
exec unshare --mount --propagation private --pid --fork --kill-child -- sh -euc '
    mount --bind "$root" "$root"
    mount -o remount,bind,ro "$root"
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/dev"
    : > "$root/dev/null"; mount --bind /dev/null "$root/dev/null"
    : > "$root/dev/urandom"; mount --bind /dev/urandom "$root/dev/urandom"
    mount -t tmpfs tmpfs "$root/tmp"
    mount --bind "$folder" "$root/conformance"
    mount -o remount,bind,ro "$root/conformance"
    cp "$authority" "$root/tmp/ca.crt"
    exec env -u root -u folder -u program -u authority HOME=/tmp LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
        REQUESTS_CA_BUNDLE=/tmp/ca.crt SSL_CERT_FILE=/tmp/ca.crt chroot "$root" python3 "/conformance/$program"
'
