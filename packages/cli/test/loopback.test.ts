import { execFile, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerOf } from "../src/collect/answer.ts";
import { awsAnswers, ec2Model } from "./loopback/aws.ts";
import { azureAnswers, graphRows, SUBSCRIPTION, TENANT } from "./loopback/azure.ts";
import { gcpAnswers } from "./loopback/gcp.ts";
import { type Resource, scenarioOf } from "./loopback/scenario.ts";
import { json, type Server, serve } from "./loopback/server.ts";

// The real clients, pointed at a server on the loopback address that answers from a scenario: what they print is what the
// readers read, and the answer is the scenario's.

const seenas = fileURLToPath(new URL("../bin/seenas.js", import.meta.url));
const TIMEOUT_MS = 240_000;

let folder = "";
const servers: Server[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-loopback-"));
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Environment = Readonly<Record<string, string>>;

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Not waited for in place: the server is in this process. */
const run = (program: string, words: readonly string[], environment: Environment): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: "C.UTF-8", ...environment };
    const options = { cwd: folder, env, maxBuffer: 64_000_000, timeout: TIMEOUT_MS - 10_000 };
    const child = execFile(program, words, options, (error, stdout, stderr) => {
      const status = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
      resolve({ status, stdout, stderr });
    });
    child.stdin?.end();
  });

const command = (words: readonly string[], environment: Environment = {}): Promise<Ran> =>
  run(process.execPath, [seenas, ...words], environment);

async function listening(...given: Parameters<typeof serve>): Promise<Server> {
  const server = await serve(...given);
  servers.push(server);
  return server;
}

interface Manifest {
  readonly entries: readonly { readonly file: string; readonly result: string; readonly reason: string | null }[];
}

const manifestIn = (out: string): Manifest => JSON.parse(readFileSync(join(folder, out, "manifest.json"), "utf8"));

/** What `explain` says of a scenario's flow from what was collected. */
async function answered({ flow }: ReturnType<typeof scenarioOf>["scenario"], out: string): Promise<Resource> {
  const { stdout, stderr } = await command([
    "explain",
    ...["--from", flow.from, "--to", `${flow.to}:${flow.port}`, "--config", out, "--json"],
  ]);
  if (stdout === "") throw new Error(stderr);
  const { answer, certainty } = JSON.parse(stdout);
  return { ...answer, certainty };
}

const there = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const skipped = (why: string | null): string => (why === null ? "" : ` (skipped: ${why})`);

const noGcloud = there("gcloud") ? null : "no gcloud here";

describe.skipIf(noGcloud !== null)(`gcloud${skipped(noGcloud)}`, () => {
  const environment = ({ port }: Server): Environment => ({
    CLOUDSDK_CONFIG: join(folder, "gcloud"),
    CLOUDSDK_AUTH_DISABLE_CREDENTIALS: "true",
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: "1",
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: "1",
    CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `http://127.0.0.1:${port}/compute/v1/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDASSET: `http://127.0.0.1:${port}/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_NETWORKCONNECTIVITY: `http://127.0.0.1:${port}/`,
  });

  test(
    "a project, page by page, and the scenario's answer",
    async () => {
      const { scenario, resources } = scenarioOf("gcp/T05");
      const server = await listening(gcpAnswers(resources));
      const collected = await command(
        ["collect", "gcp", "--project", "net-example", "--out", "gcp"],
        environment(server),
      );
      expect(collected).toMatchObject({ status: 0 });
      expect(manifestIn("gcp").entries.map(({ result }) => result)).toEqual(
        manifestIn("gcp").entries.map(() => "written"),
      );
      expect(server.asked.some(({ query }) => query.get("pageToken") !== null)).toBe(true);
      expect(server.asked.filter(({ method }) => method !== "GET")).toEqual([]);
      expect(await answered(scenario, "gcp")).toMatchObject(scenario.expect);
    },
    TIMEOUT_MS,
  );

  const noJq = there("jq") ? null : "no jq here";
  test.skipIf(noJq !== null)(
    `the printed script, and the archive it makes${skipped(noJq)}`,
    async () => {
      const { scenario, resources } = scenarioOf("gcp/T02");
      const server = await listening(gcpAnswers(resources));
      const { stdout } = await command(["collect", "gcp", "--project", "net-example", "--print"]);
      writeFileSync(join(folder, "collect.sh"), stdout);
      expect(await run("sh", ["collect.sh"], environment(server))).toMatchObject({ status: 0, stdout: "" });
      expect(await answered(scenario, "seenas-export-gcp.tar.gz")).toMatchObject(scenario.expect);
    },
    TIMEOUT_MS,
  );

  test(
    "an organisation, by its assets",
    async () => {
      const { scenario, resources } = scenarioOf("gcp/T05");
      const server = await listening(gcpAnswers(resources));
      const words = ["collect", "gcp", "--organization", "123", "--out", "organization"];
      expect(await command(words, environment(server))).toMatchObject({ status: 0 });
      const { kind, addresses, translator, certainty } = scenario.expect;
      expect(await answered(scenario, "organization")).toMatchObject({ kind, addresses, translator, certainty });
    },
    TIMEOUT_MS,
  );

  test(
    "what it prints when it is refused is understood",
    async () => {
      const required = "Required 'compute.routes.list' permission for 'projects/net-example'";
      const disabled = "Network Connectivity API has not been used in project 1 before or it is disabled.";
      const server = await listening(({ path }) =>
        path.endsWith("/routes")
          ? json(failure(403, required, "forbidden"), 403)
          : json(failure(403, disabled, "SERVICE_DISABLED"), 403),
      );
      const asked = ["compute routes list", "network-connectivity policy-based-routes list"].map(async (words) => {
        const argv = [...words.split(" "), "--project=net-example", "--format=json", "--quiet"];
        const { status, stdout, stderr } = await run("gcloud", argv, environment(server));
        return answerOf({ kind: "ended", status, output: stdout, errors: stderr });
      });
      expect(await Promise.all(asked)).toMatchObject([{ kind: "refused" }, { kind: "not-enabled" }]);
    },
    TIMEOUT_MS,
  );
});

