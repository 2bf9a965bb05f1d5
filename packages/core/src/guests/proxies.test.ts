import { describe, expect, test } from "vitest";
import { parseIp } from "../address/ip.ts";
import { guestDecision } from "./decide.ts";
import { type GuestQuery, PLAIN_QUERY } from "./guest.ts";
import { readGuest } from "./read.ts";

const LINUX = [
  "$ ip rule",
  "0:\tfrom all lookup local",
  "32766:\tfrom all lookup main",
  "32767:\tfrom all lookup default",
  "$ ip -4 route show table main",
  "default via 10.0.0.1 dev eth0",
  "$ ip addr",
  "2: eth0: <UP,LOWER_UP> mtu 1500 state UP",
  "    inet 10.0.0.10/24 scope global eth0",
  "$ env | grep -i proxy",
].join("\n");
const WINDOWS = [
  "C:\\> route print",
  "IPv4 Route Table",
  "===========================================================================",
  "Active Routes:",
  "          0.0.0.0          0.0.0.0        192.0.2.1       192.0.2.10     25",
  "===========================================================================",
  "",
].join("\n");

/** What may be: the source, or the proxy, each with `?` where it rests on something open. */
function ways(text: string, port: number | null, to = "203.0.113.10", query: Partial<GuestQuery> = {}): string {
  const ip = parseIp(to);
  if (ip === undefined) throw new Error(to);
  const decision = guestDecision(readGuest(text, "host.txt").value, { ...PLAIN_QUERY, port, ...query }).at(ip);
  if (decision.kind === "stays") return "stays";
  const sends = decision.kind === "sends" ? decision.sends : [];
  const refusals = decision.kind === "sends" ? decision.refusals : [decision];
  const mark = (assumptions: readonly { readonly basis: string }[]): string =>
    assumptions.some(({ basis }) => basis === "open") ? "?" : "";
  return [
    ...sends.map(({ source, lost, assumptions }) => (lost === null ? `${source}${mark(assumptions)}` : lost.id)),
    ...refusals.map(({ assumptions }) => `refused${mark(assumptions)}`),
  ].join(" | ");
}

const P = "guest/proxy-used:10.0.0.1:3128";

// https://github.com/curl/curl/blob/master/docs/cmdline-opts/_ENVIRONMENT.md
describe.each(["guest/L58"])("%s: a program may heed a proxy, or not", () => {
  test.each([
    ["http_proxy=http://10.0.0.1:3128", 80, `10.0.0.10? | ${P}`],
    ["http_proxy=http://10.0.0.1:3128", 443, "10.0.0.10"],
    ["HTTP_PROXY=10.0.0.1:3128", 8080, `10.0.0.10? | ${P}`],
    ["https_proxy=http://(removed)@10.0.0.1:3128/", 443, `10.0.0.10? | ${P}`],
    ["HTTPS_PROXY=http://user:pass@10.0.0.1:3128", 443, `10.0.0.10? | ${P}`],
    ["export https_proxy='http://10.0.0.1:3128'", 443, `10.0.0.10? | ${P}`],
    ["ALL_PROXY=socks5h://10.0.0.1:3128", 443, `10.0.0.10? | ${P}`],
    ["ALL_PROXY=socks5h://10.0.0.1:3128", 25, "10.0.0.10"],
    ["https_proxy=http://10.0.0.1:3128\nHTTPS_PROXY=http://10.0.0.1:3128", 443, `10.0.0.10? | ${P}`],
    ["https_proxy=http://10.0.0.1:3128\nno_proxy=localhost,203.0.113.0/24", 443, "10.0.0.10"],
    ["https_proxy=http://10.0.0.1:3128\nno_proxy=203.0.113.10", 443, "10.0.0.10"],
    ["https_proxy=http://10.0.0.1:3128\nno_proxy=198.51.100.0/24,.example", 443, `10.0.0.10? | ${P}`],
    ["https_proxy=http://10.0.0.1:3128\nNO_PROXY=*", 443, "10.0.0.10"],
    ["no_proxy=203.0.113.10", 443, "10.0.0.10"],
    ["https_proxy=", 443, "10.0.0.10"],
  ])("%s: port %s", (environment, port, expected) => {
    expect(ways(`${LINUX}\n${environment}`, port)).toBe(expected);
  });

  test("it is said where it is not taken to be used", () => {
    const text = `${LINUX}\nhttps_proxy=http://10.0.0.1:3128`;
    const decision = guestDecision(readGuest(text, "x").value, { ...PLAIN_QUERY, port: 25 }).at(
      parseIp("203.0.113.10") ?? no(),
    );
    const ids = decision.kind === "sends" ? decision.sends[0].assumptions.map(({ id, basis }) => `${id} ${basis}`) : [];
    expect(ids).toContain("guest/proxy-not-used default");
  });

  test("not for the proxy itself", () => {
    expect(ways(`${LINUX}\nhttp_proxy=http://10.0.0.1:8080`, 8080, "10.0.0.1")).toBe("10.0.0.10");
  });

  test("not for UDP, nor of a container", () => {
    expect(ways(`${LINUX}\nhttps_proxy=http://10.0.0.1:3128`, 443, "203.0.113.10", { protocol: "udp" })).toBe(
      "10.0.0.10",
    );
    expect(ways(`${LINUX}\n$ docker exec web env\nhttps_proxy=http://10.0.0.1:3128`, 443)).toBe("10.0.0.10");
    const again = `${LINUX}\n$ docker exec web env\n$ env\nhttps_proxy=http://10.0.0.1:3128`;
    expect(ways(again, 443)).toBe(`10.0.0.10? | ${P}`);
  });

  test("where the system itself has no route the proxy is what is left", () => {
    const text = `${LINUX.replace("default via 10.0.0.1 dev eth0", "10.0.0.0/24 dev eth0 scope link src 10.0.0.10")}\nhttps_proxy=http://10.0.0.1:3128`;
    expect(ways(text, 443)).toBe(`${P} | refused?`);
    expect(ways(text, 25)).toBe("refused");
  });
});

// https://learn.microsoft.com/en-us/windows/win32/winhttp/proxycfg-exe--a-proxy-configuration-tool
describe.each(["guest/WC10"])("%s: services heed WinHTTP's proxy, users' programs their own", () => {
  const shown = (server: string, bypass = "(none)"): string =>
    `${WINDOWS}\nPS C:\\> netsh winhttp show proxy\n\nCurrent WinHTTP proxy settings:\n\n    Proxy Server(s) :  ${server}\n    Bypass List     :  ${bypass}\n`;
  const used = (server: string): string => `192.0.2.10? | guest/proxy-used:${server}`;
  test.each([
    [shown("10.0.0.1:3128"), 443, used("10.0.0.1:3128")],
    [shown("http=10.0.0.1:80;https=proxy.corp.example:443"), 443, used("proxy.corp.example:443")],
    [shown("10.0.0.1:3128", "*.corp.example;203.0.113.10"), 443, "192.0.2.10"],
    [shown("10.0.0.1:3128").replace("Proxy Server(s) :", "代理服务器：     "), 80, used("10.0.0.1:3128")],
    [`${WINDOWS}\nPS C:\\> netsh winhttp show proxy\n\n    Direct access (no proxy server).\n`, 443, "192.0.2.10"],
  ])("%#", (text, port, expected) => {
    expect(ways(text, port)).toBe(expected);
  });
});

const no = (): never => {
  throw new Error("no address");
};
