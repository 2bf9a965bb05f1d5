import type { ConfigDocument } from "../clouds/document.ts";
import { readEstate } from "../clouds/read-estate.ts";
import { readJsonDocuments } from "../documents/json.ts";
import type { ListReader, TextsOf } from "../documents/list-reader.ts";
import { looksLikeJson, syntaxOf } from "../documents/recognise.ts";
import type { Wanted } from "../evidence/capture/flows.ts";
import type { CaptureReader, Counted as CountedCapture } from "../evidence/capture/index.ts";
import { carriedLines } from "../evidence/carried.ts";
import { linesOf } from "../evidence/lines.ts";
import { isLogResult } from "../evidence/log-result.ts";
import type { LongLog, LongLogOptions, ReadLog } from "../evidence/long/index.ts";
import type { Evidence, VantageHint } from "../evidence/observation.ts";
import { readAnyEvidence, readMarked } from "../evidence/read.ts";
import { recogniseEvidence } from "../evidence/recognise.ts";
import type { Guest, GuestFacts } from "../guests/guest.ts";
import type { Estate } from "../model/estate.ts";
import type { Problem } from "../problem.ts";
import type { SentHellos } from "../witness/probe-file.ts";
import { earliestOf, isManifest, readManifest } from "./collected.ts";
import { guestEvidence } from "./guest-evidence.ts";

/** A file as it was given: decoded, or, where it is a packet capture, counted while it was read. */
export type InputFile = InputText | InputCapture | InputList | InputRead;

interface Named {
  /** As the user named it. */
  readonly name: string;
  /** What it was given as; content decides, this only breaks ties and words problems. */
  readonly role: "config" | "evidence";
}

export interface InputText extends Named {
  readonly text: string;
}

export interface InputCapture extends Named {
  readonly capture: CountedCapture;
}

/** A long export of sound elements, read while it arrived. */
export interface InputList extends Named {
  readonly documents: readonly ConfigDocument[];
}

/** A long log, read while it arrived. */
export interface InputRead extends Named {
  readonly log: ReadLog;
}

export interface Intake {
  /** null: no configuration of any cloud was given. */
  readonly estate: Estate | null;
  readonly guests: readonly Guest[];
  readonly evidence: readonly Evidence[];
  readonly problems: readonly Problem[];
  /** Each file, in order, and what it was taken as. */
  readonly taken: readonly TakenFile[];
}

export interface TakenFile {
  readonly file: string;
  /** `nothing`: it is empty. */
  readonly as: "configuration" | "guest" | "evidence" | "manifest" | "nothing";
  /** Resources, where it is configuration. */
  readonly documents: number;
}

export type VantageOf = (file: string) => VantageHint | null;

