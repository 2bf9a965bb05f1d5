import { type Form, type FormedDocument, formedValue, type Members } from "../clouds/document.ts";
import type { Origin } from "../problem.ts";

/** A document of which only what is its own is held: an inventory has hundreds of thousands. */
export class Formed implements FormedDocument {
  readonly form: Form;
  readonly #texts: readonly string[];
  /** Where its own texts begin among those of others. */
  readonly #at: number;
  readonly #file: string;
  readonly #line: number;

  constructor(form: Form, texts: readonly string[], at: number, file: string, line: number) {
    this.form = form;
    this.#texts = texts;
    this.#at = at;
    this.#file = file;
    this.#line = line;
    form.first ??= this;
  }

  get origin(): Origin {
    return { file: this.#file, line: this.#line };
  }

  get value(): Members {
    return formedValue(this.form, this.form.value, (number) => this.ownText(number));
  }

  get linesOf(): () => readonly number[] {
    return noLines;
  }

  ownText(number: number): string {
    return this.#texts[this.#at + number] ?? "";
  }
}

const noLines = (): readonly number[] => [];
