import { setOf } from "../../../address/address-set.ts";
import { type Alternative, type Gap, KEEPS_SOURCE, type NextHop } from "../../../model/egress.ts";
import type { PrivateEndpoint } from "../read/resource.ts";
import { type Key, keyOf, nameOf, parentOf } from "../read/resource-id.ts";
import { missingIsUnknown } from "../rules/export.ts";
import {
  privateEndpoint,
  privateEndpointApproved,
  privateLinkProtocols,
  privateLinkServiceNat,
} from "../rules/routing.ts";
import { askFor } from "./ask.ts";
import { PRIVATE_DESTINATIONS } from "./ranges.ts";
import { blocked, byDefault, open, say, step, translated, unknown } from "./say.ts";
import type { EndpointAddress, World } from "./world.ts";

const TEXT = say("a private endpoint", "专用终结点");

/** Services of the platform see the private address; a private link service of a customer sees its own NAT addresses. */
export function endpointHops(world: World, ends: readonly EndpointAddress[]): readonly NextHop[] {
  const [refusal] = ends.flatMap(({ refusals }) => refusals);
  if (refusal !== undefined && ends.every(({ refusals }) => refusals.length > 0)) return [refusing(ends, refusal)];
  const [service, ...others] = new Set(ends.flatMap(({ linkServices }) => linkServices ?? []));
  const seen = ends.length > 0 && ends.every(({ linkServices }) => linkServices !== null);
  if (service === undefined)
    return [seen ? { kind: "local", rule: privateEndpoint, resource: null, text: TEXT } : alternativesOf(unseen(ends))];
  const only = others.length === 0 && ends.every(({ linkServices }) => linkServices?.includes(service));
  return [only ? throughService(world, service) : alternativesOf(unseen(ends, false))];
}

/** Endpoints to link services whose address stands on an interface that the export lacks: they may be the destination. */
export function hiddenEndpointGaps(world: World, networks: readonly Key[]): readonly Gap[] {
  const shown = new Set(world.privateEndpoints.map(({ at }) => at.key));
  const hidden = [...world.all.privateEndpoints.values()].filter(
    ({ key, nics, subnet, linkServices, refusals }) =>
      subnet !== null &&
      networks.includes(parentOf(keyOf(subnet))) &&
      linkServices.length + refusals.length > 0 &&
      !shown.has(key) &&
      !nics.some((nic) => shown.has(nic)),
  );
  return hidden.map((endpoint) => hiddenGap(world, endpoint));
}

function hiddenGap(world: World, { id, name, subnet, nics, linkServices }: PrivateEndpoint): Gap {
  const ask = askFor(nics[0] ?? id, say("which address it has", "它的地址是什么"));
  const otherwise = open(
    `is-endpoint:${name}`,
    say(`the destination is the private endpoint ${name}`, `目的地址就是专用终结点 ${name}`),
    ask,
  );
  const leads = step(
    privateLinkServiceNat,
    { id, name },
    `the address of the private endpoint ${name}${linkServices[0] === undefined ? "" : ` to ${nameOf(linkServices[0])}`} is not in the export`,
    `专用终结点 ${name} 的地址不在导出中`,
  );
  return {
    destinations: world.all.subnets.get(keyOf(subnet ?? ""))?.prefixes ?? PRIVATE_DESTINATIONS,
    harmless: open(
      `is-no-endpoint:${name}`,
      say(`the destination is not the private endpoint ${name}`, `目的地址不是专用终结点 ${name}`),
      ask,
    ),
    otherwise: [unknown([leads], [otherwise])],
  };
}

const refusing = (ends: readonly EndpointAddress[], state: string): NextHop => ({
  kind: "drop",
  rule: privateEndpointApproved,
  text: say(
    `the private endpoint ${ends[0]?.at.name}, whose connection is ${state}`,
    `专用终结点 ${ends[0]?.at.name}，其连接状态为 ${state}`,
  ),
});

