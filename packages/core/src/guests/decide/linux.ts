import { type Cidr, cidrOf } from "../../address/cidr.ts";
import { familyOf, type Ip } from "../../address/ip.ts";
import type { Assumption, Step } from "../../model/outcome.ts";
import type { GuestDecision, GuestFacts, GuestQuery, GuestRefusal, GuestSend } from "../guest.ts";
import { routeGetOnce } from "../rules/linux-lookup.ts";
import { askFor, type Doubt } from "./doubt.ts";
import { doubtsOf, plainUid } from "./doubts.ts";
import type { Key } from "./fit.ts";
import { type Call, type PacketWay, type PlainSend, packetWay } from "./packet.ts";
import { LABEL_EDGES } from "./source6.ts";
import { filtered } from "./translate.ts";
import { type View, viewOf } from "./view.ts";

/** What a Linux host does with a packet, for every destination of both families. */
export function linuxDecision(facts: GuestFacts, query: GuestQuery): (destination: Ip) => GuestDecision {
  const views = { 4: viewOf(facts, 4), 6: viewOf(facts, 6) } as const;
  const doubts = { 4: doubtsOf(views[4], query), 6: doubtsOf(views[6], query) } as const;
  return (destination) => {
    const family = familyOf(destination);
    const view = views[family];
    if (!hasRoutes(view)) return withoutRoutes(facts, view, query, destination);
    return decide(view, doubts[family], query, destination);
  };
}

const hasRoutes = (view: View): boolean => view.routes.length > 0 || view.hasTable("main");

function decide(view: View, doubts: readonly Doubt[], query: GuestQuery, destination: Ip): GuestDecision {
  const key = keyOf(view, query, destination);
  const call: Call = { ...PLAIN_CALL, connected: query.connected };
  const base = packetWay(view, key, call);
  const always = [
    ...(view.rulesGiven ? [] : [rulesNotGiven(view)]),
    ...(view.filterGiven ? [] : [filterNotGiven(view)]),
  ];
  const taken: Assumption[] = [...always];
  const others: { way: PacketWay; assumptions: readonly Assumption[] }[] = [];
  for (const doubt of doubts) {
    const way = packetWay(view, { ...key, ...doubt.key }, { ...call, ...doubt.call });
    if (isSame(way, base)) continue;
    const assumption = isBySameDevices(way, base) ? (doubt.takenIfSameDevices ?? doubt.taken) : doubt.taken;
    if (!taken.some(({ id }) => id === assumption.id)) taken.push(assumption);
    if (doubt.other !== null) others.push({ way, assumptions: [...always, doubt.other] });
  }
  return combine(view, { way: base, assumptions: taken }, others);
}

const PLAIN_CALL: Call = {
  connected: true,
  oldKernel: false,
  preferTemporary: true,
  ownDeviceOnly: false,
  latePort: null,
  firstChain: null,
};

const keyOf = (view: View, query: GuestQuery, destination: Ip): Key => ({
  destination,
  source: query.boundSource,
  outDevice: query.boundDevice,
  mark: query.mark,
  uid: query.uid ?? plainUid(view),
  protocol: view.family === 6 && query.protocol === "icmp" ? "ipv6-icmp" : query.protocol,
  port: query.port,
  sourcePort: null,
  tos: query.tos ?? 0,
  held: new Set(),
  dead: new Set(),
  hidden: null,
});

const isSame = (a: PacketWay, b: PacketWay): boolean => signature(a) === signature(b);

function isBySameDevices(a: PacketWay, b: PacketWay): boolean {
  const devices = (way: PacketWay): string =>
    way.kind === "sends" ? [...new Set(way.sends.map(({ device }) => device))].sort().join() : way.kind;
  return devices(a) === devices(b);
}

function signature(way: PacketWay): string {
  if (way.kind === "sends") return way.sends.map(wayOf).sort().join();
  return way.kind === "refuses" ? `refuses ${way.text.en}` : way.kind;
}

const wayOf = ({ device, nextHop, source, assumptions, lost }: PlainSend): string =>
  [device, nextHop, source, lost?.id, ...assumptions.map(({ id }) => id)].join(" ");

