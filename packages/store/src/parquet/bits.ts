/** Memory that grows, for numbers of any width in bits, the least significant first. */
export class BitWriter {
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  room(more: number): void {
    // Whole words are written behind what is needed.
    if (this.length + more + 8 <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.length + more + 8, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  byte(value: number): void {
    this.room(1);
    this.#bytes[this.length] = value;
    this.length += 1;
  }

  bytes(value: Uint8Array): void {
    this.room(value.length);
    this.#bytes.set(value, this.length);
    this.length += value.length;
  }

  /** A whole number from 0 on, in groups of seven bits. */
  varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 128);
    this.byte(rest);
  }

  int32(value: number): void {
    this.room(4);
    this.#view.setInt32(this.length, value, true);
    this.length += 4;
  }

  /** Numbers of up to 32 bits; in all, a multiple of 8 of them. */
  pack(values: Uint32Array, from: number, to: number, width: number): void {
    if (width === 0) return;
    this.room(Math.ceil(((to - from) * width) / 8));
    const view = this.#view;
    let at = this.length;
    let word = 0;
    let filled = 0;
    for (let index = from; index < to; index += 1) {
      const value = values[index] ?? 0;
      word |= value << filled;
      filled += width;
      if (filled < 32) continue;
      view.setInt32(at, word, true);
      at += 4;
      filled -= 32;
      // A shift by 32 would be one by nothing.
      word = filled === 0 ? 0 : value >>> (width - filled);
    }
    if (filled > 0) view.setInt32(at, word, true);
    this.length = at + Math.ceil(filled / 8);
  }
}

/** How many bits a whole number below 2 ** 32 takes. */
export const widthOf = (value: number): number => 32 - Math.clz32(value);
