import { expect, test } from "vitest";
import { readEstate } from "../clouds/read-estate.ts";
import { guestsOf } from "../guests/index.ts";
import { parseTarget } from "../model/target.ts";
import { base, docs } from "../testing/gcp.ts";
import { explain } from "../verdict/explain.ts";
import { PLAIN, verdictText } from "./text.ts";

async function firstLine(to: string): Promise<string | undefined> {
  const { value: estate } = await readEstate(docs(...base));
  const target = parseTarget(to);
  if (target === undefined) throw new Error(to);
  const explained = explain({
    estate,
    guests: guestsOf([]),
    evidence: [],
    from: "vm1",
    source: null,
    to: target,
    at: null,
    resolved: [],
    problems: [],
  });
  if (explained.kind !== "verdict") throw new Error(JSON.stringify(explained));
  return verdictText(explained.verdict, { language: "en", paint: PLAIN, width: 100, verbose: false }).split("\n")[0];
}

// RFC 1122, 3.3.1.1: what a host sends to itself does not leave it, and no firewall denied it.
test.each([
  ["10.20.0.5:22", "10.20.0.5:22 is the sender's own: nothing leaves the host"],
  ["127.0.0.1:25", "127.0.0.1:25 is the sender's own: nothing leaves the host"],
  ["192.168.7.7:22", "192.168.7.7:22 sees nothing: it is blocked"],
])("%s", async (to, line) => expect(await firstLine(to)).toBe(line));