interface Assumed {
  readonly way: PacketWay;
  readonly assumptions: readonly Assumption[];
}

function combine(view: View, base: Assumed, others: readonly Assumed[]): GuestDecision {
  if (base.way.kind === "stays") return { kind: "stays", steps: base.way.steps };
  const all = [base, ...others];
  const [first, ...rest] = all.flatMap((assumed) => sendsOf(view, assumed));
  const refusals = all.flatMap((assumed) => refusalsOf(assumed));
  if (first === undefined) return { kind: "refuses", ...(refusals[0] ?? NOTHING) };
  const together = all.some(({ way }) => way.kind === "sends" && way.sends.length > 1);
  return { kind: "sends", sends: [first, ...rest], together, refusals };
}

const NOTHING: GuestRefusal = { rule: routeGetOnce, text: { en: "", zh: "" }, steps: [], assumptions: [] };

const refusalsOf = ({ way, assumptions }: Assumed): readonly GuestRefusal[] =>
  way.kind === "refuses" ? [{ rule: way.rule, text: way.text, steps: way.steps, assumptions }] : [];

function sendsOf(view: View, { way, assumptions }: Assumed): readonly GuestSend[] {
  if (way.kind === "hidden") return [unknownSend(way.source, way.steps, assumptions)];
  if (way.kind !== "sends") return [];
  return merged(way.sends).map((send) => sendOf(view, send, assumptions));
}

/** The same way twice (two passes that end alike) is one, with both weights. */
function merged(sends: readonly PlainSend[]): readonly PlainSend[] {
  const byWay = new Map<string, PlainSend>();
  for (const send of sends) {
    const key = wayOf(send);
    const known = byWay.get(key);
    byWay.set(key, known === undefined ? send : { ...known, weight: known.weight + send.weight });
  }
  return [...byWay.values()];
}

function sendOf(view: View, send: PlainSend, assumed: readonly Assumption[]): GuestSend {
  const assumptions = [
    ...assumed,
    ...send.assumptions,
    ...(send.doubtful && send.lost === null ? [addressesNotShown(view, send)] : []),
  ];
  return {
    device: send.device,
    nextHop: send.nextHop,
    source: send.source,
    interfaceAddress: null,
    weight: send.weight,
    steps: send.steps,
    lost: send.lost,
    certain: assumptions.length === 0 && send.lost === null,
    assumptions,
  };
}

const unknownSend = (source: Ip | null, steps: readonly Step[], assumptions: readonly Assumption[]): GuestSend => ({
  device: null,
  nextHop: null,
  source,
  interfaceAddress: null,
  weight: 1,
  steps,
  lost: null,
  certain: false,
  assumptions,
});

/** Other tables than the usual ones are there for rules that were not given. */
function rulesNotGiven(view: View): Assumption {
  const usual = ["main", "local", "default"];
  const others = [...new Set(view.routes.map(({ table }) => table))].filter((table) => !usual.includes(table));
  const command = view.family === 4 ? "ip rule" : "ip -6 rule";
  return {
    id: `linux/rules-default-ipv${view.family}`,
    basis: others.length === 0 ? "default" : "open",
    text: {
      en: `the host has only the usual policy rules (the output of "${command}" was not given)${others.length === 0 ? "" : `, though it has tables ${others.join(", ")}`}`,
      zh: `该主机只有默认的策略规则（未提供“${command}”的输出）${others.length === 0 ? "" : `，尽管存在表 ${others.join("、")}`}`,
    },
    ask: askFor(command, {
      en: "whether a policy rule sends the packet elsewhere",
      zh: "是否有策略规则让数据包走别处",
    }),
  };
}

/** Hosts come without rules that translate what they themselves send; container engines add them for containers alone. */
const filterNotGiven = ({ family }: View): Assumption => ({
  id: `linux/filter-default-ipv${family}`,
  basis: "default",
  text: {
    en: "the host's own packet filter leaves what the host itself sends as it is (not all of its rules were given)",
    zh: "主机自身的包过滤不改变本机发出的流量（未提供其全部规则）",
  },
  ask: askFor(`nft list ruleset; ${family === 4 ? "iptables-save" : "ip6tables-save"}`, {
    en: "whether the host itself translates what it sends",
    zh: "主机自身是否转换其发出的流量",
  }),
});

