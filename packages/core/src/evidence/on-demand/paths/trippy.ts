import { type LogEntry, member, textAt } from "../../logs/entry.ts";
import type { Hop } from "../../observation.ts";
import { hintsOf } from "../../traceroute/hints.ts";
import type { TraceOnLine } from "../../traceroute/parse.ts";
import { addressIn } from "../words.ts";

const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = member(value, ...path);
  return Array.isArray(found) ? found : [];
};

const countAt = (value: unknown, name: string): number | null => {
  const found = member(value, name);
  return typeof found === "number" && Number.isSafeInteger(found) && found >= 0 ? found : null;
};

/**
 * The report of `trip --mode json`. What it hides for privacy has no address.
 *
 * @see https://github.com/fujiapple852/trippy/blob/master/crates/trippy-tui/src/report/types.rs
 */
export function trippyTraces({ value, origin }: LogEntry): readonly TraceOnLine[] {
  if (!Array.isArray(member(value, "hops"))) return [];
  const hops = listAt(value, "hops")
    .flatMap((hop) => hopOf(hop) ?? [])
    .sort((a, b) => a.ttl - b.ttl);
  const destination = addressIn(textAt(value, "info", "target", "ip"))?.ip ?? null;
  const name = textAt(value, "info", "target", "hostname");
  const first = origin.line ?? 1;
  return [
    {
      line: { number: first, text: `trace to ${destination ?? name ?? "?"}` },
      trace: {
        destination,
        destinationName: name === destination || name === "" ? null : name,
        hops,
        reached: hops.some(({ replies }) => replies.some(({ address }) => address !== null && address === destination)),
        hints: hintsOf(hops),
        line: first,
      },
    },
  ];
}

function hopOf(value: unknown): Hop | null {
  const ttl = countAt(value, "ttl");
  if (ttl === null || ttl < 1 || ttl > 255) return null;
  const hosts = listAt(value, "hosts").flatMap((host) => {
    const address = addressIn(textAt(host, "ip"))?.ip;
    return address == null ? [] : [{ address, name: nameOf(textAt(host, "hostname"), address) }];
  });
  const [sent, received] = [countAt(value, "sent") ?? 0, countAt(value, "recv") ?? 0];
  // Of several hosts the times are put together, so they are nobody's.
  const average = hosts.length === 1 && received > 0 ? Number(textAt(value, "avg") ?? Number.NaN) : Number.NaN;
  return {
    ttl,
    replies: hosts.map((host) => ({ ...host, rttMs: Number.isFinite(average) ? average : null })),
    lost: Math.max(sent - received, 0),
    annotations: labelsOf(value),
    ...(member(value, "nat") === true && { checksumChanged: true }),
  };
}

const nameOf = (name: string | null, address: string): string | null => (name === address || name === "" ? null : name);

const labelsOf = (hop: unknown): readonly string[] =>
  listAt(hop, "extensions").flatMap((extension) =>
    listAt(extension, "mpls", "members").flatMap((one) => {
      const label = countAt(one, "label");
      return label === null ? [] : [`MPLS Label=${label}`];
    }),
  );
