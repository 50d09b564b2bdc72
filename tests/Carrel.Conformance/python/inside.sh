#!/bin/bash
# Runs a Python program of this folder as run.sh does, but in the network of a machine and with the variables of its terminals instead of ours.
# usage: inside.sh ROOT PROGRAM CA MACHINE        (MACHINE: the container's id)
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${1:?ROOT is missing} program=${2:?PROGRAM is missing} authority=${3:?CA is missing} machine=${4:?MACHINE is missing}
for name in $(compgen -e | grep -E '^(APPSETTING|ARM|AZURE|CARREL|CI|DEFAULT|MSI)_'); do unset "$name"; done
# By export and not as arguments: one of them is a secret.
while IFS= read -r line; do export "${line?}"; done < <(
    docker exec -u azureuser "$machine" sh -c '. /etc/profile.d/carrel.sh; env' | grep -E '^(APPSETTING|ARM|AZURE|CARREL|CI|DEFAULT|MSI)_'
)
exec nsenter --target "$(docker inspect --format '{{.State.Pid}}' "$machine")" --net "$folder/run.sh" "$root" "$program" "$authority"
