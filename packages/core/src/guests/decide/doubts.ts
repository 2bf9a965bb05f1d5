import type { Ask, Assumption } from "../../model/outcome.ts";
import type { Text } from "../../problem.ts";
import type { GuestQuery, GuestRoute, GuestRule, Span } from "../guest.ts";
import { equalChains } from "./base-chains.ts";
import type { Key } from "./fit.ts";
import type { Call } from "./packet.ts";
import { metricOf, type View } from "./view.ts";

/** One thing the input leaves open: what is taken, and what else may be. */
export interface Doubt {
  /** Assumed by what is taken. */
  readonly taken: Assumption;
  /** Assumed instead when the other possibility leaves by the same devices, so that the same addresses are seen. */
  readonly takenIfSameDevices?: Assumption;
  /** Assumed by the other possibility; null: it is worth a word, not an outcome. */
  readonly other: Assumption | null;
  readonly key?: Partial<Key>;
  readonly call?: Partial<Call>;
}

const assume = (id: string, basis: Assumption["basis"], text: Text, ask: Ask | null): Assumption => ({
  id: `linux/${id}`,
  basis,
  text,
  ask,
});

export const askFor = (command: string, settles: Text): Ask => ({
  text: { en: "run this on the host and give its output", zh: "请在该主机上运行并提供输出" },
  command,
  settles,
});

const SETTLES_RULE: Text = { en: "which policy rule applies", zh: "哪条策略规则适用" };

/** Everything open about this host and this call. Few: an ordinary host has none. */
export function doubtsOf(view: View, query: GuestQuery): readonly Doubt[] {
  return [
    ...markDoubts(view, query),
    ...(query.uid === null ? uidDoubts(view) : []),
    ...(query.port === null ? portDoubts(view) : []),
    ...sourcePortDoubts(view, query),
    ...(query.tos === undefined ? tosDoubts(view) : []),
    ...unreadDoubts(view),
    ...hiddenTables(view),
    ...deadGateways(view),
    ...kernelDoubts(view),
    ...chainDoubts(view),
    ...ipv6Doubts(view),
  ];
}

const distinct = <T>(values: readonly (T | null)[]): readonly T[] => {
  const seen = new Map<string, T>();
  for (const value of values) if (value !== null) seen.set(JSON.stringify(value), value);
  return [...seen.values()];
};

function markDoubts(view: View, query: GuestQuery): readonly Doubt[] {
  if (query.mark !== 0) return [];
  const none = assume(
    "mark-0",
    "default",
    { en: "the program's packets carry no firewall mark", zh: "该程序的数据包没有防火墙标记" },
    askFor("iptables-save -t mangle; nft list ruleset", { en: "whether a mark is set", zh: "是否设置了标记" }),
  );
  return distinct([...view.rules.map(({ mark }) => mark), ...view.filter.marks]).map(({ value }) => ({
    taken: none,
    other: null,
    key: { mark: value },
  }));
}

