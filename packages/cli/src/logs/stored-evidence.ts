import { existsSync } from "node:fs";
import {
  type Estate,
  type Evidence,
  findSender,
  hostCidr,
  type Ip,
  type Problem,
  parseIp,
  type StoredSource,
  storedEvidence,
  type Target,
} from "@seenas/core";
import type { LogStore, UsedQuestion, Workload } from "@seenas/store";
import { microsOf, timeText } from "./moment.ts";
import { failureOf, missingPart, noSuchStore } from "./problems.ts";
import { loadStore } from "./store-door.ts";

/** The flow in question, as far as it is known before it is explained. */
export interface AskedFlow {
  readonly estate: Estate | null;
  readonly from: string | null;
  readonly source: Ip | null;
  readonly to: Target;
  /** Addresses that the destination's name has. */
  readonly resolved: readonly Ip[];
  readonly at: string | null;
}

export interface Stored {
  readonly evidence: readonly Evidence[];
  readonly problems: readonly Problem[];
}

const nothing = (...problems: readonly Problem[]): Stored => ({ evidence: [], problems });

/** More addresses than any one flow is seen with. */
const MOST = 1000;
const HOUR_US = 3600e6;

/** What a log store says of a flow, as evidence like any other; none where it is silent. */
export async function storedFor(where: string, flow: AskedFlow): Promise<Stored> {
  if (!where.includes("://") && !existsSync(where)) return nothing(noSuchStore(where));
  const loaded = await loadStore();
  if (loaded.kind === "missing") return nothing(loaded.problem);
  const opened = await loaded.door.openStore(where);
  if (opened.kind === "refused") return nothing(opened.problem);
  try {
    return await askOf(opened.store, where, flow);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    return nothing(failure);
  } finally {
    await opened.store.close();
  }
}

async function askOf(store: LogStore, where: string, flow: AskedFlow): Promise<Stored> {
  const { to } = flow;
  const destinations = to.address === null ? flow.resolved : [to.address];
  const from = workloadOf(flow);
  const coverage = await store.coverage();
  // Without a destination any other flow of the same sender would do as well.
  if (destinations.length === 0 || from === null || coverage === null) return nothing();
  const evidence: Evidence[] = [];
  const problems: Problem[] = [];
  for (const destination of destinations) {
    const question: UsedQuestion = {
      question: "used",
      from,
      to: [hostCidr(destination)],
      port: to.port,
      protocol: to.protocol,
      period: periodOf(flow.at, coverage.untilUs),
    };
    const { rows, missing } = await store.used(question, MOST);
    if (missing.length > 0) problems.push(missingPart(where, missing));
    const before = from.addresses.length === 1 ? (from.addresses[0] ?? null) : null;
    const sources = rows
      .filter(({ strength }) => strength !== "none")
      .map(
        ({ address, kinds, strength, firstUs, lastUs, count }): StoredSource => ({
          kind: kinds.find((kind) => kind.endsWith("nat-log")) ?? kinds[0] ?? "unknown",
          strength,
          source: address,
          before,
          destination,
          destinationPort: to.port,
          protocol: to.protocol,
          first: timeText(firstUs),
          last: timeText(lastUs),
          count,
        }),
      );
    if (sources.length > 0) evidence.push(await storedEvidence(sources, where));
  }
  return { evidence, problems };
}

/** Configurations change: what was seen long before says little of now. An hour to either side, or the store's last day. */
function periodOf(at: string | null, lastUs: number): UsedQuestion["period"] {
  if (at === null) return { sinceUs: lastUs - 24 * HOUR_US, untilUs: null };
  return { sinceUs: microsOf(at) - HOUR_US, untilUs: microsOf(at) + HOUR_US };
}

/** The sender by its name and its own addresses, as far as the configuration has them. */
function workloadOf({ estate, from, source }: AskedFlow): Workload | null {
  if (from === null) return source === null ? null : { names: [], addresses: [source] };
  const ip = parseIp(from);
  const found = estate === null ? null : findSender(estate, from);
  if (found?.kind !== "sender")
    return ip === undefined ? { names: [from], addresses: [] } : { names: [], addresses: [ip] };
  const { sender } = found;
  const own = source ?? sender.source;
  const interfaces = sender.interface === null ? sender.host.interfaces : [sender.interface];
  const addresses =
    own !== null
      ? [own]
      : interfaces.flatMap(({ addresses }) =>
          addresses.flatMap(({ cidr, role }) =>
            role === "primary" ? (parseIp(cidr.slice(0, cidr.indexOf("/"))) ?? []) : [],
          ),
        );
  // A name stands for all interfaces of a host: where one of them is meant, only its addresses tell.
  return { names: own === null && sender.interface === null ? [sender.host.name] : [], addresses };
}
