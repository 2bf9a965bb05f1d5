import type { Origin } from "../../../problem.ts";
import type { Form, FormedDocument } from "../../document.ts";
import type { Like } from "./formed-item.ts";

/** One resource as it stands in the export. */
export interface Found<T> {
  readonly value: T;
  /** `projects/P/…`; for statuses and mappings, which have no name of their own, the empty text. */
  readonly path: string;
  readonly project: string;
  readonly name: string;
  readonly origin: Origin;
  readonly updateTime: string | null;
  /** Of many that are alike: what they have in common, and where the own texts of this one stand. */
  readonly like?: Like<T>;
  readonly document?: FormedDocument;
}

type Saying<T> = Pick<Found<T>, "value" | "like" | "document">;

/** What it says, its own texts apart, which may be another's; one object for all that are alike. */
export const commonOf = <T>(found: Saying<T>): T => (found.like === undefined ? found.value : found.like.value);

/** Where an own text stands among those of its form, by its keys from the resource down; -1: it is not its own. */
export const ownNumber = ({ own }: Form, ...path: readonly (string | number)[]): number =>
  own.findIndex((one) => one.length === path.length && one.every((key, index) => key === path[index]));

/** A text that may be its own, without making the rest of what it says. */
export function textOf<T, K extends string & keyof T>(found: Saying<T>, member: K): T[K] | string {
  const { like, document } = found;
  const number = like === undefined ? -1 : ownNumber(like.form, member);
  return document === undefined || number < 0 ? commonOf(found)[member] : document.ownText(number);
}
