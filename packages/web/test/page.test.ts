import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect } from "vitest";
import { drop, root, verdictOf } from "./browser.mjs";
import { clipboard, copiedList, example, file, inBrowser, opening } from "./harness.ts";

// The page in a real browser, as a person uses it: opened from a disk, files dropped by the browser itself.

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
    await page.getByTestId("allowlist").getByLabel("仍然列出").check();
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

describe("the guest's routes", () => {
  inBrowser(
    "the one that was taken, beside it the one that lost, and why; what is open leaves the way in sight",
    async () => {
      const page = await opening("#from=vm1&to=192.0.2.50:80");
      await drop(page, example("azure-3-two-nics", "export"));
      const picture = page.getByTestId("picture");
      await picture.locator(".kind-guest").first().waitFor();
      // As route-print.txt has them: the static route of nic2, and the default by nic1.
      expect(await picture.locator(".kind-guest:not(.lost)").innerText()).toContain("192.0.2.0/24");
      const lost = picture.locator(".kind-guest.lost");
      expect(await lost.innerText()).toContain("0.0.0.0/0");
      await lost.click();
      const panel = page.getByTestId("panel");
      await panel.locator(".line.meant").first().waitFor();
      expect(await panel.innerText()).toContain("windows/route/metric-sum");
      expect(await panel.innerText()).toContain("less specific");
      const outside = await picture.evaluate((section) => {
        const room = section.querySelector(".drawing")?.getBoundingClientRect();
        return [...section.querySelectorAll(".react-flow__node")].filter((node) => {
          const { left, right } = node.getBoundingClientRect();
          return room === undefined || left < room.left || right > room.right;
        }).length;
      });
      expect(outside).toBe(0);
    },
  );
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

inBrowser("what a colleague collected and sent back as one archive, beside a packed log", async () => {
  const page = await opening("#from=l3-proxy&to=mail.partner.example:25");
  const mail = join(root, "examples/gcp-mail-config-and-evidence");
  const packed = spawnSync("tar", ["-czf", "-", "export"], { cwd: mail, maxBuffer: 1 << 26 }).stdout;
  const smtp = gzipSync(readFileSync(join(mail, "evidence/smtp.txt")));
  await drop(page, [file("seenas-export.tar.gz", packed), file("smtp.txt.gz", smtp)]);
  await page.getByTestId("verdict").waitFor();
  expect(await verdictOf(page)).toContain("sees 10.72.2.222");
  // The lines of the export, out of the archive.
  await page.locator(".react-flow__node", { hasText: "198.51.100.0/24" }).click();
  await page.getByTestId("panel").locator(".line.meant").first().waitFor();
  expect(await page.getByTestId("panel").innerText()).toContain("seenas-export.tar.gz!export/");
  await page.getByRole("navigation").getByText("Files").click();
  await page.getByRole("button", { name: "Remove: seenas-export.tar.gz", exact: true }).click();
  await page.locator(".file-table").getByText("seenas-export.tar.gz").first().waitFor({ state: "detached" });
  expect(await page.locator(".file-table tbody tr").count()).toBe(1);
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
