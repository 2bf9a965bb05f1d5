import { familyOf, type Ip, ipFromNumber, ipToNumber, parseIp } from "../../address/ip.ts";
import type { Assumption, Step } from "../../model/outcome.ts";
import type { Text } from "../../problem.ts";
import * as rules from "../rules/linux-filter.ts";
import {
  type FilteredPacket,
  filterStep,
  type Passage,
  passagesOf,
  quoteOf,
  SEEN,
  type Translation,
} from "./filter.ts";
import type { Key } from "./fit.ts";
import { lookup } from "./lookup.ts";
import type { Call, PacketWay, PlainSend } from "./packet.ts";
import { sourceFor4 } from "./source4.ts";
import { sourcesFor6 } from "./source6.ts";
import type { View } from "./view.ts";

/** Rules that are asked for one packet before it is given up. */
const MOST_ASKED = 100_000;
/** More sources than these are not told one by one. */
const MOST_SOURCES = 256;

/**
 * What becomes of routed packets in the host's own packet filter: OUTPUT may mark them, so that they are routed again,
 * or give them another destination; POSTROUTING may give them another source.
 */
export function filtered(view: View, key: Key, call: Call, way: PacketWay): PacketWay {
  const { output, postrouting } = view.filter;
  if (way.kind !== "sends" || output.length + postrouting.length === 0) return way;
  return { kind: "sends", sends: way.sends.flatMap((send) => behindFilter(view, key, call, send)) };
}

/** What conditions leave open is told apart only where it ends in another way. */
function behindFilter(view: View, key: Key, call: Call, send: PlainSend): readonly PlainSend[] {
  const variants = variantsOf(view, key, call, send);
  const [first] = variants;
  if (first === undefined) return [send];
  if (variants.every((one) => signatureOf(one) === signatureOf(first)))
    return first.map((one) => ({ ...one, assumptions: send.assumptions }));
  const byWay = new Map<string, PlainSend>();
  for (const one of variants.flat()) if (!byWay.has(signatureOf([one]))) byWay.set(signatureOf([one]), one);
  return [...byWay.values()];
}

const signatureOf = (sends: readonly PlainSend[]): string =>
  sends.map(({ device, nextHop, source, lost }) => [device, nextHop, source, lost?.id].join(" ")).join();

/** For each way through the chains, what is sent then. */
function variantsOf(view: View, key: Key, call: Call, send: PlainSend): readonly (readonly PlainSend[])[] {
  const packet: FilteredPacket = {
    destination: key.destination,
    source: send.source,
    device: send.device,
    protocol: key.protocol,
    port: key.port,
    uid: key.uid,
    state: "new",
    family: view.family,
    isOwn: view.isOwn,
    knowsOwn: view.knowsOwn,
    budget: { left: MOST_ASKED },
  };
  const start = { mark: key.mark, kept: 0, assumptions: [] };
  const outputs = passagesOf(view.filter.output, packet, start, call.firstChain);
  if (outputs === null) return [[lost(send, TOO_MANY)]];
  return outputs.flatMap((passage) =>
    routedAgain(view, key, call, send, passage).flatMap((again): readonly (readonly PlainSend[])[] => {
      if (again.lost !== null) return [[again]];
      if (passage.translation !== null && !isThere(passage.translation, key.destination))
        return [[elsewhere(again, passage.translation)]];
      const device = { ...packet, device: again.device };
      const ends = passagesOf(view.filter.postrouting, device, passage, call.firstChain);
      if (ends === null) return [[lost(again, TOO_MANY)]];
      return ends.map((end) =>
        isParted(view, key, call, send, packet, passage, end)
          ? [lost(assumed(again, end), PARTED)]
          : translated(view, key, call, assumed(again, end), end.translation),
      );
    }),
  );
}

/** Marks are set on each packet: those after the first may be routed by another one, and the connection falls apart. */
function isParted(
  view: View,
  key: Key,
  call: Call,
  send: PlainSend,
  packet: FilteredPacket,
  first: Passage,
  { kept, assumptions }: Passage,
): boolean {
  const chains = view.filter.output.filter(({ hook }) => hook.type !== "nat");
  if (chains.length === 0) return false;
  const start = { mark: key.mark, kept, assumptions };
  const later = passagesOf(chains, { ...packet, state: "established" }, start, call.firstChain);
  const wayOf = (passage: Passage): string => signatureOf(routedAgain(view, key, call, send, passage));
  return later === null || later.some((passage) => wayOf(passage) !== wayOf(first));
}

