import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { collect } from "./collect.ts";
import type { Provider, ProviderName } from "./command.ts";
import { LIMITS } from "./perform.ts";
import { PROVIDERS } from "./providers.ts";
import { cloudScript } from "./script.ts";

/** What a fake program answers to a command that holds these words; without one, an empty list. */
interface Fake {
  readonly has: string;
  readonly out?: string;
  readonly err?: string;
  readonly status?: number;
  /** Only so many times; then the next that fits. */
  readonly times?: number;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A shell starts in a few milliseconds, so a test may run a hundred of these. */
const fakeProgram = (log: string, fakes: readonly Fake[]): string => `#!/bin/sh
calls=$(grep -cxF -- "$*" ${quoted(log)})
printf '%s\\n' "$*" >>${quoted(log)}
${fakes
  .map(
    ({ has, out = "[]\n", err = "", status = 0, times = 999 }) => `case "$*" in *${quoted(has)}*)
  if [ "$calls" -lt ${times} ]; then printf %s ${quoted(err)} >&2; printf %s ${quoted(out)}; exit ${status}; fi
esac`,
  )
  .join("\n")}
echo '[]'
`;

// Each runs some twenty programs.
vi.setConfig({ testTimeout: 60_000 });

let folder = "";
const { PATH } = process.env;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-collect-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "calls"), "");
  process.env["PATH"] = `${join(folder, "bin")}${delimiter}${PATH}`;
});

afterEach(() => {
  process.env["PATH"] = PATH;
  rmSync(folder, { recursive: true, force: true });
});

function answers(fakes: readonly Fake[]): void {
  for (const program of ["gcloud", "az", "aws"])
    writeFileSync(join(folder, "bin", program), fakeProgram(join(folder, "calls"), fakes), { mode: 0o755 });
}

const calls = (): readonly string[] => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
const out = (): string => join(folder, "out");
const read = (file: string): unknown => JSON.parse(readFileSync(join(out(), file), "utf8"));

const wayOf = (provider: ProviderName, flag?: string): Provider =>
  PROVIDERS[provider].find(({ scope }) => scope.flag === flag) ?? PROVIDERS[provider][0];

interface More {
  readonly flag?: string;
  readonly profiles?: readonly string[];
  readonly limits?: Partial<typeof LIMITS>;
}

const run = (provider: ProviderName, scopes: readonly string[], { flag, profiles = [], limits = {} }: More = {}) =>
  collect(
    { provider, way: wayOf(provider, flag), profiles, scopes, out: out(), dropTags: false, language: "en" },
    { ...LIMITS, retryMs: 1, ...limits },
    () => {},
  );

const ROUTERS = JSON.stringify([
  { name: "r1", region: "https://compute.example/projects/p1/regions/europe-west1", nats: [{ name: "n" }] },
  { name: "r2", region: "https://compute.example/projects/p1/regions/europe-west1" },
]);

const INSTANCES = JSON.stringify([
  {
    name: "vm1",
    metadata: { items: [{ key: "startup-script", value: "hunter2" }] },
    networkInterfaces: [{ network: "https://compute.example/projects/net-host/global/networks/v" }],
  },
]);

const ASSETS = JSON.stringify([
  {
    assetType: "compute.googleapis.com/Router",
    name: "//compute.googleapis.com/projects/p7/regions/europe-west1/routers/r1",
    resource: { data: { name: "r1", region: "https://compute.example/projects/p7/regions/europe-west1" } },
  },
  {
    assetType: "compute.googleapis.com/Network",
    name: "//compute.googleapis.com/projects/p8/global/networks/n1",
    resource: { data: { name: "n1" } },
  },
]);

const GRAPH: readonly Fake[] = [
  { has: "--skip-token=second", out: '{"count":1,"data":[{"id":"/c"}],"skip_token":null}' },
  { has: "graph query", out: '{"count":2,"data":[{"id":"/a"},{"id":"/b"}],"skip_token":"second"}' },
];

