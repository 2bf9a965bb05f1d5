import { type Cidr, hostCidr, parseCidr } from "../address/cidr.ts";
import type { ConfigDocument } from "../clouds/document.ts";
import type { Protocol } from "../model/flow.ts";
import { parseTarget } from "../model/target.ts";
import type { Origin, Problem, Read } from "../problem.ts";

/** Where a partner is reached. Protocol and port are null where any is meant. */
export interface PartnerTarget {
  readonly cidr: Cidr;
  readonly protocol: Protocol | null;
  readonly port: number | null;
}

export interface Partner {
  readonly name: string;
  readonly targets: readonly PartnerTarget[];
}

/**
 * Reads `ADDRESS`, `PREFIX`, each with an optional `:PORT` (IPv6 in brackets) and `/tcp`, `/udp`, `/icmp`. Undefined: none
 * of these. A port without a protocol is TCP's.
 */
export function parsePartnerTarget(text: string): PartnerTarget | undefined {
  const whole = parseCidr(text);
  if (whole !== undefined) return { cidr: whole, protocol: null, port: null };
  // What stands behind a prefix reads as it does behind an address.
  const prefix = PREFIX.exec(text);
  const cidr = parseCidr(prefix?.[1] ?? prefix?.[2] ?? "");
  const target = parseTarget(prefix === null ? text : `192.0.2.1${prefix[3] ?? ""}${prefix[4] ?? ""}`);
  if (target === undefined || target.address === null || (prefix !== null && cidr === undefined)) return undefined;
  const isNamed = target.port !== null || /\/(?:tcp|udp|icmp)$/i.test(text);
  return {
    cidr: cidr ?? hostCidr(target.address),
    protocol: isNamed ? target.protocol : null,
    port: target.port,
  };
}

const PREFIX = /^(?:\[([0-9A-Fa-f:.]{2,45}\/\d{1,3})\]|([0-9.]{7,15}\/\d{1,2}))(:\d{1,5})?(\/(?:tcp|udp|icmp))?$/i;

/**
 * A file of partners: YAML or JSON (`- {name: Bank, to: [203.0.113.0/24, "198.51.100.7:443"]}`, or `Bank: [...]`), or
 * lines of a target and a name. Problems: `partners/target`, `partners/entry`, and those of YAML.
 */
export async function readPartners(text: string, file: string): Promise<Read<readonly Partner[]>> {
  if (isPlain(text)) return fromLines(text, file);
  const { readYamlDocuments } = await import("../documents/yaml.ts");
  const read = readYamlDocuments(text, file);
  const parts = read.value.map(fromDocument);
  return {
    value: merged(parts.flatMap(({ value }) => value)),
    problems: [
      ...read.problems.flatMap((one) => (one.level === "error" ? [asPartners(one)] : [])),
      ...parts.flatMap(({ problems }) => problems),
    ],
  };
}

/** The first line that says anything begins with a digit or an address. */
const isPlain = (text: string): boolean =>
  /^\s*(?:#[^\n]*\n\s*)*(?:\[?[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]+|\d{1,3}\.\d{1,3}\.)/.test(text);

function fromLines(text: string, file: string): Read<readonly Partner[]> {
  const problems: Problem[] = [];
  const partners = text.split(/\r?\n/).flatMap((line, index): readonly Partner[] => {
    const [word = "", ...name] = line
      .replace(/(?:^|\s)#.*$/, "")
      .trim()
      .split(/[\s,;]+/);
    if (word === "") return [];
    const target = parsePartnerTarget(word);
    if (target === undefined) {
      problems.push(wrongTarget({ file, line: index + 1 }, word));
      return [];
    }
    return [{ name: name.join(" ") || word, targets: [target] }];
  });
  return { value: merged(partners), problems };
}

function fromDocument({ value, origin }: ConfigDocument): Read<readonly Partner[]> {
  const problems: Problem[] = [];
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { value: [], problems: [wrongEntry(origin)] };
  const entries = isEntry(value) ? [[value.name, value.to] as const] : Object.entries(value);
  const partners = entries.map(([name, to]): Partner => {
    const texts = (Array.isArray(to) ? to : [to]).filter((one) => one !== undefined && one !== null).map(String);
    if (texts.length === 0) problems.push(wrongEntry(origin));
    const targets = texts.flatMap((one) => {
      const target = parsePartnerTarget(one);
      if (target === undefined) problems.push(wrongTarget(origin, one));
      return target === undefined ? [] : [target];
    });
    return { name, targets };
  });
  return { value: partners, problems };
}

const isEntry = (value: object): value is { readonly name: string; readonly to: unknown } =>
  "name" in value && typeof value.name === "string" && "to" in value;

/** One name, one partner. */
function merged(partners: readonly Partner[]): readonly Partner[] {
  const byName = new Map<string, PartnerTarget[]>();
  for (const { name, targets } of partners) byName.set(name, [...(byName.get(name) ?? []), ...targets]);
  return [...byName].map(([name, targets]) => ({ name, targets }));
}

/** A text that is no YAML at all is told what a file of partners looks like, not how to export. */
const asPartners = (one: Problem): Problem =>
  one.code === "yaml/not-yaml" ? wrongEntry({ file: one.file ?? "", line: one.line }) : one;

const wrongTarget = ({ file, line }: Origin, found: string): Problem => ({
  level: "error",
  code: "partners/target",
  file,
  line,
  text: {
    en: `expected an address or prefix with an optional port and protocol, found ${JSON.stringify(found.slice(0, 80))}`,
    zh: `应为地址或前缀（可带端口和协议），实为 ${JSON.stringify(found.slice(0, 80))}`,
  },
  fix: {
    en: "for example 203.0.113.0/24, 198.51.100.7:443, [2001:db8::7]:443/tcp; a name must be given as its addresses",
    zh: "例如 203.0.113.0/24、198.51.100.7:443、[2001:db8::7]:443/tcp；域名请写成其地址",
  },
});

const wrongEntry = ({ file, line }: Origin): Problem => ({
  level: "error",
  code: "partners/entry",
  file,
  line,
  text: { en: "expected a partner with a name and its targets", zh: "应为带名称和目的地的合作方条目" },
  fix: {
    en: 'for example: - { name: Bank, to: ["198.51.100.7:443"] }',
    zh: '例如：- { name: 银行, to: ["198.51.100.7:443"] }',
  },
});
