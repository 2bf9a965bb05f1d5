const [QUOTE, BACKSLASH, ZERO, NINE] = [34, 92, 48, 57];

/**
 * What stands between the values of a record, byte for byte, and which members the values are of. `match` leaves where
 * each value stands in `starts` and `ends`.
 */
export class Layout {
  /** Of each value, its member: `jsonPayload.connection.src_ip`. */
  readonly paths: readonly string[];
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly #isText: Uint8Array;
  /** Four bytes at a time, and what is left. */
  readonly #words: readonly Int32Array[];
  readonly #rests: readonly Uint8Array[];
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);

  constructor(paths: readonly string[], isText: readonly boolean[], between: readonly Uint8Array[]) {
    this.paths = paths;
    this.starts = new Int32Array(paths.length);
    this.ends = new Int32Array(paths.length);
    this.#isText = Uint8Array.from(isText, Number);
    this.#words = between.map((constant) => wordsOf(constant));
    this.#rests = between.map((constant) => constant.slice(constant.length & ~3));
  }

  /** @returns where the record ends that begins at `from`; -1: it is another one, or none */
  match(bytes: Uint8Array, from: number): number {
    const { starts, ends } = this;
    const { length } = starts;
    const isText = this.#isText;
    const view = this.#viewOf(bytes);
    let at = from;
    for (let index = 0; index < length; index += 1) {
      at = this.#constantEnd(view, bytes, at, index);
      if (at === -1) return -1;
      starts[index] = at;
      at = isText[index] === 1 ? textEnd(bytes, at) : numberEnd(bytes, at);
      if (at === -1) return -1;
      ends[index] = at;
    }
    return this.#constantEnd(view, bytes, at, length);
  }

  #viewOf(bytes: Uint8Array): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.#view;
  }

  #constantEnd(view: DataView, bytes: Uint8Array, from: number, index: number): number {
    const words = this.#words[index];
    const rest = this.#rests[index];
    if (words === undefined || rest === undefined) return -1;
    let at = from;
    if (at + words.length * 4 + rest.length > bytes.length) return -1;
    for (let place = 0; place < words.length; place += 1, at += 4)
      if (view.getInt32(at, true) !== words[place]) return -1;
    for (let place = 0; place < rest.length; place += 1, at += 1) if (bytes[at] !== rest[place]) return -1;
    return at;
  }
}

function wordsOf(constant: Uint8Array): Int32Array {
  const view = new DataView(constant.buffer, constant.byteOffset, constant.byteLength);
  return Int32Array.from({ length: constant.length >> 2 }, (_, index) => view.getInt32(index * 4, true));
}

/** Where a plain text ends: one without escapes, and without what JSON forbids in one. */
function textEnd(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  for (let at = from; at < length; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === QUOTE) return at;
    if (code < 32 || code === BACKSLASH) return -1;
  }
  return -1;
}

/** Where a whole number ends, as JSON writes it. */
function numberEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let code = bytes[at] ?? 0; code >= ZERO && code <= NINE; code = bytes[at] ?? 0) at += 1;
  const isPadded = bytes[from] === ZERO && at > from + 1;
  return at === from || isPadded ? -1 : at;
}

/**
 * The layout of a record that `JSON.parse` has read from these bytes. Null: it is laid out in a way that is not worth it
 * (lists, escapes in names of members, a member twice).
 *
 * @param isFixed members whose value is a part of the layout
 */
export function layoutOf(bytes: Buffer, isFixed: (path: string) => boolean): Layout | null {
  const paths: string[] = [];
  const isText: boolean[] = [];
  const between: Uint8Array[] = [];
  const names: string[] = [];
  let from = 0;
  let at = 0;
  let name: string | null = null;
  const value = (start: number, end: number, text: boolean): void => {
    const path = [...names, name ?? ""].join(".");
    name = null;
    if (isFixed(path)) return;
    between.push(Uint8Array.from(bytes.subarray(from, start)));
    paths.push(path);
    isText.push(text);
    from = end;
  };
  while (at < bytes.length) {
    const code = bytes[at] ?? 0;
    if (code === QUOTE) {
      const end = textEnd(bytes, at + 1);
      if (end === -1) return null;
      if (name === null) name = bytes.toString("utf8", at + 1, end);
      else value(at + 1, end, true);
      at = end + 1;
    } else if (code >= ZERO && code <= NINE) {
      const end = numberEnd(bytes, at);
      if (end === -1 || name === null) return null;
      value(at, end, false);
      at = end;
    } else {
      if (code === 91) return null;
      if (code === 123 && name !== null) names.push(name);
      if (code === 123) name = null;
      if (code === 125) names.pop();
      // true, false, null and what else is no text and no whole number: part of the layout.
      if (code === 44) name = null;
      at += 1;
    }
  }
  between.push(Uint8Array.from(bytes.subarray(from)));
  return new Set(paths).size === paths.length ? new Layout(paths, isText, between) : null;
}