describe("every cloud", () => {
  const ways = (["gcp", "azure", "aws"] as const).flatMap((provider) =>
    PROVIDERS[provider].map(({ scope: { flag } }) => [provider, flag] as const),
  );

  test.each(ways)("%s by %s: every command is only a question", async (provider, flag) => {
    answers([
      { has: "asset list", out: ASSETS },
      ...GRAPH,
      { has: "compute routers list", out: ROUTERS },
      { has: "group list", out: '[{"name":"rg1"}]' },
      { has: "nic list", out: '[{"name":"nic1","resourceGroup":"rg1","virtualMachine":{"id":"x"}}]' },
      { has: "describe-managed-prefix-lists", out: '{"PrefixLists":[{"PrefixListId":"pl-1"}]}' },
      {
        has: "describe-transit-gateway-route-tables",
        out: '{"TransitGatewayRouteTables":[{"TransitGatewayRouteTableId":"tgw-rtb-1"}]}',
      },
    ]);
    const { problems, manifest } = await run(provider, ["one", "two"], { flag });
    expect(problems.filter(({ code }) => code !== "collect/left-out")).toEqual([]);
    const results = manifest?.entries.map(({ result }) => result) ?? [];
    expect(results.filter((result) => result !== "written" && result !== "left-out")).toEqual([]);
    const verb = /(?:^| )(?:list|query|get-[a-z-]+|describe-[a-z-]+|search-[a-z-]+|show-effective-route-table)(?: |$)/;
    for (const call of calls()) expect(call).toMatch(verb);
    for (const { id, rights, unknown } of [...wayOf(provider, flag).commands, ...wayOf(provider, flag).leftOut])
      expect([id, rights.length > 0, unknown.zh !== unknown.en]).toEqual([id, true, true]);
  });
});

