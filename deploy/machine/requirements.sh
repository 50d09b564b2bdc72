# shellcheck shell=bash disable=SC2154 # installation.sh sets what is used here
# Everything that can make up.sh impossible, checked before anything is made: each refusal is one sentence with its remedy.

needed_gibibytes=6

require_machine() {
    [ "$(uname -s)/$(uname -m)" = Linux/x86_64 ] || fail "Carrel runs on Linux on x86-64; this is $(uname -s) on $(uname -m)."
}

# Carrel moves into its own folder or an empty one; a fresh file system's lost+found counts as empty.
require_own_folder() {
    if [ ! -d "$data" ] || is_data_folder; then return 0; fi
    [ -z "$(find "$data" -mindepth 1 -maxdepth 1 ! -name lost+found -print -quit)" ] \
        || fail "CARREL_DATA is '$data', which holds other things: choose a folder that is empty or not there yet."
}

require_dotnet() {
    command -v dotnet > /dev/null || fail "the .NET 10 SDK is missing: install it, then run this again."
    (cd "$checkout" && dotnet --version 2> /dev/null | grep -q '^10\.') \
        || fail "the .NET 10 SDK is missing ('dotnet --list-sdks' has no 10.0): install it, then run this again."
}

# require_room FOLDER WHAT: also for a folder that is not there yet.
require_room() {
    local folder=$1 free
    while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
    free=$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1048576) }')
    [ "$free" -ge "$needed_gibibytes" ] \
        || fail "only $free GiB are free for $2 ($folder), $needed_gibibytes are needed: make room, then run this again."
}

require_rooms() {
    local docker_folder=/var/lib/docker
    ! docker_answers || docker_folder=$(docker info --format '{{.DockerRootDir}}')
    # An engine elsewhere keeps its data elsewhere.
    if [ -z "${DOCKER_HOST-}" ] || [ -d "$docker_folder" ]; then require_room "$docker_folder" "Docker's data"; fi
    require_room "$data" "Carrel's data"
}

port_is_taken() {
    (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null || (exec 3<> "/dev/tcp/::1/$1") 2> /dev/null
}

# A port that this installation's own server holds is not taken.
require_ports() {
    local own_url='' own_http_port=''
    ! server_process > /dev/null || read -r _ own_url own_http_port _ < "$data/server.settings" || true
    if [ "$url" != "$own_url" ] && port_is_taken "$(https_port)"; then
        fail "port $(https_port) is taken by another process: stop it, or choose another with CARREL_URL=https://localhost:PORT."
    fi
    if [ "$http_port" != 0 ] && [ "$http_port" != "$own_http_port" ] && port_is_taken "$http_port"; then
        fail "port $http_port is taken by another process: stop it, or choose another with CARREL_HTTP_PORT=PORT (0 for none)."
    fi
}

# What the server and these scripts call; a fresh Debian may lack any of them.
ensure_tools() {
    local packages=()
    command -v curl > /dev/null || packages+=(curl ca-certificates)
    command -v iptables > /dev/null || packages+=(iptables)
    ldconfig -p | grep 'libsqlite3\.so\.0' > /dev/null || packages+=(libsqlite3-0)
    [ "${#packages[@]}" = 0 ] || install_packages "${packages[@]}"
}
