import { type Cidr, cidrContains, hostCidr, parseCidr } from "../../address/cidr.ts";
import { type Ip, parseIp } from "../../address/ip.ts";
import type { Ask, Assumption, Step } from "../../model/outcome.ts";
import type { GuestDecision, GuestFacts, GuestProxy, GuestQuery, GuestRefusal, GuestSend } from "../guest.ts";
import { proxyBypass, proxyEnvironment, proxyWindows } from "../rules/proxies.ts";

const HTTP_PORTS: readonly (number | null)[] = [80, 8000, 8080];
const HTTPS_PORTS: readonly (number | null)[] = [443, 8443];

/**
 * A program that heeds a proxy setting sends nothing to the destination itself. For the ports of the web both stand; that
 * other protocols do not go by it is taken, and said.
 */
export function behindProxies(
  { proxies }: GuestFacts,
  { protocol, port }: GuestQuery,
  destination: Ip,
  decision: GuestDecision,
): GuestDecision {
  if (protocol !== "tcp" || decision.kind === "stays") return decision;
  const set = proxies.filter(({ bypass, server }) => !bypass.includes("*") && !isAt(server, destination));
  const [first] = set;
  if (first === undefined) return decision;
  const likely = set.filter((proxy) => isFor(proxy, port) && !bypasses(proxy, destination));
  const direct = directly(set, likely.length > 0, likely.length > 0 ? null : bypassStep(first, destination));
  const used = [...new Map(likely.map((proxy) => [proxy.server, proxy])).values()].map(proxied);
  return joined(decision, direct, used);
}

/** Destinations that are not for the proxy. */
export const bypassEdges = ({ proxies }: GuestFacts): readonly Cidr[] =>
  (proxies[0]?.bypass ?? []).flatMap((one) => {
    const ip = parseIp(one);
    return ip === undefined ? (parseCidr(one) ?? []) : [hostCidr(ip)];
  });

/** The proxy itself is not asked for by itself. */
const isAt = (server: string, destination: Ip): boolean =>
  parseIp(server.replace(/^\[?(.*?)\]?(?::\d{1,5})?$/, "$1")) === destination;

const isFor = (proxy: GuestProxy, port: number | null): boolean =>
  (proxy.for !== "https" && HTTP_PORTS.includes(port)) || (proxy.for !== "http" && HTTPS_PORTS.includes(port));

const bypasses = ({ bypass }: GuestProxy, destination: Ip): boolean =>
  bypass.some((one) => {
    const prefix = parseCidr(one);
    return parseIp(one) === destination || (prefix !== undefined && cidrContains(prefix, destination));
  });

interface Direct {
  readonly assumption: Assumption;
  readonly steps: readonly Step[];
}

function directly(set: readonly GuestProxy[], isOpen: boolean, step: Step | null): Direct {
  const named = [...new Set(set.map(({ setBy, server }) => `${setBy}: ${server}`))].join(", ");
  const assumption: Assumption = {
    id: "guest/proxy-not-used",
    basis: isOpen ? "open" : "default",
    text: {
      en: `the program connects by itself, not by the proxy that the host has set (${named})`,
      zh: `程序自行连接，不使用主机上设置的代理（${named}）`,
    },
    ask: ASK_PROGRAM,
  };
  return { assumption, steps: step === null ? [] : [step] };
}

const ASK_PROGRAM: Ask = {
  text: {
    en: "while the program is connected, see whom it is connected to",
    zh: "请在程序连接期间查看它实际连接的对端",
  },
  command: "ss -tnp",
  settles: { en: "whether the program uses the proxy", zh: "程序是否使用代理" },
  inside: true,
};

const stepOf = (proxy: GuestProxy, rule: Step["rule"], text: Step["text"]): Step => ({
  rule,
  resource: null,
  text,
  origin: proxy.origin,
});

const bypassStep = (proxy: GuestProxy, destination: Ip): Step | null =>
  bypasses(proxy, destination)
    ? stepOf(proxy, proxyBypass, {
        en: `${destination} is listed as not for the proxy`,
        zh: `${destination} 被列为不经过代理`,
      })
    : null;

function proxied(proxy: GuestProxy): GuestSend {
  const { setBy, server } = proxy;
  const text = {
    en: `the program uses the proxy ${server} (${setBy}), and the destination sees what the proxy sends with`,
    zh: `程序使用代理 ${server}（${setBy}），目的端看到的是代理的源地址`,
  };
  const lost: Assumption = {
    id: `guest/proxy-used:${server}`,
    basis: "open",
    text,
    ask: {
      ...ASK_PROGRAM,
      text: {
        en: `if it does, ask for the proxy: which source the destination sees of ${server}`,
        zh: `若使用代理，请查询该代理：目的端看到的 ${server} 的源地址`,
      },
    },
  };
  return {
    device: null,
    nextHop: null,
    source: null,
    interfaceAddress: null,
    weight: 1,
    steps: [stepOf(proxy, setBy === "netsh winhttp" ? proxyWindows : proxyEnvironment, text)],
    lost,
    certain: false,
    assumptions: [],
  };
}

type Leaves = Exclude<GuestDecision, { readonly kind: "stays" }>;

function joined(decision: Leaves, { assumption, steps }: Direct, used: readonly GuestSend[]): GuestDecision {
  const also = <T extends GuestSend | GuestRefusal>(one: T): T => ({
    ...one,
    assumptions: [...one.assumptions, assumption],
    steps: [...steps, ...one.steps],
  });
  if (decision.kind === "sends") {
    const [first, ...others] = decision.sends.map((send) => ({ ...also(send), certain: false }));
    if (first === undefined) return decision;
    return { ...decision, sends: [first, ...others, ...used], refusals: decision.refusals.map(also) };
  }
  const { rule, text, steps: before, assumptions } = decision;
  const refusal = also({ rule, text, steps: before, assumptions });
  const [first, ...others] = used;
  if (first === undefined) return { kind: "refuses", ...refusal };
  return { kind: "sends", sends: [first, ...others], together: false, refusals: [refusal] };
}