/** Sorts files by what their content is and reads each with its reader. Never throws on any input. */
export async function takeIn(files: readonly InputFile[], vantageOf: VantageOf): Promise<Intake> {
  const documents: ConfigDocument[] = [];
  const guests: GuestFacts[] = [];
  const evidence: Evidence[] = [];
  const strangers: Evidence[] = [];
  const problems: Problem[] = [];
  const collectedAt: (string | null)[] = [];
  const taken: TakenFile[] = [];
  const sent = await sentIn(files);
  for (const file of files) {
    const tell = (as: TakenFile["as"], count = 0): void => {
      taken.push({ file: file.name, as, documents: count });
    };
    const options = { vantage: vantageOf(file.name), sent };
    if ("capture" in file) {
      tell("evidence");
      evidence.push((await captureDoor()).readCapture(file.capture, file.name, options.vantage, sent));
      continue;
    }
    if ("log" in file) {
      tell("evidence");
      evidence.push(await readMarked(file.log.evidence, file.log.marked, options));
      continue;
    }
    if ("documents" in file) {
      tell("configuration", file.documents.length);
      for (const document of file.documents) documents.push(document);
      continue;
    }
    if (isManifest(file.text)) {
      tell("manifest");
      const read = readManifest(file.text, file.name);
      collectedAt.push(read.value.startedAt);
      problems.push(...read.problems);
      continue;
    }
    // What was given as evidence is read at once: telling what it is takes as long.
    const isKit = isHostKit(file.text);
    const isBoth = isKit || file.role === "evidence";
    const asEvidence = isBoth ? await readAnyEvidence(file.text, file.name, options) : null;
    if (isKit || (asEvidence !== null && (await holdsTables(file.text, asEvidence)))) {
      tell("guest");
      // One file of a host holds both: its tables, and what it saw on the way and at the far end.
      const read = (await guestDoor()).readGuest(file.text, file.name);
      guests.push(read.value);
      evidence.push(guestEvidence(file.name, file.text, read.value, read.problems));
      if (asEvidence !== null && asEvidence.kind !== "unknown") evidence.push(asEvidence);
      continue;
    }
    const kind = asEvidence !== null && asEvidence.kind !== "unknown" ? "evidence" : await kindOf(file);
    if (kind === "guest") {
      tell("guest");
      const read = (await guestDoor()).readGuest(file.text, file.name);
      guests.push(read.value);
      evidence.push(guestEvidence(file.name, file.text, read.value, read.problems));
    } else if (kind === "evidence") {
      tell("evidence");
      evidence.push(asEvidence ?? (await readAnyEvidence(file.text, file.name, options)));
    } else if (kind === "empty") {
      tell("nothing");
      problems.push(emptyFile(file));
    } else {
      // As evidence it says nothing; with a configuration beside it, it may be a part of that.
      if (asEvidence !== null) strangers.push(asEvidence);
      const read = kind === "json" ? readJsonDocuments(file.text, file.name) : await readYaml(file);
      tell("configuration", read.value.filter(({ value }) => !isEmptyList(value)).length);
      // Not all at once: a call takes only so many arguments.
      for (const document of read.value) documents.push(document);
      problems.push(...read.problems);
    }
  }
  const wanted = files.some(({ role }) => role === "config") && (documents.length > 0 || guests.length === 0);
  const estate = wanted && documents.length > 0 ? await readEstate(documents, damagedOf(problems)) : null;
  if (estate === null) evidence.push(...strangers);
  const asOf = earliestOf(collectedAt);
  return {
    estate: estate === null || asOf === undefined ? (estate?.value ?? null) : { ...estate.value, asOf },
    guests: guests.length === 0 ? [] : (await guestDoor()).guestsOf(guests),
    evidence,
    problems: [...problems, ...(estate?.problems ?? [])],
    taken,
  };
}

/** The first line of what the script of `seenas collect host` writes. */
const isHostKit = (text: string): boolean => /^\uFEFF?\s*# seenas collect host \d/.test(text.slice(0, 80));

/** Rules of a host's packet filter are pasted together with its tables, which they are nothing without. */
const holdsTables = async (text: string, { kind }: Evidence): Promise<boolean> =>
  (kind === "nat-table" || kind === "mixed") && (await guestDoor()).recogniseGuest(text);

/** What this host said on purpose, so that others' records of it are known: looked for before those are read. */
async function sentIn(files: readonly InputFile[]): Promise<SentHellos> {
  const texts = files.flatMap((file) =>
    "text" in file && (isProbe(file.text) || isHostKit(file.text)) ? [file.text] : [],
  );
  return texts.length === 0 ? new Map() : (await import("../witness/probe-file.ts")).sentIn(texts);
}

/** The first member of what `seenas probe --json` writes. */
const isProbe = (text: string): boolean => text.slice(0, 100).includes('"seenas/probe@1"');

const damagedOf = (problems: readonly Problem[]): ReadonlySet<string> =>
  new Set(problems.flatMap(({ level, file }) => (level === "error" && file !== null ? [file] : [])));

/** Most questions come without a guest's tables; their readers are loaded when some input may be them. */
const guestDoor = () => import("../guests/index.ts");

const captureDoor = () => import("../evidence/capture/index.ts");

/**
 * Takes a packet capture in pieces, so that it need never be in memory as a whole: `push` each, then `end`, which gives
 * what `takeIn` wants. For what `isCapture` recognises.
 *
 * @param wanted the destination in question, for which no limit leaves anything out that there is room for
 * @param mayCompile whether WebAssembly may be compiled, which takes half the time for a long one
 */
export const openCapture = async (wanted: Wanted | null = null, mayCompile = false): Promise<CaptureReader> =>
  (await captureDoor()).openCaptureFor(wanted, mayCompile);

