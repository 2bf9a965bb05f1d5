import {
  type Contender,
  contendersOf,
  type Estate,
  type JudgedOutcome,
  type Origin,
  type Runner,
  type Step,
  type Text,
  TRANSLATOR,
  type Verdict,
} from "@seenas/core";
import type { ElementKind, PathElement, Standing } from "../protocol.ts";
import { answerView, placeOf, ruleView, stepView } from "./views.ts";

export interface Way {
  /** From the host to what the destination sees. */
  readonly chain: readonly PathElement[];
  /** Routes that competed and lost, each beside the element it was looked up at. */
  readonly contenders: readonly { readonly element: PathElement; readonly from: string }[];
}

/** Several that take the same way and are drawn as one. */
export interface Senders {
  readonly count: number;
  readonly names: readonly string[];
  /** All of them show the same addresses. */
  readonly isSeenAlike: boolean;
}

const same = (words: string): Text => ({ en: words, zh: words });
const lastPart = (resource: string): string => resource.slice(resource.lastIndexOf("/") + 1);

/** The way of one outcome, thing by thing, each with the steps that are about it. */
export function wayOf(
  verdict: Verdict,
  outcome: JudgedOutcome,
  standing: Standing,
  estate: Estate | null,
  senders: Senders | null,
): Way {
  const chain: PathElement[] = [];
  const contenders: { element: PathElement; from: string }[] = [];
  const by = verdict.observations[outcome.eliminatedBy ?? -1];
  const ruledOutBy = by === undefined ? null : { file: by.file, line: by.line, quote: by.quote.trim().slice(0, 300) };
  const put = (kind: ElementKind, id: string, title: Text, more: Partial<PathElement> = {}): void => {
    chain.push({
      id: `${kind} ${id}`,
      kind,
      title,
      detail: null,
      standing,
      steps: [],
      fate: null,
      resource: null,
      place: null,
      ruledOutBy,
      members: [],
      ...more,
    });
  };
  const { from } = verdict.flow;
  const host = estate?.hosts.find(({ id, name, interfaces }) =>
    outcome.interface === null ? name === from.host || id === from.resource : interfaces.includes(outcome.interface),
  );
  const scope = senders !== null ? senders.names.join() : (host?.id ?? from.host ?? from.address ?? "?");
  put("host", scope, senderTitle(senders, host?.name ?? from.host ?? from.address), {
    detail: senders === null ? null : same(senders.names.slice(0, 3).join(", ")),
    place: host?.origin ?? null,
    resource: senders === null ? (host?.id ?? null) : null,
    members: senders?.names ?? [],
  });
  const [before = [], ...stretches] = stretchesOf(outcome.steps, ({ contest }) => contest !== undefined);
  const [first = [], ...lookups] = stretchesOf(before, ({ runners }) => runners !== undefined);
  for (const [index, lookup] of lookups.entries())
    putLookup(`${scope} ${index}`, index === 0 ? [...first, ...lookup] : lookup, put, chain, contenders);
  if (before.length > 0 && stretches.length > 0 && lookups.length === 0)
    put("guest", `${scope} ${keyOf(before)}`, GUEST, { detail: before[0]?.text ?? null, steps: before.map(stepView) });
  const used = outcome.interface;
  if (used !== null) {
    const own = used.addresses
      .filter(({ role }) => role !== "range")
      .map(({ cidr }) => cidr.replace(/\/(?:32|128)$/, ""));
    put("interface", senders !== null ? `${scope} ${used.name}` : used.id, same(used.name), {
      detail: senders !== null ? null : same(outcome.source ?? own.slice(0, 2).join(", ")),
      resource: senders !== null ? null : used.resource,
      place: used.origin,
    });
    put("network", used.network, same(lastPart(used.network)), { resource: used.network });
  }
  // Nothing was looked up: what was decided is decided before any route.
  if (stretches.length === 0 && before.length > 0)
    put("block", `${scope} ${keyOf(before)}`, BLOCKED_HERE, {
      detail: before.at(-1)?.text ?? null,
      steps: before.map(stepView),
    });
  const isEachOwn = senders?.isSeenAlike === false;
  // What is one sender's own is not said of all.
  const told = isEachOwn ? { ...outcome, identity: { ...outcome.identity, resource: null } } : outcome;
  for (const stretch of stretches) putStretch(stretch, told, put, chain, contenders);
  putEnd(verdict, outcome, isEachOwn, put);
  return { chain, contenders };
}

