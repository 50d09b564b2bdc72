#!/bin/bash
# Brings Carrel up on this machine: Docker, the workstation image, the programs, the server. Safe to run at any time: what is in
# place stays, what is missing or out of date is made.
# usage: sudo ./up.sh
#
# environment: CARREL_DATA       data folder (default: .carrel beside this file)
#              CARREL_URL        public address (default: https://localhost:8443)
#              CARREL_HTTP_PORT  port that redirects to it (default: 8080; 0 for none)
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# = 0 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
# shellcheck source=deploy/machine/installation.sh
. "$checkout/deploy/machine/installation.sh"
# shellcheck source=deploy/machine/docker.sh
. "$checkout/deploy/machine/docker.sh"
# shellcheck source=deploy/machine/requirements.sh
. "$checkout/deploy/machine/requirements.sh"
# shellcheck source=deploy/machine/publish.sh
. "$checkout/deploy/machine/publish.sh"
# shellcheck source=deploy/machine/server.sh
. "$checkout/deploy/machine/server.sh"

staged=
data_folder_is_new=
# A failure leaves nothing half-made: not what was being published, and no data folder that holds nothing yet.
clean() {
    [ -z "$staged" ] || rm -rf "$staged"
    if [ -n "$data_folder_is_new" ] && [ ! -e "$data/bin" ]; then
        rm -rf "$data/build"
        [ -s "$data/made" ] || rm -f "$data/made"
        rmdir "$data" 2> /dev/null || true
    fi
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

make_data_folder() {
    if [ ! -d "$data" ]; then
        mkdir -p "$data" 2> /dev/null || fail "CARREL_DATA is '$data': this folder cannot be made there, choose another."
    fi
    lock_data_folder
    if ! is_data_folder; then
        chmod 0700 "$data"
        data_folder_is_new=yes
        # From here on it is known as Carrel's, also to a purge after a power cut.
        touch "$data/made"
    fi
    find "$data" -maxdepth 1 -name 'publish.??????' -exec rm -rf {} +
}

# The image, and a note of what lies outside the data folder, so that a purge finds it and only it.
make_image() {
    local cache=${CARREL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/carrel} before after name
    before=$({ docker image ls --format '{{.Repository}}:{{.Tag}}' carrel/workstation; ls -d "$cache"/workstation-*.tar 2> /dev/null || true; } | sort)
    image=$("$checkout/images/workstation/build.sh" 8>&-) || fail "there is no workstation image: the lines above say why."
    after=$({ docker image ls --format '{{.Repository}}:{{.Tag}}' carrel/workstation; ls -d "$cache"/workstation-*.tar 2> /dev/null || true; } | sort)
    for name in $(comm -13 <(echo "$before") <(echo "$after")); do
        case $name in *"${image##*:}"*) echo "$name" >> "$data/made" ;; esac
    done
}

print_summary() {
    echo "Carrel is up."
    echo "  studio            $url"
    [ ! -r "$data/administrator" ] || sed -E 's/^user: */  administrator     /; s/^password: */  password          /' "$data/administrator"
    echo "  CA certificate    $data/tls/ca.crt"
    echo "  for the clients   . $data/client.env"
    echo "  command line      $data/bin/carrel"
    echo "  log               $data/server.log"
    echo "  stop it           $checkout/down.sh"
}

# 1. Refusals, before anything is made.
require_machine
require_known_settings
require_root
require_own_folder
require_dotnet
require_docker_possible
hash=$(source_hash)
if [ "$(published_hash)" != "$hash" ]; then require_rooms; fi
require_ports

# 2. What everything stands on.
make_data_folder
ensure_tools
ensure_docker
make_image

# 3. The programs. The server in use goes on until its successor is complete.
if [ "$(published_hash)" != "$hash" ]; then
    publish_programs
    require_usable_settings "$staged/Carrel.Server"
    stop_server
    install_programs "$hash"
fi

# 4. The server.
if ! server_process > /dev/null || ! server_is_healthy || [ "$(cat "$data/server.settings" 2> /dev/null)" != "$(server_settings)" ]; then
    require_usable_settings "$data/bin/server"
    stop_server
    start_server
fi
print_summary
