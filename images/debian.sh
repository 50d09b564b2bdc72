# shellcheck shell=bash
# What the builders of root file systems share: where this machine gets Debian from, and mmdebstrap in a clean environment.
# The one that sources this has set `fail` and `say`.

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

# The machine's own Debian archive; CARREL_DEBIAN_MIRROR, when set, is taken instead.
debian_archive() {
    local main
    main=${CARREL_DEBIAN_MIRROR:-$(apt_archives | awk '$1 ~ /^(bullseye|bookworm|trixie|forky|sid|stable|testing|unstable)$/ && $2 ~ /debian\/?$/ { print $2; exit }')}
    [ -n "$main" ] || fail "no Debian archive in this machine's apt configuration: set CARREL_DEBIAN_MIRROR to one."
    echo "$main"
}

# The machine's own archive of security updates; nothing where it has none.
debian_security_archive() { apt_archives | awk '$1 ~ /-security$/ && $2 ~ /debian-security\/?$/ { print $2; exit }'; }

install_mmdebstrap() {
    say "installing mmdebstrap"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap debian-archive-keyring; } > /dev/null 2>&1 \
        || fail "mmdebstrap is missing and could not be installed: install it with 'apt-get install mmdebstrap'."
}

# run_mmdebstrap SUITE TEMPORARY ARGUMENT...: fails where this machine cannot. What it says goes into TEMPORARY/log, and its end is shown when it fails.
run_mmdebstrap() {
    local release=$1 temporary=$2
    shift 2
    [ "$(id -u)" = 0 ] || fail "building from Debian packages needs root: run this as root."
    command -v mmdebstrap > /dev/null || install_mmdebstrap
    [ -e "/usr/share/keyrings/debian-archive-$release-automatic.gpg" ] || [ -e "/usr/share/keyrings/debian-archive-$release-automatic.pgp" ] \
        || fail "the signing keys of Debian $release are missing: install the newest debian-archive-keyring with apt-get."
    # A clean environment: what this shell exports must not decide what is in an image. And no inherited descriptors: with
    # some open, mmdebstrap's own get numbers of two digits, which the shell it writes commands for does not understand.
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TMPDIR="$temporary" \
        ${http_proxy+"http_proxy=$http_proxy"} ${https_proxy+"https_proxy=$https_proxy"} \
        mmdebstrap --mode=root --keyring=/usr/share/keyrings/debian-archive-keyring.gpg --aptopt='Apt::Install-Recommends "false"' \
        --verbose "$@" > "$temporary/log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- && return
    tail -n 30 "$temporary/log" >&2
    fail "building from Debian packages failed: the lines above say why."
}
