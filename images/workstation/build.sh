#!/bin/bash
# Makes the workstation image, if the engine does not hold it already, and prints its reference.
# usage: build.sh [--flavour minimal]
#
# The image is named by the hash of its recipe. It comes, in this order, from the engine, from a root file system kept in the
# cache, from `docker build` where an image registry answers, or from Debian packages with mmdebstrap.
#
# environment: CARREL_CACHE          where root file systems are kept (default: ~/.cache/carrel)
#              CARREL_DEBIAN_MIRROR  Debian archive to use (default: the one this machine's apt uses)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

suite=trixie
flavour=minimal
registry_patience=5 # seconds
cache=${CARREL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/carrel}
work=

say() { echo "image: $*" >&2; }
fail() { echo "image: $*" >&2; exit 1; }
clean() { [ -z "$work" ] || rm -rf --one-file-system "$work"; }
trap clean EXIT
trap 'exit 1' INT TERM HUP

# Everything that can change the image, by content and name; not by mode or owner, which are a checkout's.
recipe_hash() {
    find Dockerfile build.sh provision.sh packages root -type f -not -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z \
        | xargs -0 sha256sum | sha256sum | cut -c1-12
}

# apt's configuration as "suite uri" lines, from deb822 files and one-line files alike.
apt_archives() {
    local file files=()
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [ ! -r "$file" ] || files+=("$file")
    done
    awk 'BEGIN { RS = ""; FS = "\n" }
        FILENAME ~ /\.sources$/ {
            uris = suites = ""; enabled = 1
            for (i = 1; i <= NF; i++) {
                if ($i ~ /^URIs:/) { uris = $i; sub(/^URIs:[ \t]*/, "", uris) }
                if ($i ~ /^Suites:/) { suites = $i; sub(/^Suites:[ \t]*/, "", suites) }
                if ($i ~ /^Enabled:[ \t]*no/) enabled = 0
            }
            n = split(uris, u, " "); m = split(suites, s, " ")
            if (enabled) for (i = 1; i <= n; i++) for (j = 1; j <= m; j++) print s[j], u[i]
            next
        }
        {
            for (i = 1; i <= NF; i++) if ($i ~ /^deb[ \t]/) {
                line = $i; sub(/^deb[ \t]+(\[[^]]*\][ \t]*)?/, "", line)
                split(line, word, " "); print word[2], word[1]
            }
        }' "${files[@]}" /dev/null
}

# The sources of the image: the machine's own Debian archive, and its security archive where it has one.
sources() {
    local main security
    main=${CARREL_DEBIAN_MIRROR:-$(apt_archives | awk '$1 ~ /^(bullseye|bookworm|trixie|forky|sid|stable|testing|unstable)$/ && $2 ~ /debian\/?$/ { print $2; exit }')}
    [ -n "$main" ] || fail "no Debian archive in this machine's apt configuration: set CARREL_DEBIAN_MIRROR to one."
    echo "deb $main $suite main"
    echo "deb $main $suite-updates main"
    security=$(apt_archives | awk '$1 ~ /-security$/ && $2 ~ /debian-security\/?$/ { print $2; exit }')
    [ -z "$security" ] || echo "deb $security $suite-security main"
}

registry_answers() { timeout "$registry_patience" docker manifest inspect "debian:$suite-slim" > /dev/null 2>&1; }

build_from_recipe() {
    docker build --network host --build-arg "FLAVOUR=$flavour" --label "carrel.image.version=$(date -u +%y.%m.%d)" --tag "$image" . >&2
}

install_mmdebstrap() {
    say "installing mmdebstrap"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap debian-archive-keyring; } > /dev/null 2>&1 \
        || fail "mmdebstrap is missing and could not be installed: install it with 'apt-get install mmdebstrap'."
}

