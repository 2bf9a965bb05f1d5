import type { Problem, Text } from "../problem.ts";
import * as problem from "./problems.ts";
import type { Texts } from "./runtime.ts";

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

const PICTURE: Text = { en: "a picture", zh: "图片" };
const notText =
  (what: Text) =>
  (file: string): Problem =>
    problem.notText(file, what);

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
  { bytes: [0x89, 0x50, 0x4e, 0x47], refuse: notText(PICTURE) },
  { bytes: [0xff, 0xd8, 0xff], refuse: notText(PICTURE) },
  { bytes: [0x47, 0x49, 0x46, 0x38], refuse: notText(PICTURE) },
  { bytes: [0x25, 0x50, 0x44, 0x46], refuse: notText({ en: "a PDF", zh: " PDF 文件" }) },
];

const LOOKED_AT = 4096;

/** What no reader takes, by its first bytes; null: it may be text. */
export const foreignOf = (head: Uint8Array, file: string): Problem | null =>
  MAGIC.find(({ bytes }) => startsWith(head, bytes))?.refuse(file) ?? null;

/**
 * Bytes of a file as text: UTF-8 and UTF-16 with a byte order mark or without (PowerShell writes UTF-16), and GB 18030,
 * which Chinese editions of Windows write. What is no text is refused by name.
 */
export function decode(bytes: Uint8Array, file: string, texts: Texts): Decoded {
  const foreign = foreignOf(bytes, file);
  if (foreign !== null) return { kind: "refused", problem: foreign };
  const wide = utf16Of(bytes);
  if (wide !== undefined) return text(texts.loosely(wide, bytes));
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return { kind: "refused", problem: problem.binary(file) };
  const asUtf8 = texts.strictly("utf-8", bytes);
  return asUtf8 === null ? decodeOther(bytes, file, texts) : text(asUtf8);
}

const text = (decoded: string, found: Problem | null = null): Decoded => ({
  kind: "text",
  text: decoded,
  problem: found,
});

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

function decodeOther(bytes: Uint8Array, file: string, texts: Texts): Decoded {
  for (const cut of [1, 2, 3]) {
    const whole = texts.strictly("utf-8", bytes.subarray(0, -cut));
    // Only an ASCII text with one odd last byte could be meant otherwise, and then it is one letter.
    if (whole !== null) return text(whole, problem.cutCharacter(file));
  }
  const asGb = texts.strictly("gb18030", bytes);
  if (asGb !== null) return text(asGb, problem.notUtf8(file, { en: "GB 18030", zh: " GB 18030 " }));
  const readAs = { en: "UTF-8 with the wrong bytes replaced", zh: " UTF-8（替换无效字节）" };
  return text(texts.loosely("utf-8", bytes), problem.notUtf8(file, readAs));
}
