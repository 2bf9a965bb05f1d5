const [QUOTE, BACKSLASH, ZERO, NINE] = [34, 92, 48, 57];

/** What stands between the values of a record, byte for byte, and which members the values are of. */
export interface Layout {
  /** Of each value, its member: `jsonPayload.connection.src_ip`. */
  readonly paths: readonly string[];
  /** Whether it is a text, or a whole number. */
  readonly isText: readonly boolean[];
  /** One more than there are values. */
  readonly between: readonly Uint8Array[];
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
  return new Set(paths).size === paths.length ? { paths, isText, between } : null;
}
