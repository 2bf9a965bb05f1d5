import type { Line } from "../../lines.ts";
import type { Hop } from "../../observation.ts";
import { hintsOf } from "../../traceroute/hints.ts";
import type { TraceOnLine } from "../../traceroute/parse.ts";
import { addressIn } from "../words.ts";

const SENT = /^x (\d{1,3}) \d{1,7}$/;
const HOST = /^h (\d{1,3}) ([0-9A-Fa-f.:]{2,45})$/;
const NAME = /^d (\d{1,3}) (\S{1,255})/;
const TIME = /^p (\d{1,3}) (\d{1,10})(?: \d{1,7})?$/;

interface RawHop {
  readonly addresses: string[];
  name: string | null;
  readonly timesMs: number[];
  sent: number;
}

/**
 * `mtr --raw`: a line for each probe sent (`x`), address (`h`), name (`d`) and answer (`p`, microseconds); the first hop
 * is 0. It does not name its destination: where it ends with one host that answers, that is it. Null: it is another form.
 *
 * @see https://github.com/traviscross/mtr/blob/master/FORMATS
 */
export function parseMtrRaw(lines: readonly Line[]): TraceOnLine | null {
  const hops = new Map<number, RawHop>();
  for (const { text } of lines) {
    const found = HOST.exec(text) ?? SENT.exec(text) ?? NAME.exec(text) ?? TIME.exec(text);
    if (found === null) continue;
    const [, index = "0", value = ""] = found;
    const hop = hops.get(Number(index)) ?? { addresses: [], name: null, timesMs: [], sent: 0 };
    hops.set(Number(index), hop);
    const address = text.startsWith("h ") ? addressIn(value)?.ip : null;
    if (address != null && !hop.addresses.includes(address)) hop.addresses.push(address);
    if (text.startsWith("x ")) hop.sent += 1;
    if (text.startsWith("d ")) hop.name = value;
    if (text.startsWith("p ")) hop.timesMs.push(Number(value) / 1000);
  }
  const [line] = lines;
  return line === undefined || [...hops.values()].every(({ addresses }) => addresses.length === 0)
    ? null
    : traceOf(line, hops);
}

function traceOf(line: Line, raw: ReadonlyMap<number, RawHop>): TraceOnLine {
  const inOrder = [...raw].sort(([a], [b]) => a - b).filter(([index]) => index < 255);
  const hops = inOrder.map(([index, { addresses, name, timesMs, sent }]): Hop => {
    const only = addresses.length === 1;
    return {
      ttl: index + 1,
      replies: addresses.map((address, at) => ({
        address,
        name: only ? name : null,
        rttMs: only || at === 0 ? (timesMs[0] ?? null) : null,
      })),
      lost: Math.max(sent - timesMs.length, 0),
      annotations: [],
    };
  });
  // mtr goes on for a hop or two until it knows that the destination answered.
  while (hops.length > 1 && onlyHost(hops.at(-1)) !== null && onlyHost(hops.at(-1)) === onlyHost(hops.at(-2)))
    hops.pop();
  const destination = onlyHost(hops.at(-1));
  return {
    line,
    trace: {
      destination,
      destinationName: null,
      hops,
      reached: destination !== null,
      hints: hintsOf(hops),
      line: line.number,
    },
  };
}

const onlyHost = (hop: Hop | undefined): string | null =>
  hop?.replies.length === 1 ? (hop.replies[0]?.address ?? null) : null;