build_root_file_system() {
    [ "$(id -u)" = 0 ] || fail "building from Debian packages needs root: run this as root."
    command -v mmdebstrap > /dev/null || install_mmdebstrap
    local keys=/usr/share/keyrings/debian-archive-keyring.gpg sources_file
    [ -e "/usr/share/keyrings/debian-archive-$suite-automatic.gpg" ] || [ -e "/usr/share/keyrings/debian-archive-$suite-automatic.pgp" ] \
        || fail "the signing keys of Debian $suite are missing: install the newest debian-archive-keyring with apt-get."
    work=$(mktemp -d "$cache/build.XXXXXX")
    sources_file=$work/sources.list
    sources > "$sources_file"
    # mmdebstrap expands $1 (the root file system) itself.
    # shellcheck disable=SC2016
    # A clean environment: what this shell exports must not decide what is in an image. And no inherited descriptors: with
    # some open, mmdebstrap's own get numbers of two digits, which the shell it writes commands for does not understand.
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TMPDIR="$work" \
        ${http_proxy+"http_proxy=$http_proxy"} ${https_proxy+"https_proxy=$https_proxy"} \
        mmdebstrap --mode=root --variant=minbase --quiet --keyring="$keys" \
        --aptopt='Apt::Install-Recommends "false"' --dpkgopt=root/etc/dpkg/dpkg.cfg.d/carrel \
        --customize-hook='mkdir "$1/tmp/recipe" && cp -r provision.sh packages root "$1/tmp/recipe"' \
        --customize-hook="chroot \"\$1\" sh /tmp/recipe/provision.sh $flavour" \
        --customize-hook='rm -rf "$1/tmp/recipe"' \
        "$suite" "$work/root.tar" "$sources_file" >&2 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- || fail "building from Debian packages failed: the lines above say why."
    mv "$work/root.tar" "$tarball"
}

# `docker import` cannot set the stop signal, so that the image is finished by a build of no steps.
import_root_file_system() {
    local root=$image-root said
    docker import "$tarball" "$root" > /dev/null
    said=$(sed -n '/^ENV/p; /^STOPSIGNAL/p; /^ENTRYPOINT/p' Dockerfile \
        | { echo "FROM $root"; cat; echo "LABEL carrel.image.flavour=$flavour carrel.image.version=$(date -u -r "$tarball" +%y.%m.%d)"; } \
        | docker build --quiet --tag "$image" - 2>&1) || fail "finishing the image failed: $said"
    docker image rm --no-prune "$root" > /dev/null
}

while [ $# -gt 0 ]; do
    case $1 in
        --flavour) flavour=${2:?--flavour needs a name}; shift 2 ;;
        *) fail "unknown argument '$1' (usage: build.sh [--flavour minimal])" ;;
    esac
done
[ -e "packages/$flavour.list" ] || fail "no flavour '$flavour'; there is: $(basename -s .list packages/*.list | paste -sd' ')"
docker version > /dev/null 2>&1 || fail "no Docker engine answers: start it first."

image=carrel/workstation:$flavour-$(recipe_hash)
tarball=$cache/workstation-${image##*:}.tar
if docker image inspect "$image" > /dev/null 2>&1; then
    say "$image is there"
else
    mkdir -p "$cache"
    # One build at a time; what a killed one left behind goes, and so do root file systems of old recipes.
    exec 9> "$cache/build.lock"
    flock 9
    find "$cache" -maxdepth 1 -name 'build.??????' -exec rm -rf --one-file-system {} +
    find "$cache" -maxdepth 1 -name 'workstation-*.tar' -mtime +30 ! -path "$tarball" -delete
    if docker image inspect "$image" > /dev/null 2>&1; then
        say "another build made $image meanwhile"
    elif [ -e "$tarball" ]; then
        say "importing $tarball"
        import_root_file_system
    elif registry_answers && build_from_recipe; then
        say "built with docker build"
    else
        say "no image registry answered: building from Debian packages (a few minutes)"
        build_root_file_system
        say "importing"
        import_root_file_system
    fi
fi
echo "$image"
