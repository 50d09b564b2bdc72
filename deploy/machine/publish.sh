# shellcheck shell=bash disable=SC2154 # installation.sh sets what is used here
# From the checkout's sources to programs in the data folder.

# The hash of everything that decides what is built: tracked files and new ones, by name and content.
source_hash() (
    cd "$checkout" || exit
    if git -c safe.directory='*' rev-parse --is-inside-work-tree > /dev/null 2>&1; then
        git -c safe.directory='*' ls-files -z --cached --others --exclude-standard -- src images 'Directory.*.props' global.json
    else
        find src images Directory.*.props global.json -type f -not -path '*/bin/*' -not -path '*/obj/*' -print0
    fi | LC_ALL=C sort -zu | while IFS= read -r -d '' file; do [ ! -f "$file" ] || printf '%s\0' "$file"; done \
        | xargs -0 sha256sum | sha256sum | cut -c1-64
)

published_hash() { cat "$data/bin/source-hash" 2> /dev/null || echo none; }

# publish_project NAME FILE [OPTION...]: builds into $staged/NAME, which must then hold FILE. Intermediate files stay out of the checkout,
# so that root leaves nothing in it.
publish_project() {
    say "publishing $1"
    dotnet publish "$checkout/src/$1/$1.csproj" -c Release "${@:3}" -o "$staged/$1" --artifacts-path "$data/build" --nologo -v quiet \
        -p:UseSharedCompilation=false -nodeReuse:false 8>&- >&2 || fail "$1 does not build: the lines above say why. What ran before still runs."
    [ -e "$staged/$1/$2" ] || fail "$1 was published without $2: the project's settings do not fit up.sh."
}

# Leaves the finished programs in $staged; nothing in use is touched.
publish_programs() {
    staged=$(mktemp -d "$data/publish.XXXXXX")
    publish_project Carrel.Server Carrel.Server.dll
    # The machine it goes into has no .NET of its own.
    publish_project Carrel.Agent carrel-agent -r linux-x64
    publish_project Carrel.Cli carrel
}

# install_programs HASH: each swap is a rename. The agent's folder stays the same one, because running machines have it mounted.
install_programs() {
    local program
    mkdir -p "$data/bin/agent"
    rm -f "$data/bin/source-hash"
    rm -rf "$data/bin/server.old"
    [ ! -e "$data/bin/server" ] || mv "$data/bin/server" "$data/bin/server.old"
    mv "$staged/Carrel.Server" "$data/bin/server"
    for program in Carrel.Agent/carrel-agent Carrel.Cli/carrel; do
        chmod 0755 "$staged/$program"
        mv "$staged/$program" "$data/bin/agent/${program#*/}.new"
        mv "$data/bin/agent/${program#*/}.new" "$data/bin/agent/${program#*/}"
    done
    chmod 0755 "$data/bin/agent"
    # The command line of the host is the machines' own.
    ln -f "$data/bin/agent/carrel" "$data/bin/carrel"
    echo "$1" > "$data/bin/source-hash"
    rm -rf "$data/bin/server.old" "$staged"
    staged=
}