type Put = (kind: ElementKind, id: string, title: Text, more?: Partial<PathElement>) => void;

const GUEST: Text = { en: "Guest routes", zh: "主机路由" };
const BLOCKED_HERE: Text = { en: "Stops here", zh: "在此终止" };

const senderTitle = (senders: Senders | null, name: string | null | undefined): Text =>
  senders === null
    ? same(name ?? "?")
    : { en: `${senders.count} senders alike`, zh: `${senders.count} 个相同的发送方` };

const placeIn = ({ file, line }: Origin): PathElement["place"] => ({ file, line });

const keyOf = (steps: readonly Step[]): string => steps.map(({ rule, text }) => `${rule.id} ${text.en}`).join();

/** What comes before the first step that begins one, then each of those with what follows it. */
function stretchesOf(steps: readonly Step[], begins: (step: Step) => boolean): readonly (readonly Step[])[] {
  const stretches: Step[][] = [[]];
  for (const step of steps) {
    if (begins(step)) stretches.push([]);
    stretches.at(-1)?.push(step);
  }
  return stretches;
}

/** A look-up of the guest: the route that it took, and beside it those of all its tables that it did not. */
function putLookup(
  scope: string,
  steps: readonly Step[],
  put: Put,
  chain: readonly PathElement[],
  contenders: { element: PathElement; from: string }[],
): void {
  const [taken, ...others] = steps.flatMap(({ runners }) => runners?.() ?? []);
  if (taken === undefined) return;
  const lookedUpAt = chain.at(-1)?.id ?? "";
  const idOf = ({ prefix, text }: Runner): string => `${scope} ${prefix} ${text.en}`;
  const shownAs = ({ prefix, text, fate, rule, origin }: Runner): Partial<PathElement> => ({
    // The prefix is the title.
    detail: { en: text.en.replace(`${prefix} `, ""), zh: text.zh.replace(`${prefix} `, "") },
    fate: { fate, rule: rule === null ? null : ruleView(rule) },
    place: placeIn(origin),
  });
  put("guest", idOf(taken), same(taken.prefix), { ...shownAs(taken), steps: steps.map(stepView) });
  for (const other of others)
    contenders.push({
      element: lost("guest", idOf(other), same(other.prefix), chain.at(-1)?.standing ?? "answer", shownAs(other)),
      from: lookedUpAt,
    });
}

function putStretch(
  [first, ...rest]: readonly Step[],
  { identity }: JudgedOutcome,
  put: Put,
  chain: readonly PathElement[],
  contenders: { element: PathElement; from: string }[],
): void {
  const contest = first?.contest;
  if (first === undefined || contest === undefined) return;
  const all = contendersOf(contest);
  const taken = all.filter(({ fate }) => fate === "taken" || fate === "shared");
  const dead = taken.length === 0 ? all.filter(({ fate }) => fate === "unusable").slice(0, 1) : [];
  const lookedUpAt = chain.at(-1)?.id ?? "";
  const [shown] = [...taken, ...dead];
  if (shown === undefined) return;
  put("route", routeKey(shown), same(shown.route.prefix), {
    detail: routeDetail(shown),
    steps: [stepView(first)],
    fate: { fate: shown.fate, rule: shown.rule === null ? null : ruleView(shown.rule) },
    resource: shown.route.resource,
    place: shown.route.origin,
  });
  const standing = chain.at(-1)?.standing ?? "answer";
  for (const other of all)
    if (other !== shown) contenders.push({ element: contenderElement(other, standing), from: lookedUpAt });
  const kind = HOP[shown.route.hop.kind];
  if (kind === null || (rest.length === 0 && identity.translator !== null)) return;
  const hop = shown.route.hop;
  const isLast = identity.kind === "translated" && hop.kind === "internet";
  if (isLast) {
    putTranslator(rest, identity, put);
    return;
  }
  const resource = hop.kind === "link" ? hop.link.resource : null;
  put(kind, `${shown.hop.en} ${keyOf(rest)}`, shown.hop, {
    detail: rest.at(-1)?.text ?? null,
    steps: rest.map(stepView),
    resource,
    place: rest.find(({ origin }) => origin !== null)?.origin ?? null,
  });
}

