import type { Text } from "../../problem.ts";
import type { GuestQuery, GuestRule, Span } from "../guest.ts";
import { askFor, assume, type Doubt } from "./doubt.ts";
import { chainDoubts, deadGateways, ipv6Doubts, kernelDoubts } from "./kernel-doubts.ts";
import type { View } from "./view.ts";

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
