import { fileU16, fileU32, u8 } from "./bytes.ts";
import type { Moment } from "./events.ts";
import { ETHERNET } from "./link.ts";

/** An interface that packets of a section were captured on. */
export interface NetworkInterface {
  readonly link: number;
  /** 0: no limit. */
  readonly snapLength: number;
  /** How many units of time a second has, where times and frames are such as most captures have; 0 for any other. */
  readonly plainUnits: number;
  /** Puts a time of this interface into `moment`, from its two halves. */
  setTime(moment: Moment, high: number, low: number): void;
}

const [END, TIME_RESOLUTION, TIME_OFFSET] = [0, 9, 14] as const;
/** No capture is older than what its seconds can count in 32 bits, which `Events` keeps. */
const LAST_SECOND = 0xffff_fffe;

/** https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html#section-4.2 */
export function interfaceOf(bytes: DataView, at: number, end: number, little: boolean): NetworkInterface {
  let resolution = 6;
  let offset = 0;
  let option = at + 8;
  while (option + 4 <= end) {
    const code = fileU16(bytes, option, little);
    const length = fileU16(bytes, option + 2, little);
    const value = option + 4;
    if (code === END || value + length > end) break;
    if (code === TIME_RESOLUTION && length === 1) resolution = u8(bytes, value);
    if (code === TIME_OFFSET && length === 8) offset = seconds64(bytes, value, little);
    option = value + length + ((4 - (length % 4)) % 4);
  }
  const link = fileU16(bytes, at, little);
  const isPlain = link === ETHERNET && offset === 0 && (resolution === 6 || resolution === 9);
  return {
    link,
    plainUnits: isPlain ? 10 ** resolution : 0,
    snapLength: fileU32(bytes, at + 4, little),
    setTime: resolution === 6 && offset === 0 ? setMicroseconds : timeSetter(unitsOf(resolution), offset),
  };
}

/** Signed; what no double can hold exactly is no time of a capture. */
function seconds64(bytes: DataView, at: number, little: boolean): number {
  const [first, second] = [fileU32(bytes, at, little), fileU32(bytes, at + 4, little)];
  const [high, low] = little ? [second, first] : [first, second];
  return (high | 0) * 2 ** 32 + low;
}

/** How many units a second has: a power of ten, or of two when the first bit is set. */
const unitsOf = (resolution: number): bigint => (resolution < 128 ? 10n : 2n) ** BigInt(resolution & 127);

/** The usual resolution, without a number beyond 2⁵³ until the year 2255. */
function setMicroseconds(moment: Moment, high: number, low: number): void {
  const microseconds = high * 2 ** 32 + low;
  const seconds = Math.floor(microseconds / 1e6);
  set(moment, seconds, (microseconds - seconds * 1e6) * 1000);
}

function set(moment: Moment, seconds: number, nanoseconds: number): void {
  const isTime = seconds >= 0 && seconds <= LAST_SECOND;
  moment.seconds = isTime ? seconds : -1;
  moment.nanoseconds = isTime ? nanoseconds : 0;
}

function timeSetter(units: bigint, offset: number): NetworkInterface["setTime"] {
  if (units === 1_000_000_000n) return nanosecondSetter(offset);
  return (moment, high, low) => {
    const value = (BigInt(high) << 32n) | BigInt(low);
    set(moment, Number(value / units) + offset, Number(((value % units) * 1_000_000_000n) / units));
  };
}

/** In parts that stay below 2⁵³: many systems write nanoseconds, millions of times. */
const nanosecondSetter =
  (offset: number): NetworkInterface["setTime"] =>
  (moment, high, low) => {
    const upper = (high % 1e9) * 65_536 + (low >>> 16);
    const lower = (upper % 1e9) * 65_536 + (low & 0xffff);
    const whole = Math.floor(high / 1e9) * 2 ** 32 + Math.floor(upper / 1e9) * 65_536 + Math.floor(lower / 1e9);
    set(moment, whole + offset, lower % 1e9);
  };
