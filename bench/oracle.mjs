// What destinations see of a synthetic company, worked out the slow way from the pages of the provider alone: every route
// of the network is looked at for every probe, and nothing of what is measured is used.
// https://docs.cloud.google.com/vpc/docs/routes, https://docs.cloud.google.com/nat/docs/nat-rules-overview,
// https://docs.cloud.google.com/compute/docs/tutorials/sending-mail

const ANY_PORT = 65_535;
const SMTP_PORT = 25;

const rangeOf = (cidr) => {
  const [address, length] = cidr.split("/");
  const first = address.split(".").reduce((value, octet) => value * 256 + Number(octet), 0);
  return { first, last: first + 2 ** (32 - Number(length)) - 1, length: Number(length) };
};
const dotted = (value) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
const rangesOf = (...cidrs) => cidrs.map(rangeOf);
const isIn = (ranges, address) => ranges.some(({ first, last }) => first <= address && address <= last);

/** Never leave the host, or no VPC network carries them. */
const NOWHERE = rangesOf("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32");
/** Dropped by the internet gateway. */
const NOT_ON_THE_INTERNET = rangesOf("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "240.0.0.0/4");
/** Of these the pages leave something open: no probe goes there. */
const OPEN = rangesOf("100.64.0.0/10", "35.199.192.0/19", "199.36.153.0/24");

/** @param resources the company, one resource after the other */
export function oracleOf(resources) {
  const networks = new Map();
  const addresses = new Map();
  const instances = [];
  for (const resource of resources) {
    const { kind, network } = resource;
    if (kind === "compute#network") networks.set(resource.selfLink, { routes: [], subnets: [], nat: null });
    else if (kind === "compute#address") addresses.set(resource.selfLink, resource.address);
    else if (kind === "compute#subnetwork") networks.get(network).subnets.push(rangeOf(resource.ipCidrRange));
    else if (kind === "compute#route") networks.get(network).routes.push(routeOf(resource));
    else if (kind === "compute#router") networks.get(network).nat = natOf(resource.nats[0], addresses);
    else if (kind === "compute#instance") instances.push(instanceOf(resource));
  }
  return { probe: (random) => probe(random, instances, networks) };
}

const routeOf = ({ destRange, tags = [], nextHopVpnTunnel }) => ({
  ...rangeOf(destRange),
  tag: tags[0] ?? null,
  isPrivate: nextHopVpnTunnel !== undefined,
});

const natOf = ({ natIps, rules }, addresses) => ({
  own: natIps.map((link) => addresses.get(link)),
  rules: rules
    .toSorted((a, b) => a.ruleNumber - b.ruleNumber)
    .map(({ match, action }) => ({
      ranges: [...match.matchAll(/'([^']+)'/g)].map(([, cidr]) => rangeOf(cidr)),
      seen: action.sourceNatActiveIps.map((link) => addresses.get(link)),
    })),
});

const instanceOf = ({ name, tags, networkInterfaces: [{ networkIP, network }] }) => ({
  name: `${name}/nic0`,
  address: networkIP,
  network,
  tags: tags.items ?? [],
});

/** A sender, a destination and a port, and what the destination sees; one that the pages leave open is not asked. */
function probe(random, instances, networks) {
  for (;;) {
    const instance = instances[random(instances.length)];
    const network = networks.get(instance.network);
    const address = destination(random, network);
    const port = [SMTP_PORT, 443, 80, 22, SMTP_PORT - 1, SMTP_PORT + 1, 1 + random(ANY_PORT)][random(7)];
    const seen = expected(instance, network, address, port);
    if (seen !== null) return { name: instance.name, address, port, seen };
  }
}

/** Mostly where something begins or ends. */
function destination(random, { routes, subnets, nat }) {
  const { ranges } = nat.rules[random(nat.rules.length)];
  const from = [routes, routes, routes, ranges, subnets][random(6)];
  if (from === undefined) return random(2 ** 16) * 2 ** 16 + random(2 ** 16);
  const { first, last } = from[random(from.length)];
  const address = [first, last, first - 1, last + 1, first + random(last - first + 1)][random(5)];
  return Math.min(Math.max(address, 0), 2 ** 32 - 1);
}

const edges = new WeakMap();

/** All that hold an address: each is looked at, by numbers that lie side by side. */
function holding(routes, address) {
  const known = edges.get(routes) ?? {
    firsts: Float64Array.from(routes, ({ first }) => first),
    lasts: Float64Array.from(routes, ({ last }) => last),
  };
  edges.set(routes, known);
  const found = [];
  for (let index = 0; index < routes.length; index += 1)
    if (known.firsts[index] <= address && address <= known.lasts[index]) found.push(routes[index]);
  return found;
}

function expected({ address: own, tags }, { routes, subnets, nat }, address, port) {
  const blocked = { kind: "blocked", addresses: [] };
  const kept = { kind: "preserved", addresses: [own] };
  if (isIn(NOWHERE, address)) return blocked;
  if (isIn(OPEN, address)) return null;
  if (isIn(subnets, address)) return kept;
  const fitting = holding(routes, address).filter(({ tag }) => tag === null || tags.includes(tag));
  const longest = Math.max(...fitting.map(({ length }) => length));
  const [route, ...others] = fitting.filter(({ length }) => length === longest);
  if (route === undefined) return blocked;
  // Equal routes by a tunnel and by the gateway: no page says which is used.
  if (others.some(({ isPrivate }) => isPrivate !== route.isPrivate)) return null;
  if (route.isPrivate) return kept;
  if (isIn(NOT_ON_THE_INTERNET, address) || port === SMTP_PORT) return blocked;
  const rule = nat.rules.find(({ ranges }) => isIn(ranges, address));
  return { kind: "translated", addresses: (rule?.seen ?? nat.own).toSorted() };
}

/** Probes the map answers otherwise than the pages do, as texts; of TCP. */
export function* wrongProbes(oracle, answerOf, random, count) {
  for (let index = 0; index < count; index += 1) {
    const { name, address, port, seen } = oracle.probe(random);
    const found = answerOf(name, address, port);
    const is = `${found.kind} ${found.addresses.toSorted().join()}`;
    const should = `${seen.kind} ${seen.addresses.join()}`;
    if (is !== should) yield `${name} to ${dotted(address)}:${port}: ${is} instead of ${should}`;
  }
}
