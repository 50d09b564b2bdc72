# shellcheck shell=bash disable=SC2154 # installation.sh sets what is used here
# The server process: healthy, started.

# Asked by the local address: the public name may lead through somebody's proxy.
server_is_healthy() {
    [ "$(curl -sk -o /dev/null -m 3 -w '%{http_code}' "https://localhost:$(https_port)/healthz")" = 200 ]
}

# What a running server was started with; another answer means that it has to be started again.
server_settings() {
    echo "$(published_hash) $url $http_port $image ${DOCKER_HOST-} ${CARREL_LISTEN-} ${CARREL_INSTANCES_DOMAIN-}" \
        "${CARREL_TLS_CERTIFICATE-} ${CARREL_TLS_KEY-} ${CARREL_ADDRESS_POOL-} ${CARREL_SSH_PORTS-}" \
        "${CARREL_SIZES-} ${CARREL_PRICES-} ${CARREL_CAPACITY-} ${CARREL_RESCUE_SPACE-} ${CARREL_NOTICE_MINUTES-} ${CARREL_NOTICE_WEBHOOK-} ${CARREL_NOTICE_SECRET-}"
}

# require_usable_settings FOLDER: the server in FOLDER says whether it can be started with these settings, before the one that runs is stopped.
require_usable_settings() {
    export_server_settings
    (cd "$data" && CARREL_IMAGE=$image dotnet "$1/Carrel.Server.dll" check 8>&- >&2) || exit 1
}

start_server() {
    local i process log=$data/server.log before
    [ ! -e "$log" ] || [ "$(stat -c %s "$log")" -lt 10485760 ] || mv "$log" "$log.1"
    before=$(stat -c %s "$log" 2> /dev/null || echo 0)
    say "starting the server"
    export_server_settings
    export CARREL_IMAGE=$image
    (cd "$data" && exec setsid nohup dotnet "$server_library" >> "$log" 2>&1 < /dev/null 8>&-) &
    process=$!
    echo "$process" > "$data/server.pid"
    server_settings > "$data/server.settings"
    for ((i = 0; i < 600; i++)); do
        if server_is_healthy && server_process > /dev/null; then return 0; fi
        kill -0 "$process" 2> /dev/null || break
        sleep 0.1
    done
    # What earlier servers said would only mislead.
    tail -c "+$((before + 1))" "$log" | tail -n 20 >&2
    stop_server
    fail "the server did not become ready: the lines above, from $log, say why."
}
