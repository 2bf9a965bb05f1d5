import type { Rule } from "../../model/rule.ts";

/** What a host's own packet filter does to what the host sends. */

const HOOKS = "https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks";
const EXTENSIONS = "https://ipset.netfilter.org/iptables-extensions.man.html";

export const markReroutes = {
  id: "linux/filter/mark-reroutes",
  ref: "N1",
  says: {
    en: "A mark set in mangle OUTPUT, or in an nft chain of type route, makes the kernel route again and keeps the source; one of type filter does not.",
    zh: "在 mangle OUTPUT 或 nft 的 route 类型链中设置标记会重新路由并保留源地址；filter 类型链不会。",
  },
  source: HOOKS,
  pageDate: null,
  mark: "read",
  cases: ["guest/L29", "guest/L29-masqueraded", "guest/L29b"],
} as const satisfies Rule;

export const masquerade4 = {
  id: "linux/filter/masquerade",
  ref: "N2",
  says: {
    en: "MASQUERADE takes the outgoing device's primary address in the next hop's subnet; the src of the route has no say.",
    zh: "MASQUERADE 取出口设备在下一跳子网内的主地址；路由的 src 不起作用。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/netfilter/nf_nat_masquerade.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L29-masqueraded", "guest/L36", "guest/L36b"],
} as const satisfies Rule;

export const masquerade6 = {
  id: "linux/filter/masquerade-ipv6",
  ref: "N2 (IPv6)",
  says: {
    en: "For IPv6 MASQUERADE chooses the source anew among the addresses, whatever src the route has.",
    zh: "对 IPv6，MASQUERADE 会在地址中重新选择源地址，与路由的 src 无关。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/netfilter/nf_nat_masquerade.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L38"],
} as const satisfies Rule;

export const snat = {
  id: "linux/filter/snat",
  ref: "N3",
  says: {
    en: "SNAT gives the source it names, an address of the host or not, and never routes again.",
    zh: "SNAT 使用其指定的源地址（不论是否为本机地址），且不会重新路由。",
  },
  source: EXTENSIONS,
  pageDate: null,
  mark: "read",
  cases: ["guest/L39", "guest/L39-interface-named", "guest/L39b", "guest/L39c", "guest/L40-not-accepted"],
} as const satisfies Rule;

export const firstTerminating = {
  id: "linux/filter/first-match",
  ref: "N4",
  says: {
    en: "The first rule that holds and ends the chain decides; RETURN or ACCEPT before it means that it is not translated here.",
    zh: "第一条匹配并终止链的规则起决定作用；若之前有 RETURN 或 ACCEPT，则此处不转换。",
  },
  source: "https://manpages.debian.org/iptables/iptables.8.en.html",
  pageDate: null,
  mark: "read",
  cases: ["guest/L39-another-port", "guest/L39-udp", "guest/L40"],
} as const satisfies Rule;

export const severalChains = {
  id: "linux/filter/several-chains",
  ref: "N5",
  says: {
    en: "Several nat chains are asked by priority, and the first that translates decides; the order of equal ones is not printed.",
    zh: "多个 nat 链按优先级依次查询，首个进行转换的起决定作用；相同优先级的顺序不会显示。",
  },
  source: HOOKS,
  pageDate: null,
  mark: "read",
  cases: ["guest/L41", "guest/L41-accepted-there", "guest/L41b"],
} as const satisfies Rule;

export const everyCondition = {
  id: "linux/filter/conditions",
  ref: "N6",
  says: {
    en: "A rule without -o and -s also holds for the host's own traffic; where a condition cannot be evaluated, both ways stand.",
    zh: "没有 -o 和 -s 的规则同样适用于本机流量；条件无法求值时，两种结果都成立。",
  },
  source: EXTENSIONS,
  pageDate: null,
  mark: "read",
  cases: ["guest/L42", "guest/L42f"],
} as const satisfies Rule;

export const snatRange = {
  id: "linux/filter/snat-range",
  ref: "N7",
  says: {
    en: "SNAT to a range spreads connections over all of it.",
    zh: "SNAT 到一个范围时，连接会分布到整个范围。",
  },
  source: EXTENSIONS,
  pageDate: null,
  mark: "read",
  cases: ["guest/L54"],
} as const satisfies Rule;

export const ownDestination = {
  id: "linux/filter/own-destination",
  ref: "N8",
  says: {
    en: "DNAT in OUTPUT sends to another destination with the same source; REDIRECT hands the connection to a local program, which makes the real one.",
    zh: "OUTPUT 中的 DNAT 保留源地址并改发到其他目的地；REDIRECT 把连接交给本地程序，由它建立真正的连接。",
  },
  source: EXTENSIONS,
  pageDate: null,
  mark: "read",
  cases: ["guest/L55"],
} as const satisfies Rule;
