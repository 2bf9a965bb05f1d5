import type { AnswerOf } from "./oracle.mjs";

/** @param map an `EstateMap` */
export declare function answersOf(map: { readonly interfaces: readonly object[] }): AnswerOf;
