# shellcheck shell=bash disable=SC2034,SC2154 # used by and set by the one that sources this
# What up.sh and down.sh agree on: where an installation keeps its things, and how its server process is found.
# The one that sources this has set `checkout`.

data=${CARREL_DATA:-$checkout/.carrel}
case $data in /*) ;; *) data=$PWD/$data ;; esac
# Without '..' and doubled slashes, so that one folder has one name; links stay, because people chose them.
data=$(realpath -ms -- "$data")
url=${CARREL_URL:-https://localhost:8443}
case $url in *[!/]/) url=${url%/} ;; esac
http_port=${CARREL_HTTP_PORT:-8080}
server_library=$data/bin/server/Carrel.Server.dll

say() { echo "carrel: $*" >&2; }
fail() { echo "carrel: $*" >&2; exit 1; }

# The port of CARREL_URL, 443 when it names none.
https_port() {
    local authority=${url#https://}
    authority=${authority%%/*}
    case $authority in
        *\]) echo 443 ;;
        *:*) echo "${authority##*:}" ;;
        *) echo 443 ;;
    esac
}

require_known_settings() {
    case $url in https://?*) ;; *) fail "CARREL_URL is '$url': it must begin with https://." ;; esac
    [[ $url =~ ^https://[^/?#@[:space:]]+$ ]] || fail "CARREL_URL is '$url': it is https://HOST or https://HOST:PORT, without a path."
    is_port "$(https_port)" || fail "CARREL_URL is '$url': its port must be a number from 1 to 65535."
    [ "$http_port" = 0 ] || is_port "$http_port" || fail "CARREL_HTTP_PORT is '$http_port': it must be a number from 1 to 65535, or 0 for none."
    [ "$http_port" != "$(https_port)" ] || fail "CARREL_HTTP_PORT is '$http_port', the port of CARREL_URL too: choose another, or 0 for none."
    case $data in / | "$checkout" | "${HOME%/}") fail "CARREL_DATA is '$data': it must be a folder of its own." ;; esac
    [ ! -e "$data" ] || [ -d "$data" ] || fail "CARREL_DATA is '$data': that is a file, it must be a folder."
}

is_port() { [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] && [ "$1" -le 65535 ]; }

# Whether an installation lives in the data folder. A purge removes names as common as `bin` there: /usr must not pass for one.
is_data_folder() { [ -e "$data/made" ] || [ -e "$data/installation" ] || [ -e "$data/server.settings" ]; }

require_root() {
    [ "$(id -u)" = 0 ] || fail "this needs root, because Carrel keeps firewall rules and folders of other users: run 'sudo $0'."
}

# The process id of this installation's server, if it runs. A number alone proves nothing: after a reboot it may be anybody's.
server_process() {
    local process
    read -r process 2> /dev/null < "$data/server.pid" || return 1
    [[ $process =~ ^[0-9]+$ ]] || return 1
    tr '\0' '\n' 2> /dev/null < "/proc/$process/cmdline" | grep -qxF "$server_library" || return 1
    echo "$process"
}

# stop_server: asks, waits 20 seconds, then kills. The instances go on.
stop_server() {
    local process i
    if process=$(server_process); then
        say "stopping the server (process $process)"
        kill -TERM "$process" 2> /dev/null || true
        for ((i = 0; i < 200; i++)); do
            server_process > /dev/null || break
            sleep 0.1
        done
        if server_process > /dev/null; then
            say "it did not stop within 20 seconds: killing it"
            kill -KILL "$process" 2> /dev/null || true
            sleep 0.5
        fi
    fi
    rm -f "$data/server.pid"
}

# Only one up.sh or down.sh works on a data folder at a time. The lock is on the folder itself and leaves no file.
lock_data_folder() {
    exec 8< "$data"
    flock -n 8 || fail "another up.sh or down.sh is at work in $data: wait until it has ended."
}

# What the server is told; also for its subcommands.
export_server_settings() {
    export CARREL_DATA=$data CARREL_URL=$url CARREL_HTTP_PORT=$http_port CARREL_AGENT_FOLDER=$data/bin/agent
}
