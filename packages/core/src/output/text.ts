import { listOf } from "../address/address-set.ts";
import type { EgressIdentity, Stability, TranslatorKind } from "../model/identity.ts";
import type { Problem, Text } from "../problem.ts";
import { loopback, ownAddress } from "../resolve/rules.ts";
import type { GroupVerdict } from "../verdict/group.ts";
import type {
  Certainty,
  Effect,
  Flow,
  JudgedObservation,
  JudgedOutcome,
  NextStep,
  Verdict,
} from "../verdict/verdict.ts";
import { sentenceOf, shortly } from "../verdict/words.ts";
import type { Language } from "./json.ts";

/** How a face paints words; plain where nothing can be painted. */
export interface Paint {
  readonly bold: (words: string) => string;
  readonly dim: (words: string) => string;
  readonly good: (words: string) => string;
  readonly doubt: (words: string) => string;
  readonly bad: (words: string) => string;
}

const plainly = (words: string): string => words;
export const PLAIN: Paint = { bold: plainly, dim: plainly, good: plainly, doubt: plainly, bad: plainly };

export interface TextOptions {
  readonly language: Language;
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** Say everything: every step's source, every outcome that was eliminated. */
  readonly verbose: boolean;
}

/** A verdict as a person reads it: the answer, why, what is not known, what to do. */
export function verdictText(verdict: Verdict, options: TextOptions): string {
  const page = new Page(options);
  writeAnswer(page, verdict);
  writeConflicts(page, verdict);
  writeWhy(page, verdict);
  writeTimeline(page, verdict);
  writeEvidence(page, verdict.observations);
  writeAssumed(page, verdict);
  writeUnless(page, verdict);
  writeNext(page, verdict.next);
  writeAllowlist(page, verdict);
  return page.text();
}

/** A group: what all of it may be seen as, then who has which. */
export function groupText(name: string, verdict: GroupVerdict, options: TextOptions): string {
  const page = new Page(options);
  writeAnswer(page, verdict);
  writeConflicts(page, verdict);
  const { members } = verdict;
  page.heading({ en: `${clean(name)}: ${members.length} members`, zh: `${clean(name)}：${members.length} 个成员` });
  for (const member of members)
    page.item(fromText(member.flow), [
      `${page.say(headline(member))}  ${page.paint.dim(page.say(CERTAINTY[member.certainty]))}`,
    ]);
  writeEvidence(page, verdict.observations);
  writeNext(page, verdict.next);
  writeAllowlist(page, verdict);
  return page.text();
}

/** Problems as a person reads them: where, what, what to do. */
export function problemsText(problems: readonly Problem[], options: TextOptions): string {
  const page = new Page(options);
  for (const problem of problems) {
    const where = problem.file === null ? "" : `${problem.file}${problem.line === null ? "" : `:${problem.line}`}: `;
    const mark = problem.level === "error" ? page.paint.bad(page.say(ERROR)) : page.paint.doubt(page.say(WARNING));
    page.line(`${mark} ${clean(where)}${clean(page.say(problem.text))}`);
    page.wrapped(`→ ${page.say(problem.fix)}`, 2);
  }
  return page.text();
}

const ERROR: Text = { en: "error", zh: "错误" };
const WARNING: Text = { en: "warning", zh: "警告" };

/** Collects lines; everything that came from an input passes `clean` on its way. */
export class Page {
  readonly #lines: string[] = [];
  readonly #options: TextOptions;

  constructor(options: TextOptions) {
    this.#options = options;
  }

  get paint(): Paint {
    return this.#options.paint;
  }

  get verbose(): boolean {
    return this.#options.verbose;
  }

