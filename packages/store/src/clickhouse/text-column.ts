/** Texts one after the other, each with its length before it. Most are short and ASCII: their letters are the bytes. */
export class TextColumn {
  #bytes: Uint8Array;
  #end = 0;

  constructor(count: number) {
    this.#bytes = new Uint8Array(count * 24 + SHORT);
  }

  push(value: string): void {
    if (this.#end + SHORT >= this.#bytes.length) this.#grow(SHORT);
    if (value.length < SHORT && this.#pushAscii(value)) return;
    const encoded = textBytes(value);
    if (this.#end + encoded.length >= this.#bytes.length) this.#grow(encoded.length);
    this.#bytes.set(encoded, this.#end);
    this.#end += encoded.length;
  }

  clear(): void {
    this.#end = 0;
  }

  /** It holds until the next text. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  #pushAscii(value: string): boolean {
    const bytes = this.#bytes;
    const start = this.#end + 1;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 127) return false;
      bytes[start + index] = code;
    }
    bytes[start - 1] = value.length;
    this.#end = start + value.length;
    return true;
  }

  #grow(more: number): void {
    const grown = new Uint8Array(this.#bytes.length * 2 + more);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Lengths below it are one byte. */
const SHORT = 128;

export function textBytes(value: string): Uint8Array {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([varint(bytes.length), bytes]);
}

/** LEB128. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
