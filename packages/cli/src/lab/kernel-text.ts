import { FIRST_PORT, LISTENS, WAYS } from "./worker.ts";

const each = (what: (way: number) => string): string => Array.from({ length: WAYS }, (_, way) => what(way)).join("\n");

/** Replies leave by the way that their packet came in. */
export const waysBack = (): string => each((way) => `rule add pref ${10 + way} fwmark ${way + 1} lookup ${1001 + way}`);

/** Marks what comes in by its way, and hands all of it to the lab's own listeners. What asks for an echo is remembered.
 * A zone for each way: the ports of an earlier network's packets, seen again by another way, must not be handed on as then. */
export const WITNESS = `table inet lab {
set echo4 { type ipv4_addr . mark; flags dynamic; size 4096;
}
set echo6 { type ipv6_addr . mark; flags dynamic; size 4096;
}
chain marks { type filter hook prerouting priority -300; policy accept;
${each((way) => `iifname "d${way}" meta mark set ${way + 1} ct original zone set ${way + 1}`)}
icmp type echo-request add @echo4 { ip saddr . meta mark }
icmpv6 type echo-request add @echo6 { ip6 saddr . meta mark }
}
chain mail {
}
chain here { type nat hook prerouting priority -100; policy accept;
jump mail
${each(
  (way) => `iifname "d${way}" meta nfproto ipv4 meta l4proto { tcp, udp } dnat ip to ${LISTENS[4]}:${FIRST_PORT + way}
iifname "d${way}" meta nfproto ipv6 meta l4proto { tcp, udp } dnat ip6 to [${LISTENS[6]}]:${FIRST_PORT + way}`,
)}
icmp type echo-request dnat ip to ${LISTENS[4]}
icmpv6 type echo-request dnat ip6 to ${LISTENS[6]}
}
}`;

/** Who answers TCP while a mail server is asked. */
export const MAIL_RULES = [
  `add rule inet lab mail meta nfproto ipv4 meta l4proto tcp dnat ip to ${LISTENS[4]}:25`,
  `add rule inet lab mail meta nfproto ipv6 meta l4proto tcp dnat ip6 to [${LISTENS[6]}]:25`,
];

/** For the sender and the destination. */
export const END_SETTINGS = `cd /proc/sys/net
for f in ipv4/conf/*/rp_filter; do echo 0 > $f; done
for f in ipv4/conf/*/accept_local; do echo 1 > $f; done
echo 1 > ipv4/tcp_fwmark_accept
echo 1 > ipv4/fwmark_reflect
echo 1 > ipv6/fwmark_reflect
echo 1 > ipv4/fib_multipath_hash_policy
echo 1 > ipv6/fib_multipath_hash_policy
echo 1 > ipv4/tcp_syn_retries
ip link set lo up`;

/** For a router: its name, its family. */
export const ROUTER_SETTINGS = `(cd /proc/sys/net
for f in ipv4/conf/*/rp_filter; do echo 0 > $f; done
for f in ipv4/conf/*/accept_local; do echo 1 > $f; done
echo 1 > ipv4/ip_forward; echo 1 > ipv6/conf/all/forwarding
echo 0 > ipv4/icmp_ratelimit; echo 0 > ipv6/icmp/ratelimit
echo 1 > ipv4/fib_multipath_hash_policy; echo 1 > ipv6/fib_multipath_hash_policy
# All namespaces share one secret: without seeds of their own routers in a row choose alike.
[ -e ipv4/fib_multipath_hash_seed ] && echo $((7 + \${1#r})) > ipv4/fib_multipath_hash_seed)
ip -$2 -batch $1.ip && nft -f $1.nft || exit 1
# A link takes a moment. IPv6 looks a lost SYN's route up again, and then with the source: the first must not be lost.
[ $2 = 4 ] && exit 0
tries=100
while ip -o link | grep -q "NO-CARRIER\\|state DOWN" && [ $tries -gt 0 ]; do tries=$((tries - 1)); sleep 0.02; done`;
