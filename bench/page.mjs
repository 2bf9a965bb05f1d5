import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { median, rounded } from "./statistics.mjs";

const RUNS = 9;
const EXAMPLE = ["examples/gcp-mail-config-and-evidence/export", "examples/gcp-mail-config-and-evidence/evidence"];
const QUESTION = "#from=l3-proxy&to=mail.partner.example:25";
/** The project's own limits. */
const FIRST_VERDICT_MS = 300;
const FIRST_LOAD_KB = 350;

/** The plain file in a browser: from the drop of the founding mail case to the verdict on the screen. */
export async function firstVerdict(name) {
  const browsing = await browser();
  if (browsing === null) return [missing(name, "ms")];
  const { chromium, open, drop, plainAddress } = browsing;
  const times = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const { page, close } = await open(chromium, plainAddress(QUESTION));
    // The worker has started and waits, as it has when a person has found the file.
    await page.waitForTimeout(400);
    await page.evaluate(watchVerdict);
    await drop(page, EXAMPLE);
    times.push(await page.evaluate(() => globalThis.shown));
    await close();
  }
  await chromium.close();
  // The first run reads everything from the disk.
  return [
    {
      name,
      value: rounded(median(times.slice(1)), 1),
      unit: "ms",
      against: null,
      ratio: null,
      runs: RUNS,
      limit: FIRST_VERDICT_MS,
    },
  ];
}

/** Runs in the page: resolves with the time from the drop to the frame that shows the verdict. */
function watchVerdict() {
  globalThis.shown = new Promise((resolve) => {
    let started = 0;
    document.addEventListener(
      "drop",
      () => {
        started = performance.now();
      },
      true,
    );
    const observer = new MutationObserver(() => {
      if (document.querySelector("[data-testid=verdict]") === null) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
}

/** Compressed: what stands before anything is dropped, what the founding verdict needs beside it, and the plain file as a whole. */
export async function firstLoad(name) {
  const browsing = await browser();
  if (browsing === null) return [missing(name, "kB")];
  const { chromium, open, drop, serveSite, plainFile } = browsing;
  const site = await serveSite();
  const { page, close } = await open(chromium, `${site.address}${QUESTION}`);
  await page.waitForTimeout(800);
  const first = sizeOf(site.asked);
  await drop(page, EXAMPLE);
  await page.getByTestId("verdict").waitFor();
  await page.locator(".react-flow__node").first().waitFor();
  const all = sizeOf(site.asked);
  await close();
  await site.close();
  await chromium.close();
  const figure = (part, value) => ({ name: part, value, unit: "kB", against: null, ratio: null, runs: 1 });
  return [
    { ...figure(name, first), limit: FIRST_LOAD_KB },
    figure(`${name}-with-verdict`, all),
    figure(`${name}-plain-file`, rounded(gzipSync(readFileSync(plainFile)).length / 1000, 1)),
  ];
}

const sizeOf = (asked) => rounded(asked.reduce((sum, { body }) => sum + gzipSync(body).length, 0) / 1000, 1);

async function browser() {
  const helper = await import("../packages/web/test/browser.mjs");
  return helper.hasChromium && helper.isBuilt() ? { ...helper, chromium: await helper.launch() } : null;
}

const missing = (name, unit) => ({ name, value: null, unit, against: null, ratio: null, runs: 0, missing: "chromium" });
