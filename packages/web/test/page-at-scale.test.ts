import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { drop, idle, root, serveSite, verdictOf } from "./browser.mjs";
import { estateOf } from "./estates.ts";
import { example, file, inBrowser, opening, openingAt, TIMEOUT_MS } from "./harness.ts";

// The page with much, for everybody, and with what is meant to break it.

describe("the estate", () => {
  inBrowser("two exports of one estate, dropped together: before and after", async () => {
    const page = await opening("#view=estate");
    await drop(page, example("estate-gcp-shared-vpc", "export", "export-after"));
    const changes = page.getByTestId("changes");
    await changes.locator(".change-what").first().waitFor();
    expect(await changes.innerText()).toContain("192.0.2.21");
    expect(await page.locator(".banner").innerText()).toContain("export-after");
    await page.getByText("Towards whom").click();
    await page.getByRole("textbox", { name: "Towards whom" }).fill("203.0.113.7:443 Bank");
    await page.getByTestId("matched").filter({ hasText: "7 of 7" }).waitFor();
    await changes.getByText("Partners to tell").waitFor();
    expect(await page.getByTestId("flow").locator("path.band").count()).toBeGreaterThan(2);
    await page.getByRole("button", { name: "Read both as one estate" }).click();
    await page.locator(".banner").waitFor({ state: "detached" });
  });

  inBrowser("100,000 rows: no task of the page over 50 ms", async () => {
    const page = await opening("#view=estate");
    const big = file("big.json", estateOf({ vms: 13_500, networks: 20 }));
    await drop(page, [big]);
    const matched = page.getByTestId("matched");
    await matched.waitFor({ timeout: TIMEOUT_MS });
    await idle(page);
    await page.getByRole("row").nth(3).waitFor();
    const total = Number((await matched.innerText()).split(" of ")[1]?.replaceAll(",", ""));
    expect(total).toBeGreaterThan(100_000);
    // Others share the machine: what holds once of three times is the page's own doing.
    const worst: number[] = [];
    for (let round = 0; round < 3 && !worst.some((ms) => ms <= 50); round += 1) worst.push(await longestTask(page));
    expect(Math.min(...worst)).toBeLessThanOrEqual(50);
  });

  async function longestTask(page: Page): Promise<number> {
    const matched = page.getByTestId("matched");
    await page.evaluate(() => Object.assign(globalThis, { tasks: [] }));
    const grid = page.getByRole("table");
    for (const top of [4_000, 400_000, 1_200_000, 90_000]) {
      await grid.evaluate((element, y) => element.scrollTo(0, y), top);
      await page.waitForFunction(() => document.querySelector(".grid .virtual .cell-sender")?.textContent !== "");
    }
    await page.getByRole("searchbox").fill("vm-0012345");
    await matched.filter({ hasText: /^[1-9] of/ }).waitFor();
    expect(await page.locator(".grid .virtual-item").first().innerText()).toContain("vm-0012345");
    await page.getByRole("searchbox").fill("");
    await matched.filter({ hasText: /^1\d\d,\d\d\d of/ }).waitFor();
    await page.getByRole("button", { name: "Sort by Seen as" }).click();
    await page.waitForFunction(() => document.querySelector(".grid .virtual .cell-sees")?.textContent === "nothing");
    const tasks = await page.evaluate(() => (globalThis as unknown as { tasks: readonly number[] }).tasks);
    await page.getByRole("button", { name: "Sort by Sender" }).click();
    return Math.max(0, ...tasks);
  }

  inBrowser("300 senders are a picture that can be read: those alike are one, the rest is gathered", async () => {
    const page = await opening("#from=s0&to=198.51.100.7:443");
    await drop(page, [file("group.json", estateOf({ vms: 300, external: true }))]);
    await page.getByTestId("verdict").waitFor();
    await page.locator(".react-flow__node").first().waitFor();
    expect(await page.locator(".react-flow__node").count()).toBeLessThan(60);
    await page.getByText("300").first().waitFor();
  });
});

describe("everybody can use it", () => {
  const axe = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");

  async function findings(page: Page): Promise<readonly string[]> {
    // Past the policy, which allows no script but the page's own.
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const run = (
        globalThis as unknown as { axe: { run: (options: object) => Promise<{ violations: readonly Violation[] }> } }
      ).axe;
      interface Violation {
        readonly id: string;
        readonly impact: string;
        readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
      }
      const { violations } = await run.run({ resultTypes: ["violations"] });
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map(({ target }) => target.join(" "))
              .slice(0, 4)
              .join(" | ")}`,
        );
    });
  }

  for (const theme of ["light", "dark"] as const)
    inBrowser(`axe finds nothing serious, ${theme}`, async () => {
      const page = await opening(`#theme=${theme}`);
      expect(await findings(page)).toEqual([]);
      await page.locator("[data-example=gcp-mail-config-and-evidence]").click();
      await page.locator(".react-flow__node").first().click();
      await page.getByTestId("panel").waitFor();
      expect(await findings(page)).toEqual([]);
      for (const [view, mark] of [
        ["Evidence", ".annotated-line"],
        ["Files", ".file-table"],
        ["Estate", ".grid-row"],
      ] as const) {
        await page.getByRole("navigation").getByText(view).click();
        await page.locator(mark).first().waitFor();
        expect(await findings(page)).toEqual([]);
      }
    });

  inBrowser("360 pixels wide: nothing sticks out", async () => {
    const page = await opening("", { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    const widest = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await widest()).toBeLessThanOrEqual(360);
    await page.locator("[data-example=gcp-mail-config-and-evidence]").click();
    await page.locator(".react-flow__node").first().waitFor();
    expect(await widest()).toBeLessThanOrEqual(360);
    for (const view of ["Evidence", "Estate", "Files"]) {
      await page.getByRole("navigation").getByText(view).click();
      await idle(page);
      expect(await widest()).toBeLessThanOrEqual(360);
    }
  });
});

