import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { doc, seenBy } from "../../testing/gcp.ts";
import type { ConfigDocument } from "../document.ts";
import { compileGcp } from "./compile.ts";
import { readExport } from "./read/export.ts";
import { isGcp } from "./recognise.ts";

/** Real exports, kept beside the repository. */
const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../../../../shared/samples/gcp-config");
const absent = !existsSync(folder);
if (absent) console.warn(`skipped: no samples at ${folder}`);

const read = (name: string): unknown => parse(readFileSync(join(folder, name), "utf8"));
const sample = (name: string): readonly ConfigDocument[] => {
  const value = read(name);
  return Array.isArray(value) ? value.map((one, index) => doc(one, name, index + 2)) : [doc(value, name, 1)];
};

describe.skipIf(absent)("samples", () => {
  test.each([
    ["instances-describe-external-legacy-name.yaml", "10.240.95.60", "default"],
    ["instances-describe-private.json", "172.16.1.5", "nat-vpc-network"],
  ])("%s", (name, address, network) => {
    const { value, problems } = compileGcp(sample(name));
    expect(problems).toEqual([]);
    const [nic] = value.hosts[0]?.interfaces ?? [];
    expect(nic).toMatchObject({ name: "nic0", addresses: [{ cidr: `${address}/32`, role: "primary" }] });
    expect(nic?.network.endsWith(`/networks/${network}`)).toBe(true);
  });

  test("two interfaces in networks of two projects, nic1 with an address the export does not show", () => {
    const { value } = compileGcp(sample("instances-describe-two-nics-constructed.json"));
    const interfaces = value.hosts[0]?.interfaces ?? [];
    expect(interfaces.map(({ name, network }) => [name, network])).toEqual([
      ["nic0", "projects/shared-vpc-host-project/global/networks/shared-vpc"],
      ["nic1", "projects/svc-project/global/networks/local-vpc"],
    ]);
    expect(interfaces[1]?.egress.internet.offers[0]?.alternatives[0]?.identity.kind).toBe("unknown");
  });

  test("routes: the partner goes into the tunnel, a tagged VM to the load balancer, the rest to the internet", () => {
    const routes = sample("routes-list-constructed.json");
    const vm = read("instances-describe-two-nics-constructed.json") as object;
    const asked = (tags: readonly string[], to: string) => {
      const documents = [...routes, doc({ ...vm, tags: { items: tags } }, "vm.json", 1)];
      return seenBy(documents, { from: "l3-proxy-mig-instance", source: "10.72.2.222", to }).map(({ kind }) => kind);
    };
    expect(asked([], "114.114.34.56")[0]).toBe("preserved");
    expect(new Set(asked([], "8.8.8.8"))).toEqual(new Set(["unknown"]));
    expect(asked(["via-fw"], "8.8.8.8")[0]).toBe("unpredictable");
  });

  test("a router, its status rows, and the mapping that names each VM's address", () => {
    const documents = [
      ...sample("routers-list.json"),
      ...sample("routers-get-nat-ip-info.json"),
      ...sample("routers-get-nat-mapping-info.json"),
      ...sample("instances-describe-private.json"),
    ];
    expect(documents.every(({ value }) => isGcp(value))).toBe(true);
    const { value, problems } = readExport(documents);
    expect(problems).toEqual([]);
    expect(value.routers.map(({ path }) => path)).toEqual([
      "projects/gcpdiag-nat1-aaaa/regions/europe-west4/routers/public-nat-cloud-router",
    ]);
    expect(value.natMappings.map(({ value: { instanceName } }) => instanceName)).toEqual([
      "private-vm-2",
      "private-vm-3",
    ]);
    const offers = compileGcp(documents).value.hosts[0]?.interfaces[0].egress.internet.offers ?? [];
    expect(offers.find(({ translator }) => translator === "nat-gateway")?.alternatives).toMatchObject([
      { identity: { kind: "translated", addresses: ["35.204.78.175/32"], stability: "static" }, assumptions: [] },
    ]);
  });

  test("a fragment of a NAT is recognised and named as not enough", () => {
    const documents = sample("founding-natips-snippet.yaml");
    expect(isGcp(documents[0]?.value)).toBe(true);
    expect(compileGcp(documents).problems).toMatchObject([{ code: "gcp/nat-without-router" }]);
  });
});
