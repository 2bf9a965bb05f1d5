import { expect, test } from "vitest";
import { docs, nic, vm } from "../../../testing/gcp.ts";
import { isFields } from "../recognise.ts";
import { readExport } from "./export.ts";
import { gcpReducer } from "./reduce.ts";

const instance = {
  id: "4711",
  disks: [{ source: "d" }],
  ...vm("vm1", [nic({ networkIP: "10.0.0.2", fingerprint: "x=" })], { tags: { items: ["edge"], fingerprint: "y=" } }),
  metadata: {
    items: [
      { key: "startup-script", value: "a secret" },
      { key: "created-by", value: "g/m1" },
    ],
  },
};

test("what is left reads as the whole does", () => {
  const { reduce } = gcpReducer();
  const documents = docs(instance);
  const reduced = documents.map((one) => ({ ...one, value: isFields(one.value) ? reduce(one.value) : one.value }));
  const { instances } = readExport(documents).value;
  // Of its own link only the path is left.
  const expected = instances.map((one) => ({ ...one, value: { ...one.value, selfLink: one.path } }));
  expect(readExport(reduced).value.instances).toEqual(expected);
});

test("what is not read is left out, secrets too", () => {
  const left = JSON.stringify(gcpReducer().reduce(instance));
  expect(left).not.toMatch(/disks|fingerprint|4711|secret/);
  expect(left).toContain("created-by");
});

test("a member of the wrong type stays, to be reported", () =>
  expect(gcpReducer().reduce({ kind: "compute#instance", networkInterfaces: 7, tags: "edge" })).toEqual({
    kind: "compute#instance",
    networkInterfaces: 7,
    tags: "edge",
  }));

test("what is of another kind stays whole", () => {
  const router = { kind: "compute#router", bgp: { asn: 64512 } };
  expect(gcpReducer().reduce(router)).toBe(router);
});