function throughService(world: World, id: string): NextHop {
  const name = nameOf(id);
  const notCarried = step(
    privateLinkProtocols,
    { id, name },
    `the private link service ${name} carries TCP and UDP only`,
    `专用链接服务 ${name} 只承载 TCP 和 UDP`,
  );
  const carried = linkService(world, id);
  const offer = { translator: "provider", resource: id, step: notCarried } as const;
  return {
    kind: "link",
    link: {
      name,
      resource: id,
      text: TEXT,
      keeps: privateEndpoint,
      offers: [
        { ...offer, match: { protocols: ["icmp"] }, alternatives: [blocked([])] },
        {
          ...offer,
          match: {},
          step: carried.steps[0] ?? notCarried,
          alternatives: [{ ...carried, steps: carried.steps.slice(1) }],
        },
      ],
      beyond: [],
    },
  };
}

const alternativesOf = (alternatives: readonly Alternative[]): NextHop => ({
  kind: "alternatives",
  text: TEXT,
  alternatives,
});

function linkService(world: World, id: string): Alternative {
  const name = nameOf(id);
  const service = world.all.privateLinkServices.get(keyOf(id));
  const nat = step(
    privateLinkServiceNat,
    service ?? { id, name },
    `the private link service ${name} translates every consumer to its own NAT addresses`,
    `专用链接服务 ${name} 把所有使用方转换为它自己的 NAT 地址`,
  );
  if (service === undefined) {
    const ask = {
      ...askFor(id, say("to which NAT addresses it translates", "它转换为哪些 NAT 地址")),
      text: say(
        `ask the provider of ${name} for its NAT addresses, or export ${name} and add it with --config`,
        `请向 ${name} 的提供方询问其 NAT 地址，或导出 ${name} 并用 --config 加入`,
      ),
    };
    const missing = say(`${name} is not in the export`, `${name} 不在导出中`);
    return unknown(
      [nat, step(missingIsUnknown, { id, name }, missing.en, missing.zh)],
      [open(`not-exported:${name}`, missing, ask)],
    );
  }
  const addresses = service.natAddresses.filter((address) => address !== null);
  if (addresses.length === 0 || addresses.length < service.natAddresses.length)
    return unknown(
      [nat],
      [
        open(
          `no-address-yet:${name}`,
          say(`not every NAT address of ${name} is in the export`, `${name} 的 NAT 地址未全部导出`),
          askFor(id, say("which NAT addresses it has", "它有哪些 NAT 地址")),
        ),
      ],
    );
  return translated({ addresses: setOf(...addresses), stability: service.stability }, "provider", service.id, [nat]);
}

/** Only a NIC or an effective route tells of the endpoint: what it leads to is not known, and most lead to the platform. */
function unseen(ends: readonly EndpointAddress[], usual = true): readonly Alternative[] {
  const name = ends[0]?.at.name ?? TEXT.en;
  const ask = {
    text: say("export the private endpoints and add them with --config", "请导出专用终结点并用 --config 加入"),
    command: "az network private-endpoint list -o json",
    settles: say("whether it leads to a private link service, which translates", "它是否通向会做转换的专用链接服务"),
  };
  const platform = (usual ? byDefault : open)(
    `endpoint-of-platform:${name}`,
    say(`${name} leads to a service of the platform`, `${name} 通向平台服务`),
    ask,
  );
  const customer = open(
    `endpoint-of-link-service:${name}`,
    say(`${name} leads to a private link service, which translates`, `${name} 通向会做转换的专用链接服务`),
    ask,
  );
  const kept = step(privateEndpoint, null, "a private endpoint keeps the source", "专用终结点保留源地址");
  const nat = step(
    privateLinkServiceNat,
    null,
    "a private link service translates to its own NAT addresses",
    "专用链接服务转换为它自己的 NAT 地址",
  );
  return [{ identity: KEEPS_SOURCE, assumptions: [platform], steps: [kept] }, unknown([nat], [customer])];
}
