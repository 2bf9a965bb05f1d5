import type { Form, Members, Path, Reducer } from "../clouds/document.ts";
import type { Place } from "./alike.ts";
import { Branch, type Leaf } from "./branch.ts";
import { CHANGE_WORDS, type Mould, textIn } from "./moulds.ts";

/** More forms are only made where each is that of several elements. */
const MANY_FORMS = 4096;
const FEWEST_OF_FORM = 8;

/** Own texts stand in lists of about so many. */
const TEXTS = 4096;

const MOST_WRITTEN = 256;
const SLASH = 47;

/** Goes through the members of elements of one kind, one element after the other, and tells which of them have one form. */
export class Former {
  readonly #itself: Reducer["itself"];
  readonly #root = new Branch();
  #formCount = 0;
  #elementCount = 0;
  /** It is written in a way that has no form. */
  #isOdd = false;
  /** Of this element and of those before it. */
  #texts: string[] = [];
  #first = 0;
  /** Texts that are neither its own nor everybody's. */
  readonly #places = new Int32Array(2 * MOST_WRITTEN);
  #placeCount = 0;
  /** The number of its name among its own texts, and where name and link are written. */
  #name = -1;
  #nameFrom = 0;
  #nameTo = 0;
  #linkFrom = 0;
  #linkTo = 0;

  constructor(itself: Reducer["itself"]) {
    this.#itself = itself;
  }

  /** Whether the next element is to have a form: not where each would have its own. */
  isWorthwhile(): boolean {
    this.#elementCount += 1;
    return this.#formCount <= MANY_FORMS || this.#formCount * FEWEST_OF_FORM <= this.#elementCount;
  }

  begin(): Branch {
    this.#isOdd = false;
    if (this.#texts.length > TEXTS) this.#texts = [];
    this.#first = this.#texts.length;
    this.#name = -1;
    this.#linkTo = 0;
    this.#placeCount = 0;
    return this.#root;
  }

  /** The next member, of whose strings some differ. */
  take(branch: Branch, mould: Mould, place: Place, at: number, changes: Int32Array, count: number): Branch {
    if (this.#isOdd || mould.left === undefined) return branch;
    let next = branch.to(mould);
    const { isItself, own } = mould;
    if (count === 0 && own.length === 0 && !isItself) return next;
    if (isItself) {
      this.#takeItself(mould, at, changes, count);
      if (mould.member === this.#itself.link) return next;
    }
    const first = this.#texts.length;
    for (let number = 0; number < own.length; number += 1) this.#texts.push(own[number]?.text ?? "");
    for (let word = 0; word < count * CHANGE_WORDS; word += CHANGE_WORDS) {
      const string = changes[word] ?? 0;
      const kept = mould.kept[string] ?? null;
      if (kept === null) continue;
      const number = mould.ownAt[string] ?? -1;
      if (number < 0) {
        next = next.to(string);
        this.#takeWritten(changes[word + 1] ?? 0, changes[word + 2] ?? 0);
      } else this.#texts[first + number] = textIn(place.textBetween, changes[word + 1] ?? 0, changes[word + 2] ?? 0);
    }
    return next;
  }

  /** A member of which what is left depends on what it says. */
  takeAnew(branch: Branch, mould: Mould, left: unknown): Branch {
    return this.#isOdd ? branch : branch.to(mould).to(JSON.stringify(left) ?? "");
  }

  #takeWritten(from: number, to: number): void {
    this.#isOdd ||= this.#placeCount >= MOST_WRITTEN - 1;
    if (this.#isOdd) return;
    this.#places[2 * this.#placeCount] = from;
    this.#places[2 * this.#placeCount + 1] = to;
    this.#placeCount += 1;
  }

  #takeItself({ member, strings, left }: Mould, at: number, changes: Int32Array, count: number): void {
    if (typeof left !== "string") {
      this.#isOdd = true;
      return;
    }
    const from = count === 0 ? at + (strings[0] ?? 0) : (changes[1] ?? 0);
    const to = count === 0 ? at + (strings[1] ?? 0) : (changes[2] ?? 0);
    if (member === this.#itself.link) {
      this.#linkFrom = from;
      this.#linkTo = to;
      return;
    }
    this.#name = this.#texts.length - this.#first;
    this.#nameFrom = from;
    this.#nameTo = to;
  }

  /** Where the form of the element stands, or will; null: it has none. */
  end(branch: Branch, { bytes, view }: Place): Leaf | null {
    const head = this.#linkTo - (this.#nameTo - this.#nameFrom);
    if (this.#isOdd || this.#name < 0 || head <= this.#linkFrom || bytes[head - 1] !== SLASH) return this.drop();
    for (let at = this.#nameFrom, link = head; at < this.#nameTo; at += 1, link += 1)
      if (bytes[at] !== bytes[link] || bytes[at] === SLASH) return this.drop();
    for (let at = this.#first; at < this.#texts.length; at += 1) if (this.#texts[at] === "") return this.drop();
    this.#takeWritten(this.#linkFrom, head);
    return branch.leafOf({ bytes, view, places: this.#places, count: this.#placeCount });
  }

  /** The element has no form. */
  drop(): null {
    this.#texts.length = this.#first;
    return null;
  }

  /** The own texts of the element stand among those of others. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  get first(): number {
    return this.#first;
  }

  /** @param value what is left of the first element of a form, where `own` stand; null: nothing ends with its name */
  formOf(value: Members, own: readonly Path[]): Form | null {
    const { name: nameMember, link } = this.#itself;
    const { [nameMember]: named, [link]: linked } = value;
    if (typeof named !== "string" || typeof linked !== "string" || !linked.endsWith(named)) return null;
    this.#formCount += 1;
    return { value, own, name: this.#name, link, head: linked.slice(0, linked.length - named.length), first: null };
  }
}
