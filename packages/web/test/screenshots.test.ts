import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drop, hasChromium, isBuilt, launch, open, plainAddress, root } from "./browser.mjs";

// npm run screenshots: the pictures of docs/page.md, made of the plain file as a user opens it.

const folder = join(root, "docs/page");
const TIMEOUT_MS = 40_000;
const SETTLED_MS = 700;

const MAIL = "from=l3-proxy&to=mail.partner.example:25";
const mail = (page: Page): Promise<void> =>
  drop(
    page,
    ["export", "evidence"].map((part) => `examples/gcp-mail-config-and-evidence/${part}`),
  );
const drawn = (page: Page): Promise<void> => page.locator(".react-flow__node").first().waitFor();

interface Shot {
  readonly name: string;
  readonly hash: string;
  readonly give: (page: Page) => Promise<void>;
  readonly options?: BrowserContextOptions;
}

const SHOTS: readonly Shot[] = [
  { name: "start", hash: "", give: async () => undefined },
  {
    name: "answer",
    hash: `#${MAIL}`,
    give: async (page) => {
      await mail(page);
      await drawn(page);
    },
  },
  {
    name: "answer-dark",
    hash: "#from=vm1&to=192.0.2.50:80&theme=dark",
    give: async (page) => {
      await drop(page, ["examples/azure-3-two-nics/export"]);
      await drawn(page);
      await page.locator(".kind-translator").click();
      await page.getByTestId("panel").locator(".line.meant").first().waitFor();
    },
  },
  {
    name: "answer-zh",
    hash: `#${MAIL}&lang=zh`,
    give: async (page) => {
      await mail(page);
      await drawn(page);
    },
  },
  {
    name: "answer-mobile",
    hash: `#${MAIL}`,
    options: { viewport: { width: 360, height: 1480 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
    give: async (page) => {
      await mail(page);
      await drawn(page);
    },
  },
  {
    name: "contradiction",
    hash: "",
    give: async (page) => {
      await page.locator("[data-example=contradiction-mail-log]").click();
      await drawn(page);
    },
  },
  {
    name: "evidence",
    hash: `#${MAIL}&view=evidence`,
    give: async (page) => {
      await mail(page);
      await page.locator(".annotated-line.marked").first().waitFor();
    },
  },
  {
    name: "estate",
    hash: "#view=estate",
    options: { viewport: { width: 1280, height: 1500 } },
    give: async (page) => {
      await drop(page, ["examples/estate-gcp-shared-vpc/export", "examples/estate-gcp-shared-vpc/export-after"]);
      await page.locator(".grid .virtual .cell-sender").first().waitFor();
      await page.getByTestId("changes").locator(".change-what").first().waitFor();
    },
  },
];

describe("screenshots", () => {
  let browser: Browser;
  beforeAll(async () => {
    if (!hasChromium || !isBuilt()) throw new Error("the page is not built, or there is no Chromium");
    browser = await launch();
  }, TIMEOUT_MS);
  afterAll(() => browser?.close());
  test.each(SHOTS)(
    "$name",
    async ({ name, hash, give, options = {} }) => {
      mkdirSync(folder, { recursive: true });
      const { page, faults, close } = await open(browser, plainAddress(hash), {
        viewport: { width: 1280, height: 1180 },
        reducedMotion: "reduce",
        ...options,
      });
      await give(page);
      await page.waitForTimeout(SETTLED_MS);
      await page.screenshot({ path: join(folder, `${name}.png`) });
      await close();
      expect(faults).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
