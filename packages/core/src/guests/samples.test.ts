import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { addressOf, lengthOf } from "../address/cidr.ts";
import { parseIp } from "../address/ip.ts";
import { guestDecision } from "./decide.ts";
import { type GuestRoute, PLAIN_QUERY } from "./guest.ts";
import { readGuest, recogniseGuest } from "./read.ts";

const FOLDER = new URL("../../../../../shared/samples/host-config/", import.meta.url);
const present = existsSync(FOLDER);
// A skip is printed, never silent.
const title = present ? "samples" : "samples (skipped: ../shared/samples/host-config is not there)";

interface Expectation {
  readonly file: string;
  readonly kind: string;
  readonly hostName?: string;
  readonly destination?: string;
  readonly via?: string;
  readonly dev?: string;
  readonly source?: string;
  readonly table?: string;
  readonly routeCount?: number;
  readonly addresses?: readonly { readonly dev?: string; readonly adapter?: string; readonly address: string }[];
  readonly routes?: readonly {
    readonly destination: string;
    readonly via: string | null;
    readonly dev: string;
    readonly preferredSource?: string;
  }[];
  readonly defaultRoutes?: readonly {
    readonly via: string | null;
    readonly interfaceAddress: string;
    readonly metric: number;
  }[];
  readonly selectedFor?: Readonly<
    Record<string, { readonly dev?: string; readonly source?: string; readonly interfaceAddress?: string }>
  >;
}

const FILES = [
  "ip-addr-brief.txt",
  "ip-route-get-from-nic2.txt",
  "ip-route-get.txt",
  "ip-route-static-to-nic2.txt",
  "ipconfig-all-zh-cn.txt",
  "netstat-rn.txt",
  "route-print-de.txt",
  "route-print-en-second-default.txt",
  "route-print-en-two-nics.txt",
];

describe.skipIf(!present).each(FILES)(`${title}: %s`, (file) => {
  const text = present ? readFileSync(new URL(file, FOLDER), "utf8") : "";
  const expected = (
    present ? JSON.parse(readFileSync(new URL(`${file}.expect.json`, FOLDER), "utf8")) : {}
  ) as Expectation;
  const { value, problems } = readGuest(text, file);

  test("is recognised and read without problems", () => {
    expect(recogniseGuest(text)).toBe(true);
    // An excerpt of a documentation page: its table is not closed, and the reader must say so.
    const isExcerpt = file === "route-print-en-second-default.txt";
    expect(problems.map(({ code }) => code)).toEqual(isExcerpt ? ["guest/cut-table"] : []);
  });
  test("addresses", () => {
    const seen = value.devices.flatMap(({ name, addresses }) =>
      addresses.map(({ ip, prefixLength }) => ({
        on: name,
        address: prefixLength === null ? ip : `${ip}/${prefixLength}`,
      })),
    );
    if (expected.addresses !== undefined)
      // ipconfig prints IPv6 first, the expectation names IPv4 first; both are the same set.
      expect(new Set(seen)).toEqual(
        new Set(expected.addresses.map(({ dev, adapter, address }) => ({ on: dev ?? adapter, address }))),
      );
    if (expected.hostName !== undefined) expect(value.hostName).toBe(expected.hostName);
  });
  test("routes", () => {
    if (expected.routes !== undefined) expect(value.routes.map(plain)).toEqual(expected.routes.map(withSource));
    if (expected.routeCount !== undefined) expect(value.routes).toHaveLength(expected.routeCount);
    const defaults = value.routes.filter(({ prefix }) => prefix === "0.0.0.0/0");
    if (expected.defaultRoutes !== undefined)
      expect(
        defaults.map(({ hops, metric }) => ({
          via: hops[0]?.gateway,
          interfaceAddress: hops[0]?.interfaceAddress,
          metric,
        })),
      ).toEqual(expected.defaultRoutes);
  });
  test("answers of ip route get", () => {
    if (expected.kind !== "ip-route-get") return;
    const { destination, via: gateway, dev: device, source, table = null } = expected;
    expect(value.routeGets).toMatchObject([{ destination, gateway, device, source, table }]);
    expect(value.routes).toEqual([]);
  });
  test("the route selected", () => {
    const map = guestDecision(value, PLAIN_QUERY);
    for (const [to, { dev, source, interfaceAddress }] of Object.entries(expected.selectedFor ?? {})) {
      const destination = parseIp(to);
      const decision = destination === undefined ? undefined : map.at(destination);
      if (decision?.kind !== "sends") throw new Error(to);
      const [send] = decision.sends;
      if (dev !== undefined) expect([send.device, send.source]).toEqual([dev, source]);
      if (interfaceAddress !== undefined) expect(send.interfaceAddress).toBe(interfaceAddress);
    }
  });
});

type ExpectedRoute = NonNullable<Expectation["routes"]>[number];

const withSource = (route: ExpectedRoute) => ({ ...route, preferredSource: route.preferredSource ?? null });

const plain = ({ prefix, hops, source }: GuestRoute) => ({
  destination: `${addressOf(prefix)}/${lengthOf(prefix)}`,
  via: hops[0]?.gateway,
  dev: hops[0]?.device,
  preferredSource: source,
});

const OTHERS = new URL("../", FOLDER);
const folders = present ? readdirSync(OTHERS).filter((name) => name !== "host-config" && !name.includes(".")) : [];

describe.skipIf(!present).each(folders)("other samples are not taken for a host's tables: %s", (folder) => {
  const inside = new URL(`${folder}/`, OTHERS);
  const files = readdirSync(inside, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.endsWith(".expect.json"),
  );
  test("none", () => {
    const taken = files.filter(({ name }) => recogniseGuest(readFileSync(new URL(name, inside), "utf8")));
    expect(taken.map(({ name }) => name)).toEqual([]);
  });
});
