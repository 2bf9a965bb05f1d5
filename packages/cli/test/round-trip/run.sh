#!/bin/sh
# A guest behind a translator with a pool of three, a witness at the far side, and what it saw back into an answer and a
# list that the far side loads. Run inside namespaces of its own; $1 seenas, $2 the export, the working folder is empty.
set -eu
seenas=$1
export=$2
node=$3
umask 022

mount -t tmpfs tmpfs /run
mkdir -p /run/netns
for name in guest nat far; do ip netns add "$name"; ip -n "$name" link set lo up; done
ip link add eth0 netns guest type veth peer name in0 netns nat
ip link add out0 netns nat type veth peer name eth0 netns far
ip -n guest addr add 10.72.2.222/24 dev eth0
ip -n nat addr add 10.72.2.1/24 dev in0
for last in 1 10 11 12 99; do ip -n nat addr add "203.0.113.$last/24" dev out0; done
ip -n far addr add 203.0.113.254/24 dev eth0
ip -n far addr add 198.51.100.25/32 dev lo
ip -n guest link set eth0 up
ip -n nat link set in0 up
ip -n nat link set out0 up
ip -n far link set eth0 up
ip -n guest route add default via 10.72.2.1 src 10.72.2.222
ip -n nat route add 198.51.100.25 via 203.0.113.254
ip netns exec nat sysctl -qw net.ipv4.ip_forward=1
ip netns exec nat nft -f - <<'NFT'
table ip cloud {
  chain post {
    type nat hook postrouting priority 100;
    oifname "out0" ip saddr 10.72.2.0/24 snat to numgen inc mod 3 map { 0 : 203.0.113.10, 1 : 203.0.113.11, 2 : 203.0.113.12 }
  }
}
NFT

# seenas is this checkout's.
seenas() { "$node" "$seenas" "$@"; }
# in NAME WORDS: shows the command, runs it there, keeps its status.
at() {
  where=$1
  shift
  echo
  echo "$where\$ seenas $*"
  status=0
  # shellcheck disable=SC2154
  ip netns exec "$where" "$node" "$seenas" "$@" || status=$?
  [ "$status" = 0 ] || echo "(exit status $status)"
}

ip netns exec far "$node" "$seenas" witness --listen smtp:198.51.100.25:587 --json --quiet >witness.json &
witness=$!
until [ -s witness.json ]; do sleep 0.1; done
key=$(sed 's/.*"key":"\([^"]*\)".*/\1/' witness.json)

seenas collect host --print sh --to 198.51.100.25:587 >kit.sh
echo 'guest$ sh kit.sh'
ip netns exec guest unshare --uts sh -c 'hostname l3-proxy; sh kit.sh'

at guest probe --to 198.51.100.25:587 --from system --repeat 15 --rate 20 --witness "$key" --json >probe.txt
sed -n '/^{/,/^}/p' probe.txt >probe.json

flow="--from l3-proxy --to 198.51.100.25:587"
echo
echo "\$ seenas witness verify probe.json --log seenas-witness.jsonl --witness $key"
seenas witness verify probe.json --log seenas-witness.jsonl --witness "$key" >verified.txt && tail -n 2 verified.txt

echo
echo "\$ seenas explain $flow --config export --evidence seenas-host-l3-proxy.txt seenas-witness.jsonl"
# shellcheck disable=SC2086
seenas explain $flow --config "$export" --evidence seenas-host-l3-proxy.txt seenas-witness.jsonl --json >explained-kit.json || true
echo "\$ seenas explain $flow --config export --evidence probe.json seenas-witness.jsonl"
# shellcheck disable=SC2086
seenas explain $flow --config "$export" --evidence probe.json seenas-witness.jsonl --json >explained.json || true
# shellcheck disable=SC2086
seenas explain $flow --config "$export" --evidence probe.json seenas-witness.jsonl | head -n 4

for format in nftables postfix; do
  echo
  echo "\$ seenas allow $flow --config export --evidence probe.json seenas-witness.jsonl --format $format --name partner"
  # shellcheck disable=SC2086
  seenas allow $flow --config "$export" --evidence probe.json seenas-witness.jsonl --format $format --name partner | tee "allowed.$format"
done

echo
echo 'far$ nft -f allowed.nftables'
ip netns exec far nft -f allowed.nftables
ip netns exec far nft -f - <<'NFT'
add chain inet seenas input { type filter hook input priority 0; }
add rule inet seenas input tcp dport 587 ip saddr @partner_v4 accept
add rule inet seenas input tcp dport 587 reject with tcp reset
NFT
for last in 10 11 12 99; do
  echo "far\$ postmap -q 203.0.113.$last cidr:allowed.postfix"
  ip netns exec far postmap -q "203.0.113.$last" cidr:allowed.postfix || echo "(not in it)"
done

at guest probe --to 198.51.100.25:587 --from system
at nat probe --to 198.51.100.25:587 --from 203.0.113.99

kill -TERM "$witness"
wait "$witness"
echo
echo "far: the witness stopped with status $?"
