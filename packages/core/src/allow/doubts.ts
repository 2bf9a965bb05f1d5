import { type AddressSet, listOf, unionOf } from "../address/address-set.ts";
import type { Stability } from "../model/identity.ts";
import type { Ask } from "../model/outcome.ts";
import type { Problem, Text } from "../problem.ts";
import type { Allowlist, AllowSource } from "./allowlist.ts";

/** Why a list would admit too few or, some day, somebody else. */
export interface Doubt {
  readonly kind: "undecided" | "incomplete" | "unstable" | "half-read";
  /** Of `unstable`: how long it lasts. */
  readonly stability: Stability | null;
  readonly addresses: AddressSet;
  readonly senders: readonly string[];
  readonly resource: string | null;
  readonly open: readonly Text[];
  readonly next: readonly Ask[];
}

/** A file had an error: who stands in it is missing here. */
export const HALF_READ: Doubt = {
  kind: "half-read",
  stability: null,
  addresses: [],
  senders: [],
  resource: null,
  open: [],
  next: [],
};

/** One doubt for all senders that share its reason. */
export function doubtsOf(sources: readonly AllowSource[]): readonly Doubt[] {
  const found = new Map<
    string,
    { readonly doubt: Omit<Doubt, "addresses" | "senders">; readonly from: AllowSource[] }
  >();
  for (const source of sources)
    for (const doubt of doubtsOfOne(source)) {
      const open = doubt.open.map(({ en }) => en).join();
      const key = [doubt.kind, doubt.stability, doubt.resource, open].join("|");
      const known = found.get(key) ?? { doubt, from: [] };
      found.set(key, known);
      known.from.push(source);
    }
  return [...found.values()].map(({ doubt, from }) => ({
    ...doubt,
    addresses: unionOf(from.map(({ answer }) => answer.addresses)),
    senders: [...new Set(from.flatMap(({ sender }) => sender ?? []))].sort(),
  }));
}

function doubtsOfOne({ answer, certainty, open, next }: AllowSource): readonly Omit<Doubt, "addresses" | "senders">[] {
  const { kind, stability, resource, complete } = answer;
  if (certainty === "possible" || certainty === "unknown" || kind === "unknown")
    return [{ kind: "undecided", stability: null, resource, open, next }];
  if (kind === "blocked") return [];
  if (!complete || kind === "unpredictable" || answer.addresses.length === 0)
    return [{ kind: "incomplete", stability: null, resource, open, next }];
  return stability === "static" ? [] : [{ kind: "unstable", stability, resource, open: [], next: [] }];
}

/** Each doubt as what a user reads when the list is refused: what, of whom, what would decide it. */
export const refusalsOf = (doubts: readonly Doubt[]): readonly Problem[] =>
  doubts.map((doubt) => ({
    level: "error",
    code: `allow/${doubt.kind}`,
    file: null,
    line: null,
    text: doubtWords(doubt, true),
    fix: decidedBy(doubt),
  }));

/** There is no address: nothing reaches the partner, or what does cannot be named yet. */
export const nothingToAllow = ({ senders, blocked }: Pick<Allowlist, "senders" | "blocked">): Problem => ({
  level: "error",
  code: "allow/nothing",
  file: null,
  line: null,
  text:
    senders === blocked
      ? {
          en: `nothing of ${senders} ${senders === 1 ? "sender" : "senders"} reaches it: there is nothing to allow`,
          zh: `${senders} 个发送方均没有流量可到达：无需放行任何地址`,
        }
      : { en: "no address can be named yet: there is nothing to list", zh: "尚无法指明任何地址：没有可列出的内容" },
  fix: {
    en: "an empty list is not written, since some devices take it for any; seenas map with the same --from and --to says why",
    zh: "不输出空列表，因为某些设备会把它当作任意地址；以相同的 --from 和 --to 运行 seenas map 可看到原因",
  },
});

/** @param isInternal with the names of senders and resources */
export function doubtWords({ kind, stability, addresses, senders, resource, open }: Doubt, isInternal: boolean): Text {
  const listed = few(listOf(addresses));
  const of = !isInternal || senders.length === 0 ? "" : few(senders);
  const by = isInternal && resource !== null ? ` (${resource.slice(resource.lastIndexOf("/") + 1)})` : "";
  const why: Text = isInternal
    ? { en: open.map(({ en }) => `: ${en}`).join(""), zh: open.map(({ zh }) => `：${zh}`).join("") }
    : { en: "", zh: "" };
  const what: Text = {
    en: listed === "" ? `the source${by}` : `${listed}${by}`,
    zh: listed === "" ? `源地址${by}` : `${listed}${by} `,
  };
  const from: Text = of === "" ? { en: "", zh: "" } : { en: `${of}: `, zh: `${of}：` };
  switch (kind) {
    case "undecided":
      return { en: `${from.en}${what.en} is not decided${why.en}`, zh: `${from.zh}${what.zh}尚未确定${why.zh}` };
    case "incomplete":
      return {
        en: `${from.en}there may be others beside ${what.en}${why.en}`,
        zh: `${from.zh}除 ${what.zh}外可能还有其他地址${why.zh}`,
      };
    case "unstable": {
      const how = LASTS[stability ?? "unknown"];
      return { en: `${from.en}${what.en} ${how.en}`, zh: `${from.zh}${what.zh}${how.zh}` };
    }
    case "half-read":
      return {
        en: "a part of the input could not be used: senders and addresses may be missing",
        zh: "部分输入无法使用：可能缺少发送方和地址",
      };
    default:
      return kind satisfies never;
  }
}

const LASTS: Readonly<Record<Stability, Text>> = {
  static: { en: "is static", zh: "为静态" },
  ephemeral: { en: "lasts only until the resource stops or is replaced", zh: "仅在资源停止或被替换之前有效" },
  changing: { en: "may change at any time", zh: "随时可能变化" },
  unknown: { en: "lasts for nobody knows how long", zh: "能保持多久未知" },
};

function decidedBy({ kind, next }: Doubt): Text {
  const [ask] = next;
  if (kind === "unstable")
    return {
      en: "reserve the address first, or list it as it is with --allow-unstable",
      zh: "请先预留该地址，或用 --allow-unstable 照现状列出",
    };
  if (kind === "half-read")
    return { en: "give the whole export, or --allow-unstable", zh: "请提供完整的导出，或使用 --allow-unstable" };
  if (ask === undefined)
    return {
      en: "ask for one flow with seenas explain, which says what would decide it; or --allow-unstable",
      zh: "请用 seenas explain 查询单条流量，它会说明如何确定；或使用 --allow-unstable",
    };
  const command = ask.command === null ? "" : `: ${ask.command}`;
  return { en: `${ask.text.en}${command}`, zh: `${ask.text.zh}${command}` };
}

const SHOWN = 4;

const few = (words: readonly string[]): string =>
  words.slice(0, SHOWN).join(", ") + (words.length > SHOWN ? ` +${words.length - SHOWN}` : "");
