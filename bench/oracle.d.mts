export interface Seen {
  readonly kind: string;
  readonly addresses: readonly string[];
}

export type AnswerOf = (name: string, address: number, port: number) => Seen;

export interface Oracle {
  probe(random: (below: number) => number): Seen;
}

export declare function oracleOf(resources: Iterable<object>): Oracle;

export declare function wrongProbes(
  oracle: Oracle,
  answerOf: AnswerOf,
  random: (below: number) => number,
  count: number,
): Generator<string>;
