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

/**
 * Compressed. Of the plain file what the browser compiles up to the founding verdict and its picture, which has the limit,
 * and the file as a whole; over http what stands before anything is dropped, and what the verdict needs beside it.
 */
export async function firstLoad(name) {
  const browsing = await browser();
  if (browsing === null) return [missing(name, "kB")];
  const [first, whole] = await ofPlainFile(browsing);
  const [before, all] = await overHttp(browsing);
  await browsing.chromium.close();
  const figure = (part, value) => ({ name: part, value, unit: "kB", against: null, ratio: null, runs: 1 });
  return [
    { ...figure(name, first), limit: FIRST_LOAD_KB },
    figure(`${name}-whole-file`, whole),
    figure(`${name}-http`, before),
    figure(`${name}-http-with-verdict`, all),
  ];
}

async function ofPlainFile({ chromium, open, drop, plainAddress, plainFile }) {
  const { page, close } = await open(chromium, plainAddress(QUESTION));
  await shown(page, drop);
  const [worker] = page.workers();
  const loaded = new Set(await worker.evaluate(() => globalThis.seenasLoaded()));
  await close();
  const html = readFileSync(plainFile, "utf8");
  // A part that nobody asked for is text to the browser.
  const compiled = html
    .replace(/<script [^>]*data-part="([^"]*)">.*?<\/script>/gs, (part, name) => (loaded.has(name) ? part : ""))
    .replace(/<script type="application\/json".*?<\/script>/s, "");
  return [compiled, html].map(compressed);
}

async function overHttp({ chromium, open, drop, serveSite }) {
  const site = await serveSite();
  const { page, close } = await open(chromium, `${site.address}${QUESTION}`);
  await page.waitForTimeout(800);
  const before = sizeOf(site.asked);
  await shown(page, drop);
  const all = sizeOf(site.asked);
  await close();
  await site.close();
  return [before, all];
}

async function shown(page, drop) {
  await drop(page, EXAMPLE);
  await page.getByTestId("verdict").waitFor();
  await page.locator(".react-flow__node").first().waitFor();
}

const compressed = (text) => rounded(gzipSync(text).length / 1000, 1);
const sizeOf = (asked) => rounded(asked.reduce((sum, { body }) => sum + gzipSync(body).length, 0) / 1000, 1);

async function browser() {
  const helper = await import("../packages/web/test/browser.mjs");
  return helper.hasChromium && helper.isBuilt() ? { ...helper, chromium: await helper.launch() } : null;
}

const missing = (name, unit) => ({ name, value: null, unit, against: null, ratio: null, runs: 0, missing: "chromium" });
