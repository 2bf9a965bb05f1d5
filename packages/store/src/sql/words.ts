import { type Cidr, hostCidr } from "@seenas/core/address";
import type { Workload } from "../questions.ts";
import type { Condition } from "./plan.ts";

/** How an engine says what a plan asks for. Each is one condition, complete in itself. */
export interface Words {
  readonly and: string;
  readonly or: string;
  readonly never: string;
  readonly beganBy: (us: number) => string;
  readonly endedFrom: (us: number) => string;
  readonly shown: string;
  readonly isNamed: (names: readonly string[]) => string;
  /** The source before translation; where none is shown, the one that was seen. */
  readonly sourceWithin: (cidr: Cidr) => string;
  readonly seenWithin: (cidr: Cidr) => string;
  readonly seenPortFits: (port: number) => string;
  readonly noDestination: string;
  readonly destinationWithin: (cidr: Cidr) => string;
  readonly destinationPortFits: (port: number) => string;
  readonly protocolFits: (protocol: string) => string;
}

/** What must hold of a row, each on its own; the same for every engine. */
export const conditionsIn = (conditions: readonly Condition[], words: Words): readonly string[] =>
  conditions.flatMap((condition) => conditionIn(condition, words));

function conditionIn(condition: Condition, words: Words): readonly string[] {
  switch (condition.kind) {
    case "time":
      return [
        ...(condition.toUs === null ? [] : [words.beganBy(condition.toUs)]),
        ...(condition.fromUs === null ? [] : [words.endedFrom(condition.fromUs)]),
      ];
    case "shown":
      return [words.shown];
    case "seen":
      return [words.seenWithin(hostCidr(condition.address))];
    case "seen-port":
      return [words.seenPortFits(condition.port)];
    case "workload":
      return [anyOf(words, ofWorkload(condition.workload, words))];
    case "destination":
      return [anyOf(words, [words.noDestination, ofDestination(condition.cidrs, condition.port, words)])];
    case "protocol":
      return [words.protocolFits(condition.protocol)];
    default:
      return condition satisfies never;
  }
}

const ofWorkload = ({ names, addresses }: Workload, words: Words): readonly string[] => [
  ...(names.length === 0 ? [] : [words.isNamed(names)]),
  ...addresses.map((address) => words.sourceWithin(hostCidr(address))),
];

const ofDestination = (cidrs: readonly Cidr[], port: number | null, words: Words): string =>
  [
    ...(cidrs.length === 0 ? [] : [anyOf(words, cidrs.map(words.destinationWithin))]),
    ...(port === null ? [] : [words.destinationPortFits(port)]),
  ].join(` ${words.and} `);

/** An empty choice holds for nothing. */
function anyOf({ or, never }: Words, choices: readonly string[]): string {
  if (choices.length < 2) return choices[0] ?? never;
  return `(${choices.join(` ${or} `)})`;
}