/** Sent to where it goes anyway. */
const isThere = ({ action }: Translation, destination: Ip): boolean =>
  action.kind === "destination" && parseIp(action.to.replace(/^([\d.]+):\d+$|^\[(.*)\]:\d+$/, "$1$2")) === destination;

/** A passage with what it rests on; the same condition in two hooks is told once. */
function assumed(send: PlainSend, { assumptions }: Passage): PlainSend {
  const added = assumptions.filter(({ id }) => !send.assumptions.some((one) => one.id === id));
  const steps = added.map(({ text }) => stepOf(rules.everyCondition, text));
  return { ...send, assumptions: [...send.assumptions, ...added], steps: [...send.steps, ...steps] };
}

/** The source that was chosen before stays: net/ipv4/netfilter.c (`ip_route_me_harder`). */
function routedAgain(view: View, key: Key, call: Call, before: PlainSend, passage: Passage): readonly PlainSend[] {
  const send = assumed(before, passage);
  const mark = passage.routedBy;
  if (mark === null) return [send];
  const source = send.source ?? key.source;
  const found = lookup(view, { ...key, source, mark, sourcePort: call.latePort ?? key.sourcePort });
  const step = stepOf(rules.markReroutes, {
    en: `the packet filter marks it ${hex(mark)}, and it is routed again with the source it has`,
    zh: `包过滤将其标记为 ${hex(mark)}，并在保留源地址的情况下重新路由`,
  });
  if (found.kind !== "found" || found.route.type === "local") return [lost(send, NO_ROUTE_AGAIN)];
  return found.hops.map((hop) => ({
    ...send,
    device: hop.device,
    nextHop: hop.gateway,
    weight: send.weight * hop.weight,
    steps: [...send.steps, step, ...found.steps],
  }));
}

const hex = (mark: number): string => `0x${mark.toString(16)}`;

const stepOf = (rule: Step["rule"], text: Text): Step => ({ rule, resource: null, text, origin: null });

function translated(
  view: View,
  key: Key,
  call: Call,
  before: PlainSend,
  translation: Translation | null,
): readonly PlainSend[] {
  const send = { ...before, steps: [...before.steps, ...chainSteps(view, translation)] };
  if (translation === null) return [send];
  const { action } = translation;
  switch (action.kind) {
    case "source":
      return withSources(send, translation, sourcesBetween(action.first, action.last));
    case "masquerade":
      return [masqueraded(view, key, call, send, translation)];
    default:
      return [elsewhere(send, translation)];
  }
}

function chainSteps({ filter }: View, translation: Translation | null): readonly Step[] {
  const chains = filter.postrouting.filter(({ hook }) => hook.type === "nat");
  if (chains.length === 0) return [];
  if (translation === null) return [stepOf(rules.firstTerminating, NOT_TRANSLATED)];
  if (chains.length === 1) return [];
  const text: Text = {
    en: `of ${chains.length} nat chains the first that translates it decides`,
    zh: `共有 ${chains.length} 个 nat 链，由首个进行转换的链决定`,
  };
  return [stepOf(rules.severalChains, text)];
}

const NOT_TRANSLATED: Text = {
  en: "no rule of the host's packet filter gives it another source",
  zh: "主机的包过滤中没有规则改变其源地址",
};

function masqueraded(view: View, key: Key, call: Call, send: PlainSend, translation: Translation): PlainSend {
  const { ip, doubtful } = masqueradeSource(view, key, call, send);
  if (ip === "0.0.0.0") return lost(send, notEvaluated(translation));
  const { rule } = translation;
  const step = filterStep(
    view.family === 4 ? rules.masquerade4 : rules.masquerade6,
    {
      en: `the host's packet filter masquerades it as ${ip ?? "an address"} of ${send.device}: ${quoteOf(rule)}`,
      zh: `主机的包过滤将其伪装为 ${send.device} 的 ${ip ?? "某个地址"}：${quoteOf(rule)}`,
    },
    rule,
  );
  return { ...send, source: ip, doubtful, steps: [...send.steps, step] };
}

/** The route's own `src` has no say: net/netfilter/nf_nat_masquerade.c. */
function masqueradeSource(
  view: View,
  key: Key,
  call: Call,
  { device, nextHop }: PlainSend,
): { readonly ip: Ip | null; readonly doubtful: boolean } {
  if (view.family === 4) return sourceFor4(view, device, nextHop ?? key.destination, "global");
  const best = sourcesFor6(view.devices, device, key.destination, call);
  const isUnknown = view.addresses === "none" && best.length > 1;
  return { ip: isUnknown ? null : (best[0] ?? null), doubtful: view.addresses !== "flagged" };
}

