#!/bin/bash
# Proves that a machine made from the image keeps the contract between image, agent, host and gateway, with a stand-in for the
# agent. Removes all that it made, also after a failure; the exit code is 0 only when every check passed.
# usage: check.sh [IMAGE]        (default: the image that build.sh makes)
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
image=${1:-$("$here/build.sh")} || exit 1
name=carrel-image-check-$$
label=carrel.image.check=$$
machine_secret=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
secret=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
owner_folder=/home/azureuser/cloudfiles/code/Users/ada
passed=0 failed=0
work=$(mktemp -d)

clean() {
    docker ps -aq --filter "label=$label" | xargs -r docker rm -f -v > /dev/null
    docker volume ls -q --filter "label=$label" | xargs -r docker volume rm > /dev/null
    rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM HUP

# check SENTENCE COMMAND...: the command must succeed.
check() {
    if "${@:2}" > "$work/said" 2>&1; then
        passed=$((passed + 1)); echo "ok    $1"
    else
        failed=$((failed + 1)); echo "FAIL  $1"; sed 's/^/      /' "$work/said" | head -n 20
    fi
}
inside() { docker exec "$name" "$@"; }
as_owner() { docker exec -u azureuser -e HOME=/home/azureuser -w /home/azureuser "$name" "$@"; }
address() { docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$name"; }
# answers STATUS PATH [curl arguments]
answers() {
    local got
    got=$(curl -s -o /dev/null -m 10 -w '%{http_code}' "${@:3}" "http://$(address):8888$2")
    [ "$got" = "$1" ] || { echo "$2 answered $got, not $1"; return 1; }
}
gateway=(-H "X-Carrel-Proxy-Secret: $secret" -H "X-Carrel-User: ada")
socket=(-H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==')
milliseconds() { echo $(($(date +%s%N) / 1000000)); }
# wait_for SECONDS COMMAND...
wait_for() {
    local end=$(($(milliseconds) + $1 * 1000))
    until "${@:2}" > /dev/null 2>&1; do
        [ "$(milliseconds)" -lt "$end" ] || return 1
        sleep 0.02
    done
}
start_and_time() {
    local before
    before=$(milliseconds)
    docker start "$name" > /dev/null || return 1
    wait_for 30 answers 200 /api/status "${gateway[@]}" || return 1
    took=$(($(milliseconds) - before))
}
nothing_listens() { ! inside sh -c 'grep -qi ":22B8 .* 0A " /proc/net/tcp /proc/net/tcp6'; }
equals() { [ "$1" = "$2" ] || { echo "got '$1', not '$2'"; return 1; }; }
service_is() { inside sv status "/etc/carrel/sv/$1" | grep -q "^$2:"; }

# The stand-in agent: writes what the agent writes, brings Jupyter up, and stays. `hold` makes it do nothing.
mkdir -m 0755 "$work/agent"
cat > "$work/agent/carrel-agent" <<AGENT
#!/bin/sh
[ -e /opt/carrel/agent/hold ] && exec sleep infinity
umask 077
printf %s '$secret' > /run/carrel/jupyter-secret
umask 022
printf "%s='%s'\n" CARREL_OWNER_FOLDER $owner_folder CI_NAME check CI_WORKSPACE w CI_RESOURCE_GROUP g CI_LOCAL_UBUNTU_USER azureuser > /run/carrel/settings.env
sv up /etc/carrel/sv/jupyter
exec sleep infinity
AGENT
chmod 0755 "$work" "$work/agent/carrel-agent"
mkdir -p "$work/share/Users/ada"
chown -R 1000:1000 "$work/share"
docker volume create --label "$label" "$name-home" > /dev/null || exit 1
capabilities=(CHOWN DAC_OVERRIDE FOWNER FSETID SETUID SETGID SETPCAP SYS_CHROOT KILL NET_BIND_SERVICE AUDIT_WRITE)
docker create --name "$name" --hostname check --label "$label" --cap-drop ALL "${capabilities[@]/#/--cap-add=}" \
    --memory 2g --pids-limit 4096 --tmpfs /mnt:mode=1777,size=64m \
    --mount "type=volume,source=$name-home,target=/home/azureuser" \
    --mount "type=bind,source=$work/share,target=/home/azureuser/cloudfiles/code,readonly" \
    --mount "type=bind,source=$work/share/Users/ada,target=$owner_folder" \
    --mount "type=bind,source=$work/agent,target=/opt/carrel/agent,readonly" "$image" > /dev/null || exit 1
printf %s "$machine_secret" > "$work/machine-secret"
chmod 0600 "$work/machine-secret"
tar -C "$work" --owner=0 --group=0 -cf - machine-secret | docker cp - "$name:/var/lib/carrel" || exit 1

echo "image $image"
touch "$work/agent/hold"
check "it starts" docker start "$name"
check "the agent's service comes up" wait_for 10 service_is agent run
check "Jupyter and sshd stay down until somebody asks" service_is jupyter down
inside sv up /etc/carrel/sv/jupyter > /dev/null 2>&1
sleep 1.5
check "without the secret's file nothing listens on 8888" nothing_listens
inside sh -c 'sv down /etc/carrel/sv/jupyter; : > /run/carrel/jupyter-secret; sv up /etc/carrel/sv/jupyter' > /dev/null 2>&1
sleep 1.5
check "with an empty secret nothing listens on 8888" nothing_listens
inside sh -c 'echo short > /run/carrel/jupyter-secret' ; sleep 2.5
check "with a secret that is none nothing listens on 8888" nothing_listens
docker stop -t 10 "$name" > /dev/null
rm "$work/agent/hold"

check "it starts to a working Jupyter" start_and_time
echo "      ${took:-none} ms from start to the first 200"
# shellcheck disable=SC2016 # the shell inside expands it
check "/run/carrel was emptied by the boot and holds the agent's files" inside sh -c '[ "$(stat -Lc %a /run/carrel)" = 755 ] && [ "$(cat /run/carrel/jupyter-secret)" != short ]'
for path in /api/status /api /lab /lab/tree/x / /tree /login /logout /api/kernels /api/me /api/contents /api/terminals \
    /static/favicon.ico /static/lab/index.html /static/base/js/none.js /lab/extensions/none /lab/api/settings /favicon.ico /robots.txt \
    /files/x /view/x /nbconvert/html/x /metrics /kernelspecs/python3/logo-64x64.png /nothing /nothing/; do
    check "without the secret $path is refused" answers 403 "$path"
done
check "a wrong secret is refused" answers 403 /api/status -H "X-Carrel-Proxy-Secret: ${secret%?}x"
check "a token of Jupyter's own is refused" answers 403 '/api/status?token=' -H 'Authorization: token x'
for path in /api/kernels/6d3f2c1e-0000-4000-8000-000000000000/channels /terminals/websocket/1 /api/events/subscribe; do
    check "without the secret the WebSocket $path is refused" answers 403 "$path" "${socket[@]}"
done
for path in /api/status /lab /api/contents /api/me /static/favicon.ico /metrics; do
    check "with the secret $path answers" answers 200 "$path" "${gateway[@]}"
done
for path in /tree /tree/ /tree/a%2Fb /notebooks/x.ipynb /edit/x; do
    check "the classic address $path leads to JupyterLab" answers 302 "$path" "${gateway[@]}"
done
check "the person's name is the gateway's" sh -c "curl -s -H 'X-Carrel-Proxy-Secret: $secret' -H 'X-Carrel-User: ada' http://$(address):8888/api/me | grep -q '\"username\": \"ada\"'"

# A kernel over the WebSocket, with the tornado that is in the image.
cat > "$work/kernel.py" <<'KERNEL'
import asyncio, json, sys, uuid
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

async def main(secret, code):
    headers = {"X-Carrel-Proxy-Secret": secret, "X-Carrel-User": "ada"}
    base = "127.0.0.1:8888"
    answer = await AsyncHTTPClient().fetch(HTTPRequest(f"http://{base}/api/kernels", method="POST", headers=headers, body='{"name": "python3"}'))
    kernel = json.loads(answer.body)["id"]
    socket = await websocket_connect(HTTPRequest(f"ws://{base}/api/kernels/{kernel}/channels", headers=headers))
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "ada", "session": "s", "version": "5.3"}
    await socket.write_message(json.dumps({"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": {"code": code, "silent": False}}))
    while True:
        message = json.loads(await socket.read_message())
        if message["msg_type"] == "stream":
            print(message["content"]["text"], end="")
        if message["msg_type"] in ("error", "execute_reply"):
            print("".join(message["content"].get("traceback", [])), end="", file=sys.stderr)
            break
    await AsyncHTTPClient().fetch(HTTPRequest(f"http://{base}/api/kernels/{kernel}", method="DELETE", headers=headers))

asyncio.run(asyncio.wait_for(main(sys.argv[1], sys.argv[2]), 30))
KERNEL
cp "$work/kernel.py" "$work/share/kernel.py"
kernel() { inside python3 /home/azureuser/cloudfiles/code/kernel.py "$secret" "$1"; }
check "a kernel computes" equals "$(kernel 'print(6*7)')" 42
check "a kernel knows its instance" equals "$(kernel 'import os; print(os.environ["CI_NAME"], os.environ["CI_LOCAL_UBUNTU_USER"])')" "check azureuser"
# What the owner can see without sudo: every environment, command line and open file of the machine.
as_owner sh -c 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline /proc/[0-9]*/fd/3 /run/carrel/jupyter-secret /var/lib/carrel/machine-secret' > "$work/seen" 2> /dev/null < /dev/null
inside sh -c 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline' > "$work/seen-by-root" 2> /dev/null
check "the owner sees neither secret in an environment, command line or file" sh -c "! grep -aq -e $secret -e $machine_secret '$work/seen'"
check "not even root sees one in an environment or command line" sh -c "test -s '$work/seen-by-root' && ! grep -aq -e $secret -e $machine_secret '$work/seen-by-root'"
check "the machine's secret is root's" equals "$(inside stat -c '%U %a' /var/lib/carrel/machine-secret)" "root 600"
check "sudo needs no password" equals "$(as_owner sudo -n id -u)" 0
check "an interactive shell starts in the owner's folder" equals "$(as_owner bash -ic pwd 2> /dev/null)" "$owner_folder"
# shellcheck disable=SC2016
check "a login shell starts there too and knows its instance" equals "$(as_owner bash -lic 'echo $PWD $CI_NAME' 2> /dev/null)" "$owner_folder check"
check "a command over the shell stays where it is" equals "$(as_owner bash -lc pwd)" /home/azureuser
check "the owner writes in the own folder" as_owner touch "$owner_folder/mine"
check "but not in another's" sh -c "! docker exec -u azureuser $name touch /home/azureuser/cloudfiles/code/Users/other 2> /dev/null"
check "the owner installs packages" sh -c "docker exec $name apt-get update -qq && docker exec $name apt-cache policy hello | grep -q Candidate"
check "sshd makes host keys of its own" sh -c "docker exec $name sh -c 'test ! -e /var/lib/carrel/ssh && sv up /etc/carrel/sv/sshd' && sleep 2 && docker exec $name test -s /var/lib/carrel/ssh/ssh_host_ed25519_key"
check "sshd answers" sh -c "docker exec $name bash -c 'exec 3<>/dev/tcp/127.0.0.1/22; head -n1 <&3' | grep -q SSH-2.0"
check "services keep a log" inside test -s /var/lib/carrel/log/jupyter/current
check "the log holds no secret" sh -c "! docker exec $name grep -rq -e $secret -e $machine_secret /var/lib/carrel/log"

as_owner sh -c 'echo kept > ~/kept; echo lost > /mnt/lost'
before=$(milliseconds)
check "it stops" docker stop -t 10 "$name"
echo "      $(($(milliseconds) - before)) ms to stop"
check "it starts again" start_and_time
echo "      ${took:-none} ms from start to the first 200"
check "the private disk was kept" equals "$(as_owner cat /home/azureuser/kept)" kept
check "/mnt was not" inside test ! -e /mnt/lost
check "sshd is down again" service_is sshd down
docker kill "$name" > /dev/null
check "it starts after a kill" start_and_time

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
