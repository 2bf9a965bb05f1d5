import type { Evidence, Observation } from "../evidence/observation.ts";
import type { GuestFacts, GuestRoute, RouteGet } from "../guests/guest.ts";
import type { Origin, Problem, Text } from "../problem.ts";

/** A guest's tables as evidence: they decide which interface a flow leaves by, and nothing after that. */
export function guestEvidence(file: string, text: string, facts: GuestFacts, problems: readonly Problem[]): Evidence {
  const lines = text.split("\n");
  const defaults = facts.routes.filter(({ prefix, type }) => prefix.endsWith("/0") && type === "unicast");
  const told = [
    ...defaults.map((route) => observation(route.origin, lines, saysDefault(route))),
    ...facts.routeGets.map((get) => observation(get.origin, lines, saysGet(get))),
  ];
  const summary = observation({ file, line: 1 }, lines, saysParts(facts));
  return {
    file,
    kind: "guest-routes",
    observations: told.length > 0 ? told : [summary],
    paths: [],
    names: [],
    problems,
  };
}

function observation(origin: Origin, lines: readonly string[], says: Text): Observation {
  const line = origin.line ?? 1;
  return {
    file: origin.file,
    line,
    kind: "guest-routes",
    quote: (lines[line - 1] ?? "").trim(),
    says,
    proves: PROVES,
    strength: "config-predicted",
    seen: {
      source: null,
      sourcePort: null,
      destination: null,
      destinationName: null,
      destinationPort: null,
      protocol: null,
      at: null,
    },
    before: null,
    claimed: null,
    vantage: "client",
  };
}

const PROVES: Text = {
  en: "which interface and source a program uses unless it binds to another; nothing about what happens to the source after it leaves",
  zh: "程序在未另行绑定时使用哪个接口和源地址；不能说明离开主机之后源地址如何变化",
};

function saysDefault({ table, prefix, hops, metric }: GuestRoute): Text {
  const by = hops
    .map(({ device, interfaceAddress, gateway }) => `${gateway ?? "on-link"} (${device ?? interfaceAddress ?? "?"})`)
    .join(", ");
  const cost = metric === null ? "" : `, metric ${metric}`;
  return {
    en: `table ${table}: ${prefix} goes to ${by}${cost}`,
    zh: `路由表 ${table}：${prefix} 发往 ${by}${cost}`,
  };
}

const saysGet = ({ destination, source, device, gateway }: RouteGet): Text => ({
  en: `asked for ${destination}, the system answers: by ${device ?? "?"}, next hop ${gateway ?? "on-link"}, source ${source ?? "not shown"}`,
  zh: `查询 ${destination} 时系统答复：接口 ${device ?? "?"}，下一跳 ${gateway ?? "on-link"}，源地址 ${source ?? "未显示"}`,
});

const saysParts = ({ devices, rules, routes }: GuestFacts): Text => ({
  en: `${devices.length} interfaces, ${rules.length} rules, ${routes.length} routes`,
  zh: `${devices.length} 个接口、${rules.length} 条策略规则、${routes.length} 条路由`,
});
