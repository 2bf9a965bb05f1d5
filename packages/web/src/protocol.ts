import type {
  AllowFormat,
  Ask,
  Assumption,
  Certainty,
  Effect,
  Evidence,
  Fate,
  Flow,
  Problem,
  Rule,
  Stability,
  Text,
  TranslatorKind,
  VantageHint,
} from "@seenas/core";

/** What the page and the side that computes say to each other: plain values alone, so that they cross a thread or a wire. */

/** `now`: the estate that is asked about. `after`: what it will be, or was planned to be, for a comparison. */
export type Side = "now" | "after";

/** The type of an empty blob that stands for a file which the browser could not open. */
export const UNREADABLE_TYPE = "application/x-unreadable";

export interface GivenFile {
  /** The path inside the folder that was given, or a name. */
  readonly name: string;
  readonly side: Side;
  readonly content: Blob;
}

export interface FileView {
  readonly name: string;
  readonly side: Side;
  /** null: nobody knows; a capture in an archive is counted, not kept. */
  readonly sizeBytes: number | null;
  /** `unread`: nothing of it could be used. */
  readonly as: "configuration" | "guest" | "evidence" | "manifest" | "archive" | "nothing" | "unread";
  /** What evidence was recognised as. */
  readonly kind: Evidence["kind"] | null;
  /** Resources of a configuration, observations of evidence, files of an archive. */
  readonly count: number;
  readonly problems: readonly Problem[];
}

export interface Inventory {
  readonly files: readonly FileView[];
  /** Of no single file. */
  readonly problems: readonly Problem[];
  readonly hosts: number;
  readonly interfaces: number;
  /** Of the estate after, where one was given. */
  readonly hostsAfter: number;
  /** The only host there is; null: none, or several. */
  readonly onlyHost: string | null;
  /** Two folders hold the same files: the second is taken as the estate after. */
  readonly twoExports: { readonly now: string; readonly after: string } | null;
}

export interface Question {
  readonly from: string;
  readonly to: string;
  readonly at: string;
  readonly vantage: VantageHint | "";
}

/** Where a fact stands in a file. */
export interface Place {
  readonly file: string;
  readonly line: number | null;
}

export type RuleView = Pick<Rule, "id" | "says" | "source" | "pageDate" | "mark">;

export interface StepView {
  readonly text: Text;
  readonly rule: RuleView;
  readonly resource: string | null;
  readonly place: Place | null;
}

export interface AnswerView {
  readonly kind: "translated" | "preserved" | "blocked" | "unpredictable" | "unknown";
  /** At most `MOST_ADDRESSES`. */
  readonly addresses: readonly string[];
  readonly size: number;
  readonly complete: boolean;
  readonly translator: TranslatorKind | null;
  readonly resource: string | null;
  readonly stability: Stability;
}

export type Standing = "answer" | "standing" | "eliminated";

export interface OutcomeView {
  readonly words: Text;
  readonly standing: Standing;
  readonly conditions: readonly Pick<Assumption, "text" | "basis">[];
  readonly eliminatedBy: number | null;
  readonly steps: readonly StepView[];
}

export interface ObservationView {
  readonly file: string;
  readonly line: number | null;
  readonly kind: Evidence["kind"];
  readonly quote: string;
  readonly says: Text;
  readonly proves: Text;
  readonly strength: Text;
  readonly effect: Effect;
  readonly because: Text | null;
  readonly source: string | null;
  readonly destination: string | null;
  readonly at: string | null;
}

export interface ConflictView {
  readonly text: Text;
  readonly likely: Text;
  readonly observations: readonly number[];
}

export interface MemberView {
  readonly from: string;
  readonly words: Text;
  readonly certainty: Certainty;
}

export interface VerdictView {
  readonly flow: Flow;
  /** A group's name; null: the verdict is of one sender. */
  readonly group: string | null;
  /** At most `MOST_MEMBERS` of them. */
  readonly members: readonly MemberView[];
  readonly memberCount: number;
  /** `mail.partner.example:25` */
  readonly place: string;
  /** After the place: `sees 203.0.113.7`. */
  readonly headline: Text;
  readonly answer: AnswerView;
  readonly certainty: Certainty;
  readonly steps: readonly StepView[];
  readonly assumptions: readonly Pick<Assumption, "id" | "text" | "basis">[];
  readonly outcomes: readonly OutcomeView[];
  readonly observations: readonly ObservationView[];
  readonly conflicts: readonly ConflictView[];
  readonly next: readonly Ask[];
  readonly picture: Picture;
}

export type ElementKind =
  | "host"
  | "interface"
  | "guest"
  | "network"
  | "route"
  | "hop"
  | "translator"
  | "link"
  | "appliance"
  | "block"
  | "destination"
  | "more";

/** One thing on the way, as the picture and the list beside it show it. */
export interface PathElement {
  readonly id: string;
  readonly kind: ElementKind;
  readonly title: Text;
  readonly detail: Text | null;
  readonly standing: Standing;
  readonly steps: readonly StepView[];
  /** Of a route that was not taken, or was: how it fared and by which rule. */
  readonly fate: { readonly fate: Fate; readonly rule: RuleView | null } | null;
  readonly resource: string | null;
  readonly place: Place | null;
  /** The line of evidence that ruled it out. */
  readonly ruledOutBy: (Place & { readonly quote: string }) | null;
  /** Some of the senders that are drawn as one, where several take the same way. */
  readonly members: readonly string[];
}

export interface PathEdge {
  readonly from: string;
  readonly to: string;
  readonly standing: Standing;
  /** A route that competed and lost: nothing goes that way. */
  readonly isContender: boolean;
}

export interface Picture {
  readonly elements: readonly PathElement[];
  readonly edges: readonly PathEdge[];
}

export type Asked =
  | { readonly kind: "verdict"; readonly verdict: VerdictView; readonly tookMs: number }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] }
  /** Nothing was given yet. */
  | { readonly kind: "nothing" };

export interface AllowRequest {
  readonly format: AllowFormat;
  readonly unstable: boolean;
  readonly internal: boolean;
  readonly language: "en" | "zh";
}

export interface AllowView {
  /** null: refused. */
  readonly text: string | null;
  readonly refusals: readonly Problem[];
  /** Whether `unstable` would help. */
  readonly canOverride: boolean;
  readonly entries: number;
}

export interface SenderView {
  /** What `--from` takes. */
  readonly name: string;
  readonly detail: string;
  readonly kind: "interface" | "host" | "group";
}

export interface Excerpt {
  /** 1-based number of the first line. */
  readonly first: number;
  readonly lines: readonly string[];
  /** The line that is meant, and the last of the element that begins there. */
  readonly from: number;
  readonly until: number;
  /** Why there is none. */
  readonly problem: Text | null;
}

export interface NoteView {
  readonly line: number;
  readonly observation: ObservationView | null;
  /** What a line without a sighting means: a hop, a hint. */
  readonly text: Text | null;
}

export interface EvidenceFileView {
  readonly file: string;
  readonly kind: Evidence["kind"];
  /** Lines of the text; null: it has none that can be shown. */
  readonly lines: number | null;
  readonly notes: readonly NoteView[];
  /** Observations without a line. */
  readonly loose: readonly ObservationView[];
  readonly hints: readonly Text[];
}

export interface Progress {
  readonly file: string;
  readonly readBytes: number;
  readonly totalBytes: number;
}
