import { expect, test } from "vitest";
import { takeIn } from "./intake.ts";

const manifest = JSON.stringify({
  schema: "seenas/collected@1",
  provider: "gcp",
  entries: [
    { file: "p1/networks.json", command: "gcloud compute networks list", result: "written", unknown: null },
    {
      file: "p1/routes.json",
      command: "gcloud compute routes list",
      result: "refused",
      reason: "permission denied",
      unknown: "where packets leave the network",
      rights: ["compute.routes.list"],
    },
  ],
});

const problemsOf = async (text: string) =>
  (await takeIn([{ name: "manifest.json", text, role: "config" }], () => null)).problems;

test("a manifest is no export: only what did not come is told", async () =>
  expect(await problemsOf(manifest)).toMatchObject([
    {
      level: "warning",
      code: "collect/not-collected",
      text: { en: expect.stringContaining("where packets leave the network") },
      fix: { en: "collect again with: compute.routes.list" },
    },
  ]));

test("a manifest that is cut short says so", async () => {
  for (let end = 60; end < manifest.length; end += 7)
    expect((await problemsOf(manifest.slice(0, end))).map(({ code }) => code)).toEqual(["collect/manifest-unreadable"]);
});

test("when it was collected is the estate's time; of several the earliest", async () => {
  const network = {
    kind: "compute#network",
    name: "n",
    selfLink: "https://www.googleapis.com/compute/v1/projects/p/global/networks/n",
  };
  const at = (startedAt: string) => ({
    name: `${startedAt}.json`,
    text: JSON.stringify({ ...JSON.parse(manifest), startedAt }),
    role: "config" as const,
  });
  const exported = { name: "networks.json", text: JSON.stringify([network]), role: "config" as const };
  const asOf = async (...files: readonly ReturnType<typeof at>[]) =>
    (await takeIn([exported, ...files], () => null)).estate?.asOf;
  expect(await asOf()).toBeUndefined();
  expect(await asOf(at("yesterday"))).toBeUndefined();
  expect(await asOf(at("2024-12-21T00:00:00Z"), at("2024-12-21T01:30:00+08:00"))).toBe("2024-12-21T01:30:00+08:00");
});

const kit = `# seenas collect host 1
$ ip addr
2: eth0: <BROADCAST,UP> mtu 1500
    inet 10.72.2.222/24 scope global eth0

$ ip -4 route show table all
default via 10.72.2.1 dev eth0

$ nc 198.51.100.25 25
< 220 mx1.partner.example ESMTP
> EHLO vm1
< 250-mx1.partner.example Hello [10.72.2.222]
< 250 SIZE
`;

test.each(["config", "evidence"] as const)("what a kit wrote is both, given as %s", async (role) => {
  const taken = await takeIn([{ name: "seenas-host-vm1.txt", text: kit, role }], () => null);
  expect(taken.guests).toHaveLength(1);
  expect(taken.evidence.map(({ kind }) => kind)).toEqual(["guest-routes", "smtp-transcript"]);
  expect(taken.problems).toEqual([]);
});

test.each(["config", "evidence"] as const)(
  "tables with the rules of the host's filter are a guest, given as %s",
  async (role) => {
    const rules = "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j SNAT --to-source 10.72.2.9\nCOMMIT\n";
    const text = `${kit.slice(kit.indexOf("$ ip addr"), kit.indexOf("$ nc"))}$ iptables-save\n${rules}`;
    const taken = await takeIn([{ name: "vm1.txt", text, role }], () => null);
    expect(taken.guests.map(({ facts }) => facts.filters.length)).toEqual([1]);
    expect(taken.evidence.map(({ kind }) => kind)[0]).toBe("guest-routes");
    expect(taken.problems).toEqual([]);
  },
);

test.each([
  "s1/azure-firewalls.json",
  "s1/azure-vms.json",
  "s1/azure-resource-groups.json",
  "s1/azure-network-security-groups.json",
  "p1/interconnect-attachments.json",
  "p1/policy-based-routes.json",
])("an empty list by the name that collect gives it is understood: %s", async (name) => {
  const { problems } = await takeIn([{ name, text: "[]", role: "config" }], () => null);
  expect(problems).toEqual([]);
});
