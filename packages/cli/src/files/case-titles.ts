import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Text } from "@seenas/core";
import { carried } from "../carried.ts";

/** The titles of the scenarios that hold the rules, by id. They stand beside the program, or in it; else the ids have to do. */
export function caseTitles(): ReadonlyMap<string, Text> {
  try {
    const text = carried("cases.json") ?? readFileSync(join(import.meta.dirname, "cases.json"), "utf8");
    const titles: unknown = JSON.parse(text);
    return new Map(Object.entries(titles ?? {}).filter((entry): entry is [string, Text] => isText(entry[1])));
  } catch {
    return new Map();
  }
}

const isText = (value: unknown): value is Text =>
  typeof value === "object" && value !== null && "en" in value && "zh" in value;
