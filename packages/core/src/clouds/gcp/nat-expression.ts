import { type Cidr, familyOfCidr, hostCidr, parseCidr } from "../../address/cidr.ts";
import { parseIp } from "../../address/ip.ts";

/** What a NAT rule's `match` says. Public rules match destinations or sources, private ones next hops. */
export type NatCondition =
  | { readonly kind: "destinations"; readonly cidrs: readonly Cidr[] }
  | { readonly kind: "sources"; readonly cidrs: readonly Cidr[] }
  /** `hubs` as `projects/…/hubs/H`. */
  | { readonly kind: "next-hops"; readonly hubs: readonly string[]; readonly hybrid: boolean };

const TOKEN = /\s*(?:(\|\||==|[(),])|'([^'\\]*)'|"([^"\\]*)"|([A-Za-z_][\w.]*))/y;

type Token = { readonly kind: "sign" | "text" | "word"; readonly value: string };

const DEEPEST = 20;

/**
 * The documented part of the Common Expression Language and nothing else: comparisons of one subject joined by `||`.
 * Undefined: not fully understood, so the rule may match or not.
 *
 * @see https://docs.cloud.google.com/nat/docs/nat-rules-overview
 */
export function parseNatExpression(expression: string): NatCondition | undefined {
  const tokens = tokensOf(expression);
  if (tokens === undefined) return undefined;
  const reader = { tokens, at: 0 };
  const conditions = readAny(reader, 0);
  return conditions === undefined || reader.at !== tokens.length ? undefined : joinConditions(conditions);
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

function tokensOf(expression: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [, sign, single, double, word] = match;
    const quoted = single ?? double;
    if (sign !== undefined) tokens.push({ kind: "sign", value: sign });
    else if (quoted !== undefined) tokens.push({ kind: "text", value: quoted });
    else tokens.push({ kind: "word", value: word ?? "" });
  }
  return tokens;
}

/** `one || one || …` */
function readAny(reader: Reader, depth: number): readonly NatCondition[] | undefined {
  const conditions: NatCondition[] = [];
  do {
    const one = readOne(reader, depth);
    if (one === undefined) return undefined;
    conditions.push(...one);
  } while (take(reader, "sign", "||") !== undefined);
  return conditions;
}

function readOne(reader: Reader, depth: number): readonly NatCondition[] | undefined {
  if (take(reader, "sign", "(") !== undefined) {
    const inner = depth < DEEPEST ? readAny(reader, depth + 1) : undefined;
    return take(reader, "sign", ")") === undefined ? undefined : inner;
  }
  const word = take(reader, "word");
  if (word === undefined) return undefined;
  const condition = word === "inIpRange" ? readRange(reader) : readComparison(reader, word);
  return condition === undefined ? undefined : [condition];
}

/** `inIpRange(destination.ip, '198.51.100.0/24')` */
function readRange(reader: Reader): NatCondition | undefined {
  if (take(reader, "sign", "(") === undefined) return undefined;
  const subject = take(reader, "word");
  if (subject === undefined || take(reader, "sign", ",") === undefined) return undefined;
  const text = take(reader, "text");
  if (text === undefined || !text.includes("/") || take(reader, "sign", ")") === undefined) return undefined;
  return addresses(subject, parseCidr(text));
}

/** `destination.ip == '198.51.100.25'`, `nexthop.hub == '//…'`, `nexthop.is_hybrid` */
function readComparison(reader: Reader, subject: string): NatCondition | undefined {
  if (subject === "nexthop.is_hybrid") return { kind: "next-hops", hubs: [], hybrid: true };
  if (take(reader, "sign", "==") === undefined) return undefined;
  const text = take(reader, "text");
  if (text === undefined) return undefined;
  if (subject === "nexthop.hub") return hub(text);
  const ip = parseIp(text);
  return ip === undefined ? undefined : addresses(subject, hostCidr(ip));
}

const hub = (text: string): NatCondition | undefined => {
  const path =
    /^(?:\/\/networkconnectivity\.googleapis\.com\/)?(projects\/[^/]+\/locations\/global\/hubs\/[^/]+)$/.exec(text);
  return path?.[1] === undefined ? undefined : { kind: "next-hops", hubs: [path[1]], hybrid: false };
};

function addresses(subject: string, cidr: Cidr | undefined): NatCondition | undefined {
  if (cidr === undefined || familyOfCidr(cidr) !== 4) return undefined;
  if (subject === "destination.ip") return { kind: "destinations", cidrs: [cidr] };
  return subject === "source.ip" ? { kind: "sources", cidrs: [cidr] } : undefined;
}

function take(reader: Reader, kind: Token["kind"], value?: string): string | undefined {
  const token = reader.tokens[reader.at];
  if (token === undefined || token.kind !== kind || (value !== undefined && token.value !== value)) return undefined;
  reader.at += 1;
  return token.value;
}

/** One rule must not mix its subjects. */
function joinConditions(conditions: readonly NatCondition[]): NatCondition | undefined {
  const [first, ...rest] = conditions;
  if (first === undefined) return undefined;
  let joined: NatCondition = first;
  for (const next of rest) {
    if (joined.kind === "next-hops" && next.kind === "next-hops")
      joined = { kind: "next-hops", hubs: [...joined.hubs, ...next.hubs], hybrid: joined.hybrid || next.hybrid };
    else if (joined.kind !== "next-hops" && next.kind === joined.kind)
      joined = { kind: joined.kind, cidrs: [...joined.cidrs, ...next.cidrs] };
    else return undefined;
  }
  return joined;
}
