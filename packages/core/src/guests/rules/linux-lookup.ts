import type { Rule } from "../../model/rule.ts";

/** How many times Linux looks a route up, and what binding to a device changes. */

export const twoLookups = {
  id: "linux/lookup/ipv4-connect-twice",
  ref: "K1",
  says: {
    en: "An IPv4 connection looks the route up twice: first to choose the source, then with it, so a from rule may change the device while the source stays.",
    zh: "IPv4 连接查两次路由：先选源地址，再带着源地址查一次；因此 from 规则可能改变设备，而源地址不变。",
  },
  source: "https://github.com/torvalds/linux/blob/master/include/net/route.h",
  pageDate: null,
  mark: "read",
  cases: ["guest/L06", "guest/L06-udp-looks-up-once"],
} as const satisfies Rule;

export const oneLookup = {
  id: "linux/lookup/unconnected-once",
  ref: "K2",
  says: {
    en: "An unconnected IPv4 UDP socket looks the route up once, so from rules do not act on the chosen source.",
    zh: "未 connect 的 IPv4 UDP 套接字只查一次路由，from 规则对自动选择的源地址不起作用。",
  },
  source: "https://github.com/torvalds/linux/blob/master/include/net/route.h",
  pageDate: null,
  mark: "read",
  cases: ["guest/L06", "guest/L06-udp-looks-up-once"],
} as const satisfies Rule;

export const sourcePortLate = {
  id: "linux/lookup/source-port-late",
  ref: "K1a",
  says: {
    en: "A program that binds to no port gets an ephemeral one (32768-60999 by default); TCP over IPv4 looks the route up again with it, so a sport rule may change the device while the source stays.",
    zh: "未绑定端口的程序获得一个临时端口（默认 32768-60999）；IPv4 上的 TCP 会带着该端口再查一次路由，因此 sport 规则可能改变设备，而源地址不变。",
  },
  source: "https://github.com/torvalds/linux/blob/master/include/net/route.h",
  pageDate: null,
  mark: "read",
  cases: ["guest/source-port"],
} as const satisfies Rule;

export const ipv6Once = {
  id: "linux/lookup/ipv6-once",
  ref: "K3",
  says: {
    en: "IPv6 looks the route up once: a from rule has no effect on a source that was chosen automatically.",
    zh: "IPv6 只查一次路由：from 规则对自动选择的源地址不起作用。",
  },
  source: "https://docs.kernel.org/networking/ip-sysctl.html",
  pageDate: null,
  mark: "read",
  cases: ["guest/L32", "guest/L32-bound", "guest/L32-udp-too"],
} as const satisfies Rule;

export const ipv6Retry = {
  id: "linux/lookup/ipv6-retry",
  ref: "K4",
  says: {
    en: "When the first IPv6 lookup fails, a source is chosen from all interfaces and the lookup repeats with it.",
    zh: "IPv6 第一次查找失败时，从所有接口选择源地址后再查一次。",
  },
  source: "https://docs.kernel.org/networking/ip-sysctl.html",
  pageDate: null,
  mark: "read",
  cases: ["guest/L33", "guest/L33b"],
} as const satisfies Rule;

export const fromRulesOnly = {
  id: "linux/lookup/from-rules-only",
  ref: "K5",
  says: {
    en: "With from rules alone and no default route in main, an unbound IPv4 socket finds no route.",
    zh: "只有 from 规则而 main 表没有默认路由时，未绑定的 IPv4 套接字找不到路由。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L21", "guest/L21-from-rules-only-bound"],
} as const satisfies Rule;

export const routeGetOnce = {
  id: "linux/lookup/route-get",
  ref: "K6",
  says: {
    en: "ip route get looks up once, with mark 0 and no port: with from rules it tells what UDP does, not TCP.",
    zh: "ip route get 只查一次，标记为 0、无端口：存在 from 规则时它反映的是 UDP，而不是 TCP。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L06", "guest/L24", "guest/L06-udp-looks-up-once", "guest/L24-web"],
} as const satisfies Rule;

export const routeGetNoNat = {
  id: "linux/lookup/route-get-no-netfilter",
  ref: "K7",
  says: {
    en: "ip route get shows nothing of what netfilter does.",
    zh: "ip route get 不显示 netfilter 的任何修改。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "What ip route get prints is taken for a route and no more; the host's packet filter is evaluated behind it.",
    zh: "ip route get 的输出只当作路由；主机的包过滤在其后另行求值。",
  },
} as const satisfies Rule;

export const routeGetFrom = {
  id: "linux/lookup/route-get-from",
  ref: "K8",
  says: {
    en: "In the answer to ip route get D from S the source is S, whatever src it prints.",
    zh: "ip route get D from S 的答案中源地址就是 S，无论打印的 src 是什么。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L53", "guest/L32", "guest/L32-bound", "guest/L32-udp-too"],
} as const satisfies Rule;

export const boundDevice = {
  id: "linux/lookup/bound-device",
  ref: "D1",
  says: {
    en: "A socket bound to a device uses only next hops on that device, even of a worse metric.",
    zh: "绑定到设备的套接字只使用该设备上的下一跳，即使度量值更差。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L14"],
} as const satisfies Rule;

export const boundOnLink = {
  id: "linux/lookup/bound-device-on-link",
  ref: "D2",
  says: {
    en: "A socket bound to a device without a fitting route treats every IPv4 destination as on link; on IPv6 the network is unreachable.",
    zh: "绑定的设备没有合适路由时，所有 IPv4 目的地址都被当作直连；IPv6 则网络不可达。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/route.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L14b", "guest/L34"],
} as const satisfies Rule;

export const boundTwoLookups = {
  id: "linux/lookup/bound-device-from-rule",
  ref: "D3",
  says: {
    en: "A connection bound to a device takes its source on link first and then finds the gateway by a from rule; unconnected UDP does not.",
    zh: "绑定设备的连接先按直连选出源地址，再通过 from 规则找到网关；未 connect 的 UDP 不会。",
  },
  source: "https://github.com/torvalds/linux/blob/master/include/net/route.h",
  pageDate: null,
  mark: "read",
  cases: ["guest/L14c"],
} as const satisfies Rule;

export const unicastInterface = {
  id: "linux/lookup/unicast-if",
  ref: "D4",
  says: {
    en: "IP_UNICAST_IF moves UDP only.",
    zh: "IP_UNICAST_IF 只影响 UDP。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/udp.c",
  pageDate: null,
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "A program sets the option on its socket; no command of the host shows it.",
    zh: "由程序在套接字上设置，主机命令不会显示。",
  },
} as const satisfies Rule;

export const reversePath = {
  id: "linux/lookup/rp-filter",
  ref: "P1",
  says: {
    en: "rp_filter chooses no source; it drops replies that come back by another interface.",
    zh: "rp_filter 不选择源地址；它丢弃从其他接口返回的应答。",
  },
  source: "https://docs.kernel.org/networking/ip-sysctl.html",
  pageDate: null,
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "It drops replies and chooses no source.",
    zh: "它丢弃应答，不选择源地址。",
  },
} as const satisfies Rule;