/** One value of each stretch that the spans tell apart. */
const stretches = (spans: readonly Span[]): readonly Span[] => {
  const starts = [...new Set(spans.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b);
  return starts.flatMap((first, index) => {
    const next = starts[index + 1];
    const inside = spans.some((span) => span.first <= first && first <= span.last);
    return inside && next !== undefined ? [{ first, last: next - 1 }] : [];
  });
};

const words = ({ first, last }: Span): string => (first === last ? String(first) : `${first}-${last}`);

/** A user id that no rule names: not the same as "unknown", which is what the doubts are for. */
export function plainUid(view: View): number {
  const last = [...view.rules.map(({ uids }) => uids), ...view.filter.users].map((uids) => uids?.last ?? 0);
  return last.some((uid) => uid >= 0xfffffffe) ? 0 : Math.max(0, ...last) + 1;
}

function uidDoubts(view: View): readonly Doubt[] {
  const spans = distinct([...view.rules.map(({ uids }) => uids), ...view.filter.users]);
  const ask = askFor("ps -eo uid,user,comm", { en: "the user id the program runs as", zh: "程序运行所用的用户 ID" });
  const outside = assume(
    `uid-not:${spans.map(words).join()}`,
    "open",
    {
      en: `the program runs as a user outside ${spans.map(words).join(", ")}`,
      zh: `程序的用户 ID 不在 ${spans.map(words).join("、")} 内`,
    },
    ask,
  );
  return stretches(spans).map((span) => ({
    taken: outside,
    other: assume(
      `uid:${words(span)}`,
      "open",
      { en: `the program runs as user ${words(span)}`, zh: `程序的用户 ID 是 ${words(span)}` },
      ask,
    ),
    key: { uid: span.first },
  }));
}

function portDoubts(view: View): readonly Doubt[] {
  const spans = distinct([...view.rules.map(({ ports }) => ports), ...view.filter.ports]);
  const named = spans.map(words).join(", ");
  return stretches(spans).map((span) => ({
    taken: assume(
      `port-not:${spans.map(words).join()}`,
      "open",
      { en: `the destination port is none of ${named}`, zh: `目的端口不是 ${named}` },
      null,
    ),
    other: assume(
      `port:${words(span)}`,
      "open",
      { en: `the destination port is ${words(span)}`, zh: `目的端口是 ${words(span)}` },
      null,
    ),
    key: { port: span.first },
  }));
}

/** `ip_local_port_range` by default: https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html */
const EPHEMERAL: Span = { first: 32768, last: 60999 };

/** A program that binds to no port gets one of the ephemeral ones, and nothing given here tells which. */
function sourcePortDoubts(view: View, query: GuestQuery): readonly Doubt[] {
  const spans = distinct(view.rules.map(({ sourcePorts }) => sourcePorts));
  const likely = spans.filter((span) => query.protocol !== "icmp" && meetsEphemeral(span));
  const bound = assume(
    "source-port-any",
    "default",
    { en: "the program does not bind to a source port that a rule names", zh: "程序没有绑定到规则所指定的源端口" },
    null,
  );
  const named = likely.map(words).join(", ");
  const outside = assume(
    `source-port-not:${likely.map(words).join()}`,
    "open",
    { en: `the source port is none of ${named}`, zh: `源端口不是 ${named}` },
    ASK_SOURCE_PORT,
  );
  return stretches(spans).map((span) => {
    if (query.protocol === "icmp" || !meetsEphemeral(span))
      return { taken: bound, other: null, key: { sourcePort: span.first } };
    const port = Math.max(span.first, EPHEMERAL.first);
    const inside = assume(
      `source-port:${words(span)}`,
      "open",
      { en: `the source port is ${words(span)}`, zh: `源端口是 ${words(span)}` },
      ASK_SOURCE_PORT,
    );
    return { taken: outside, other: inside, ...withChosenPort(view, query, port) };
  });
}

const meetsEphemeral = ({ first, last }: Span): boolean => first <= EPHEMERAL.last && last >= EPHEMERAL.first;

/** TCP over IPv4 chooses the port only when it has the source: see `sourcePortLate`. */
const withChosenPort = (view: View, query: GuestQuery, port: number): Pick<Doubt, "key" | "call"> =>
  view.family === 4 && query.protocol === "tcp" && query.boundSource === null
    ? { call: { latePort: port } }
    : { key: { sourcePort: port } };

const ASK_SOURCE_PORT = askFor("ss -tunp; sysctl net.ipv4.ip_local_port_range", {
  en: "which source port the program uses",
  zh: "程序使用哪个源端口",
});

function tosDoubts(view: View): readonly Doubt[] {
  const values = distinct([...view.rules.map(({ tos }) => tos), ...view.routes.map(({ tos }) => tos)]);
  return values
    .filter((tos) => tos !== 0)
    .map((tos) => ({
      taken: assume(
        "tos-0",
        "default",
        { en: "the program sets no type of service (DSCP)", zh: "程序没有设置服务类型（DSCP）" },
        null,
      ),
      other: null,
      key: { tos },
    }));
}

const unreadDoubts = (view: View): readonly Doubt[] =>
  view.rules
    .filter(({ unread }) => unread.length > 0)
    .map((rule) => ({
      taken: assume(
        `rule-skipped:${rule.priority}`,
        "open",
        { en: `rule "${rule.text}" does not apply`, zh: `规则“${rule.text}”不适用` },
        askFor("ip -d rule", SETTLES_RULE),
      ),
      other: assume(
        `rule-applies:${rule.priority}`,
        "open",
        { en: `rule "${rule.text}" applies`, zh: `规则“${rule.text}”适用` },
        askFor("ip -d rule", SETTLES_RULE),
      ),
      key: { held: new Set<GuestRule>([rule]) },
    }));

function hiddenTables(view: View): readonly Doubt[] {
  const tables = distinct(view.rules.map(({ action }) => (action.kind === "lookup" ? action.table : null)));
  const six = view.family === 6 ? "-6 " : "";
  return tables
    .filter((table) => !view.hasTable(table))
    .map((table) => {
      const ask = askFor(`ip ${six}route show table ${table}`, {
        en: `whether table ${table} has a route for the destination`,
        zh: `表 ${table} 是否有到该目的地址的路由`,
      });
      return {
        taken: assume(
          `table-without-route:${table}`,
          "open",
          {
            en: `table ${table}, which was not given, has no other route for the destination`,
            zh: `未提供的表 ${table} 中没有到该目的地址的其他路由`,
          },
          ask,
        ),
        other: assume(
          `table-with-route:${table}`,
          "open",
          {
            en: `table ${table}, which was not given, has a route for the destination`,
            zh: `未提供的表 ${table} 中有到该目的地址的路由`,
          },
          ask,
        ),
        key: { hidden: table },
      };
    });
}

/** Equal IPv4 defaults, and equal IPv6 routes of several routers: the next one is used when the first does not answer. */
function deadGateways(view: View): readonly Doubt[] {
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
function kernelDoubts(view: View): readonly Doubt[] {
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
const chainDoubts = (view: View): readonly Doubt[] =>
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

function ipv6Doubts(view: View): readonly Doubt[] {
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
