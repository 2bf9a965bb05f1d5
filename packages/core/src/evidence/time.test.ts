import { expect, test } from "vitest";
import { epochToRfc3339, mailDateIn, rfc3339 } from "./time.ts";

test.for([
  ["Service ready at Fri, 20 Dec 2024 11:01:02 +0800", "2024-12-20T11:01:02+08:00"],
  ["ESMTP Sendmail 8.17; Sun, 22 Nov 2026 01:20:57 GMT; x", "2026-11-22T01:20:57Z"],
  ["Mon, 4 Jul 2022 12:14:15 -0330", "2022-07-04T12:14:15-03:30"],
  ["4 Foo 2022 12:14:15 +0000", null],
  ["no date at all", null],
] as const)("the date in %s", ([text, date]) => {
  expect(mailDateIn(text)).toBe(date);
});

test.for([
  ["1795311626.892037", "2026-11-22T01:40:26.892037Z"],
  ["951782400.000001", "2000-02-29T00:00:00.000001Z"],
  ["1709251199.5", "2024-02-29T23:59:59.5Z"],
  ["0.0", "1970-01-01T00:00:00.0Z"],
] as const)("epoch %s", ([epoch, date]) => {
  expect(epochToRfc3339(epoch)).toBe(date);
});

test("only RFC 3339 passes as such", () => {
  expect(rfc3339("2021-09-26T15:09:44.400950463Z")).toBe("2021-09-26T15:09:44.400950463Z");
  expect(rfc3339("2021-09-26 15:09:44")).toBeNull();
});
