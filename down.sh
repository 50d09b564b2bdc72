#!/bin/bash
# Stops Carrel's server. Instances, their data and Docker go on.
# usage: sudo ./down.sh [--purge]
#   --purge  also removes every Docker object, firewall rule and file that this installation made, with all instances and data
#
# environment: CARREL_DATA  data folder (default: .carrel beside this file)
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/machine/installation.sh
. "$checkout/deploy/machine/installation.sh"
# shellcheck source=deploy/machine/docker.sh
. "$checkout/deploy/machine/docker.sh"

# By name, because somebody may have chosen a folder that holds other things.
made_by_carrel=(administrator bin build carrel.db carrel.db.reserve carrel.db-shm carrel.db-wal client.env dockerd.log installation keys made server.lock server.log server.log.1
    server.pid server.settings shares tls)

purge_outside_data_folder() {
    if [ -e "$server_library" ]; then
        command -v docker > /dev/null || fail "there is no Docker client, so that the instances cannot be removed: install it, then run this again."
        start_docker
        say "removing instances, networks, volumes and rules"
        export_server_settings
        (cd "$data" && dotnet "$server_library" purge >&2) || fail "the purge did not end well: the lines above say why; run this again when it is mended."
    fi
    [ ! -r "$data/made" ] || while read -r name; do
        case $name in
            carrel/workstation:*) docker image rm "$name" > /dev/null 2>&1 || say "$name stays: another installation uses it" ;;
            /*/workstation-*.tar) rm -f "$name" ;;
        esac
    done < "$data/made"
}

purge_data_folder() {
    local name
    for name in "${made_by_carrel[@]}"; do rm -rf --one-file-system "${data:?}/$name"; done
    find "$data" -maxdepth 1 \( -name 'publish.??????' -o -name 'carrel.db.schema-*.backup' \) -exec rm -rf --one-file-system {} +
    rmdir "$data" 2> /dev/null || say "$data stays: it holds what Carrel did not make ($(find "$data" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | head -n 5 | paste -sd' '))."
}

purge=
case ${1-} in
    '') ;;
    --purge) purge=yes ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2 ;;
esac
require_known_settings
if [ ! -d "$data" ]; then
    say "nothing to stop: there is no $data."
    exit 0
fi
require_root
is_data_folder || fail "$data is no data folder of Carrel: nothing was stopped or removed."
lock_data_folder
if server_process > /dev/null; then
    stop_server
    say "the server has stopped; instances go on."
else
    say "no server runs."
fi
if [ -n "$purge" ]; then
    purge_outside_data_folder
    purge_data_folder
    say "everything of this installation is removed."
fi
