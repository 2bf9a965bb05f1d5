import { expect, test } from "vitest";
import { address, docs, lists, nat, network, nic, route, router, subnet, vm } from "../../testing/gcp.ts";
import { compileGcp } from "./compile.ts";

test("1,000 VMs with 5,000 routes and 20 sets of tags share 20 lists of routes", () => {
  const byte = (index: number): string => `${Math.floor(index / 250)}.${(index % 250) + 1}`;
  const vms = Array.from({ length: 1000 }, (_, index) =>
    vm(`vm-${index}`, [nic({ networkIP: `10.20.${byte(index)}` })], { tags: { items: [`t${index % 20}`] } }),
  );
  const routes = Array.from({ length: 5000 }, (_, index) =>
    route(
      `r-${index}`,
      `100.${Math.floor(index / 250)}.${index % 250}.0/24`,
      { nextHopIp: `10.20.${byte(index % 1000)}` },
      index % 50 === 0 ? { tags: [`t${index % 20}`] } : {},
    ),
  );
  const gateway = router("rtr-a", { nats: [nat()] });
  const documents = docs(
    network(),
    subnet("sub-a", "10.20.0.0/16"),
    ...vms,
    ...routes,
    ...lists(),
    gateway,
    address("nat-10", "203.0.113.10"),
  );
  const { value } = compileGcp(documents);
  expect(value.hosts).toHaveLength(1000);
  expect(new Set(value.hosts.map((host) => host.interfaces[0].egress.routes)).size).toBeLessThanOrEqual(20);
});