/**
 * Takes a long log in pieces, so that it need never be in memory as a whole: `push` each, then `end`, which gives what
 * `takeIn` wants. Null: the beginning is not that of a log that can be read so, nor of a text that one is looked for in.
 */
export async function openLongLog(head: string, options: LongLogOptions): Promise<LongLog | null> {
  const door = await import("../evidence/long/index.ts");
  const known = door.openLongLog(head, options);
  if (known !== null || !(await mayHoldLogs(head))) return known;
  return (await isSeldom(head)) ? door.inParts(options) : door.searchLong(options);
}

/** Kinds of evidence whose signs are loaded with their readers, for a text that shows no other. */
const isSeldom = async (text: string): Promise<boolean> =>
  (await import("../evidence/on-demand/index.ts")).isSeldom(linesOf(text.slice(0, LOOKED_AT)));

const LOOKED_AT = 1 << 20;

/**
 * A text of nothing known, which is no configuration either, nor what a host printed, nor an engine's result. What stands
 * inside something else is taken out of it as a whole.
 */
const mayHoldLogs = async (head: string): Promise<boolean> =>
  syntaxOf(head) === "text" &&
  !isManifest(head) &&
  !isHostKit(head) &&
  !isLogResult(head) &&
  carriedLines(head, "") === null &&
  recogniseEvidence(head) === "unknown" &&
  !(await guestDoor()).recogniseGuest(head);

const listDoor = () => import("./long-list.ts");

/**
 * Takes a long export in pieces, so that it need never be in memory as a whole: `push` each, then `end`, which
 * gives what `takeIn` wants. Null: the beginning is not that of a list of resources.
 */
export const openList = async (head: string, file: string, textsOf: TextsOf): Promise<ListReader | null> =>
  looksLikeJson(head) && isResourceList(head) ? (await listDoor()).openList(file, textsOf) : null;

/** YAML is a large parser, loaded only for a file that needs it. */
const readYaml = async (file: InputText) =>
  (await import("../documents/yaml.ts")).readYamlDocuments(file.text, file.name);

/** What a configuration is, or a text given as evidence that no reader of evidence knows. */
async function kindOf({ text, role }: InputText): Promise<"guest" | "evidence" | "json" | "yaml" | "empty"> {
  const syntax = syntaxOf(text);
  if (syntax === "empty") return "empty";
  // Exports are the bulk of what is given: a resource list needs no look at every line for other kinds.
  if (syntax === "json" && role === "config" && isResourceList(text)) return "json";
  // The role only decides which is looked for first: no output of a host has the shape of a log, or the other way round.
  if ((await guestDoor()).recogniseGuest(text)) return "guest";
  const evidence = role === "config" ? recogniseEvidence(text) : "unknown";
  if (evidence !== "unknown" && !(syntax === "yaml" && IN_SCRIPTS.has(evidence))) return "evidence";
  if (syntax === "json") return "json";
  if (role === "config" && syntax === "text" && (await isSeldom(text))) return "evidence";
  // Text that nobody recognised: as evidence it is read and said to prove nothing; as configuration it may be YAML.
  return role === "evidence" && syntax !== "yaml" ? "evidence" : "yaml";
}

/** What a script inside a manifest may print or call; in a configuration in YAML it is no evidence. */
const IN_SCRIPTS: ReadonlySet<string> = new Set([
  "http-echo",
  "dns-echo",
  "database",
  "socket-table",
  "stun",
  "tracert",
]);

/** Words that stand in every resource of an export, and in no output of a host and no log entry; or nothing at all. */
const isResourceList = (text: string): boolean => {
  const head = text.slice(0, 4096);
  if (/^\s*\[\s*\]\s*$/.test(head)) return true;
  return /"(selfLink|apiVersion|networkInterfaces|assetType|ipConfigurations|provisioningState|VpcId|terraform_version)"|"kind": ?"compute#/.test(
    head,
  );
};

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const emptyFile = ({ name }: InputText): Problem => ({
  level: "error",
  code: "input/empty",
  file: name,
  line: null,
  text: { en: "expected text, found an empty file", zh: "应有内容，实为空文件" },
  fix: {
    en: "run the command that made it again and look at what it printed on standard error",
    zh: "请重新运行生成它的命令，并查看标准错误输出",
  },
});