describe("gcp", () => {
  test("each router is asked by its name and region; NAT only of those that have it; no secret is written", async () => {
    answers([
      { has: "compute routers list", out: ROUTERS },
      { has: "compute instances list", out: INSTANCES },
    ]);
    const { problems } = await run("gcp", ["p1"]);
    expect(readdirSync(join(out(), "p1")).filter((name) => name.startsWith("r"))).toEqual([
      "r1-europe-west1-nat-ip-info.json",
      "r1-europe-west1-nat-mapping.json",
      "r1-europe-west1-status.json",
      "r2-europe-west1-status.json",
      "routers.json",
      "routes.json",
    ]);
    expect(calls()).toContain("compute routers get-status r2 --region=europe-west1 --project=p1 --format=json --quiet");
    expect(JSON.stringify(read("p1/instances.json"))).not.toContain("hunter2");
    expect(problems.map(({ code }) => code)).toEqual(["collect/other-project"]);
  });

  test("a refusal is told with what is not known without it, and leaves no file that reads as an empty list", async () => {
    answers([
      {
        has: "compute routes list",
        out: "",
        err: "ERROR: Required 'compute.routes.list' permission for 'projects/p1'\n",
        status: 1,
      },
    ]);
    const { problems, manifest } = await run("gcp", ["p1"]);
    expect(existsSync(join(out(), "p1/routes.json"))).toBe(false);
    expect(manifest?.entries.find(({ file }) => file === "p1/routes.json")).toMatchObject({
      result: "refused",
      unknown: "where packets leave the network",
      rights: ["compute.routes.list"],
    });
    expect(problems).toMatchObject([{ level: "warning", code: "collect/not-collected" }]);
    expect(read("manifest.json")).toEqual(JSON.parse(JSON.stringify(manifest)));
  });

  test("a warning before the JSON: read all the same", async () => {
    answers([{ has: "compute networks list", out: 'WARNING: [old] version\n[a note]\n[{"name":"v"}]\n' }]);
    expect((await run("gcp", ["p1"])).problems).toEqual([]);
    expect(read("p1/networks.json")).toEqual([{ name: "v" }]);
  });

  test.each([
    ["an error after the list", { out: '[{"name":"a"}]', err: "ERROR: zone z is gone", status: 1 }],
    ["a list that says it is not all", { out: '[{"name":"a"}]', err: "WARNING: Some requests did not succeed." }],
  ])("%s: kept aside, never read as everything", async (_, fake) => {
    answers([{ has: "compute addresses list", ...fake }]);
    const { manifest } = await run("gcp", ["p1"]);
    expect(existsSync(join(out(), "p1/addresses.json"))).toBe(false);
    expect(read(".part/p1/addresses.json")).toEqual([{ name: "a" }]);
    expect(manifest?.entries.find(({ file }) => file === "p1/addresses.json")?.result).toBe("part");
  });

  test("JSON that is cut short with status 0: failed", async () => {
    answers([{ has: "compute addresses list", out: '[{"name":"a"},' }]);
    const { manifest } = await run("gcp", ["p1"]);
    expect(manifest?.entries.find(({ file }) => file === "p1/addresses.json")?.result).toBe("failed");
    expect(existsSync(join(out(), "p1/addresses.json"))).toBe(false);
  });

  test("a rate limit: asked again, and in the end written", async () => {
    answers([{ has: "compute routes list", out: "", err: "ERROR: Rate Limit Exceeded", status: 1, times: 2 }]);
    const { problems, manifest } = await run("gcp", ["p1"]);
    expect(problems).toEqual([]);
    expect(manifest?.entries.find(({ file }) => file === "p1/routes.json")).toMatchObject({
      result: "written",
      attempts: 3,
    });
  });

  test("a login that ended half-way: what came stays, the rest says it was not run", async () => {
    const err = "ERROR: Reauthentication required. Please run: gcloud auth login";
    answers([
      { has: "compute routers get-", out: "", err, status: 1 },
      { has: "routers list", out: ROUTERS },
    ]);
    const { problems, manifest } = await run("gcp", ["p1", "p2"]);
    expect(problems).toMatchObject([{ level: "error", code: "collect/login" }]);
    expect(existsSync(join(out(), "p1/routes.json"))).toBe(true);
    expect(manifest?.entries.filter(({ scope }) => scope === "p2").every(({ result }) => result === "not-run")).toBe(
      true,
    );
  });

  test("a command that never ends: stopped with all it started, and the others are run", async () => {
    const mark = join(folder, "still-there");
    answers([]);
    const program = join(folder, "bin/gcloud");
    const whole = readFileSync(program, "utf8");
    const hangs = `#!/bin/sh\ncase "$*" in *"routes list"*) (sleep 3; touch '${mark}') & wait ;; esac\n`;
    writeFileSync(program, hangs + whole);
    const { manifest } = await run("gcp", ["p1"], { limits: { timeoutMs: 1500 } });
    const { result, reason } = manifest?.entries.find(({ file }) => file === "p1/routes.json") ?? {};
    expect({ result, reason }).toEqual({ result: "failed", reason: "it took too long and was stopped" });
    expect(manifest?.entries.find(({ file }) => file === "p1/networks.json")?.result).toBe("written");
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(existsSync(mark)).toBe(false);
  });

  test("a program that asks on the terminal finds none, and does not wait", async () => {
    answers([]);
    const asks =
      "#!/bin/sh\n( read answer </dev/tty ) 2>/dev/null || { echo 'ERROR: Please run: gcloud auth login' >&2; exit 1; }\n";
    writeFileSync(join(folder, "bin/gcloud"), asks);
    expect((await run("gcp", ["p1"])).problems).toMatchObject([{ code: "collect/login" }]);
  });

  test("no project named: the one that gcloud is set to; none set: a problem", async () => {
    answers([{ has: "config get-value project", out: "p9\n" }]);
    expect((await run("gcp", [])).manifest?.scopes).toEqual(["p9"]);
    rmSync(out(), { recursive: true });
    answers([{ has: "config get-value project", out: "(unset)\n" }]);
    expect((await run("gcp", [])).problems).toMatchObject([{ code: "collect/no-scope" }]);
  });

  test("no gcloud: a problem that names the script; a folder that is not empty: refused", async () => {
    answers([]);
    process.env["PATH"] = folder;
    expect((await run("gcp", ["p1"])).problems).toMatchObject([{ code: "collect/no-client" }]);
    expect(existsSync(out())).toBe(false);
    process.env["PATH"] = `${join(folder, "bin")}${delimiter}${PATH}`;
    mkdirSync(out());
    writeFileSync(join(out(), "old.json"), "[]");
    expect((await run("gcp", ["p1"])).problems).toMatchObject([{ code: "collect/out" }]);
  });
});

