import type { Rule } from "../../model/rule.ts";

/** How Linux chooses a route inside a table, and among several next hops. */

export const longestPrefix = {
  id: "linux/route/longest-prefix",
  ref: "R5",
  says: {
    en: "In a table the longest prefix wins, then the fitting TOS, then the lowest metric, then the first listed.",
    zh: "同一张表内最长前缀优先，其次 TOS 匹配，再次度量值最小，最后是排在最前的。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L02", "guest/L03", "guest/L43", "guest/L01", "guest/L03-only-the-default-fits", "guest/L17"],
} as const satisfies Rule;

export const absentMetric = {
  id: "linux/route/absent-metric",
  ref: "R6",
  says: {
    en: "An IPv4 route without a metric has metric 0, the best; on IPv6 it is 1024.",
    zh: "IPv4 路由没有度量值时为 0（最优）；IPv6 为 1024。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L02b", "guest/L31"],
} as const satisfies Rule;

export const ownAddress = {
  id: "linux/route/own-address-stays",
  ref: "R15",
  says: {
    en: "Packets to an address of the host itself stay on the host, as long as table local is asked first.",
    zh: "发往本机地址的数据包不离开本机，前提是最先查 local 表。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L20", "guest/L48", "guest/L20-own-address-bound"],
} as const satisfies Rule;

export const linkdown = {
  id: "linux/route/linkdown-still-used",
  ref: "R17",
  says: {
    en: "Routes over a device without carrier are still used, unless they are shown as dead.",
    zh: "设备没有载波时其路由仍被使用，除非显示为 dead。",
  },
  source: "https://docs.kernel.org/networking/ip-sysctl.html",
  pageDate: null,
  mark: "read",
  cases: ["guest/L28"],
} as const satisfies Rule;

export const onlink = {
  id: "linux/route/onlink",
  ref: "R18",
  says: {
    en: '"onlink" takes a gateway outside every connected prefix.',
    zh: "“onlink”允许网关不在任何直连前缀内。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L11", "guest/L11-onlink"],
} as const satisfies Rule;

export const viaOtherFamily = {
  id: "linux/route/via-inet6",
  ref: "R19",
  says: {
    en: "An IPv4 route may have an IPv6 next hop; the source is an IPv4 address of the device.",
    zh: "IPv4 路由可以使用 IPv6 下一跳；源地址是该设备的 IPv4 地址。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L49"],
} as const satisfies Rule;

export const equalDefaults = {
  id: "linux/route/equal-defaults",
  ref: "R20",
  says: {
    en: "Of two IPv4 default routes with one metric the first is used until its gateway stops answering; with different metrics there is no such change.",
    zh: "两条度量值相同的 IPv4 默认路由使用第一条，直到其网关不再应答；度量值不同则不会切换。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/fib_semantics.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L26", "guest/L27"],
} as const satisfies Rule;

export const sameSubnet = {
  id: "linux/route/two-nics-one-subnet",
  ref: "R21",
  says: {
    en: "With two interfaces in one subnet the connected route made first is used for both.",
    zh: "两个接口在同一子网时，先建立的直连路由对两者都生效。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/fib_semantics.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L50", "guest/L50-same-subnet-bound"],
} as const satisfies Rule;

export const multipathSet = {
  id: "linux/route/multipath",
  ref: "M1",
  says: {
    en: "Several next hops share the traffic by weight, and by destination unless the hash policy says otherwise: the answer is a set.",
    zh: "多个下一跳按权重（默认按目的地址）分担流量：答案是一个集合。",
  },
  source: "https://docs.kernel.org/networking/ip-sysctl.html",
  pageDate: null,
  mark: "read",
  cases: ["guest/L25", "guest/L25b"],
} as const satisfies Rule;

export const multipathSource = {
  id: "linux/route/multipath-source",
  ref: "M2",
  says: {
    en: "Each next hop uses the address of its own device, unless the route names one source for all.",
    zh: "每个下一跳使用各自设备的地址，除非路由为全部下一跳指定了同一个源地址。",
  },
  source: "https://github.com/torvalds/linux/blob/master/net/ipv4/fib_semantics.c",
  pageDate: null,
  mark: "read",
  cases: ["guest/L25", "guest/L25c"],
} as const satisfies Rule;

export const multipathMismatch = {
  id: "linux/route/multipath-mismatch",
  ref: "M3",
  says: {
    en: "With nexthop objects, and on kernels without the fix of 2025, the source and the device of a connection may be of different next hops.",
    zh: "使用 nexthop 对象时，以及内核没有 2025 年的修正时，连接的源地址与设备可能来自不同的下一跳。",
  },
  source: "https://patch.msgid.link/20251221192639.3911901-1-vadim.fedorenko@linux.dev",
  pageDate: null,
  mark: "read",
  cases: ["guest/L25b", "guest/L25d"],
} as const satisfies Rule;

export const ipv6Multipath = {
  id: "linux/route/ipv6-equal-is-multipath",
  ref: "M4",
  says: {
    en: "On IPv6 two gateway routes with one prefix and one metric become one route with two next hops.",
    zh: "IPv6 上前缀和度量值相同的两条网关路由会合并为一条多下一跳路由。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L31b"],
} as const satisfies Rule;