describe("hostile input", () => {
  const SCRIPT = "<img src=x onerror=globalThis.hacked=1><script>globalThis.hacked=1";

  inBrowser("script in a name runs nowhere, and __proto__ is a name like others", async () => {
    const page = await opening(`#from=__proto__&to=198.51.100.7:443&view=answer`);
    await drop(page, [file("names.json", estateOf({ vms: 2, names: ["__proto__", SCRIPT] }))]);
    await page.getByTestId("verdict").waitFor();
    expect(await page.getByTestId("verdict").innerText()).toContain("__proto__");
    await page.getByRole("combobox", { name: "From" }).fill(SCRIPT.slice(0, 12));
    await page.getByRole("listbox").getByRole("option").first().waitFor();
    await page.getByRole("listbox").getByRole("option").first().click();
    await page.waitForFunction(() => document.querySelector(".verdict .from")?.textContent?.includes("<img src=x"));
    for (const view of ["Estate", "Files", "Evidence"]) {
      await page.getByRole("navigation").getByText(view).click();
      await idle(page);
    }
    expect(await page.evaluate(() => "hacked" in globalThis)).toBe(false);
    expect(await page.locator("#root script, #root img").count()).toBe(0);
  });

  inBrowser("a folder of pictures, an archive that is cut and nothing: each is told, nothing is answered", async () => {
    const page = await opening("#view=files");
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]);
    const zip = Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]);
    await drop(page, [file("one.png", png), file("two.zip", zip), file("empty.json", "")]);
    await page.locator(".file-table").waitFor();
    const text = await page.locator(".file-table").innerText();
    expect(text).toContain("it is a picture");
    expect(text).toContain("the archive is cut short");
    expect(text).toContain("found an empty file");
    await page.getByRole("navigation").getByText("Answer").click();
    await page.getByTestId("refused").waitFor();
  });

  inBrowser("a file that changed since it was read is said to have changed", async () => {
    const page = await opening("#from=vm1&to=198.51.100.7:443");
    const path = file("changing.json", estateOf({ vms: 1 }));
    await drop(page, [path]);
    await page.getByRole("combobox", { name: "From" }).fill("vm-0000000");
    await page.getByTestId("verdict").waitFor();
    file("changing.json", "[]");
    await page.locator(".steps .excerpt summary").first().click();
    await page.getByText("the file has changed or is gone since it was read").waitFor();
    // Given anew while it is written: the half of a list is read and told to be one.
    file("changing.json", estateOf({ vms: 1 }).slice(0, 900));
    await drop(page, [path]);
    await page.getByRole("navigation").getByText("Files").click();
    await page.locator(".file-table .error").waitFor();
  });

  inBrowser("300 MB that are no export: a clear note, and the page lives on", async () => {
    const page = await opening("#view=files");
    const line = `${"x".repeat(1023)}\n`;
    await drop(page, [file("huge.log", Buffer.alloc(300_000_000, line))]);
    await page.locator(".file-table").waitFor({ timeout: TIMEOUT_MS });
    expect(await page.locator(".file-table").innerText()).toContain("huge.log");
    await page.getByRole("button", { name: "Remove: huge.log" }).click();
    await page.locator("[data-example]").first().waitFor();
  });
});

describe("the other build, over http", () => {
  inBrowser("the founding case, and nothing is loaded that it does not need", async () => {
    const site = await serveSite();
    const page = await openingAt(`${site.address}#from=l3-proxy&to=mail.partner.example:25`);
    await drop(page, example("gcp-mail-config-and-evidence", "export", "evidence"));
    await page.getByTestId("verdict").waitFor();
    expect(await verdictOf(page)).toContain("sees 10.72.2.222");
    const loaded = site.asked.filter(({ path }) => path.endsWith(".js")).map(({ path }) => path);
    expect(loaded.filter((path) => /azure|aws|terraform|yaml|example-files/.test(path))).toEqual([]);
    const first = site.asked.filter(({ path }) => !/picture|layout/.test(path));
    const size = first.reduce((sum, { body }) => sum + gzipSync(body).length, 0);
    expect(size).toBeLessThan(350_000);
    await site.close();
  });
});
