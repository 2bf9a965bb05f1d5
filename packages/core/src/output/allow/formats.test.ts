import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { cidrs } from "../../address/cidr.ts";
import { allowlistFrom } from "../../allow/allowlist.ts";
import { BANK, BASIS, HOSTILE, identity, LIST, RANGES, SOURCES, source } from "../../testing/allow.ts";
import type { Language } from "../json.ts";
import { maskOf } from "./devices.ts";
import { ALLOW_FORMATS, type AllowFormat } from "./formats.ts";

const FORMATS = Object.keys(ALLOW_FORMATS) as readonly AllowFormat[];

const written = (
  format: AllowFormat,
  list = LIST,
  more: { name?: string; language?: Language; isInternal?: boolean } = {},
): string =>
  `${[...ALLOW_FORMATS[format](list, { name: "bank_in", language: "en", isInternal: false, ...more })].join("\n")}\n`;

const golden = (name: string): string => fileURLToPath(new URL(`testdata/${name}.txt`, import.meta.url));

/** UPDATE=1 rewrites them; each was read against its vendor's page. */
describe("golden", () => {
  test.each(FORMATS)("%s", (format) => {
    if (process.env["UPDATE"] === "1") writeFileSync(golden(format), written(format));
    expect(written(format)).toBe(readFileSync(golden(format), "utf8"));
  });
});

describe("every format", () => {
  test.each(FORMATS)("%s: every range is there, whatever names say", (format) => {
    const list = allowlistFrom(SOURCES, { ...BANK, towards: [HOSTILE] }, BASIS);
    const output = written(format, list, { name: HOSTILE });
    for (const range of RANGES) expect(output).toContain(range.replace(/\/\d+$/, ""));
    // A line that a name smuggled in would begin with what stands behind its line end.
    expect(output.split(/\r\n|[\r\n\u2028]/).some((line) => line.startsWith("-A INPUT"))).toBe(false);
    if (format !== "json") expect(output).not.toMatch(/[\u2028\r]/);
    // Some readers join a line that ends so with the next: only commands of a shell are meant to.
    if (!["gcp", "aws", "azure"].includes(format)) expect(output).not.toMatch(/\\$/m);
  });

  test.each(FORMATS)("%s: what is not certain is marked", (format) => {
    const doubtful = allowlistFrom(
      [
        source("a", identity(cidrs("203.0.113.7/32"), { stability: "ephemeral" })),
        source("b", identity(cidrs("203.0.113.99/32")), { certainty: "possible" }),
      ],
      BANK,
      { asOf: null, isHalfRead: true },
    );
    const output = written(format, doubtful);
    if (format === "json") expect(JSON.parse(output)).toMatchObject({ certain: false });
    else if (format === "csv") expect(output.match(/,false,/g)?.length).toBeGreaterThanOrEqual(2);
    else
      expect(output).toMatch(/NOT CERTAIN[\s\S]*UNSTABLE[\s\S]*UNDECIDED|UNSTABLE[\s\S]*NOT CERTAIN[\s\S]*UNDECIDED/);
  });

  test.each(["asa", "fortigate", "junos", "exchange", "aerleon"] as const)("%s is ASCII, in Chinese, too", (format) =>
    expect(written(format, LIST, { name: "合作方", language: "zh" })).toMatch(/^[\n -~]*$/),
  );
});

describe("one format", () => {
  test("markdown keeps internal names inside unless asked", () => {
    const names = /web-1|nat-1|gcp\/|senders/;
    expect(written("markdown")).not.toMatch(names);
    expect(written("markdown", LIST, { isInternal: true })).toMatch(names);
  });

  test("json and YAML are what they say", () => {
    const json = JSON.parse(written("json"));
    expect(json.prefixes.length + json.ipv6_prefixes.length).toBe(RANGES.length);
    expect(json.prefixes[1].rules).toEqual([HOSTILE]);
    const policy = parse(written("networkpolicy", LIST, { name: HOSTILE }));
    const [rule] = policy.spec.ingress;
    expect(rule.from.map((from: { ipBlock: { cidr: string } }) => from.ipBlock.cidr)).toEqual(RANGES);
    expect(rule.ports).toEqual([{ protocol: "TCP", port: 443 }]);
    const definitions = parse(written("aerleon"));
    expect(definitions.networks.BANK_IN.values.map((one: { address: string }) => one.address)).toEqual(RANGES);
  });

  test("exchange says that the list is replaced, and keeps a quote inside its string", () => {
    const output = written("exchange", LIST, { name: "EX1\\Partner's ’relay’" });
    expect(output).toContain("REPLACES the list");
    expect(output).toContain("Set-ReceiveConnector -Identity 'EX1\\Partner''s _relay_' -RemoteIPRanges");
  });

  test.each([
    ["0.0.0.0/0", "0.0.0.0"],
    ["203.0.113.7/32", "255.255.255.255"],
    ["203.0.113.8/31", "255.255.255.254"],
    ["10.0.0.0/9", "255.128.0.0"],
    ["172.16.0.0/12", "255.240.0.0"],
  ])("the mask of %s", (cidr, mask) =>
    expect(maskOf(cidrs(cidr as "0.0.0.0/0")[0] ?? (cidrs("::/0")[0] as never))).toBe(mask),
  );

  test("spf strings hold 255 octets at most", () => {
    const many = Array.from({ length: 120 }, (_, index) => `203.0.${index}.${(index * 7) % 250}/32` as const);
    const output = written("spf", allowlistFrom([source("a", identity(cidrs(...many)))], BANK, BASIS));
    const strings = output.split("\n").flatMap((line) => /^"(.*)"$/.exec(line)?.[1] ?? []);
    expect(strings.every((one) => one.length <= 255)).toBe(true);
    expect(strings.join("").trim().split(" ").length).toBe(120);
    expect(output).toContain("more than the 450 that RFC 7208 recommends");
  });

  test("aws sends a hundred entries a request", () => {
    const many = Array.from({ length: 250 }, (_, index) => `203.0.113.${index}/32` as const).filter(
      (_, index) => index % 2 === 0,
    );
    const output = written("aws", allowlistFrom([source("a", identity(cidrs(...many)))], BANK, BASIS));
    expect(output.match(/"Cidr"/g)?.length).toBe(125);
    expect(output).toContain("--max-entries 125");
    expect(output).toContain("--current-version 1 ");
  });
});