  say(text: Text): string {
    return text[this.#options.language];
  }

  /** A finished line; its dynamic parts must be clean already. */
  line(words = ""): void {
    this.#lines.push(words);
  }

  heading(text: Text): void {
    this.line();
    this.line(this.paint.bold(this.say(text)));
  }

  wrapped(words: string, indent: number, paint: (line: string) => string = plainly): void {
    for (const line of wrap(clean(words), this.#options.width - indent)) this.line(" ".repeat(indent) + paint(line));
  }

  item(words: string, details: readonly string[] = []): void {
    const [first = "", ...rest] = wrap(clean(words), this.#options.width - 4);
    this.line(`  • ${first}`);
    for (const line of rest) this.line(`    ${line}`);
    for (const detail of details) this.line(`    ${detail}`);
  }

  /** With the lines after the first standing under its words. */
  numbered(index: number, words: string): void {
    const [first = "", ...rest] = wrap(clean(words), this.#options.width - 5);
    this.line(`  ${index}. ${first}`);
    for (const line of rest) this.line(`     ${line}`);
  }

  text(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}

/** Control and invisible formatting characters in names and quotes must not reach a terminal. */
export function clean(words: string): string {
  const line = words.replace(/\s+/g, " ");
  // Most are ASCII, and the classes of Unicode are large to compile.
  return /[^ -~]/.test(line) ? line.replace(/[\p{Cc}\p{Cf}]/gu, "") : line;
}

function wrap(words: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function writeAnswer(page: Page, verdict: Verdict): void {
  const { answer, certainty, flow } = verdict;
  page.line(page.paint.bold(`${clean(toText(flow))} ${page.say(headline(verdict))}`));
  const facts = [page.say(CERTAINTY[certainty])];
  if (answer.kind !== "blocked" && answer.kind !== "unknown") facts.push(page.say(STABILITY[answer.stability]));
  if (!answer.complete && answer.kind !== "unknown") facts.push(page.say(INCOMPLETE));
  page.line(`  ${paintCertainty(page, certainty)(facts.join(" · "))}`);
  const detail = detailOf(answer);
  if (detail !== null) page.wrapped(page.say(detail), 2);
  const from = fromText(flow);
  if (from !== "") page.wrapped(`${page.say(FROM)} ${from}`, 2, page.paint.dim);
}

const FROM: Text = { en: "from", zh: "发送方" };

const fromText = ({ from }: Flow): string => {
  const names = [from.host, from.interface].filter((name) => name !== null).join("/");
  const address = from.address === null ? "" : names === "" ? from.address : ` (${from.address})`;
  return names + address;
};

const toText = ({ to }: Flow): string => {
  const address = to.address ?? "?";
  const place = to.name ?? address;
  const port = to.port === null ? "" : `:${to.port}`;
  const bracketed = port !== "" && place.includes(":") ? `[${place}]` : place;
  const also = to.name !== null && to.address !== null ? ` (${to.address})` : "";
  return `${bracketed}${port}${to.protocol === "tcp" ? "" : `/${to.protocol}`}${also}`;
};

/** The answer in one sentence, after the destination's name. */
export function headline({ answer, outcomes }: Pick<Verdict, "answer" | "outcomes">): Text {
  const addresses = sentenceOf(answer);
  switch (answer.kind) {
    case "translated":
      return addresses === null ? NOT_NAMED : { en: `sees ${addresses.en}`, zh: `看到的是 ${addresses.zh}` };
    case "preserved":
      return addresses === null
        ? NOT_NAMED
        : { en: `sees ${addresses.en}, the sender's own address`, zh: `看到的是 ${addresses.zh}，即发送方自己的地址` };
    case "blocked":
      return staysInside(outcomes)
        ? { en: "is the sender's own: nothing leaves the host", zh: "是发送方自己的地址：流量不离开主机" }
        : { en: "sees nothing: it is blocked", zh: "看不到任何流量：已被阻断" };
    case "unpredictable":
      if (isMixed(outcomes)) return itDepends(addresses);
      return addresses === null
        ? { en: "sees an address that nobody can know before", zh: "看到的地址事先无法得知" }
        : {
            en: `sees ${addresses.en}, or another that cannot be named`,
            zh: `看到的是 ${addresses.zh}，或其他无法指明的地址`,
          };
    case "unknown":
      return { en: "sees what cannot be told from what was given", zh: "看到什么，凭现有信息无法判断" };
    default:
      return answer.kind satisfies never;
  }
}

/** Perhaps nothing leaves, or too little is known: not an address that cannot be predicted, but an open question. */
const isMixed = (outcomes: readonly JudgedOutcome[]): boolean =>
  answering(outcomes).some(({ identity }) => identity.kind === "blocked" || identity.kind === "unknown");

const LOCAL_RULES: ReadonlySet<string> = new Set([ownAddress.id, loopback.id]);

const staysInside = (outcomes: readonly JudgedOutcome[]): boolean =>
  answering(outcomes).every(({ steps }) => steps.some(({ rule }) => LOCAL_RULES.has(rule.id)));

const itDepends = (addresses: Text | null): Text =>
  addresses === null
    ? { en: "sees what depends on things not known yet", zh: "看到什么取决于尚不清楚的因素" }
    : {
        en: `sees ${addresses.en}, or something else: it depends`,
        zh: `看到的是 ${addresses.zh}，或其他：取决于下列因素`,
      };

const NOT_NAMED: Text = { en: "sees an address that could not be read in full", zh: "看到的地址无法完整读出" };

function detailOf({ kind, translator, resource, draining }: EgressIdentity): Text | null {
  const parts: Text[] = [];
  if (translator !== null && kind !== "blocked") {
    const name = TRANSLATOR[translator];
    const of = resource === null ? "" : ` ${resource}`;
    parts.push({ en: `set by the ${name.en}${of}`, zh: `由${/^\w/.test(name.zh) ? " " : ""}${name.zh}${of} 设置` });
  }
  if (draining.length > 0) {
    const list = listOf(draining).join(", ");
    parts.push({
      en: `connections made before the change may still show ${list}`,
      zh: `更改前建立的连接可能仍显示 ${list}`,
    });
  }
  return parts.length === 0
    ? null
    : { en: parts.map(({ en }) => en).join("; "), zh: parts.map(({ zh }) => zh).join("；") };
}

export const TRANSLATOR: Record<TranslatorKind, Text> = {
  "instance-public-ip": { en: "instance's public address", zh: "实例公网地址" },
  "nat-gateway": { en: "NAT gateway", zh: "NAT 网关" },
  "load-balancer": { en: "load balancer", zh: "负载均衡器" },
  "default-outbound": { en: "provider's default outbound access", zh: "厂商默认出站访问" },
  firewall: { en: "firewall", zh: "防火墙" },
  appliance: { en: "appliance", zh: "网络设备" },
  host: { en: "host itself", zh: "主机自身" },
  proxy: { en: "proxy", zh: "代理" },
  vpn: { en: "VPN gateway", zh: "VPN 网关" },
  provider: { en: "provider", zh: "云厂商" },
  other: { en: "translator on the way (unnamed)", zh: "途中的转换设备（未指明）" },
};

export const CERTAINTY: Record<Certainty, Text> = {
  observed: { en: "observed at the destination", zh: "目的端实际观察到" },
  logged: { en: "logged by the translator", zh: "转换设备已记录" },
  predicted: { en: "predicted from the configuration", zh: "根据配置预测" },
  possible: { en: "possible, not decided", zh: "可能，尚未确定" },
  unknown: { en: "unknown", zh: "未知" },
};

export const STABILITY: Record<Stability, Text> = {
  static: { en: "static", zh: "静态保留" },
  ephemeral: { en: "lasts until the resource stops or is replaced", zh: "资源停止或被替换后失效" },
  changing: { en: "may change at any time", zh: "随时可能变化" },
  unknown: { en: "how long it lasts is unknown", zh: "能保持多久未知" },
};

const INCOMPLETE: Text = { en: "there may be others", zh: "可能还有其他地址" };

const paintCertainty = (page: Page, certainty: Certainty): ((words: string) => string) =>
  certainty === "possible" || certainty === "unknown" ? page.paint.doubt : page.paint.good;

function writeConflicts(page: Page, { conflicts }: Verdict): void {
  if (conflicts.length === 0) return;
  page.heading({ en: "Contradiction", zh: "矛盾" });
  for (const { text, likely } of conflicts) {
    page.wrapped(page.say(text), 2, page.paint.bad);
    page.wrapped(`${page.say({ en: "Likely wrong:", zh: "较可能有误的是：" })} ${page.say(likely)}`, 2);
  }
}

function writeWhy(page: Page, { steps, conflicts }: Verdict): void {
  if (steps.length === 0) return;
  page.heading(
    conflicts.length === 0 ? { en: "Why", zh: "依据" } : { en: "Why, by the configuration", zh: "按配置的依据" },
  );
  for (const [index, step] of steps.entries()) {
    page.numbered(index + 1, page.say(step.text));
    const where =
      step.origin === null ? "" : `${step.origin.file}${step.origin.line === null ? "" : `:${step.origin.line}`}  `;
    page.line(`     ${page.paint.dim(clean(`${where}${step.rule.id}`))}`);
    if (page.verbose) page.line(`     ${page.paint.dim(step.rule.source)}`);
  }
}

/** Which source was seen when. An undated one stands last. */
function writeTimeline(page: Page, { timeline }: Verdict): void {
  if (timeline.length === 0) return;
  page.heading({ en: "Seen over time", zh: "随时间的观察" });
  for (const { source, first, last, current } of timeline) {
    const when = first === null ? page.say(UNDATED) : first === last ? first : `${first} … ${last}`;
    const words = page.say(current ? STILL : WAS_THEN);
    page.line(`  • ${clean(source)}  ${clean(when)}  ${current ? words : page.paint.dim(words)}`);
  }
}

const UNDATED: Text = { en: "at a time the record does not tell", zh: "记录未注明时间" };
const STILL: Text = { en: "counts", zh: "有效" };
const WAS_THEN: Text = { en: "was then", zh: "仅当时" };

export const EFFECT: Record<Effect, Text> = {
  supports: { en: "supports it", zh: "支持" },
  eliminates: { en: "rules others out", zh: "排除了其他可能" },
  contradicts: { en: "contradicts the configuration", zh: "与配置矛盾" },
  none: { en: "decides nothing here", zh: "对此不起作用" },
};

const EVIDENCE_SHOWN = 6;

function writeEvidence(page: Page, observations: readonly JudgedObservation[]): void {
  if (observations.length === 0) return;
  page.heading({ en: "Evidence", zh: "证据" });
  const rank: Record<Effect, number> = { contradicts: 0, supports: 1, eliminates: 2, none: 3 };
  const sorted = [...observations].sort((a, b) => rank[a.effect] - rank[b.effect]);
  const shown = page.verbose ? sorted : sorted.slice(0, EVIDENCE_SHOWN);
  for (const observation of shown) {
    const where = observation.line === null ? observation.file : `${observation.file}:${observation.line}`;
    page.item(`${where}  ${observation.quote.trim().slice(0, 160)}`);
    const because = observation.because === null ? observation.proves : observation.because;
    page.wrapped(
      `${page.say(EFFECT[observation.effect])}: ${page.say(because)}`,
      4,
      effectPaint(page, observation.effect),
    );
  }
  const hidden = sorted.length - shown.length;
  if (hidden > 0)
    page.line(`  ${page.say({ en: `… and ${hidden} more (--verbose)`, zh: `……另有 ${hidden} 条（--verbose）` })}`);
}

const effectPaint = (page: Page, effect: Effect): ((words: string) => string) =>
  effect === "contradicts" ? page.paint.bad : effect === "none" ? page.paint.dim : page.paint.good;

/** What every outcome of the answer rests on; what only some of them need stands with those. */
function writeAssumed(page: Page, { outcomes, assumptions }: Verdict): void {
  const shared = assumptions.filter(({ id }) => sharedBy(answering(outcomes), id));
  if (shared.length === 0) return;
  page.heading({ en: "Taken without being told", zh: "未获说明的假定" });
  for (const { text, basis } of shared)
    page.item(`${page.say(text)}${basis === "open" ? ` (${page.say({ en: "open", zh: "未定" })})` : ""}`);
}

const answering = (outcomes: readonly JudgedOutcome[]): readonly JudgedOutcome[] =>
  outcomes.filter(({ answers }) => answers);

const sharedBy = (outcomes: readonly JudgedOutcome[], id: string): boolean =>
  outcomes.every((outcome) => outcome.assumptions.some((assumption) => assumption.id === id));

function writeUnless(page: Page, { outcomes, assumptions, conflicts }: Verdict): void {
  const ways = answering(outcomes);
  const shared = new Set(assumptions.flatMap(({ id }) => (ways.length > 0 && sharedBy(ways, id) ? [id] : [])));
  writeOthers(page, { en: "It depends", zh: "取决于" }, ways.length > 1 ? ways : [], shared);
  const unless = outcomes.filter((outcome) => outcome.standing && !outcome.answers);
  const heading =
    conflicts.length === 0 ? { en: "Unless", zh: "除非" } : { en: "What the configuration allows", zh: "配置所允许的" };
  writeOthers(page, heading, unless, new Set(assumptions.map(({ id }) => id)));
  const gone = outcomes.filter((outcome) => !outcome.standing);
  writeOthers(
    page,
    { en: "Ruled out by the evidence", zh: "已被证据排除" },
    gone,
    new Set(assumptions.map(({ id }) => id)),
  );
}

function writeOthers(page: Page, heading: Text, outcomes: readonly JudgedOutcome[], known: ReadonlySet<string>): void {
  if (outcomes.length > 0) page.heading(heading);
  for (const outcome of outcomes) {
    const conditions = outcome.assumptions.filter(({ id }) => !known.has(id)).map(({ text }) => page.say(text));
    const words = page.say(shortly(outcome));
    page.item(conditions.length === 0 ? words : `${words}: ${conditions.join(page.say({ en: "; ", zh: "；" }))}`);
  }
}

function writeNext(page: Page, next: readonly NextStep[]): void {
  if (next.length === 0) return;
  page.heading({ en: "To be certain", zh: "如何确定" });
  for (const [index, { text, command, settles, results }] of next.slice(0, page.verbose ? next.length : 3).entries()) {
    page.numbered(index + 1, page.say(text));
    if (command !== null) page.line(`     ${page.paint.bold(clean(command))}`);
    page.wrapped(`${page.say({ en: "settles", zh: "可确定" })}: ${page.say(settles)}`, 5, page.paint.dim);
    // What comes of the first is what one waits for; the others tell the same apart.
    for (const { when, means } of index === 0 || page.verbose ? results : [])
      page.wrapped(`${page.say(when)} → ${page.say(means)}`, 7, page.paint.dim);
  }
}

function writeAllowlist(page: Page, { allowlist, certainty }: Verdict): void {
  if (allowlist.length === 0) return;
  page.heading({ en: "Allowlist", zh: "白名单" });
  for (const { cidr, text } of allowlist.slice(0, 20)) page.line(`  ${cidr}  ${page.paint.dim(page.say(text))}`);
  if (allowlist.length > 20) page.line(`  … +${allowlist.length - 20}`);
  if (certainty === "possible" || certainty === "unknown")
    page.wrapped(
      page.say({ en: "Not decided yet: do not hand this list over.", zh: "尚未确定：请勿交付此列表。" }),
      2,
      page.paint.doubt,
    );
}
