import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  CHROMIUM,
  drop,
  hasChromium,
  idle,
  isBuilt,
  launch,
  type Opened,
  open,
  plainAddress,
  root,
  serveSite,
  verdictOf,
} from "./browser.mjs";
import { estateOf } from "./estates.ts";

// The page in a real browser, as a person uses it: opened from a disk, files dropped by the browser itself.

const TIMEOUT_MS = 60_000;
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
const inBrowser = (name: string, run: () => Promise<void>): void =>
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

async function opening(hash = "", options: Parameters<typeof open>[2] = {}): Promise<Page> {
  const one = await open(browser, plainAddress(hash), options);
  opened.push(one);
  return one.page;
}

/** A file of the test's own, as a path that `drop` takes. */
function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return relative(root, path);
}

const example = (name: string, ...parts: readonly string[]): readonly string[] =>
  parts.map((part) => `examples/${name}/${part}`);

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };
const copied = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

async function copiedList(page: Page): Promise<string> {
  const list = page.getByTestId("allowlist");
  await list.locator("button.primary").click();
  return copied(page);
}

describe("the founding mail case, dropped on the plain file", () => {
  inBrowser("from the drop to the copied allowlist", async () => {
    const page = await opening("#from=l3-proxy&to=mail.partner.example:25", clipboard);
    await drop(page, example("gcp-mail-config-and-evidence", "export", "evidence"));
    await page.getByTestId("verdict").waitFor();
    expect(await verdictOf(page)).toBe("mail.partner.example:25 sees 10.72.2.222, the sender's own address");
    expect(await page.locator("[data-certainty]").getAttribute("data-certainty")).toBe("observed");
    const list = page.getByTestId("allowlist");
    // Ephemeral: refused as the command refuses it, until somebody says so.
    await list.getByText("lasts only until the resource stops").waitFor();
    expect(await list.getByTestId("allow-text").count()).toBe(0);
    await list.getByRole("checkbox").check();
    await list.getByRole("combobox").selectOption("nftables");
    await list.getByTestId("allow-text").getByText("add element").waitFor();
    const text = await copiedList(page);
    expect(text).toContain("10.72.2.222");
    expect(text).toContain("add element inet seenas");
    const outcomes = page.getByTestId("outcomes");
    expect(await outcomes.locator("s").count()).toBe(2);
    expect(await outcomes.innerText()).toContain("evidence/smtp.txt:9");
  });

  inBrowser("the path: each element opens its rule, its source and the lines of the export", async () => {
    const page = await opening("#from=l3-proxy&to=mail.partner.example:25");
    await drop(page, example("gcp-mail-config-and-evidence", "export", "evidence"));
    const picture = page.getByTestId("picture");
    await picture.locator(".react-flow__node").first().waitFor();
    await picture.locator(".react-flow__node", { hasText: "198.51.100.0/24" }).click();
    const panel = page.getByTestId("panel");
    await panel.locator(".line.meant").first().waitFor();
    expect(await panel.innerText()).toContain("gcp/route/best-routes-are-the-selection");
    expect(await panel.locator("a").first().getAttribute("href")).toMatch(/^https:\/\//);
    await panel.getByRole("button").click();
    expect(await picture.locator(".element.lost", { hasText: "0.0.0.0/0" }).count()).toBe(1);
    // For those who do not see it: the same, as a list.
    await picture.getByText("The same as a list").click();
    expect(await picture.locator(".outline li").count()).toBe(await picture.locator(".react-flow__node").count());
  });

  inBrowser("in Chinese, from the choice of the language to the list", async () => {
    const page = await opening("#from=l3-proxy&to=mail.partner.example:25", clipboard);
    await page.getByRole("button", { name: "中文" }).click();
    expect(await page.locator("h1").innerText()).toBe("目的端看到的是哪个源地址？");
    await drop(page, example("gcp-mail-config-and-evidence", "export", "evidence"));
    await page.getByTestId("verdict").waitFor();
    expect(await verdictOf(page)).toBe("mail.partner.example:25 看到的是 10.72.2.222，即发送方自己的地址");
    expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
    await page.getByTestId("allowlist").getByText("仍然列出").click();
    await page.getByTestId("allow-text").waitFor();
    expect(await copiedList(page)).toContain("10.72.2.222");
    // Every word that is the page's own is Chinese.
    const words = await page.evaluate(() =>
      [...document.querySelectorAll("h2, h3, label, .tab")].map((one) => one.textContent),
    );
    expect(words.filter((one) => !/[\p{Script=Han}]/u.test(one ?? ""))).toEqual([]);
  });

  inBrowser("the evidence: the text with its meaning beside the line", async () => {
    const page = await opening("#view=evidence&to=mail.partner.example:25&from=l3-proxy");
    await drop(page, example("gcp-mail-config-and-evidence", "export", "evidence"));
    const line = page.locator(".annotated-line.effect-supports");
    await line.waitFor();
    expect(await line.innerText()).toContain("Exchange prints the address its TCP connection came from");
    expect(await page.getByTestId("timeline").locator("circle").count()).toBe(1);
    await page.getByRole("combobox").selectOption({ index: 1 });
    await page.getByText("a router on the way, never the source").first().waitFor();
  });
});

describe("the Azure scenarios, from the drop to the copied list", () => {
  for (const [name, from, to, sees] of [
    ["azure-1-public-ip", "vm1", "198.51.100.7:80", "203.0.113.11"],
    ["azure-2-load-balancer", "vm1", "198.51.100.7:80", "203.0.113.21"],
    ["azure-3-two-nics", "vm1", "192.0.2.50:80", "203.0.113.21"],
  ] as const)
    inBrowser(`${name} sees ${sees}`, async () => {
      const page = await opening(`#from=${from}&to=${to}`, clipboard);
      await drop(page, example(name, "export"));
      await page.getByTestId("verdict").waitFor();
      expect(await verdictOf(page)).toBe(`${to} sees ${sees}`);
      await page.getByTestId("allowlist").getByRole("combobox").selectOption("json");
      await page.getByTestId("allow-text").getByText("schema").waitFor();
      expect(await copiedList(page)).toContain(`${sees}/32`);
    });

  inBrowser("azure-4-third-nic: an answer that changes with time is not handed over", async () => {
    const page = await opening("#from=vm1&to=192.0.2.50:80");
    await drop(page, example("azure-4-third-nic", "export"));
    await page.getByTestId("verdict").waitFor();
    await page.getByTestId("allowlist").locator(".refusal").waitFor();
    expect(await page.getByTestId("allow-text").count()).toBe(0);
  });
});

describe("the question", () => {
  inBrowser("by the keyboard alone: an example, the field of senders, the address in the link", async () => {
    const page = await opening();
    await page.locator("[data-example=azure-3-two-nics]").focus();
    await page.keyboard.press("Enter");
    await page.getByTestId("verdict").waitFor();
    const from = page.getByRole("combobox", { name: "From" });
    await from.fill("vm1/nic1");
    await page.getByRole("listbox").getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("203.0.113.11"));
    expect(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("from")).toBe("vm1/nic1");
    expect(page.url()).not.toContain("203.0.113");
    await page.locator(".react-flow__node").nth(2).focus();
    await page.keyboard.press("Enter");
    await page.getByTestId("panel").waitFor();
  });

  inBrowser("a link opens the same question, view and language, without any data", async () => {
    const page = await opening("#from=vm1&to=192.0.2.50%3A80&view=files&lang=zh&theme=dark");
    await drop(page, example("azure-3-two-nics", "export"));
    await page.locator(".file-table").waitFor();
    await page.getByRole("button", { name: "答案" }).click();
    await page.getByTestId("verdict").waitFor();
    expect(await verdictOf(page)).toBe("192.0.2.50:80 看到的是 203.0.113.21");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    expect(await page.getByLabel("目的地").inputValue()).toBe("192.0.2.50:80");
  });

  inBrowser("what is missing is asked for in words of the page", async () => {
    const page = await opening();
    await drop(page, example("estate-gcp-shared-vpc", "export"));
    await page.getByTestId("refused").waitFor();
    expect(await page.getByTestId("refused").innerText()).toContain("fill in To");
  });

  inBrowser("a contradiction stands side by side, and no list is made of it", async () => {
    const page = await opening();
    await page.locator("[data-example=contradiction-mail-log]").click();
    await page.getByTestId("conflicts").waitFor();
    expect(await page.getByTestId("conflicts").locator(".sides > div").count()).toBe(2);
    expect(await page.getByTestId("allow-text").count()).toBe(0);
    expect(await page.getByTestId("allowlist").getByRole("checkbox").count()).toBe(0);
  });
});

