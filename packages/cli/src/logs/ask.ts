import {
  type Cidr,
  hostCidr,
  type Ip,
  type Problem,
  type Protocol,
  parseIp,
  parsePartnerTarget,
  parseTarget,
} from "@seenas/core";
import type { Endpoint, Period, Question } from "@seenas/store";
import { durationOf, timeIn } from "./moment.ts";
import { expected, missing, unknownName } from "./problems.ts";

export interface Flags {
  readonly from?: readonly string[] | undefined;
  readonly to?: readonly string[] | undefined;
  readonly at?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly tolerance?: string | undefined;
}

export type Asked =
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

const refused = (...problems: readonly Problem[]): Asked => ({ kind: "refused", problems });

const TIME = { en: "an RFC 3339 time", zh: " RFC 3339 时间" };
const EXAMPLE_TIME = "2026-11-22T09:00:00Z";
/** Clocks that are kept by NTP differ by less; a log's own second may be cut off. */
const USUAL_TOLERANCE_US = 2e6;

/** `logs used --from W --to D --since T --until T` */
export async function askUsed(flags: Flags): Promise<Asked> {
  const { from = [], to = [] } = flags;
  if (from.length === 0) return refused(missing("--from", "--from my-vm"));
  const period = periodOf(flags);
  const targets = await targetsOf(to);
  const wrong = [...period.problems, ...targets.problems];
  if (wrong.length > 0) return refused(...wrong);
  const addresses = from.flatMap((word) => parseIp(word) ?? []);
  const names = from.filter((word) => parseIp(word) === undefined);
  const { cidrs, port, protocol } = targets;
  return {
    kind: "question",
    question: { question: "used", from: { names, addresses }, to: cidrs, port, protocol, period: period.value },
  };
}

/** `logs who ADDRESS[:PORT] --at T [--to ADDRESS[:PORT]] [--tolerance 2s]` */
export function askWho(word: string | undefined, flags: Flags): Asked {
  const who = parseTarget(word ?? "");
  const example = `seenas logs who 203.0.113.7:1024 --at ${EXAMPLE_TIME}`;
  if (who === undefined || who.address === null)
    return refused(expected("who", { en: "ADDRESS:PORT", zh: " 地址:端口" }, word ?? "", example));
  const atUs = timeIn(flags.at);
  if (atUs === undefined) return refused(missing("--at", `--at ${EXAMPLE_TIME}`));
  if (atUs === null) return refused(expected("--at", TIME, flags.at ?? "", `--at ${EXAMPLE_TIME}`));
  const toleranceUs = flags.tolerance === undefined ? USUAL_TOLERANCE_US : durationOf(flags.tolerance);
  if (toleranceUs === null)
    return refused(expected("--tolerance", { en: "a duration", zh: "时长" }, flags.tolerance ?? "", "--tolerance 2s"));
  const to = flags.to?.[0] === undefined ? null : endpointIn(flags.to[0]);
  if (to === undefined)
    return refused(
      expected(
        "--to",
        { en: "ADDRESS or ADDRESS:PORT", zh: "地址或地址:端口" },
        flags.to?.[0] ?? "",
        "--to 198.51.100.25:25",
      ),
    );
  return {
    kind: "question",
    question: { question: "who", address: who.address, port: who.port, atUs, toleranceUs, to },
  };
}

/** `logs seen ADDRESS [--since T] [--until T]` */
export function askSeen(word: string | undefined, flags: Flags): Asked {
  const address = parseIp(word ?? "");
  if (address === undefined)
    return refused(expected("seen", { en: "an address", zh: "地址" }, word ?? "", "seenas logs seen 203.0.113.7"));
  const period = periodOf(flags);
  if (period.problems.length > 0) return refused(...period.problems);
  return { kind: "question", question: { question: "seen", address, period: period.value } };
}

function endpointIn(word: string): Endpoint | undefined {
  const target = parseTarget(word);
  return target === undefined || target.address === null ? undefined : { address: target.address, port: target.port };
}

function periodOf({ since, until }: Flags): { readonly value: Period; readonly problems: readonly Problem[] } {
  const [sinceUs, untilUs] = [timeIn(since), timeIn(until)];
  const problems = [
    ...(sinceUs === null ? [expected("--since", TIME, since ?? "", `--since ${EXAMPLE_TIME}`)] : []),
    ...(untilUs === null ? [expected("--until", TIME, until ?? "", `--until ${EXAMPLE_TIME}`)] : []),
  ];
  return { value: { sinceUs: sinceUs ?? null, untilUs: untilUs ?? null }, problems };
}

interface Targets {
  readonly cidrs: readonly Cidr[];
  readonly port: number | null;
  readonly protocol: Protocol | null;
  readonly problems: readonly Problem[];
}

/** Addresses, prefixes, or a name, which means the addresses that this machine's resolver gives now. */
async function targetsOf(words: readonly string[]): Promise<Targets> {
  const cidrs: Cidr[] = [];
  const ports = new Set<number | null>();
  const protocols = new Set<Protocol | null>();
  const problems: Problem[] = [];
  for (const word of words) {
    const target = parsePartnerTarget(word);
    const named = target === undefined ? parseTarget(word) : undefined;
    if (target !== undefined) cidrs.push(target.cidr);
    else if (named === undefined || named.name === null) problems.push(wrongTarget(word));
    else {
      const found: readonly Ip[] = await (await import("../resolver.ts")).lookUp(named.name);
      if (found.length === 0) problems.push(unknownName(named.name));
      cidrs.push(...found.map(hostCidr));
    }
    ports.add(target?.port ?? named?.port ?? null);
    protocols.add(target?.protocol ?? (named === undefined || named.port === null ? null : named.protocol));
  }
  if (ports.size > 1 || protocols.size > 1) problems.push(wrongTarget(words.join(" ")));
  return { cidrs, port: [...ports][0] ?? null, protocol: [...protocols][0] ?? null, problems };
}

const wrongTarget = (found: string): Problem =>
  expected(
    "--to",
    { en: "ADDRESS, PREFIX or HOST, each with the same :PORT or none", zh: "地址、前缀或主机，且端口相同或均不带端口" },
    found,
    "--to 198.51.100.25:25",
  );
