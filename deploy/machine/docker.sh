# shellcheck shell=bash disable=SC2154 # installation.sh sets what is used here
# A Docker engine that answers: found, started or installed.

docker_answers() { command -v docker > /dev/null && timeout 10 docker info > /dev/null 2>&1; }

wait_for_docker() {
    local i
    for ((i = 0; i < $1 * 2; i++)); do
        ! docker_answers || return 0
        sleep 0.5
    done
    return 1
}

# install_packages PACKAGE...: Debian packages, without questions.
install_packages() {
    command -v apt-get > /dev/null || fail "these are missing and there is no apt-get to install them: $*. Install them, then run this again."
    say "installing $*"
    local said
    said=$({ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } 2>&1) \
        || fail "apt-get could not install $*: $(tail -n 1 <<< "$said")"
}

require_docker_possible() {
    docker_answers && return 0
    [ -z "${DOCKER_HOST-}" ] || fail "no Docker engine answers at DOCKER_HOST=$DOCKER_HOST: start it there, or unset DOCKER_HOST."
    command -v dockerd > /dev/null || command -v apt-get > /dev/null \
        || fail "there is no Docker engine, and no apt-get to install one: install Docker, then run this again."
}

start_docker() {
    docker_answers && return 0
    [ -z "${DOCKER_HOST-}" ] || fail "no Docker engine answers at DOCKER_HOST=$DOCKER_HOST: start it there, or unset DOCKER_HOST."
    say "starting the Docker engine"
    if [ -d /run/systemd/system ]; then
        systemctl start docker || fail "Docker does not start: 'journalctl -u docker' says why."
        wait_for_docker 60 || fail "Docker was started but does not answer: 'journalctl -u docker' says why."
    else
        # It outlives this command and the server: instances run under it.
        setsid nohup dockerd >> "$data/dockerd.log" 2>&1 < /dev/null 8>&- &
        wait_for_docker 60 || fail "Docker was started but does not answer: $data/dockerd.log says why."
    fi
}

ensure_docker() {
    docker_answers && return 0
    require_docker_possible
    if ! command -v dockerd > /dev/null || ! command -v docker > /dev/null || ! command -v iptables > /dev/null; then
        local packages=(docker.io iptables)
        # In newer Debian the client is a package of its own, and only recommended.
        ! apt-cache show docker-cli > /dev/null 2>&1 || packages+=(docker-cli)
        install_packages "${packages[@]}"
        # Where the installation starts the engine, give it the time.
        wait_for_docker 3 && return 0
    fi
    start_docker
}
