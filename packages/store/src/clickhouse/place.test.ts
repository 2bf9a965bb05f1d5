import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StoreFailure } from "../failure.ts";
import { placeOf } from "./place.ts";

describe("where a server is", () => {
  const plain = { user: "default", password: "", database: "seenas", cluster: null };

  test.each([
    ["clickhouse://db.example", { ...plain, origin: "http://db.example:8123" }],
    ["clickhouse://db.example:9123/logs", { ...plain, origin: "http://db.example:9123", database: "logs" }],
    ["clickhouse://db.example?secure=1", { ...plain, origin: "https://db.example:8443" }],
    ["clickhouse://[2001:db8::7]/logs", { ...plain, origin: "http://[2001:db8::7]:8123", database: "logs" }],
    [
      "clickhouse://reader:p%40ss@db.example/logs?cluster=main",
      { origin: "http://db.example:8123", user: "reader", password: "p@ss", database: "logs", cluster: "main" },
    ],
  ])("%s", (text, place) => expect(placeOf(text)).toEqual(place));

  test.each([
    "http://db.example",
    "clickhouse:",
    "clickhouse://",
    "clickhouse://db.example/a-b",
    "clickhouse://db.example/a.b; DROP TABLE c",
    "clickhouse://db.example/logs?cluster='",
    "clickhouse://db.example/logs?secure=yes",
    "clickhouse://db.example/logs?quorum=2",
    "clickhouse://a:%zz@db.example",
  ])("%s is refused", (text) => expect(() => placeOf(text)).toThrow(StoreFailure));

  test("a password is in no reason", () => {
    const secret = fc.stringMatching(/^[a-z]{12,20}$/);
    fc.assert(
      fc.property(secret, fc.constantFrom("/a-b", "/a?x=1", "/a?cluster=-", "/a?secure=2"), (password, rest) => {
        expect(() => placeOf(`clickhouse://user:${password}@db.example${rest}`)).toThrow(
          expect.objectContaining({ message: expect.not.stringContaining(password) }),
        );
      }),
    );
  });
});
