import { fileU32, u8 } from "./bytes.ts";
import { ETHERNET } from "./link.ts";
import type { Format } from "./steps.ts";
import { LOOKED_AT, type Tally, tally } from "./tally.ts";

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** tcpdump's own largest snapshot length: https://www.tcpdump.org/manpages/tcpdump.1.html */
const LONGEST_PACKET = 262_144;

/** Of a whole capture in one header: microseconds or nanoseconds, either byte order. */
export function pcapFormat(into: Tally): Format {
  let header: Header | null = null;
  const format: Format = {
    needs: FILE_HEADER,
    skip: 0,
    damage: null,
    step(bytes, at, end) {
      if (header !== null) return records(format, into, header, bytes, at, end);
      if (end - at < FILE_HEADER) return at;
      header = headerAt(bytes, at);
      format.needs = RECORD_HEADER;
      return at + FILE_HEADER;
    },
  };
  return format;
}

interface Header {
  readonly little: boolean;
  /** Of one unit of the fraction of a second. */
  readonly nanoseconds: number;
  readonly longest: number;
  readonly link: number;
}

/** https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html#section-4 */
function headerAt(bytes: DataView, at: number): Header {
  const little = u8(bytes, at) !== 0xa1;
  const nanoseconds = fileU32(bytes, at, little) === 0xa1b2_3c4d ? 1 : 1000;
  const longest = Math.max(Math.min(fileU32(bytes, at + 16, little), 16 * LONGEST_PACKET), LONGEST_PACKET);
  // The upper bits say how long the check sequence at the end of each frame is.
  return { little, nanoseconds, longest, link: fileU32(bytes, at + 20, little) & 0xffff };
}

function records(format: Format, into: Tally, header: Header, bytes: DataView, first: number, end: number): number {
  const { little, nanoseconds, longest, link } = header;
  const { moment } = into;
  const walk = little && link === ETHERNET && into.walk?.view === bytes ? into.walk : null;
  let at = first;
  for (;;) {
    if (walk !== null && at < end) at = walk.pcap(at, end, longest, nanoseconds);
    if (end - at < RECORD_HEADER) break;
    const length = fileU32(bytes, at + 8, little);
    if (length > longest) {
      format.damage = { kind: "length", after: into.packets };
      return end;
    }
    const looked = length < LOOKED_AT ? length : LOOKED_AT;
    if (end - at - RECORD_HEADER < looked) {
      format.needs = RECORD_HEADER + looked;
      return at;
    }
    moment.seconds = fileU32(bytes, at, little);
    moment.nanoseconds = fileU32(bytes, at + 4, little) * nanoseconds;
    const data = at + RECORD_HEADER;
    tally(into, bytes, data, data + looked, link);
    at = data + length;
  }
  if (at > end) {
    format.skip = at - end;
    at = end;
  }
  format.needs = RECORD_HEADER;
  return at;
}
