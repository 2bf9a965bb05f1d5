import { copyOf, type Form, type Members, type Path, put, type Reducer } from "../clouds/document.ts";
import { Former } from "./former.ts";
import {
  CHANGE_WORDS,
  hasEscapes,
  linesBetween,
  type Mould,
  matched,
  newChanges,
  type Part,
  partsOf,
  pastSpace,
  type TextBetween,
  textIn,
} from "./moulds.ts";

/** An element as it stands among others. */
export interface Place {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly textBetween: TextBetween;
}

/** An element that need not be parsed. Of one that has a form only what is its own was read. */
export type Known = { readonly end: number; readonly lines: number } & (
  | { readonly left: Members; readonly form: null }
  | { readonly form: Form; readonly texts: readonly string[]; readonly at: number }
);

/** What came first in elements of one kind, and what after each member. */
interface Kind {
  readonly name: string;
  readonly first: Mould[];
  readonly after: Map<string, Mould[]>;
  readonly former: Former;
}

/** Each is compared in vain when something new comes. */
const MOST_ALTERNATIVES = 16;
/** A list whose elements have so little in common gains nothing by more. */
const MOST_LEARNED_BYTES = 4_000_000;
const MOULD_BYTES = 400;
const NOT_OWN = -1;
/**
 * Elements of which each member was read before, but for what its strings say: they are compared with that, which takes a
 * tenth of the time of parsing them, and of what differs only what is left is read. What was never read before has to be
 * parsed, and is known from then on.
 */
export class Alike {
  readonly #reducer: Reducer;
  readonly #kinds: Kind[] = [];
  readonly #changes = newChanges();
  #learnedBytes = 0;
  /** Of what `#next` found: how many strings differ, and where it ends. */
  #count = 0;
  #end = 0;

  constructor(reducer: Reducer) {
    this.#reducer = reducer;
  }

  /** Null: it has to be parsed, or goes on past these bytes. */
  read(place: Place, start: number): Known | null {
    for (let index = 0; index < this.#kinds.length; index += 1) {
      const kind = this.#kinds[index];
      if (kind === undefined) break;
      const known = kind.former.isWorthwhile()
        ? this.#readFormed(kind, place, start)
        : this.#readAs(kind, place, start);
      if (known === null) continue;
      toFront(this.#kinds, index);
      return known;
    }
    return null;
  }

  #readFormed(kind: Kind, place: Place, start: number): Known | null {
    const { former } = kind;
    let at = pastSpace(place.bytes, start + 1);
    let lines = linesBetween(place.bytes, start, at);
    let isDecided = false;
    let branch = former.begin();
    for (let likely = kind.first; ; ) {
      const mould = this.#next(likely, place, at);
      if (mould === null) return former.drop();
      const end = this.#end;
      if (this.#count > 0 && this.#reducer.readAnew.has(mould.member))
        branch = former.takeAnew(branch, mould, this.#readAnew(mould.member, kind, place.textBetween(at, end)));
      else branch = former.take(branch, mould, place, at, this.#changes, this.#count);
      isDecided ||= mould.member === this.#reducer.decidedBy;
      lines += mould.lines;
      at = end;
      if (mould.isLast) break;
      likely = mould.after;
    }
    const leaf = isDecided ? former.end(branch, place) : null;
    if (leaf === null) return this.#readAs(kind, place, start);
    leaf.form ??= this.#formOf(kind, place, start);
    const { form } = leaf;
    return form === null
      ? this.#readAs(kind, place, start)
      : { form, texts: former.texts, at: former.first, end: at, lines };
  }

  #readAs(kind: Kind, place: Place, start: number, own: Path[] = []): (Known & { readonly form: null }) | null {
    const { decidedBy } = this.#reducer;
    const left: Record<string, unknown> = {};
    let at = pastSpace(place.bytes, start + 1);
    let lines = linesBetween(place.bytes, start, at);
    let isDecided = false;
    for (let likely = kind.first; ; ) {
      const mould = this.#next(likely, place, at);
      if (mould === null) return null;
      const end = this.#end;
      const value = this.#count === 0 ? mould.left : this.#changed(mould, kind, place, at);
      if (value !== undefined) left[mould.member] = value;
      for (const { path } of mould.own) own.push(path);
      isDecided ||= mould.member === decidedBy;
      lines += mould.lines;
      at = end;
      if (mould.isLast) return isDecided ? { left, form: null, end, lines } : null;
      likely = mould.after;
    }
  }

  #formOf(kind: Kind, place: Place, start: number): Form | null {
    const own: Path[] = [];
    const known = this.#readAs(kind, place, start, own);
    return known === null ? null : kind.former.formOf(known.left, own);
  }

  #next(likely: Mould[], { bytes, view }: Place, at: number): Mould | null {
    for (let index = 0; index < likely.length; index += 1) {
      const mould = likely[index];
      if (mould === undefined) break;
      const count = matched(mould, bytes, view, at, this.#changes);
      if (count < 0) continue;
      toFront(likely, index);
      this.#count = count;
      this.#end = this.#changes[count * CHANGE_WORDS] ?? 0;
      return mould;
    }
    return null;
  }

  #changed({ member, left, kept }: Mould, kind: Kind, { textBetween }: Place, at: number): unknown {
    if (this.#reducer.readAnew.has(member)) return this.#readAnew(member, kind, textBetween(at, this.#end));
    if (left === undefined) return undefined;
    let copy: unknown = left;
    for (let word = 0; word < this.#count * CHANGE_WORDS; word += CHANGE_WORDS) {
      const place = kept[this.#changes[word] ?? 0] ?? null;
      if (place === null) continue;
      const text = this.#textOf(place.name, textBetween, this.#changes[word + 1] ?? 0, this.#changes[word + 2] ?? 0);
      if (place.path.length === 0) return text;
      if (copy === left) copy = copyOf(left);
      put(copy, place.path, text);
    }
    return copy;
  }

  #textOf(name: string, textBetween: TextBetween, from: number, to: number): string {
    const text = textIn(textBetween, from, to);
    const start = this.#reducer.startOf(name, text);
    // Cut out of the bytes, a text does not hold on to what was before it.
    const isCut = start > 0 && text.length === to - from;
    return this.#reducer.shared(name, isCut ? textBetween(from + start, to) : text.slice(start));
  }

  /** As if the element had nothing else. */
  #readAnew(member: string, kind: Kind, text: string): unknown {
    const element = JSON.parse(`{${text.trimEnd().slice(0, -1)}}`) as Members;
    return this.#reducer.reduce({ ...element, [this.#reducer.decidedBy]: kind.name })[member];
  }