/** null: more than can be told one by one. */
function sourcesBetween(first: Ip, last: Ip): readonly Ip[] | null {
  const [from, count] = [ipToNumber(first), ipToNumber(last) - ipToNumber(first) + 1n];
  if (familyOf(first) !== familyOf(last) || count < 1n || count > MOST_SOURCES) return null;
  return Array.from({ length: Number(count) }, (_, index) => ipFromNumber(familyOf(first), from + BigInt(index)));
}

function withSources(send: PlainSend, translation: Translation, sources: readonly Ip[] | null): readonly PlainSend[] {
  if (sources === null) return [lost(send, notEvaluated(translation))];
  const { rule } = translation;
  const said = sources.length === 1 ? sources[0] : `${sources[0]}-${sources.at(-1)}`;
  const step = filterStep(
    sources.length === 1 ? rules.snat : rules.snatRange,
    {
      en: `the host's packet filter gives it the source ${said}: ${quoteOf(rule)}`,
      zh: `主机的包过滤将其源地址改为 ${said}：${quoteOf(rule)}`,
    },
    rule,
  );
  return sources.map((source) => ({ ...send, source, doubtful: false, steps: [...send.steps, step] }));
}

/** It goes to another destination, or to a program of the host that connects by itself. */
function elsewhere(send: PlainSend, translation: Translation): PlainSend {
  const { action, rule } = translation;
  if (action.kind === "redirect" || action.kind === "destination") {
    const step = filterStep(rules.ownDestination, whereTo(translation), rule);
    return lost({ ...send, steps: [...send.steps, step] }, sentElsewhere(translation));
  }
  return lost(send, notEvaluated(translation));
}

const whereTo = ({ action, rule }: Translation): Text =>
  action.kind === "destination"
    ? {
        en: `the host's packet filter sends it to ${action.to} instead: ${quoteOf(rule)}`,
        zh: `主机的包过滤将其改发到 ${action.to}：${quoteOf(rule)}`,
      }
    : {
        en: `the host's packet filter hands it to a program of the host, which connects by itself: ${quoteOf(rule)}`,
        zh: `主机的包过滤将其交给本机上的程序，由该程序自行连接：${quoteOf(rule)}`,
      };

const sentElsewhere = (translation: Translation): Assumption => ({
  id: `linux/filter-elsewhere:${translation.rule.origin.file}:${translation.rule.origin.line}`,
  basis: "open",
  text: whereTo(translation),
  ask: {
    ...SEEN,
    text:
      translation.action.kind === "destination"
        ? {
            en: "ask for the destination it is sent to instead, and see what stands there",
            zh: "请改为查询实际发往的目的地，并查明那里是什么",
          }
        : {
            en: "find the program that listens on that port (ss -ltnp), and ask for the way it takes",
            zh: "请查明监听该端口的程序（ss -ltnp），并查询它所走的路径",
          },
  },
});

const notEvaluated = ({ rule }: Translation): Assumption => ({
  id: `linux/filter-not-evaluated:${rule.origin.file}:${rule.origin.line}`,
  basis: "open",
  text: {
    en: `the filter rule ${quoteOf(rule)} may change it in a way that is not evaluated`,
    zh: `过滤规则 ${quoteOf(rule)} 可能以无法求值的方式改变它`,
  },
  ask: SEEN,
});

const TOO_MANY: Assumption = {
  id: "linux/filter-too-many-ways",
  basis: "open",
  text: {
    en: "the host's packet filter has more conditions that cannot be evaluated than can be told apart",
    zh: "主机的包过滤中无法求值的条件过多，无法逐一区分",
  },
  ask: SEEN,
};

const PARTED: Assumption = {
  id: "linux/filter-parted",
  basis: "open",
  text: {
    en: "the packet filter marks the first packet of a connection otherwise than the later ones, which then leave another way",
    zh: "包过滤对连接首包与后续数据包的标记不同，后续数据包会从另一条路径离开",
  },
  ask: SEEN,
};

const NO_ROUTE_AGAIN: Assumption = {
  id: "linux/filter-no-route",
  basis: "open",
  text: {
    en: "the packet filter marks it, and no route that was given is for packets with this mark",
    zh: "包过滤给它打了标记，而所给的路由中没有适用于该标记的路由",
  },
  ask: SEEN,
};

const lost = (send: PlainSend, why: Assumption): PlainSend => ({ ...send, lost: why });
