import type { Intake, Problem, VantageHint } from "@seenas/core";
import { takeIn } from "@seenas/core";
import type { Backend } from "../backend.ts";
import type { Diffed, Estated, RowsRequest, RowsView } from "../estate-protocol.ts";
import type { Layout, Spot } from "../layout.ts";
import type {
  AllowRequest,
  AllowView,
  Asked,
  EvidenceFileView,
  Excerpt,
  GivenFile,
  Inventory,
  Progress,
  Question,
  SenderView,
  Side,
} from "../protocol.ts";
import { allow } from "./allow.ts";
import { type Answered, answer } from "./answer.ts";
import type { EstateSession } from "./estate.ts";
import { evidenceViews } from "./evidence-view.ts";
import { excerptOf } from "./excerpt.ts";
import { inventoryOf, isUnder, twoExportsIn } from "./inventory.ts";
import * as problem from "./problems.ts";
import { type Loaded, linesOf, load } from "./reading.ts";
import { sendersLike } from "./senders.ts";

const MAX_FILES = 10_000;
const TELL_EVERY_MS = 100;

export interface Held extends Loaded {
  readonly side: Side;
}

/** A file by its name, and what was in it. */
const isOf = (held: Held, name: string, side: Side): boolean =>
  held.side === side && (held.name === name || held.name.startsWith(`${name}!`));

/** Everything that was given, and what was made of it; only in this thread's memory. */
export class Session implements Backend {
  readonly #onProgress: (progress: Progress) => void;
  #held: readonly Held[] = [];
  #problems: readonly Problem[] = [];
  #isOne = false;
  #vantage: VantageHint | "" = "";
  #taken = new Map<Side, Promise<Intake>>();
  #answered: Answered | null = null;
  #estate: Promise<EstateSession> | null = null;

  constructor(onProgress: (progress: Progress) => void) {
    this.#onProgress = onProgress;
  }

  async start(): Promise<Inventory> {
    return inventoryOf(this.#held, await this.#intake("now"), await this.#intake("after"), this.#problems);
  }

  async add(files: readonly GivenFile[]): Promise<Inventory> {
    const room = MAX_FILES - this.#held.length;
    this.#problems = files.length > room ? [problem.tooManyFiles(MAX_FILES)] : [];
    const added: Held[] = [];
    for (const file of files.slice(0, room)) {
      for (const loaded of await load(file, this.#meter(file))) added.push({ ...loaded, side: file.side });
    }
    const given = files.slice(0, room);
    const isNew = (held: Held): boolean => !given.some(({ name, side }) => isOf(held, name, side));
    return this.#hold([...this.#held.filter(isNew), ...added]);
  }

  remove(name: string, side: Side): Promise<Inventory> {
    return this.#hold(this.#held.filter((one) => !isOf(one, name, side)));
  }

  clear(): Promise<Inventory> {
    this.#isOne = false;
    this.#problems = [];
    return this.#hold([]);
  }

  join(isOne: boolean): Promise<Inventory> {
    this.#isOne = isOne;
    return this.#hold(this.#held);
  }

  async ask(question: Question): Promise<Asked> {
    if (question.vantage !== this.#vantage) {
      this.#vantage = question.vantage;
      this.#taken.delete("now");
    }
    if (this.#of("now").length === 0) return { kind: "nothing" };
    const started = performance.now();
    this.#answered = answer(question, await this.#intake("now"));
    const { asked } = this.#answered;
    return asked.kind === "verdict" ? { ...asked, tookMs: performance.now() - started } : asked;
  }

  async senders(search: string): Promise<readonly SenderView[]> {
    const { estate } = await this.#intake("now");
    return estate === null ? [] : sendersLike(estate, search);
  }

  allow(request: AllowRequest): Promise<AllowView> {
    return allow(this.#answered, request);
  }

  excerpt(file: string, line: number | null): Promise<Excerpt> {
    return excerptOf(this.#blob(file), line, this.#readText(file));
  }

  async evidence(): Promise<readonly EvidenceFileView[]> {
    const { evidence } = await this.#intake("now");
    const judged = this.#answered?.judged ?? [];
    return evidenceViews(evidence, judged, (file) => this.#blob(file));
  }

  async lines(file: string, first: number, count: number): Promise<readonly string[]> {
    const content = this.#blob(file);
    return content === undefined ? [] : linesOf(content, first, count, this.#readText(file));
  }

  async layout(layout: Layout): Promise<readonly Spot[]> {
    return (await import("./layout.ts")).layoutOf(layout);
  }

  async estate(partners: string): Promise<Estated> {
    return (await this.#estateSession()).estate(await this.#intake("now"), partners);
  }

  async rows(request: RowsRequest): Promise<RowsView> {
    return (await this.#estateSession()).rows(request);
  }

  async diff(partners: string, language: "en" | "zh"): Promise<Diffed> {
    const session = await this.#estateSession();
    return session.diff(await this.#intake("now"), await this.#intake("after"), partners, language);
  }

  /** Maps are loaded when somebody looks at the estate. */
  #estateSession(): Promise<EstateSession> {
    this.#estate ??= import("./estate.ts").then(({ EstateSession }) => new EstateSession());
    return this.#estate;
  }

  #meter({ name, content }: GivenFile): (readBytes: number) => void {
    let next = performance.now() + TELL_EVERY_MS;
    return (readBytes) => {
      if (performance.now() < next) return;
      next = performance.now() + TELL_EVERY_MS;
      this.#onProgress({ file: name, readBytes, totalBytes: content.size });
    };
  }

  #of(side: Side): readonly Held[] {
    return this.#held.filter((one) => one.side === side);
  }

  #named(file: string): Held | undefined {
    return this.#of("now").find(({ name }) => name === file) ?? this.#held.find(({ name }) => name === file);
  }

  #blob(file: string): Blob | undefined {
    return this.#named(file)?.content ?? undefined;
  }

  /** What was read of a file on a disk; null: it is not held as a text, or it is in memory and cannot change. */
  #readText(file: string): string | null {
    const { content, input } = this.#named(file) ?? {};
    return content instanceof File && input !== undefined && input !== null && "text" in input ? input.text : null;
  }

  async #hold(held: readonly Held[]): Promise<Inventory> {
    const given = this.#isOne ? held.map((one) => ({ ...one, side: "now" as const })) : held;
    const pair = this.#isOne ? null : twoExportsIn(given.filter(({ side }) => side === "now"));
    this.#held =
      pair === null ? given : given.map((one) => (isUnder(one.name, pair.after) ? { ...one, side: "after" } : one));
    this.#taken.clear();
    this.#answered = null;
    this.#estate = null;
    return inventoryOf(this.#held, await this.#intake("now"), await this.#intake("after"), this.#problems);
  }

  /** What was read of one side, with the problems of reading it. */
  #intake(side: Side): Promise<Intake> {
    const known = this.#taken.get(side);
    if (known !== undefined) return known;
    const files = this.#of(side);
    const inputs = files.flatMap(({ input }) => input ?? []);
    const unread = files.flatMap(({ problems }) => problems);
    const hint = this.#vantage === "" ? null : this.#vantage;
    const taken = takeIn(inputs, () => hint).then((intake) => ({
      ...intake,
      problems: [...unread, ...intake.problems],
    }));
    this.#taken.set(side, taken);
    return taken;
  }
}
