# What a person's shell knows of the machine: the CI_* variables, and the owner's folder to start in.
# Read by login shells and, through /etc/bash.bashrc, by other interactive ones and commands given to ssh; a second reading changes nothing.
if [ -r /run/carrel/settings.env ]; then
    set -a
    # shellcheck source=/dev/null
    . /run/carrel/settings.env
    set +a
fi
if [ "$(id -u)" = 1000 ] && [ "$PWD" = "$HOME" ] && [ -z "${CARREL_SHELL_MOVED-}" ] && [ -d "${CARREL_OWNER_FOLDER-}" ]; then
    case $- in
        *i*) cd "$CARREL_OWNER_FOLDER" || true ;;
    esac
fi
# Only the first shell moves: whoever then goes home and starts another one meant it.
export CARREL_SHELL_MOVED=1
