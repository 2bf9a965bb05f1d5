import { listOf, setSize } from "../address/address-set.ts";
import type { Evidence } from "../evidence/observation.ts";
import type { Text } from "../problem.ts";
import type { Verdict } from "./verdict.ts";

/** A candidate for the source, against the checksums that routers quote back. Never more than a hint. */
export interface ChecksumTest {
  readonly file: string;
  readonly ttl: number;
  readonly candidate: string;
  readonly fits: boolean;
}

/** More are a pool of which chance alone fits some. */
const MOST_CANDIDATES = 256;

/**
 * Which addresses of the outcomes fit what the probes of a trace came back with. A translator that keeps the port changes
 * the checksum by the difference of the two addresses and nothing else (RFC 1624), so a candidate can be tested; of all
 * addresses one in 32,768 fits by chance. Works only behind translators that leave quotations alone: see
 * docs/nat-checksum.md for why those that track connections do not.
 */
export function checksumTests(evidence: readonly Evidence[], { outcomes }: Verdict): readonly ChecksumTest[] {
  const sets = outcomes.filter(({ identity }) => setSize(identity.addresses) <= BigInt(MOST_CANDIDATES));
  const candidates = [...new Set(sets.flatMap(({ identity }) => listOf(identity.addresses)))].filter(isV4);
  return evidence.flatMap(({ file, paths }) =>
    paths.flatMap(({ source, hops }) => {
      const changed = hops.find(({ checksumDelta }) => checksumDelta !== undefined && checksumDelta !== 0);
      if (source === undefined || !isV4(source) || changed === undefined) return [];
      const { ttl, checksumDelta = 0 } = changed;
      return candidates.map((candidate) => ({ file, ttl, candidate, fits: fits(source, candidate, checksumDelta) }));
    }),
  );
}

const isV4 = (text: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text);

/**
 * Checksums are counted modulo 65,535 and the difference of two is told modulo 65,536: whether it went through zero is not
 * told, so two differences are meant by one number.
 */
function fits(source: string, candidate: string, delta: number): boolean {
  const expected = (sum16(source) - sum16(candidate) + 65_535) % 65_535;
  return expected === delta % 65_535 || expected === (delta + 65_534) % 65_535;
}

/** The two halves of an address, added as the checksum adds them. https://www.rfc-editor.org/rfc/rfc1071 */
function sum16(address: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  const sum = a * 256 + b + c * 256 + d;
  return sum > 65_535 ? sum - 65_535 : sum;
}

/** What a person reads of it. */
export const saysChecksum = ({ candidate, ttl, file, fits: does }: ChecksumTest): Text =>
  does
    ? {
        en: `${candidate} fits the checksum that hop ${ttl} quotes back (${file}); so does one address in 32,768, and ports must have been kept: a hint`,
        zh: `${candidate} 与第 ${ttl} 跳引用的校验和相符（${file}）；每 32,768 个地址中就有一个相符，且须端口未变：仅为线索`,
      }
    : {
        en: `${candidate} does not fit the checksum that hop ${ttl} quotes back (${file}): another address, or the port was changed too`,
        zh: `${candidate} 与第 ${ttl} 跳引用的校验和不符（${file}）：是别的地址，或端口也被改写`,
      };
