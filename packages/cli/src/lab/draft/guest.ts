import type { Family } from "@seenas/core";
import type { Random } from "../random.ts";
import { type Draft, type DraftRoute, type DraftRule, PLACES } from "./draft.ts";
import { filterText } from "./filter.ts";

const TABLES = ["100", "101", "102"];

/** Policy rules of a guest, in the order of their priorities. */
export function rulesOf(random: Random, family: Family, own: readonly string[]): readonly DraftRule[] {
  const { targets, prefixes } = PLACES[family];
  const to = (): string =>
    random.of<string>(targets[0], ...targets, ...prefixes.filter((prefix) => prefix !== "default"));
  const selector = (): string =>
    random.of(
      () => `from ${random.of(own[0] ?? "all", ...own)}`,
      () => `from ${random.of(own[0] ?? "all", ...own)}`,
      () => `from all to ${to()}`,
      () => `from ${random.of(own[0] ?? "all", ...own)} to ${to()}`,
      () => `not from all to ${to()}`,
      () => `not from ${random.of(own[0] ?? "all", ...own)}`,
      () => `from all ipproto ${random.of("tcp", "udp")}`,
      () => `from all ipproto ${random.of("tcp", "udp")} dport ${random.of(25, 443, 5353)}`,
      () => "from all iif lo",
      () => "from all",
    )();
  const table = (): string => random.of("100", ...TABLES);
  const action = (): string =>
    random.of(
      () => `lookup ${table()}`,
      () => `lookup ${table()}`,
      () => `lookup ${table()}`,
      () => `lookup ${table()} suppress_prefixlength ${random.of(0, 0, 8, 24)}`,
      () => `lookup main suppress_prefixlength 0`,
      () => random.of("unreachable", "prohibit", "blackhole"),
    )();
  const count = random.of(0, 1, 1, 2, 3, 4);
  return Array.from({ length: count }, (_, index) => ({
    priority: 1000 + index * 10,
    text: `${selector()} ${action()}`,
  }));
}

/** Its routes, without the connected ones. */
export function routesOf(random: Random, family: Family, nets: number, own: readonly string[]): readonly DraftRoute[] {
  const { prefixes, gateway } = PLACES[family];
  const route = (table: string, prefix: string): DraftRoute => {
    const net = random.below(nets);
    const metric = random.of("", "", "100", "200", "1", "5015");
    const words = [prefix];
    if (random.chance(0.12)) words.unshift(random.of("throw", "throw", "blackhole", "unreachable", "prohibit"));
    else {
      if (random.chance(0.85)) words.push(`via ${gateway(net)}`);
      words.push(`dev eth${net}`);
    }
    if (table !== "main") words.push(`table ${table}`);
    if (random.chance(0.25) && words.includes(`dev eth${net}`)) words.push(`src ${random.of(own[0] ?? "", ...own)}`);
    if (family === 6) words.push(`metric ${metric === "" ? 1024 : metric} pref medium`);
    else if (metric !== "") words.push(`metric ${metric}`);
    return { table, key: `${table} ${prefix} ${metric}`, text: words.join(" ") };
  };
  const anyPrefix = (): string => random.of<string>("default", ...prefixes);
  const all = [
    ...(random.chance(0.85) ? [route("main", "default")] : []),
    ...random.several(0, 4, () => route("main", anyPrefix())),
    ...TABLES.flatMap((table) => (random.chance(0.6) ? random.several(1, 3, () => route(table, anyPrefix())) : [])),
  ];
  return [...new Map(all.map((one) => [one.key, one])).values()];
}

/** What the guest's own commands would print. */
export function guestText({ family, interfaces, rules, routes, filter }: Draft): string {
  const { subnet, length } = PLACES[family];
  const word = family === 4 ? "inet" : "inet6";
  const devices = interfaces.map(({ addresses, extra }, net) => {
    const lines = [...addresses, ...extra].map((address, index) => {
      const secondary = family === 4 && index > 0 ? " secondary" : "";
      return `    ${word} ${address}/${length} scope global${secondary} eth${net}\n       valid_lft forever preferred_lft forever`;
    });
    return `${net + 2}: eth${net}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000\n${lines.join("\n")}`;
  });
  const connected = interfaces.map(({ addresses }, net) =>
    family === 4
      ? `${subnet(net)} dev eth${net} proto kernel scope link src ${addresses[0]}`
      : `${subnet(net)} dev eth${net} proto kernel metric 256 pref medium`,
  );
  const own =
    family === 4
      ? [
          "local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1",
          ...interfaces.flatMap(({ addresses, extra }, net) =>
            [...addresses, ...extra].map(
              (address) =>
                `local ${address} dev eth${net} table local proto kernel scope host src ${addresses[0] ?? address}`,
            ),
          ),
        ]
      : [];
  const shown = rules.map(({ priority, text }) => `${priority}:\t${text}`);
  const flag = family === 4 ? "-4 " : "-6 ";
  const last = family === 4 ? ["32767:\tfrom all lookup default"] : [];
  return [
    family === 4 ? "$ ip rule" : "$ ip -6 rule",
    "0:\tfrom all lookup local",
    ...shown,
    "32766:\tfrom all lookup main",
    ...last,
    `$ ip ${flag}route show table all`,
    ...routes.map(({ text }) => text),
    ...connected,
    ...own,
    "$ ip addr",
    "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever",
    ...devices,
    "$ nft list ruleset",
    ...filterText(filter, family),
    "",
  ].join("\n");
}
