// What tests, screenshots and the benchmark share: Debian's Chromium, driven without a download of its own.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const CHROMIUM = "/usr/bin/chromium";
export const hasChromium = existsSync(CHROMIUM);

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const dist = join(root, "packages/web/dist");
export const plainFile = join(dist, "seenas.html");
export const isBuilt = () => existsSync(plainFile);

/** One browser for a whole file; nothing of it asks the network for anything. */
export const launch = () =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--font-render-hinting=none",
    ],
  });

const PATIENCE_MS = 30_000;

const LOCAL = /^(?:file|blob|data):/;

/**
 * A new page with everything that must not happen written down: requests beyond the page itself, violations of its
 * policy, errors.
 */
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults = [];
  const origin = address.startsWith("http") ? new URL(address).origin : null;
  page.on("request", (request) => {
    const url = request.url();
    if (!LOCAL.test(url) && !(origin !== null && url.startsWith(origin))) faults.push(`request: ${url}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy/.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.addInitScript(() => {
    globalThis.tasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.tasks.push(entry.duration);
    }).observe({ entryTypes: ["longtask"] });
    document.addEventListener("securitypolicyviolation", (event) =>
      console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  await page.goto(address);
  await page.waitForSelector("#main");
  return { page, faults, context, close: () => context.close() };
}

/** The plain file, as a double click opens it. */
export const plainAddress = (hash = "") => `file://${plainFile}${hash}`;

/** Files and folders dropped by the browser itself, as a person drops them. */
export async function drop(page, paths, place = { x: 300, y: 500 }) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths.map((path) => join(root, path)), dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"])
    await session.send("Input.dispatchDragEvent", { type, ...place, data });
  await session.detach();
}

export const verdictOf = (page) => page.locator("[data-testid=verdict] h1").textContent();

export const idle = (page) => page.waitForSelector("[data-busy=false]", { state: "attached" });

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };

/** The other build, over http; counts what was asked for. */
export function serveSite() {
  const asked = [];
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)).replace(
      /^\/$/,
      "/index.html",
    );
    const file = join(dist, "site", path);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const body = readFileSync(file);
    asked.push({ path, body });
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve({
        address: `http://127.0.0.1:${server.address().port}/`,
        asked,
        close: () => new Promise((done) => server.close(done)),
      }),
    );
  });
}