  /** From now on elements that are like this one are known. */
  learn(place: Place, start: number, whole: unknown, left: unknown): void {
    if (left === whole || !isMembers(left) || this.#learnedBytes >= MOST_LEARNED_BYTES) return;
    const name = left[this.#reducer.decidedBy];
    const parts = typeof name === "string" ? partsOf(place.bytes, start, place.textBetween) : null;
    if (typeof name !== "string" || parts === null) return;
    const { first, after } = this.#kindOf(name);
    let likely = first;
    for (const part of parts) {
      const next = after.get(part.member) ?? [];
      after.set(part.member, next);
      if (this.#next(likely, place, part.start) === null) this.#add(likely, this.#mouldOf(part, place, left, next));
      likely = next;
    }
  }

  #add(likely: Mould[], mould: Mould): void {
    likely.unshift(mould);
    likely.length = Math.min(likely.length, MOST_ALTERNATIVES);
    this.#learnedBytes += mould.bytes.length + MOULD_BYTES;
  }

  #mouldOf({ member, start, end, isLast, strings }: Part, { bytes }: Place, element: Members, after: Mould[]): Mould {
    // A buffer of Node would not copy itself when it is sliced.
    const own = new Uint8Array(bytes.subarray(start, end));
    const left = Object.hasOwn(element, member) ? element[member] : undefined;
    const open = member === this.#reducer.decidedBy ? [] : strings;
    const kept = open.map(({ path }) =>
      typeof valueAt(left, path) === "string" ? { path, name: nameOf(path) ?? member } : null,
    );
    const owned = kept.map((one) => one !== null && this.#isOwn(member, one.path));
    return {
      member,
      bytes: own,
      view: new DataView(own.buffer),
      strings: Int32Array.from(open.flatMap((one) => [one.start - start, one.end - start])),
      kept,
      left,
      own: open.flatMap(({ path }, string) =>
        owned[string] ? [{ path: [member, ...path], text: String(valueAt(left, path)) }] : [],
      ),
      ownAt: owned.map((isOwn, string) => (isOwn ? owned.slice(0, string).filter(Boolean).length : NOT_OWN)),
      lines: linesBetween(own, 0, own.length),
      hasEscapes: hasEscapes(own),
      isItself: member === this.#reducer.itself.link || member === this.#reducer.itself.name,
      isLast,
      after,
    };
  }

  #isOwn(member: string, path: Path): boolean {
    const { own, readAnew } = this.#reducer;
    return !readAnew.has(member) && own.has([member, ...path].filter((key) => typeof key === "string").join("."));
  }

  #kindOf(name: string): Kind {
    const known = this.#kinds.find((kind) => kind.name === name);
    if (known !== undefined) return known;
    const made: Kind = { name, first: [], after: new Map(), former: new Former(this.#reducer.itself) };
    this.#kinds.unshift(made);
    return made;
  }
}

function toFront<T>(list: T[], index: number): void {
  const one = list[index];
  if (index === 0 || one === undefined) return;
  for (let at = index; at > 0; at -= 1) list[at] = list[at - 1] ?? one;
  list[0] = one;
}

export const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const nameOf = (path: Path): string | undefined => path.findLast((key) => typeof key === "string");

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inside, key) => (isMembers(inside) && Object.hasOwn(inside, key) ? inside[key] : null), value);