/** What an internet gateway hands to a translator is drawn as the translator. */
function putTranslator(steps: readonly Step[], identity: JudgedOutcome["identity"], put: Put): void {
  const { translator, resource } = identity;
  const title = translator === null ? TRANSLATOR.other : TRANSLATOR[translator];
  put("translator", `${translator} ${resource} ${identity.addresses.join()}`, title, {
    detail: resource === null ? null : same(lastPart(resource)),
    steps: steps.map(stepView),
    resource,
    place: steps.find(({ origin }) => origin !== null)?.origin ?? null,
  });
}

const HOP: Record<Contender["route"]["hop"]["kind"], ElementKind | null> = {
  internet: "hop",
  local: "link",
  link: "link",
  appliance: "appliance",
  drop: "block",
  "next-stage": null,
  alternatives: "hop",
};

const routeKey = ({ route }: Contender): string => `${route.resource ?? route.name} ${route.prefix} ${route.name}`;

const routeDetail = ({ route, hop }: Contender): Text => ({
  en: `${route.name} → ${hop.en}`,
  zh: `${route.name} → ${hop.zh}`,
});

const contenderElement = (one: Contender, standing: Standing): PathElement =>
  lost("route", routeKey(one), same(one.route.prefix), standing, {
    detail: routeDetail(one),
    fate: { fate: one.fate, rule: one.rule === null ? null : ruleView(one.rule) },
    resource: one.route.resource,
    place: one.route.origin,
  });

/** Nothing goes that way, whatever the evidence says. */
const lost = (
  kind: ElementKind,
  id: string,
  title: Text,
  standing: Standing,
  more: Partial<PathElement>,
): PathElement => ({
  id: `${kind} ${id}`,
  kind,
  title,
  detail: null,
  standing,
  steps: [],
  fate: null,
  resource: null,
  place: null,
  ruledOutBy: null,
  members: [],
  ...more,
});

function putEnd(verdict: Verdict, outcome: JudgedOutcome, isEachOwn: boolean, put: Put): void {
  const place = placeOf(verdict.flow);
  if (outcome.identity.kind === "blocked") {
    put(
      "block",
      `${place} blocked`,
      { en: "Nothing arrives", zh: "无法到达" },
      {
        detail: { en: `${place} sees nothing`, zh: `${place} 看不到任何流量` },
        steps: outcome.steps.slice(-1).map(stepView),
      },
    );
    return;
  }
  const { addresses, size, kind } = answerView(outcome.identity);
  const shown = addresses.slice(0, 2).join(", ") + (size > 2 ? ` +${size - 2}` : "");
  const unnamed = kind === "unknown" ? { en: "sees: not known", zh: "看到的地址：未知" } : UNNAMED;
  put("destination", place, same(place), {
    detail: isEachOwn ? EACH_OWN : shown === "" ? unnamed : { en: `sees ${shown}`, zh: `看到 ${shown}` },
  });
}

const EACH_OWN: Text = { en: "sees another address of each", zh: "看到各自不同的地址" };
const UNNAMED: Text = { en: "sees an address nobody can know before", zh: "看到的地址事先无法得知" };