describe("azure", () => {
  const groups: Fake = { has: "group list", out: '[{"name":"rg1"},{"name":"rg2"}]' };

  test("gateways of all resource groups are one list", async () => {
    answers([{ has: "vnet-gateway list --resource-group=rg2", out: '[{"id":"g"}]' }, groups]);
    await run("azure", ["s1"]);
    expect(read("s1/azure-vnet-gateways.json")).toEqual([{ id: "g" }]);
    expect(read("s1/azure-vpn-connections.json")).toEqual([]);
  });

  test("one group refused: no list, since an empty one would say that there are none", async () => {
    answers([
      { has: "vnet-gateway list --resource-group=rg2", out: "", err: "(AuthorizationFailed)", status: 1 },
      groups,
    ]);
    const { problems } = await run("azure", ["s1"]);
    expect(existsSync(join(out(), "s1/azure-vnet-gateways.json"))).toBe(false);
    expect(problems).toMatchObject([{ code: "collect/not-collected" }]);
  });
});

describe("all of a cloud at once", () => {
  test("an organisation: one list of assets, and the status of each router in it", async () => {
    answers([{ has: "asset list", out: ASSETS }]);
    const { manifest, problems } = await run("gcp", ["123"], { flag: "organization" });
    expect(calls()).toContain("compute routers get-status r1 --region=europe-west1 --project=p7 --format=json --quiet");
    expect(calls().filter((call) => call.startsWith("asset list"))).toEqual([
      expect.stringMatching(/--content-type=resource .*--organization=123 --format=json/),
    ]);
    expect(readdirSync(join(out(), "123/p7"))).toEqual(["r1-europe-west1-status.json"]);
    expect(problems.map(({ code }) => code)).toEqual(["collect/left-out", "collect/left-out"]);
    expect(manifest?.entries.filter(({ result }) => result === "left-out")).toHaveLength(2);
  });

  test("refused: nothing is written that reads as a whole organisation", async () => {
    const err = "ERROR: (gcloud.asset.list) PERMISSION_DENIED: The caller does not have permission";
    answers([{ has: "asset list", out: "[]\n", err, status: 1 }]);
    const { manifest } = await run("gcp", ["123"], { flag: "organization" });
    expect(manifest?.entries.find(({ file }) => file === "123/assets.json")).toMatchObject({
      result: "refused",
      rights: ["cloudasset.assets.listResource"],
    });
    expect(existsSync(join(out(), "123"))).toBe(false);
  });

  test("Resource Graph: page after page is one list", async () => {
    answers(GRAPH);
    await run("azure", ["root"], { flag: "management-group" });
    expect(read("root/azure-resources.json")).toEqual({ data: [{ id: "/a" }, { id: "/b" }, { id: "/c" }] });
  });

  test.each([
    ["is refused", { err: "ERROR: (AuthorizationFailed)", out: "", status: 1 }],
    ["names itself", { out: '{"data":[],"skip_token":"second"}' }],
    ["is cut", { out: '{"data":[{"id"' }],
  ])("a page that %s: a part, never everything", async (_, second) => {
    answers([{ has: "--skip-token=second", ...second }, ...GRAPH]);
    const { manifest } = await run("azure", ["root"], { flag: "management-group" });
    expect(manifest?.entries.find(({ file }) => file === "root/azure-resources.json")?.result).toBe("part");
    expect(existsSync(join(out(), "root/azure-resources.json"))).toBe(false);
  });

  test("AWS: every profile in its own region, or in those that are named", async () => {
    answers([{ has: "configure get region", out: "eu-west-1\n" }]);
    expect((await run("aws", [], { profiles: ["prod", "dev"] })).manifest?.scopes).toEqual([
      "prod/eu-west-1",
      "dev/eu-west-1",
    ]);
    expect(readdirSync(out())).toEqual(["dev_eu-west-1", "manifest.json", "prod_eu-west-1"]);
  });
});

