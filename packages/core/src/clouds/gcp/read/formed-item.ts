import type { Origin } from "../../../problem.ts";
import { type Form, type FormedDocument, formedValue } from "../../document.ts";
import type { Fields, GcpKind } from "../recognise.ts";
import type { Item } from "./unwrap.ts";

/** What resources of one form have in common, told by the first of them. */
export interface Like<T = Fields> {
  /** From zero up, in one export: what is made once of all that are alike stands in lists by it. */
  readonly number: number;
  readonly kind: GcpKind;
  readonly project: string | undefined;
  /** The path of each without its name. */
  readonly head: string;
  /** What the first of them says. */
  readonly value: T;
  readonly form: Form;
}

/** A resource of which only what is its own is held. */
export class FormedItem implements Item {
  readonly like: Like;
  readonly document: FormedDocument;

  constructor(like: Like, document: FormedDocument) {
    this.like = like;
    this.document = document;
  }

  get kind(): GcpKind {
    return this.like.kind;
  }

  get value(): Fields {
    const { form, value } = this.like;
    return formedValue(form, value, (number) => this.document.ownText(number));
  }

  get origin(): Origin {
    return this.document.origin;
  }

  get path(): string {
    return this.like.head + this.name;
  }

  get name(): string {
    return this.document.ownText(this.like.form.name);
  }

  get project(): string | undefined {
    return this.like.project;
  }

  get updateTime(): null {
    return null;
  }

  get from(): "alone" {
    return "alone";
  }
}
