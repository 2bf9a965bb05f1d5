/** Words as UTF-8, one behind the other, each found by its code. */
export class WordBytes {
  #bytes = Buffer.alloc(1 << 16);
  #ends = new Uint32Array(1 << 10);
  count = 0;

  /** All of them. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#startOf(this.count));
  }

  /** Where each ends. */
  get ends(): Uint32Array {
    return this.#ends.subarray(0, this.count);
  }

  /** Takes over what a list has that is new: codes are places in it, and stay. */
  follow(list: readonly string[]): this {
    for (; this.count < list.length; this.count += 1) this.#add(list[this.count] ?? "");
    return this;
  }

  of(code: number): Uint8Array {
    return this.#bytes.subarray(this.#startOf(code), this.#ends[code]);
  }

  #startOf(code: number): number {
    return code === 0 ? 0 : (this.#ends[code - 1] ?? 0);
  }

  #add(word: string): void {
    const start = this.#startOf(this.count);
    const length = Buffer.byteLength(word);
    if (start + length > this.#bytes.length) {
      const larger = Buffer.alloc((start + length) * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    if (this.count === this.#ends.length) {
      const larger = new Uint32Array(this.count * 2);
      larger.set(this.#ends);
      this.#ends = larger;
    }
    this.#bytes.write(word, start);
    this.#ends[this.count] = start + length;
  }
}
