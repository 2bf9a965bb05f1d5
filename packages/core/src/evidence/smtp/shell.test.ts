import { expect, test } from "vitest";
import { linesOf } from "../lines.ts";
import { shellAfter } from "./detour.ts";
import { parseSmtp } from "./session.ts";

const CURL = "$ curl -v smtp://mail.partner.example\n< 220 mx.partner.example Microsoft ESMTP MAIL Service\n";
const ranOn = (text: string): readonly (string | null)[] => parseSmtp(linesOf(text)).map((session) => session.ranOn);

test.each([
  ["me@laptop:~$ ssh admin@l3-proxy\n", "l3-proxy"],
  ["$ ssh -i key.pem -p 2222 l3-proxy.example\n", "l3-proxy.example"],
  ["$ gcloud compute ssh l3-proxy --zone=europe-west1-b\n", "l3-proxy"],
  // An address may be anybody's public one: nothing is said of it.
  ["$ ssh 203.0.113.5\n", null],
  ["$ ssh l3-proxy uptime\n", null],
  ["", null],
])("%j: what follows ran there", (before, host) => expect(ranOn(before + CURL)).toEqual([host]));

test("after it was closed, what follows ran at home again", () =>
  expect(ranOn(`$ ssh other\n${CURL}other$ exit\nlogout\nConnection to other closed.\n${CURL}`)).toEqual([
    "other",
    null,
  ]));

test("no line makes it hang", () => expect(shellAfter(`ssh ${"-o a ".repeat(190)}`, null)).toBeNull());
