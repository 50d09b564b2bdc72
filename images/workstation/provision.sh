#!/bin/sh
# Turns a minimal Debian trixie root file system into a workstation. Runs as root INSIDE it, from the folder that holds the
# recipe; used alike by `docker build` and by mmdebstrap, so that both give the same machine.
# usage: provision.sh FLAVOUR
set -eu
flavour=$1
recipe=$(cd "$(dirname "$0")" && pwd)
export DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=
unset PYTHONDONTWRITEBYTECODE

say() { echo "workstation: $*" >&2; }

# 1. Our files. Modes are set here, because a checkout's depend on somebody's umask.
copy_files() {
    tar -C "$recipe/root" --owner=0 --group=0 --mode=u=rwX,go=rX -cf - . | tar -C / --no-overwrite-dir -xpf -
    chmod 0440 /etc/sudoers.d/carrel
}

# 2. Debian's jupyterlab depends on about 90 Node packages (800 MB) which only building its front end needs, and the front end
# is already built in the package. One empty package stands in for them all.
stand_in_for_front_end_tools() {
    provides=$(apt-cache show --no-all-versions jupyterlab | sed -n 's/^Depends: //p' | tr ',' '\n' \
        | sed -E 's/^ +//; s/[ (|:].*//' | grep -E '^(node-.*|nodejs|npm|jest|webpack|yarnpkg)$' | sort -u | sed 's/$/ (= 999)/' | paste -sd, -)
    work=$(mktemp -d)
    mkdir "$work/DEBIAN"
    printf '%s\n' 'Package: carrel-front-end-tools' 'Version: 1' 'Architecture: all' 'Maintainer: Carrel <root@localhost>' \
        "Provides: $provides" 'Description: stands in for build tools that a prebuilt JupyterLab never runs' > "$work/DEBIAN/control"
    chmod 0755 "$work" "$work/DEBIAN"
    dpkg-deb --build --root-owner-group "$work" "$work.deb" > /dev/null
    dpkg --install "$work.deb" > /dev/null
    rm -r "$work" "$work.deb"
}

install_packages() {
    # The list holds plain words, one a line.
    # shellcheck disable=SC2046
    apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 \
        -o Dpkg::Options::=--force-confold $(grep -hv '^#' "$recipe/packages/$flavour.list") > /tmp/install.log 2>&1 \
        || { tail -n 40 /tmp/install.log >&2; exit 1; }
    rm /tmp/install.log
}

# 3. The one user of the machine. '*' and not '!': sshd refuses keys of a locked account when it does not use PAM.
make_user() {
    groupadd --gid 1000 azureuser
    useradd --uid 1000 --gid 1000 --create-home --shell /bin/bash --password '*' azureuser
    install -d -o azureuser -g azureuser /home/azureuser/cloudfiles /home/azureuser/cloudfiles/code
}

# 4. Services. What runit keeps about a service lives below /run/carrel, in memory: it works with a full disk, and nothing
# of an earlier boot is believed.
prepare_services() {
    chmod 0755 /usr/lib/carrel/init /etc/carrel/sv/*/run /etc/carrel/sv/*/log/run
    for service in agent jupyter sshd; do
        ln -s "/run/carrel/supervise/$service" "/etc/carrel/sv/$service/supervise"
        ln -s "/run/carrel/supervise/$service.log" "/etc/carrel/sv/$service/log/supervise"
    done
    rm -rf /run/carrel
    ln -s /dev/carrel /run/carrel
    install -d -m 0755 /opt/carrel /opt/carrel/agent /var/lib/carrel /var/lib/carrel/log
    # A memory file system mounted here takes over this mode, whatever mode was asked for.
    chmod 1777 /mnt
}

# 5. Shells that are not login shells read only bash.bashrc; and of that a command given to ssh reads only what stands before the line that sends scripts away.
prepare_shells() {
    sed -i '1i [ -r /etc/profile.d/carrel.sh ] && . /etc/profile.d/carrel.sh' /etc/bash.bashrc
}

# 6. Nothing that must differ between machines, nothing that can be had again.
clean() {
    rm -f /etc/ssh/ssh_host_*_key* /etc/machine-id /var/lib/dbus/machine-id
    apt-get clean
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/*.log /var/log/apt
    find /usr/share/doc -mindepth 2 ! -name copyright ! -type d -delete
    rm -rf /usr/share/man/* /usr/share/info/* /usr/share/locale/*
}

say "copying files"
copy_files
say "reading package lists"
apt-get update -qq
stand_in_for_front_end_tools
say "installing packages"
install_packages
say "preparing user and services"
make_user
prepare_services
prepare_shells
# Everything is compiled now, so that the first start of a machine is not slower than the second.
python3 -m compileall -q /usr/lib/carrel
clean
