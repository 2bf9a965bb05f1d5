import type { Protocol } from "@seenas/core";
import { type Cidr, hostCidr, type Ip } from "@seenas/core/address";
import type { Period, Question, SeenQuestion, UsedQuestion, WhoQuestion, Workload } from "../questions.ts";

/**
 * What a row must be to count. A row that does not show a destination, a port or a protocol fits any: leaving it out
 * could hide an address. One without `seen`, or of a packet that was dropped, fits nothing.
 */
export type Condition =
  /** The time that the record covers touches this one; both ends belong to it. Null: without bound. */
  | { readonly kind: "time"; readonly fromUs: number | null; readonly toUs: number | null }
  | { readonly kind: "workload"; readonly workload: Workload }
  /** It left, and shows with which source. */
  | { readonly kind: "shown" }
  | { readonly kind: "seen"; readonly address: Ip }
  | { readonly kind: "seen-port"; readonly port: number }
  | { readonly kind: "destination"; readonly cidrs: readonly Cidr[]; readonly port: number | null }
  | { readonly kind: "protocol"; readonly protocol: Protocol };

/** A question as any engine can be asked it: which rows count. What is shown of them follows from `question`. */
export interface Plan {
  readonly question: Question["question"];
  readonly conditions: readonly Condition[];
}

export function planOf(question: Question): Plan {
  switch (question.question) {
    case "used":
      return { question: "used", conditions: usedConditions(question) };
    case "who":
      return { question: "who", conditions: whoConditions(question) };
    case "seen":
      return { question: "seen", conditions: seenConditions(question) };
    default:
      return question satisfies never;
  }
}

function usedConditions({ from, to, port, protocol, period }: UsedQuestion): readonly Condition[] {
  const conditions: Condition[] = [during(period), SHOWN, { kind: "workload", workload: from }];
  if (to.length > 0 || port !== null) conditions.push({ kind: "destination", cidrs: to, port });
  if (protocol !== null) conditions.push({ kind: "protocol", protocol });
  return conditions;
}

function whoConditions({ address, port, atUs, toleranceUs, to }: WhoQuestion): readonly Condition[] {
  const time: Condition = { kind: "time", fromUs: atUs - toleranceUs, toUs: atUs + toleranceUs };
  const conditions: Condition[] = [time, SHOWN, { kind: "seen", address }];
  if (port !== null) conditions.push({ kind: "seen-port", port });
  if (to !== null) conditions.push({ kind: "destination", cidrs: [hostCidr(to.address)], port: to.port });
  return conditions;
}

const seenConditions = ({ address, period }: SeenQuestion): readonly Condition[] => [
  during(period),
  SHOWN,
  { kind: "seen", address },
];

const SHOWN: Condition = { kind: "shown" };

const during = ({ sinceUs, untilUs }: Period): Condition => ({
  kind: "time",
  fromUs: sinceUs,
  toUs: untilUs === null ? null : untilUs - 1,
});
