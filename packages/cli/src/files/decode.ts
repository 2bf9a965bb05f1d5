import { isUtf8 } from "node:buffer";
import type { Problem, Text } from "@seenas/core";
import * as problem from "./problems.ts";

export type Decoded =
  | { readonly kind: "text"; readonly text: string; readonly problem: Problem | null }
  | { readonly kind: "refused"; readonly problem: Problem };

interface Magic {
  readonly bytes: readonly number[];
  readonly refuse: (file: string) => Problem;
}

const archive =
  (what: Text, command: string) =>
  (file: string): Problem =>
    problem.packed(file, what, command);

/** What can be unpacked is unpacked before; here it stands too deep. */
const MAGIC: readonly Magic[] = [
  {
    bytes: [0x1f, 0x8b],
    refuse: archive({ en: "a gzip archive inside others", zh: "多层压缩中的 gzip 文件" }, "gunzip FILE / tar xzf FILE"),
  },
  {
    bytes: [0x50, 0x4b, 3, 4],
    refuse: archive({ en: "a zip archive inside others", zh: "多层压缩中的 zip 文件" }, "unzip FILE"),
  },
  { bytes: [0x42, 0x5a, 0x68], refuse: archive({ en: "a bzip2 archive", zh: " bzip2 压缩文件" }, "bunzip2 FILE") },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], refuse: archive({ en: "an xz archive", zh: " xz 压缩文件" }, "unxz FILE") },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], refuse: archive({ en: "a zstd archive", zh: " zstd 压缩文件" }, "unzstd FILE") },
];

const LOOKED_AT = 4096;

/**
 * Bytes of a file as text: UTF-8 and UTF-16 with a byte order mark or without (PowerShell writes UTF-16), and GB 18030,
 * which Chinese editions of Windows write. What is no text is refused by name.
 */
export function decode(bytes: Uint8Array, file: string): Decoded {
  const magic = MAGIC.find((candidate) => startsWith(bytes, candidate.bytes));
  if (magic !== undefined) return { kind: "refused", problem: magic.refuse(file) };
  const wide = utf16Of(bytes);
  if (wide !== undefined) return text(new TextDecoder(wide).decode(bytes));
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return { kind: "refused", problem: problem.binary(file) };
  if (isUtf8(bytes)) return text(utf8(bytes));
  return decodeOther(bytes, file);
}

const text = (decoded: string, found: Problem | null = null): Decoded => ({
  kind: "text",
  text: decoded,
  problem: found,
});

function utf8(bytes: Uint8Array): string {
  const start = startsWith(bytes, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  // A decoder of its own takes longer to set up than a small file to read.
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start).toString("utf8");
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (startsWith(bytes, [0xff, 0xfe]) && !startsWith(bytes, [0xff, 0xfe, 0, 0])) return "utf-16le";
  if (startsWith(bytes, [0xfe, 0xff])) return "utf-16be";
  const head = bytes.subarray(0, LOOKED_AT);
  if (!head.includes(0)) return undefined;
  if (isMostlyAscii(head, 0)) return "utf-16le";
  return isMostlyAscii(head, 1) ? "utf-16be" : undefined;
}

/**
 * A quarter of the units at least is ASCII in any output of a tool; in UTF-16 that leaves a zero always on the same side.
 *
 * @param at where in each pair of bytes the letter would stand
 */
function isMostlyAscii(bytes: Uint8Array, at: 0 | 1): boolean {
  let ascii = 0;
  for (let pair = 0; pair + 1 < bytes.length; pair += 2) {
    const letter = bytes[pair + at] ?? 0;
    if (letter === 0) return false;
    if (bytes[pair + 1 - at] === 0 && (letter === 9 || letter === 10 || letter === 13 || letter >= 32)) ascii += 1;
  }
  return ascii > 0 && ascii * 8 >= bytes.length;
}

function decodeOther(bytes: Uint8Array, file: string): Decoded {
  const whole = [1, 2, 3].map((cut) => bytes.subarray(0, -cut)).find((rest) => isUtf8(rest));
  // Only an ASCII text with one odd last byte could be meant otherwise, and then it is one letter.
  if (whole !== undefined) return text(new TextDecoder().decode(whole), problem.cutCharacter(file));
  try {
    const decoded = new TextDecoder("gb18030", { fatal: true }).decode(bytes);
    return text(decoded, problem.notUtf8(file, { en: "GB 18030", zh: " GB 18030 " }));
  } catch {
    const readAs = { en: "UTF-8 with the wrong bytes replaced", zh: " UTF-8 ，替换无效字节，" };
    return text(new TextDecoder().decode(bytes), problem.notUtf8(file, readAs));
  }
}
