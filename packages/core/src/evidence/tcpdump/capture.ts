import type { Line } from "../lines.ts";
import type { ProxyHeader } from "./connections.ts";
import { type Packet, type PacketHead, packetFrom, packetHead } from "./packet.ts";

/** A text capture: its packets, and the host named in the shell prompt it was started from. */
export interface Capture {
  readonly packets: readonly Packet[];
  readonly promptHost: string | null;
}

/** `[user@host ~]$ sudo tcpdump …`, `user@host:~# tcpdump …` */
const PROMPT = /^\[?[\w.-]{1,64}@([\w.-]{1,255})[ :].{0,200}?[$#] .{0,60}?\btcpdump\b/;
const QUOTED = /^\s{1,16}IP6? \(/;
/** Sixteen bytes a line: a header stands in the first few. */
const MOST_BEHIND = 64;

/** What the lines behind that of a packet show of its data; null: no header of the PROXY protocol. */
export type ProxyIn = (lines: readonly string[]) => ProxyHeader | null;

/**
 * Lines between the packets (payload, hex, notes of tcpdump) are passed over.
 *
 * @param proxyIn looks at them for headers of the PROXY protocol; null: nobody does
 */
export function parseCapture(lines: readonly Line[], proxyIn: ProxyIn | null = null): Capture {
  const packets: Packet[] = [];
  const behind: string[] = [];
  const endPacket = (): void => {
    const last = packets.at(-1);
    const proxied = last === undefined || behind.length === 0 ? null : (proxyIn?.(behind) ?? null);
    if (last !== undefined && proxied !== null) packets[packets.length - 1] = { ...last, proxied };
    behind.length = 0;
  };
  let open: { readonly head: PacketHead; readonly quote: boolean } | null = null;
  let promptHost: string | null = null;
  for (const line of lines) {
    if (line.text === "") continue;
    promptHost ??= PROMPT.exec(line.text)?.[1] ?? null;
    const head = packetHead(line.text);
    if (head === null) {
      if (open !== null) add(packets, packetFrom(open.head, line, line.text.trim()), open.quote);
      else if (proxyIn !== null && behind.length < MOST_BEHIND) behind.push(line.text);
      open = null;
      continue;
    }
    endPacket();
    const quote = QUOTED.test(line.text);
    if (head.rest === "") open = { head, quote };
    else {
      add(packets, packetFrom(head, line, head.rest), quote);
      open = null;
    }
  }
  endPacket();
  return { packets: withoutDeltas(packets), promptHost };
}

export function isPacketLine(text: string): boolean {
  const head = packetHead(text);
  if (head === null) return false;
  // Without a time (-t) only the whole line tells; with one, the details of -v are enough.
  return head.stamp.clock !== null || (head.rest !== "" && !/^\s/.test(text));
}

function add(packets: Packet[], packet: Packet | null, quote: boolean): void {
  if (packet === null) return;
  const last = packets.at(-1);
  // A quotation without its error (cut off, damaged) is no packet that passed here.
  if (!quote) packets.push(packet);
  else if (last?.icmp === "error") packets[packets.length - 1] = { ...last, quoted: packet };
}

/** -ttt and -ttttt print differences that look like times of day; the first is zero. */
function withoutDeltas(packets: readonly Packet[]): readonly Packet[] {
  const first = packets[0]?.stamp.clock ?? "";
  if (!/^00:00:00\.0{6,9}$/.test(first)) return packets;
  const stamp = { clock: null, at: null, microseconds: null, zoneAssumed: false };
  return packets.map((packet) => ({ ...packet, stamp }));
}