const addressesNotShown = (view: View, { device, source }: PlainSend): Assumption => ({
  id: `linux/addresses-not-shown:${device}`,
  basis: view.family === 6 && source === null ? "open" : "default",
  text:
    source === null
      ? {
          en: `the source is the first address of ${device}, which was not given`,
          zh: `源地址是 ${device} 的第一个地址（未提供）`,
        }
      : {
          en: `${source} is the address of ${device} that the kernel would choose (its addresses were not given in full)`,
          zh: `${source} 是内核会在 ${device} 上选择的地址（地址未完整提供）`,
        },
  ask: askFor("ip -j addr", { en: "which source address the kernel chooses", zh: "内核选择哪个源地址" }),
});

/** Only answers of `ip route get`, or nothing of this family at all. */
function withoutRoutes(facts: GuestFacts, view: View, query: GuestQuery, destination: Ip): GuestDecision {
  const answer = facts.routeGets.find(
    (get) =>
      get.destination === destination && (get.from === null || get.from === query.boundSource) && get.inDevice === null,
  );
  const command = view.family === 4 ? "ip route show table all" : "ip -6 route show table all";
  if (answer === undefined) {
    const unknown: Assumption = {
      id: `linux/routes-not-given-ipv${view.family}`,
      basis: "open",
      text: { en: `the host's IPv${view.family} routes were not given`, zh: `未提供该主机的 IPv${view.family} 路由` },
      ask: askFor(command, { en: "which interface the packets leave by", zh: "数据包从哪个接口离开" }),
    };
    return { kind: "sends", sends: [unknownSend(query.boundSource, [], [unknown])], together: false, refusals: [] };
  }
  const step: Step = {
    rule: routeGetOnce,
    resource: null,
    text: {
      en: `the host itself answered: ${destination} by ${answer.device} from ${answer.source}`,
      zh: `主机自己的回答：到 ${destination} 经 ${answer.device}，源地址 ${answer.source}`,
    },
    origin: answer.origin,
  };
  if (answer.type === "local") return { kind: "stays", steps: [step] };
  const sameCall: Assumption = {
    id: "linux/route-get-same-call",
    basis: "default",
    text: {
      en: "the program's call ends as ip route get did: no rule looks at its source, mark, user or port",
      zh: "程序的调用结果与 ip route get 相同：没有规则检查源地址、标记、用户或端口",
    },
    ask: askFor(`ip rule; ${command}`, { en: "whether TCP goes the same way", zh: "TCP 是否走同样的路径" }),
  };
  const { device, gateway: nextHop } = answer;
  const source = query.boundSource ?? answer.source;
  const steps = [step];
  const routed = { device, nextHop, source, weight: 1, steps, doubtful: false, assumptions: [], lost: null };
  const way = filtered(view, keyOf(view, query, destination), PLAIN_CALL, { kind: "sends", sends: [routed] });
  return combine(view, { way, assumptions: view.filterGiven ? [sameCall] : [sameCall, filterNotGiven(view)] }, []);
}

/** Everywhere the decision may change, apart from route prefixes and rules. */
export function sourceEdges(facts: GuestFacts): readonly Cidr[] {
  const own = [viewOf(facts, 4), viewOf(facts, 6)].flatMap(({ devices }) =>
    devices.flatMap(({ addresses }) => addresses),
  );
  const six = own.filter(({ ip }) => familyOf(ip) === 6);
  // With one address there is nothing to compare bit by bit.
  const bits = six.filter(({ scope }) => scope === "global").length < 2 ? [] : six;
  return [
    ...own.map(({ ip }) => cidrOf(ip, familyOf(ip) === 4 ? 32 : 128)),
    ...(six.length === 0 ? [] : LABEL_EDGES),
    ...bits.flatMap(({ ip, prefixLength }) =>
      Array.from({ length: prefixLength ?? 64 }, (_, index) => cidrOf(ip, index + 1)),
    ),
  ];
}
