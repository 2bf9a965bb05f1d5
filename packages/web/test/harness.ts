import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CHROMIUM, hasChromium, isBuilt, launch, type Opened, open, plainAddress, root } from "./browser.mjs";

/** One browser for the tests of a file; what they open is watched, and closed. */

export const TIMEOUT_MS = 60_000;
const reason = hasChromium ? "the page is not built: npm run build" : `${CHROMIUM} is missing`;

let browser: Browser;
let folder = "";
const opened: Opened[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "seenas-page-"));
  if (hasChromium) browser = await launch();
}, TIMEOUT_MS);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** In the browser, or skipped with the reason. */
export const inBrowser = (name: string, run: () => Promise<void>): void =>
  test(
    name,
    async (context) => {
      if (!hasChromium || !isBuilt()) context.skip(reason);
      try {
        await run();
      } finally {
        // Nothing that a test opened may have asked the network, or broken its own policy.
        const faults = opened.flatMap((one) => one.faults);
        await Promise.all(opened.splice(0).map(({ close }) => close()));
        expect(faults).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );

export async function opening(hash = "", options: Parameters<typeof open>[2] = {}): Promise<Page> {
  const one = await open(browser, plainAddress(hash), options);
  opened.push(one);
  return one.page;
}

/** A file of the test's own, as a path that `drop` takes. */
export function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return relative(root, path);
}

export const example = (name: string, ...parts: readonly string[]): readonly string[] =>
  parts.map((part) => `examples/${name}/${part}`);

export const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };
const copied = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

export async function copiedList(page: Page): Promise<string> {
  const list = page.getByTestId("allowlist");
  await list.locator("button.primary").click();
  return copied(page);
}

/** A page over http: watched and closed like the others. */
export async function openingAt(address: string): Promise<Page> {
  const one = await open(browser, address);
  opened.push(one);
  return one.page;
}
