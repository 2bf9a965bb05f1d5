import type { Problem, Text } from "@seenas/core";
import * as problem from "./problems.ts";

export type Decoded = { readonly text: string | null; readonly problem: Problem | null };

const MAGIC: readonly { readonly bytes: readonly number[]; readonly what: Text; readonly fix: Text }[] = [
  packed([0x1f, 0x8b], { en: "a gzip archive", zh: " gzip 压缩文件" }),
  packed([0x50, 0x4b, 3, 4], { en: "a zip archive", zh: " zip 压缩文件" }),
  packed([0x42, 0x5a, 0x68], { en: "a bzip2 archive", zh: " bzip2 压缩文件" }),
  packed([0xfd, 0x37, 0x7a, 0x58, 0x5a], { en: "an xz archive", zh: " xz 压缩文件" }),
  packed([0x28, 0xb5, 0x2f, 0xfd], { en: "a zstd archive", zh: " zstd 压缩文件" }),
  picture([0x89, 0x50, 0x4e, 0x47]),
  picture([0xff, 0xd8, 0xff]),
  picture([0x47, 0x49, 0x46, 0x38]),
  { bytes: [0x25, 0x50, 0x44, 0x46], what: { en: "a PDF", zh: " PDF 文件" }, fix: problem.AS_TEXT },
];

function packed(bytes: readonly number[], what: Text) {
  return { bytes, what, fix: { en: "unpack it and drop what is inside", zh: "请解包后放入其中的文件" } };
}

function picture(bytes: readonly number[]) {
  return { bytes, what: { en: "a picture", zh: "图片" }, fix: problem.AS_TEXT };
}

const LOOKED_AT = 4096;

/** What no reader takes, by its first bytes; null: it may be text. */
export function foreignOf(head: Uint8Array, file: string): Problem | null {
  const found = MAGIC.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  return found === undefined ? null : problem.notText(file, found.what, found.fix);
}

/** UTF-8, UTF-16 (PowerShell writes it) and GB 18030 (Chinese editions of Windows do), as the command reads them. */
export function decode(bytes: Uint8Array, file: string): Decoded {
  const wide = utf16Of(bytes);
  if (wide !== null) return { text: new TextDecoder(wide).decode(bytes), problem: null };
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return { text: null, problem: problem.binary(file) };
  const asUtf8 = strictly("utf-8", bytes);
  if (asUtf8 !== null) return { text: asUtf8, problem: null };
  const cut = [1, 2, 3].some((count) => strictly("utf-8", bytes.subarray(0, -count)) !== null);
  if (cut) return { text: new TextDecoder().decode(bytes), problem: problem.cutCharacter(file) };
  const asGb = strictly("gb18030", bytes);
  if (asGb !== null) return { text: asGb, problem: problem.notUtf8(file, { en: "GB 18030", zh: " GB 18030 " }) };
  const readAs = { en: "UTF-8 with the wrong bytes replaced", zh: " UTF-8（替换无效字节）" };
  return { text: new TextDecoder().decode(bytes), problem: problem.notUtf8(file, readAs) };
}

function strictly(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && !(bytes[2] === 0 && bytes[3] === 0)) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const head = bytes.subarray(0, LOOKED_AT);
  if (!head.includes(0)) return null;
  if (isMostlyAscii(head, 0)) return "utf-16le";
  return isMostlyAscii(head, 1) ? "utf-16be" : null;
}

/** @param at where in each pair of bytes the letter would stand; a zero is always on the other side then */
function isMostlyAscii(bytes: Uint8Array, at: 0 | 1): boolean {
  let ascii = 0;
  for (let pair = 0; pair + 1 < bytes.length; pair += 2) {
    const letter = bytes[pair + at] ?? 0;
    if (letter === 0) return false;
    if (bytes[pair + 1 - at] === 0 && (letter === 9 || letter === 10 || letter === 13 || letter >= 32)) ascii += 1;
  }
  return ascii > 0 && ascii * 8 >= bytes.length;
}
