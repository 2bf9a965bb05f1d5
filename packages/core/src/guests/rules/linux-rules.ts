import type { Rule } from "../../model/rule.ts";

/** How Linux chooses a table: policy rules. */

export const priorityOrder = {
  id: "linux/rule/priority-order",
  ref: "R1",
  says: {
    en: "Policy rules are tried from the lowest priority number to the highest; equal numbers in the order printed.",
    zh: "策略规则按优先级数字从小到大依次尝试；数字相同时按显示顺序。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L04", "guest/L44a", "guest/L44d"],
} as const satisfies Rule;

export const unnumberedRule = {
  id: "linux/rule/unnumbered-newest-first",
  ref: "R2",
  says: {
    en: "A rule added without a number gets one below the others, so the newest stands first; the printed number decides.",
    zh: "未指定数字的规则得到比其他规则更小的数字，因此最新的排在最前；以显示的数字为准。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L44a"],
} as const satisfies Rule;

export const tableFirst = {
  id: "linux/rule/table-before-prefix",
  ref: "R3",
  says: {
    en: "Prefix lengths are compared inside one table only: a default route in an earlier table beats a host route in main.",
    zh: "前缀长度只在同一张表内比较：较早的表里的默认路由胜过 main 表里的主机路由。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L04"],
} as const satisfies Rule;

export const nextRule = {
  id: "linux/rule/no-match-goes-on",
  ref: "R4",
  says: {
    en: "A table without a matching route, or with a throw route, hands on to the next rule; blackhole, unreachable and prohibit end the search.",
    zh: "表中没有匹配路由或匹配到 throw 路由时继续下一条规则；blackhole、unreachable、prohibit 会终止查找。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: [
    "guest/L05",
    "guest/L18",
    "guest/L19",
    "guest/L05-match-in-table",
    "guest/L18-prohibit",
    "guest/L18-throw",
    "guest/L18-unreachable-rule",
    "guest/L18-unreachable",
    "guest/L19-blackhole-ends",
    "guest/L19-default-of-the-table",
  ],
} as const satisfies Rule;

export const tableMetric = {
  id: "linux/rule/metric-inside-table",
  ref: "R7",
  says: {
    en: "Metrics are compared inside one table only.",
    zh: "度量值只在同一张表内比较。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L45"],
} as const satisfies Rule;

export const suppressPrefixLength = {
  id: "linux/rule/suppress-prefix-length",
  ref: "R8",
  says: {
    en: "suppress_prefixlength N throws away a result whose prefix is N bits or shorter and goes on with the next rule.",
    zh: "suppress_prefixlength N 会丢弃前缀长度不超过 N 的结果并继续下一条规则。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L16", "guest/L57", "guest/L16-specific-route-of-main", "guest/L57-bound-specific-route-of-main"],
} as const satisfies Rule;

export const suppressGroup = {
  id: "linux/rule/suppress-group",
  ref: "R9",
  says: {
    en: "suppress_ifgroup G throws away a result whose device is in group G.",
    zh: "suppress_ifgroup G 会丢弃设备属于组 G 的结果。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L46"],
} as const satisfies Rule;

export const invertAndGoto = {
  id: "linux/rule/not-goto-nop",
  ref: "R10",
  says: {
    en: '"not" turns the whole condition round, "goto" jumps ahead, "nop" does nothing.',
    zh: "“not”对整个条件取反，“goto”向后跳转，“nop”不做任何事。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L44c", "guest/L47", "guest/L47-not-to-outside"],
} as const satisfies Rule;

export const fromNeedsSource = {
  id: "linux/rule/from-needs-source",
  ref: "R11",
  says: {
    en: 'A rule "from X" does not match while the packet has no source yet.',
    zh: "数据包尚无源地址时，“from X”规则不匹配。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L06", "guest/L21", "guest/L06-udp-looks-up-once", "guest/L21-from-rules-only-bound"],
} as const satisfies Rule;

export const inAndOutDevice = {
  id: "linux/rule/iif-and-oif",
  ref: "R12",
  says: {
    en: '"iif lo" means packets made on this host, other iif forwarded ones; "oif X" means sockets bound to X.',
    zh: "“iif lo”表示本机产生的数据包，其他 iif 表示转发的数据包；“oif X”表示绑定到 X 的套接字。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L14", "guest/L15"],
} as const satisfies Rule;

export const markMask = {
  id: "linux/rule/fwmark-mask",
  ref: "R13",
  says: {
    en: "A fwmark rule compares the bits of its mask; without a mask all 32 bits.",
    zh: "fwmark 规则比较掩码所含的位；没有掩码时比较全部 32 位。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L22", "guest/L56"],
} as const satisfies Rule;

export const userAndPorts = {
  id: "linux/rule/uid-protocol-port",
  ref: "R14",
  says: {
    en: "uidrange looks at the owner of the socket, ipproto and dport at the flow: mail may leave otherwise than web.",
    zh: "uidrange 看套接字的所有者，ipproto 和 dport 看流量本身：邮件和网页可能走不同的出口。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L23", "guest/L24", "guest/L24-web"],
} as const satisfies Rule;

export const ruleErrors = {
  id: "linux/rule/errors",
  ref: "R16",
  says: {
    en: "A blackhole route fails with EINVAL, unreachable with EHOSTUNREACH, prohibit with EACCES, no route with ENETUNREACH; a rule of type unreachable with ENETUNREACH.",
    zh: "blackhole 路由报 EINVAL，unreachable 报 EHOSTUNREACH，prohibit 报 EACCES，无路由报 ENETUNREACH；unreachable 类型的规则报 ENETUNREACH。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: [
    "guest/L18",
    "guest/L19",
    "guest/L18-prohibit",
    "guest/L18-throw",
    "guest/L18-unreachable-rule",
    "guest/L18-unreachable",
    "guest/L19-blackhole-ends",
    "guest/L19-default-of-the-table",
  ],
} as const satisfies Rule;

export const vrfRule = {
  id: "linux/rule/vrf",
  ref: "R22",
  says: {
    en: "The table of a VRF is used only by sockets bound to the VRF or to its members.",
    zh: "VRF 的路由表只对绑定到该 VRF 或其成员接口的套接字生效。",
  },
  source: "https://docs.kernel.org/networking/vrf.html",
  pageDate: null,
  mark: "read",
  cases: ["gcp/guest-vrf"],
} as const satisfies Rule;
