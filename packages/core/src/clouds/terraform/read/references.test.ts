import { describe, expect, test } from "vitest";
import { configurationOf } from "./configuration.ts";
import type { Instance } from "./instance.ts";
import { referencesIn } from "./references.ts";

// Reference lists as `terraform show -json` writes them: the longest form first, then its shorter ones.

const instance = (address: string): Instance => {
  const [, module = "", type = "", name = "", index] =
    /^(?:(module\..*?)\.)?(t|u)\.(\w+)(?:\[(.*)\])?$/.exec(address) ?? [];
  return {
    address,
    module,
    type,
    name,
    key: index === undefined ? null : (JSON.parse(index) as string | number),
    provider: "",
    schemaVersion: 0,
    values: {},
    later: {},
    hidden: undefined,
    origin: { file: "plan.json", line: null },
  };
};

const resource = (name: string, link: readonly string[], forEach?: readonly string[]) => ({
  type: "u",
  name,
  expressions: { link: { references: link } },
  ...(forEach === undefined ? {} : { for_each_expression: { references: forEach } }),
});

const plan = {
  configuration: {
    root_module: {
      resources: [
        resource("one", ["t.a.id", "t.a"]),
        resource("first", ["t.many[0].id", "t.many[0]", "t.many"]),
        resource("all", ["t.many"]),
        resource("chained", ["t.many", "count.index"]),
        resource("each", ["each.value.id", "each.value"], ["t.keyed"]),
        resource("local", ["local.link"]),
        resource("data", ["data.t.a.id", "data.t.a"]),
        resource("output", ["module.net.id", "module.net"]),
      ],
      module_calls: {
        net: {
          expressions: { from: { references: ["t.a.id", "t.a"] } },
          module: {
            resources: [resource("inner", ["var.from"])],
            outputs: { id: { expression: { references: ["t.inside.id", "t.inside"] } } },
          },
        },
      },
    },
  },
};

const instances = [
  ...["t.a", "t.many[0]", "t.many[1]", 't.keyed["x"]', 't.keyed["y"]', "module.net.t.inside", "module.net.u.inner"],
  ...["u.one", "u.first", "u.all", "u.chained[1]", 'u.each["y"]', "u.local", "u.data", "u.output"],
].map(instance);

const references = referencesIn(configurationOf(plan), instances);

const targetsOf = (address: string) => {
  const from = instances.find((one) => one.address === address) ?? instance(address);
  return references.targetsOf(from, references.expressionsOf(from)["link"]);
};

describe.each([
  { from: "u.one", leads: ["t.a"], open: false, paired: false },
  { from: "u.first", leads: ["t.many[0]"], open: false, paired: false },
  { from: "u.all", leads: ["t.many[0]", "t.many[1]"], open: false, paired: false },
  { from: "u.chained[1]", leads: ["t.many[1]"], open: false, paired: true },
  { from: 'u.each["y"]', leads: ['t.keyed["y"]'], open: false, paired: false },
  { from: "u.local", leads: [], open: true, paired: false },
  { from: "u.data", leads: [], open: true, paired: false },
  { from: "u.output", leads: ["module.net.t.inside"], open: false, paired: false },
  { from: "module.net.u.inner", leads: ["t.a"], open: false, paired: false },
])("$from", ({ from, leads, open, paired }) => {
  test(`leads to ${leads.join(", ") || "nothing that is known"}`, () => {
    expect(targetsOf(from)).toEqual({ addresses: leads, open, paired });
  });
});
