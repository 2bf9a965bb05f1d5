import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drop, hasChromium, idle, isBuilt, launch, open, root, verdictOf } from "./browser.mjs";

// The page behind `seenas serve`, as a person uses it: the command, its link, a browser.

const reason = !hasChromium ? "Chromium is not installed" : !isBuilt() ? "not built: npm run build" : null;
if (reason !== null) console.warn(`skipped: the page behind a server: ${reason}`);

const example = "examples/gcp-mail-config-and-evidence";
let server: ChildProcess;
let link = "";
let browser: Browser;

describe.skipIf(reason !== null)("the page behind a server", () => {
  beforeAll(async () => {
    server = spawn(
      process.execPath,
      [join(root, "packages/cli/bin/seenas.js"), "serve", "--listen", "127.0.0.1:0", "--config", `${example}/export`],
      { cwd: root, stdio: ["ignore", "pipe", "ignore"] },
    );
    link = await new Promise<string>((resolve) => server.stdout?.once("data", (text) => resolve(String(text).trim())));
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    server?.kill("SIGINT");
  });

  test("what the command names is there; what is dropped is sent, read and answers", async () => {
    const { page, faults, close } = await open(browser, `${link}#from=l3-proxy&to=mail.partner.example:25`);
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
