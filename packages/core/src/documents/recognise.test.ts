import { expect, test } from "vitest";
import { syntaxOf } from "./recognise.ts";

test.each([
  ["json", "a list", '[\n  {\n    "a": 1'],
  ["json", "an object", '{"a": 1}'],
  ["json", "an empty list", "[]"],
  ["json", "a lone bracket, cut there", "["],
  ["json", "after a warning", "WARNING: something\n\n[{}]"],
  ["json", "after a prompt", "me@host:~$ gcloud compute instances list --format=json\n[\n {"],
  ["json", "after a byte order mark", '\uFEFF{"a":1}'],
  ["json", "coloured", "\u001b[1;39m[\n  {\n\u001b[0m"],
  ["yaml", "a document", "canIpForward: false\nid: '1'\nnetworkInterfaces:\n- name: nic0\n  network: x\n"],
  ["yaml", "a list", "- address: 203.0.113.7\n  name: a\n"],
  ["yaml", "after a separator", "---\nname: a\n"],
  ["yaml", "after a comment", "# exported\nname: a\n"],
  ["text", "an SMTP greeting", "[10.72.2.222] Hello\n"],
  ["text", "a log line", "[12.345678] eth0: link up\n"],
  ["text", "a traceroute", "traceroute to 192.0.2.1 (192.0.2.1), 30 hops max\n 1  10.0.0.1  1.1 ms\n"],
  ["text", "mail headers", "Received: from a.example ([192.0.2.1])\n\tby b.example\nSubject: x\n"],
  ["text", "HTTP headers", "Content-Type: text/plain\nServer: x\n"],
  ["text", "a web page", "<!doctype html>\n<html>"],
  ["text", "ip addr", "1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n"],
  ["text", "ip route", "default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 proto kernel\n"],
  [
    "text",
    "ifconfig",
    "eth0: flags=4163<UP>  mtu 1500\n        inet 10.0.0.4  netmask 255.0.0.0\n        RX packets 1\n",
  ],
  ["text", "SMTP", "220 mail.example ESMTP\nEHLO x\n250-mail.example Hello [10.0.0.1]\n"],
  ["text", "talk alone", "WARNING: nothing here\n"],
  ["empty", "nothing", ""],
  ["empty", "blanks", " \n\t\n"],
  ["binary", "NULs", "\u00d4\u00c3\u00b2\u00a1\u0002\u0000\u0004\u0000"],
  ["binary", "undecodable bytes", "\ufffd\ufffdab\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"],
])("%s: %s", (syntax, _, text) => expect(syntaxOf(text)).toBe(syntax));

test("behind fifty megabytes of blanks nothing is looked for", () => {
  expect(syntaxOf(`${" ".repeat(50_000_000)}{`)).toBe("text");
});
