import type { Diffed, Estated, RowsRequest, RowsView } from "./estate-protocol.ts";
import type { Layout, Spot } from "./layout.ts";
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
} from "./protocol.ts";

/**
 * Who computes. In the page it is a worker with core; behind `seenas serve`, what is too large for a page, the log store
 * and `collect` are the server's: an implementation of the same methods that asks it.
 */
export interface Backend {
  /** What is there before anybody gave anything: a server may have been started with files. */
  start(): Promise<Inventory>;
  add(files: readonly GivenFile[]): Promise<Inventory>;
  remove(name: string, side: Side): Promise<Inventory>;
  clear(): Promise<Inventory>;
  /** Reads what was taken as the estate after as a part of the one estate, or takes it apart again. */
  join(isOne: boolean): Promise<Inventory>;
  ask(question: Question): Promise<Asked>;
  senders(search: string): Promise<readonly SenderView[]>;
  allow(request: AllowRequest): Promise<AllowView>;
  excerpt(file: string, line: number | null): Promise<Excerpt>;
  evidence(): Promise<readonly EvidenceFileView[]>;
  lines(file: string, first: number, count: number): Promise<readonly string[]>;
  layout(layout: Layout): Promise<readonly Spot[]>;
  /** @param partners lines of an address or prefix and a name, or YAML; empty: the whole space */
  estate(partners: string): Promise<Estated>;
  rows(request: RowsRequest): Promise<RowsView>;
  diff(partners: string, language: "en" | "zh"): Promise<Diffed>;
}

/** A method's name and what it is called with; `progress` is told while files are read. */
export interface Call {
  readonly id: number;
  readonly method: keyof Backend;
  readonly args: readonly unknown[];
}

/** With the id of the call that it answers. */
export type Told =
  | { readonly kind: "value"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly message: string }
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress };

export const METHODS = [
  "start",
  "add",
  "remove",
  "clear",
  "join",
  "ask",
  "senders",
  "allow",
  "excerpt",
  "evidence",
  "lines",
  "layout",
  "estate",
  "rows",
  "diff",
] as const satisfies readonly (keyof Backend)[];

/** The methods of a backend on the other side of a worker. */
export function backendOf(worker: Worker, onProgress: (progress: Progress) => void): Backend {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<Told>) => {
    if (data.kind === "progress") {
      onProgress(data.progress);
      return;
    }
    const one = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === "value") one?.resolve(data.value);
    else one?.reject(new Error(data.message));
  });
  worker.addEventListener("error", ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  });
  const call = (method: keyof Backend, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.postMessage({ id: last, method, args } satisfies Call);
    });
  const methods = METHODS.map((method) => [method, (...args: readonly unknown[]) => call(method, args)]);
  return Object.fromEntries(methods) as unknown as Backend;
}
