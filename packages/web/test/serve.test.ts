import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drop, hasChromium, idle, isBuilt, launch, open, root, verdictOf } from "./browser.mjs";

// The page behind `seenas serve`, as a person uses it: the command, its link, a browser.

const reason = !hasChromium ? "Chromium is not installed" : !isBuilt() ? "not built: npm run build" : null;
if (reason !== null) console.warn(`skipped: the page behind a server: ${reason}`);

const example = "examples/gcp-mail-config-and-evidence";
const program = join(root, "packages/cli/bin/seenas.js");
let server: ChildProcess;
let link = "";
let browser: Browser;

async function serve(words: readonly string[], path = process.env["PATH"]): Promise<void> {
  server = spawn(process.execPath, [program, "serve", "--listen", "127.0.0.1:0", ...words], {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "ignore"],
  });
  link = await new Promise<string>((resolve) => server.stdout?.once("data", (text) => resolve(String(text).trim())));
  browser = await launch();
}

async function stop(): Promise<void> {
  await browser?.close();
  server?.kill("SIGINT");
}

describe.skipIf(reason !== null)("the page behind a server", () => {
  beforeAll(() => serve(["--config", `${example}/export`]));
  afterAll(stop);

  test("what the command names is there; what is dropped is sent, read and answers", async () => {
    const { page, faults, close } = await open(browser, `${link}#from=l3-proxy&to=mail.partner.example:25`);
    page.setDefaultTimeout(PATIENCE_MS);
    await page.waitForSelector("[data-testid=verdict] h1, .problems");
    await drop(page, [`${example}/evidence`]);
    await page.waitForFunction(() =>
      document.querySelector("[data-testid=verdict] h1")?.textContent?.includes("10.72"),
    );
    await idle(page);
    // As examples/gcp-mail-config-and-evidence says.
    expect(await verdictOf(page)).toContain("sees 10.72.2.222");
    expect(new URL(page.url()).search).toBe("");
    expect(faults).toEqual([]);
    await close();
  });

  test("the link lets no second browser in", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    expect((await page.goto(link))?.status()).toBe(401);
    await context.close();
  });
});

describe.skipIf(reason !== null)("a server that ends", () => {
  beforeAll(() => serve(["--config", `${example}/export`]));
  afterAll(stop);

  test("is said to be gone, in words of its own, and the last answer stays", async () => {
    const { page, close } = await open(browser, `${link}#from=l3-proxy&to=mail.partner.example:25`);
    page.setDefaultTimeout(PATIENCE_MS);
    await page.waitForSelector("[data-testid=verdict] h1, .problems");
    server?.kill("SIGKILL");
    await page.getByRole("combobox", { name: "From" }).fill("another");
    await page.getByText("The server does not answer any more").waitFor();
    await page.getByText("start seenas serve again").waitFor();
    await close();
  });
});

/** Answers as the client would for the projects of the example. */
const GCLOUD = `#!/bin/sh
project=$(printf '%s\\n' "$@" | sed -n 's/^--project=//p')
case "$*" in
  *"compute instances list"*) file=instances ;;
  *"compute networks subnets list"*) file=subnetworks ;;
  *"compute networks list"*) file=networks ;;
  *"compute routes list"*) file=routes ;;
  *"compute routers list"*) file=routers ;;
  *"compute addresses list"*) file=addresses ;;
  *"compute interconnects attachments list"*) file=interconnect-attachments ;;
  *"compute routers get-status"*) file=router-1-status ;;
  *) file=none ;;
esac
cat "${join(root, example, "export")}/$project/$file.json" 2>/dev/null || echo '[]'
`;

/** An entry of Cloud NAT: the proxy of the example, seen as one of its addresses. */
const NAT_ENTRY = (seen: string, at: string): string =>
  JSON.stringify({
    jsonPayload: {
      allocation_status: "OK",
      connection: {
        src_ip: "10.72.2.222",
        src_port: 48_678,
        nat_ip: seen,
        nat_port: 1024,
        dest_ip: "192.0.2.80",
        dest_port: 443,
        protocol: 6,
      },
      endpoint: { vm_name: "l3-proxy" },
      gateway_identifiers: { gateway_name: "nat-1", router_name: "router-1" },
    },
    logName: "projects/net-host/logs/compute.googleapis.com%2Fnat_flows",
    timestamp: at,
  });

describe.skipIf(reason !== null)("what only the machine has", () => {
  const folder = mkdtempSync(join(tmpdir(), "seenas-machine-"));
  const store = join(folder, "store");

  beforeAll(async () => {
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/gcloud"), GCLOUD, { mode: 0o755 });
    const log = [
      NAT_ENTRY("203.0.113.11", "2026-11-22T09:00:00Z"),
      NAT_ENTRY("203.0.113.12", "2026-11-22T09:00:01Z"),
      NAT_ENTRY("203.0.113.11", "2026-11-22T09:00:02Z"),
    ].join("\n");
    const { status } = spawnSync(process.execPath, [program, "logs", "ingest", "-", "--store", store], { input: log });
    expect(status).toBe(0);
    await serve(["--store", store], `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`);
  });
  afterAll(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("it collects by the cloud's own client, and asks the log store", async () => {
    const { page, faults, close } = await open(browser, `${link}#from=l3-proxy&to=192.0.2.80:443`);
    page.setDefaultTimeout(PATIENCE_MS);
    const logs = page.locator("details.machine", { hasText: "Ask the log store" });
    await logs.locator("summary").click();
    await logs.getByRole("button").click();
    await logs.locator("tbody tr").nth(1).waitFor();
    // Rows as they were written into the store.
    expect(await logs.locator("tbody tr").evaluateAll(textOfRows)).toEqual([
      ["203.0.113.11", "2026-11-22T09:00:00Z", "2026-11-22T09:00:02Z", "2"],
      ["203.0.113.12", "2026-11-22T09:00:01Z", "2026-11-22T09:00:01Z", "1"],
    ]);
    await page.getByRole("button", { name: "中文" }).click();
    await page
      .locator("details.machine .facts", { hasText: /\p{Script=Han}/u })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "English" }).click();
    const collect = page.locator("details.machine", { hasText: "Collect with the command line" });
    await collect.locator("summary").click();
    await collect.getByRole("textbox").fill("net-host, app-service");
    await collect.getByRole("button").click();
    await page.locator("[data-testid=verdict] h1").waitFor();
    // As examples/gcp-mail-config-only says of every other destination: the three addresses of Cloud NAT.
    expect(await verdictOf(page)).toContain("203.0.113.");
    await page.getByRole("navigation").getByText("Files").click();
    expect(await page.locator(".file-table").innerText()).toContain("seenas-export-gcp/net-host/routers.json");
    expect(faults).toEqual([]);
    await close();
  });
});

/** A client is asked some fifty times, and each is a process. */
const PATIENCE_MS = 50_000;

const textOfRows = (rows: readonly Element[]): readonly (readonly (string | null)[])[] =>
  rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent));