const failure = (code: number, message: string, reason: string) => ({
  error: { code, message, errors: [{ message, domain: "global", reason }] },
});

const model = there("aws") ? ec2Model() : null;
const noAws = !there("aws") ? "no aws here" : model === null ? "its model of EC2 was not found" : null;

describe.skipIf(noAws !== null)(`aws${skipped(noAws)}`, () => {
  test(
    "a region, and the scenario's answer",
    async () => {
      if (model === null) throw new Error("no model");
      const { scenario, resources } = scenarioOf("aws/AW7");
      const server = await listening(awsAnswers(model, resources));
      // Older clients take another address from the command line alone.
      mkdirSync(join(folder, "bin"));
      const real = spawnSync("sh", ["-c", "command -v aws"], { encoding: "utf8" }).stdout.trim();
      writeFileSync(
        join(folder, "bin/aws"),
        `#!/bin/sh\nexec '${real}' --endpoint-url http://127.0.0.1:${server.port} "$@"\n`,
      );
      chmodSync(join(folder, "bin/aws"), 0o755);
      const collected = await command(["collect", "aws", "--region", "eu-west-1", "--out", "aws"], {
        PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`,
        AWS_ACCESS_KEY_ID: "invented",
        AWS_SECRET_ACCESS_KEY: "invented",
        AWS_CONFIG_FILE: join(folder, "none"),
        AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
        AWS_EC2_METADATA_DISABLED: "true",
      });
      expect(manifestIn("aws").entries.filter(({ result }) => result !== "written")).toEqual([]);
      expect(collected).toMatchObject({ status: 0 });
      expect(await answered(scenario, "aws")).toMatchObject(scenario.expect);
    },
    TIMEOUT_MS,
  );
});

test("rows of Resource Graph, and the scenario's answer", async () => {
  const { scenario, resources } = scenarioOf("azure/T-02");
  writeFileSync(join(folder, "azure-resources.json"), JSON.stringify({ data: graphRows(resources) }));
  const { kind, addresses, translator } = scenario.expect;
  expect(await answered(scenario, "azure-resources.json")).toMatchObject({ kind, addresses, translator });
});

const noAz = there("az") && there("openssl") ? null : "no az here, or no openssl";

describe.skipIf(noAz !== null)(`az${skipped(noAz)}`, () => {
  test(
    "a subscription, and the scenario's answer",
    async () => {
      const { scenario, resources } = scenarioOf("azure/T-02");
      const server = await listening(azureAnswers(resources), selfSigned());
      const environment: Environment = {
        AZURE_CONFIG_DIR: join(folder, "az"),
        AZURE_CORE_COLLECT_TELEMETRY: "no",
        REQUESTS_CA_BUNDLE: join(folder, "cert.pem"),
      };
      const az = async (...words: readonly string[]): Promise<void> => {
        const { status, stderr } = await run("az", words, environment);
        if (status !== 0) throw new Error(stderr);
      };
      const here = `https://127.0.0.1:${server.port}`;
      const endpoints = [
        "resource-manager",
        "active-directory-resource-id",
        "active-directory-graph-resource-id",
        "management",
      ];
      await az(
        ...["cloud", "register", "--name=loopback", `--endpoint-active-directory=${here}/adfs`],
        // What Debian packs beside it knows older versions of the API alone.
        "--profile=2020-09-01-hybrid",
        ...endpoints.map((name) => `--endpoint-${name}=${here}`),
      );
      await az("cloud", "set", "--name=loopback");
      await az(
        "login",
        "--service-principal",
        `--username=${SUBSCRIPTION}`,
        "--password=invented",
        `--tenant=${TENANT}`,
      );
      await command(["collect", "azure", "--subscription", SUBSCRIPTION, "--out", "azure"], environment);
      const written = manifestIn("azure").entries.filter(({ result }) => result === "written");
      const files = written.map(({ file }) => file.replace(`${SUBSCRIPTION}/azure-`, ""));
      // Others of its commands do not run there at all: they are told as missing, and the answer says what it took.
      for (const file of ["vms.json", "nics.json", "vnets.json", "public-ips.json", "load-balancers.json"])
        expect(files).toContain(file);
      const { kind, addresses, translator } = scenario.expect;
      expect(await answered(scenario, "azure")).toMatchObject({ kind, addresses, translator });
    },
    TIMEOUT_MS,
  );

  function selfSigned(): { readonly key: string; readonly cert: string } {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const made = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      cert,
      ...names,
    ];
    expect(spawnSync("openssl", made).status).toBe(0);
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  }
});
