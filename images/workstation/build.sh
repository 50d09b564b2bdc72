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
# shellcheck source=images/debian.sh
. ../debian.sh

# Everything that can change the image, by content and name; not by mode or owner, which are a checkout's.
recipe_hash() {
    find Dockerfile build.sh ../debian.sh provision.sh packages root -type f -not -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z \
        | xargs -0 sha256sum | sha256sum | cut -c1-12
}

# The sources of the image: the machine's own Debian archive, and its security archive where it has one.
sources() {
    local main security
    main=$(debian_archive)
    echo "deb $main $suite main"
    echo "deb $main $suite-updates main"
    security=$(debian_security_archive)
    [ -z "$security" ] || echo "deb $security $suite-security main"
}

registry_answers() { timeout "$registry_patience" docker manifest inspect "debian:$suite-slim" > /dev/null 2>&1; }

build_from_recipe() {
    docker build --network host --build-arg "FLAVOUR=$flavour" --label "carrel.image.version=$(date -u +%y.%m.%d)" --tag "$image" . >&2
}

build_root_file_system() {
    work=$(mktemp -d "$cache/build.XXXXXX")
    sources > "$work/sources.list"
    # mmdebstrap expands $1 (the root file system) itself.
    # shellcheck disable=SC2016
    run_mmdebstrap "$suite" "$work" --variant=minbase --dpkgopt=root/etc/dpkg/dpkg.cfg.d/carrel \
        --customize-hook='mkdir "$1/tmp/recipe" && cp -r provision.sh packages root "$1/tmp/recipe"' \
        --customize-hook="chroot \"\$1\" sh /tmp/recipe/provision.sh $flavour" \
        --customize-hook='rm -rf "$1/tmp/recipe"' \
        "$suite" "$work/root.tar" "$work/sources.list"
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