const hasJq = spawnSync("jq", ["--version"]).status === 0;

/** Of every file what it holds; the manifest without its times. */
const filesOf = (where: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    readdirSync(where, { recursive: true, withFileTypes: true })
      .filter(
        (entry) =>
          entry.isFile() && !join(entry.parentPath, entry.name).includes(".part") && entry.name !== "manifest.json",
      )
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(where.length), JSON.parse(readFileSync(path, "utf8"))];
      }),
  );

describe.skipIf(!hasJq)("the printed script (skipped where jq is missing) writes what the command writes", () => {
  test.each([
    ["gcp", "project", "p1"],
    ["gcp", "organization", "123"],
    ["azure", "subscription", "s1"],
    ["azure", "management-group", "root"],
    ["aws", "region", "eu-west-1"],
  ] as const)(
    "%s by %s",
    async (provider, flag, scope) => {
      answers([
        { has: "compute routers list", out: ROUTERS },
        { has: "compute instances list", out: INSTANCES },
        { has: "compute networks list", out: 'WARNING: old\n[{"name":"v"}]\n' },
        { has: "compute routes list", out: "", err: "ERROR: permission", status: 1 },
        { has: "asset list", out: ASSETS },
        ...GRAPH,
        { has: "group list", out: '[{"name":"rg1"},{"name":"rg2"}]' },
        { has: "vnet-gateway list --resource-group=rg2", out: '[{"id":"g"}]' },
        { has: "vpn-connection list --resource-group=rg2", out: "", err: "(AuthorizationFailed)", status: 1 },
        { has: "nic list", out: '[{"name":"nic1","resourceGroup":"rg1","virtualMachine":{"id":"x"}},{"name":"nic2"}]' },
        { has: "describe-managed-prefix-lists", out: '{"PrefixLists":[{"PrefixListId":"pl-1"}]}' },
        { has: "describe-vpn-connections", out: '{"VpnConnections":[{"CustomerGatewayConfiguration":"hunter2"}]}' },
      ]);
      const { manifest } = await run(provider, [scope], { flag });
      const script = cloudScript({
        provider,
        way: wayOf(provider, flag),
        scopes: [scope],
        dropTags: false,
        language: "en",
      });
      const ran = spawnSync("sh", ["-s"], { cwd: folder, input: script, encoding: "utf8" });
      expect(ran.status).toBe(0);
      const written = join(folder, `seenas-export-${provider}`);
      expect(filesOf(written)).toEqual(filesOf(out()));
      expect(JSON.stringify(filesOf(written))).not.toContain("hunter2");
      expect(existsSync(`${written}.tar.gz`)).toBe(true);
      const told: unknown = JSON.parse(readFileSync(join(written, "manifest.json"), "utf8"));
      expect(told).toMatchObject({ schema: "seenas/collected@1", provider, scopes: [scope] });
      const count = (value: unknown, result: string) => JSON.stringify(value).split(`"result":"${result}"`).length - 1;
      for (const result of ["refused", "left-out"]) expect(count(told, result)).toBe(count(manifest, result));
    },
    60_000,
  );
});
