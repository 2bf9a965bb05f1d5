import type { Ask, Assumption } from "../../model/outcome.ts";
import type { GuestRoute } from "../guest.ts";
import { equalChains } from "./base-chains.ts";
import { askFor, assume, type Doubt } from "./doubt.ts";
import { metricOf, type View } from "./view.ts";

// What only the kernel itself, or its settings, would tell.

/** Equal IPv4 defaults, and equal IPv6 routes of several routers: the next one is used when the first does not answer. */
export function deadGateways(view: View): readonly Doubt[] {
  const firsts = new Map<string, GuestRoute>();
  const rivalled = new Set<GuestRoute>();
  for (const route of view.routes) {
    const key = rivalKey(route);
    if (key === null) continue;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, route);
    else rivalled.add(first);
  }
  return [...rivalled].map((route) => deadGateway(route));
}

function deadGateway(route: GuestRoute): Doubt {
  const gateway = route.hops[0]?.gateway;
  const ask = askFor(`ip neigh show ${gateway}`, { en: "whether the gateway answers", zh: "网关是否应答" });
  return {
    taken: assume(
      `gateway-answers:${gateway}`,
      "default",
      { en: `gateway ${gateway} answers`, zh: `网关 ${gateway} 有应答` },
      ask,
    ),
    other: assume(
      `gateway-silent:${gateway}`,
      "open",
      {
        en: `gateway ${gateway} does not answer, so the next equal route is used`,
        zh: `网关 ${gateway} 无应答，改用下一条同等路由`,
      },
      ask,
    ),
    key: { dead: new Set<GuestRoute>([route]) },
  };
}

/** Routes with an equal key stand in for each other; null: nothing stands in for this one. */
function rivalKey(route: GuestRoute): string | null {
  const { table, prefix, from, type, family, tos, hops, detail } = route;
  const [hop, ...more] = hops;
  if (type !== "unicast" || hop === undefined || hop.gateway === null || more.length > 0) return null;
  if (family === 4 && !prefix.endsWith("/0")) return null;
  // netstat prints no metric: the routes may be equal or not.
  const metric = detail === "no-metric" ? "?" : metricOf(route);
  return [table, prefix, from, tos ?? 0, metric].join(" ");
}

/** https://patch.msgid.link/20251221192639.3911901-1-vadim.fedorenko@linux.dev */
export function kernelDoubts(view: View): readonly Doubt[] {
  const several = view.routes.some(({ hops, nexthopObject }) => hops.length > 1 && !nexthopObject);
  if (view.family === 6 || !several) return [];
  const ask = askFor("uname -r", { en: "whether the kernel has the fix", zh: "内核是否包含该修正" });
  const kept = (basis: Assumption["basis"]): Assumption =>
    assume(
      "multipath-source-kept",
      basis,
      {
        en: "the kernel has the multipath fix of December 2025: it sends a connection by the next hop whose address it has",
        zh: "内核包含 2025 年 12 月的多路径修正：用源地址对应的下一跳发送连接",
      },
      ask,
    );
  return [
    {
      // Most kernels in use are older than the fix.
      taken: kept("open"),
      takenIfSameDevices: kept("default"),
      other: assume(
        "multipath-source-mixed",
        "open",
        { en: "the kernel is older than the multipath fix of December 2025", zh: "内核早于 2025 年 12 月的多路径修正" },
        ask,
      ),
      call: { oldKernel: true },
    },
  ];
}

/** The kernel asks the one first that was registered last, which is not printed. */
export const chainDoubts = (view: View): readonly Doubt[] =>
  equalChains(view.filter).map((chain) => {
    const { name } = chain;
    const ask = askFor("conntrack -L", { en: "which of them translates", zh: "由哪一个链进行转换" });
    return {
      taken: assume(
        `filter-chain-later:${name}`,
        "open",
        {
          en: `of the nat chains of one priority the first that is printed is asked first, not ${name}`,
          zh: `相同优先级的 nat 链中先查询最先显示的链，而不是 ${name}`,
        },
        ask,
      ),
      other: assume(
        `filter-chain-first:${name}`,
        "open",
        {
          en: `of the nat chains of one priority ${name} is asked first`,
          zh: `相同优先级的 nat 链中先查询 ${name}`,
        },
        ask,
      ),
      call: { firstChain: chain },
    };
  });

export function ipv6Doubts(view: View): readonly Doubt[] {
  if (view.family === 4) return [];
  const setting = (name: string): Ask =>
    askFor(`sysctl net.ipv6.conf.all.${name}`, { en: "which address the kernel prefers", zh: "内核优先使用哪个地址" });
  const temporary = view.devices.some(({ addresses }) => addresses.some((address) => address.temporary));
  const doubts: Doubt[] = [
    {
      taken: assume(
        "ipv6-other-interfaces-lend",
        "default",
        { en: "use_oif_addrs_only is off", zh: "未启用 use_oif_addrs_only" },
        setting("use_oif_addrs_only"),
      ),
      other: null,
      call: { ownDeviceOnly: true },
    },
  ];
  if (!temporary) return doubts;
  doubts.push({
    taken: assume(
      "ipv6-temporary-preferred",
      "open",
      { en: "use_tempaddr is 2: the temporary address is preferred", zh: "use_tempaddr 为 2：优先使用临时地址" },
      setting("use_tempaddr"),
    ),
    other: assume(
      "ipv6-temporary-not-preferred",
      "open",
      { en: "use_tempaddr is 1: the temporary address is not preferred", zh: "use_tempaddr 为 1：不优先使用临时地址" },
      setting("use_tempaddr"),
    ),
    call: { preferTemporary: false },
  });
  return doubts;
}
