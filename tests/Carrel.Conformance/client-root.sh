# shellcheck shell=bash
# What the root file systems of clients share: each is made once, in the cache folder, named by the hash of its recipe.
# The one that sources this says what it is in $client, has its own text in $recipe, and fills $work/root in build().
#
# environment: CARREL_CACHE          where root file systems are kept (default: ~/.cache/carrel)
#              CARREL_DEBIAN_MIRROR  Debian archive to use (default: the one this machine's apt uses)
cache=${CARREL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/carrel}
work=

# shellcheck disable=SC2154 # set by the one that sources this
say() { echo "$client: $*" >&2; }
fail() { echo "$client: $*" >&2; exit 1; }
clean() { [ -z "$work" ] || rm -rf --one-file-system "$work"; }
trap clean EXIT
trap 'exit 1' INT TERM HUP
# shellcheck source=images/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../images/debian.sh"

# Options that every client's root takes: no manuals and translations; compiling all modules would take longer than downloading them,
# and stops at one that is missing: compiled is what the cases import. mmdebstrap expands $1 (the root file system) itself.
# shellcheck disable=SC2016,SC2034 # and used there
smaller=(
    --variant=apt
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*'
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright'
    --essential-hook='chroot "$1" dpkg-divert --quiet --local --no-rename --add /usr/bin/py3compile && ln -s true "$1/usr/bin/py3compile"'
    --customize-hook='mkdir -p "$1/conformance"'
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*'
)

# client_root NAME: makes the root NAME-HASH unless it is there, and prints its folder.
client_root() {
    local root
    # shellcheck disable=SC2154 # set by the one that sources this
    root=$cache/$1-$(cat "$recipe" "${BASH_SOURCE[0]}" | sha256sum | cut -c1-12)
    if [ ! -d "$root" ]; then
        mkdir -p "$cache"
        # One build at a time; what a killed one left behind goes, and so do the roots of old recipes.
        exec 9> "$cache/$1.lock"
        flock 9
        find "$cache" -maxdepth 1 -name "$1-build.??????" -exec rm -rf --one-file-system {} +
        find "$cache" -maxdepth 1 -name "$1-????????????" -mtime +30 ! -path "$root" -exec rm -rf --one-file-system {} +
        if [ ! -d "$root" ]; then
            say "building its root file system from Debian packages (some minutes, once)"
            work=$(mktemp -d "$cache/$1-build.XXXXXX")
            build
            mv "$work/root" "$root"
        fi
    fi
    echo "$root"
}
