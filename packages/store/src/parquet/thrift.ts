const FIRST = 1 << 8;

/** Types of fields: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md */
const [FALSE, I32, I64, BINARY, LIST, STRUCT] = [2, 5, 6, 8, 9, 12];

/** Writes the compact protocol of Thrift, in which Parquet describes itself: what that needs of it, and no more. */
export class ThriftWriter {
  #bytes = Buffer.alloc(FIRST);
  #length = 0;
  /** The last field of each struct that is open. */
  readonly #last: number[] = [];

  struct(write: () => void): void {
    this.#last.push(0);
    write();
    this.#last.pop();
    this.#byte(0);
  }

  structAt(field: number, write: () => void): void {
    this.#field(field, STRUCT);
    this.struct(write);
  }

  i32At(field: number, value: number): void {
    this.#field(field, I32);
    this.#zigzag(value);
  }

  falseAt(field: number): void {
    this.#field(field, FALSE);
  }

  i64At(field: number, value: number): void {
    this.#field(field, I64);
    this.#zigzag(value);
  }

  binaryAt(field: number, value: Uint8Array | string): void {
    this.#field(field, BINARY);
    this.#binary(value);
  }

  i32sAt(field: number, values: readonly number[]): void {
    this.#list(field, values.length, I32);
    for (const value of values) this.#zigzag(value);
  }

  textsAt(field: number, values: readonly string[]): void {
    this.#list(field, values.length, BINARY);
    for (const value of values) this.#binary(value);
  }

  structsAt<T>(field: number, values: readonly T[], write: (value: T) => void): void {
    this.#list(field, values.length, STRUCT);
    for (const value of values) this.struct(() => write(value));
  }

  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #field(field: number, type: number): void {
    const step = field - (this.#last.at(-1) ?? 0);
    if (step > 0 && step < 16) this.#byte((step << 4) | type);
    else {
      this.#byte(type);
      this.#zigzag(field);
    }
    this.#last[this.#last.length - 1] = field;
  }

  #list(field: number, length: number, type: number): void {
    this.#field(field, LIST);
    if (length < 15) this.#byte((length << 4) | type);
    else {
      this.#byte(0xf0 | type);
      this.#varint(length);
    }
  }

  #binary(value: Uint8Array | string): void {
    const bytes = typeof value === "string" ? Buffer.from(value) : value;
    this.#varint(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #zigzag(value: number): void {
    this.#varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#byte((rest % 128) | 128);
    this.#byte(rest);
  }

  #byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#length + more, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