inBrowser("text that is pasted anywhere is read", async () => {
  const page = await opening("#from=l3-proxy&to=mail.partner.example:25", clipboard);
  const smtp = readFileSync(join(root, "examples/gcp-mail-evidence-only/evidence/smtp.txt"), "utf8");
  await page.evaluate((text) => navigator.clipboard.writeText(text), smtp);
  await page.locator("h1").click();
  await page.keyboard.press("Control+V");
  await page.getByTestId("verdict").waitFor();
  expect(await verdictOf(page)).toContain("sees 10.72.2.222");
});

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

  inBrowser("a folder of pictures, an archive and nothing: each is told, nothing is answered", async () => {
    const page = await opening("#view=files");
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]);
    const zip = Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]);
    await drop(page, [file("one.png", png), file("two.zip", zip), file("empty.json", "")]);
    await page.locator(".file-table").waitFor();
    const text = await page.locator(".file-table").innerText();
    expect(text).toContain("it is a picture");
    expect(text).toContain("it is a zip archive");
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
    const one = await open(browser, `${site.address}#from=l3-proxy&to=mail.partner.example:25`);
    opened.push(one);
    await drop(one.page, example("gcp-mail-config-and-evidence", "export", "evidence"));
    await one.page.getByTestId("verdict").waitFor();
    expect(await verdictOf(one.page)).toContain("sees 10.72.2.222");
    const loaded = site.asked.filter(({ path }) => path.endsWith(".js")).map(({ path }) => path);
    expect(loaded.filter((path) => /azure|aws|terraform|yaml|example-files/.test(path))).toEqual([]);
    const first = site.asked.filter(({ path }) => !/picture|layout/.test(path));
    const size = first.reduce((sum, { body }) => sum + gzipSync(body).length, 0);
    expect(size).toBeLessThan(350_000);
    await site.close();
  });
});
