import type { Rule } from "../../model/rule.ts";

/** Which IPv6 source address Linux gives a packet. */

export const ipv6Source = {
  id: "linux/source/ipv6-selection",
  ref: "V1",
  says: {
    en: "The src of the route, else RFC 6724: scope, not deprecated, outgoing interface, label, temporary, longest common prefix.",
    zh: "先用路由的 src，否则按 RFC 6724：作用域、非 deprecated、出口接口、标签、临时地址、最长公共前缀。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc6724",
  pageDate: null,
  mark: "read",
  cases: ["guest/L35", "guest/L35-route-src"],
} as const satisfies Rule;

export const ipv6Newest = {
  id: "linux/source/ipv6-first-listed",
  ref: "V2",
  says: {
    en: "Between equal IPv6 addresses the first listed is used, which is the newest.",
    zh: "IPv6 地址完全相当时使用最先列出的，即最新添加的。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc6724",
  pageDate: null,
  mark: "read",
  cases: ["guest/L35", "guest/L35-route-src"],
} as const satisfies Rule;

export const ipv6CommonPrefix = {
  id: "linux/source/ipv6-common-prefix",
  ref: "V3",
  says: {
    en: "The longest common prefix is counted in bits against the destination, not as membership of a subnet.",
    zh: "最长公共前缀按与目的地址相同的位数计算，而不是看是否同子网。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc6724",
  pageDate: null,
  mark: "read",
  cases: ["guest/L35b"],
} as const satisfies Rule;

export const ipv6Avoided = {
  id: "linux/source/ipv6-avoided",
  ref: "V4",
  says: {
    en: "Deprecated and tentative addresses are avoided; unique local addresses serve unique local destinations.",
    zh: "避免使用 deprecated 和 tentative 地址；ULA 地址用于 ULA 目的地址。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc6724",
  pageDate: null,
  mark: "read",
  cases: ["guest/L35c", "guest/L35d", "guest/L35d-unique-local-for-unique-local"],
} as const satisfies Rule;

export const ipv6Temporary = {
  id: "linux/source/ipv6-temporary",
  ref: "V5",
  says: {
    en: "use_tempaddr=2 prefers the temporary address, 1 does not; it changes about every day.",
    zh: "use_tempaddr=2 优先使用临时地址，1 则不会；临时地址大约每天变化。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc8981",
  pageDate: null,
  mark: "read",
  cases: ["guest/L35e"],
} as const satisfies Rule;

export const ipv6Borrowed = {
  id: "linux/source/ipv6-borrowed",
  ref: "V6",
  says: {
    en: "A device with only a link-local address borrows a global one of another interface, unless use_oif_addrs_only is set.",
    zh: "设备只有链路本地地址时，借用其他接口的全局地址，除非设置了 use_oif_addrs_only。",
  },
  source: "https://docs.kernel.org/networking/ip-sysctl.html",
  pageDate: null,
  mark: "read",
  cases: ["guest/L35f"],
} as const satisfies Rule;

export const ipv6SourceRoute = {
  id: "linux/source/ipv6-source-specific",
  ref: "V7",
  says: {
    en: "A source-specific route applies only when the source is already bound.",
    zh: "带 from 的路由只在源地址已绑定时生效。",
  },
  source: "https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in",
  pageDate: null,
  mark: "read",
  cases: ["guest/L37", "guest/L37-source-specific-bound"],
} as const satisfies Rule;

export const familyChoice = {
  id: "linux/source/family",
  ref: "V8",
  says: {
    en: "Which family a dual-stack program uses is its own choice.",
    zh: "双栈程序使用哪个地址族由程序自己决定。",
  },
  source: "https://www.rfc-editor.org/rfc/rfc8305",
  pageDate: null,
  mark: "read",
  cases: [],
  decidesNothing: {
    en: "The destination's address is given, and it settles the family.",
    zh: "目的地址已给定，地址族随之确定。",
  },
} as const satisfies Rule;
