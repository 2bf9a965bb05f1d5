import {
  type EgressIdentity,
  type EstateMap,
  type InterfaceMap,
  listOf,
  type MapPiece,
  type Partner,
  type Text,
} from "@seenas/core";
import type { FlowLink, FlowNode, FlowPicture } from "../estate-protocol.ts";
import { EVERYWHERE, EVERYWHERE_IPV6, placesText } from "./places.ts";
import { piecesFor } from "./rows.ts";

/** More than these are drawn as one. */
const MOST = 14;

/** Groups of hosts → the addresses they are seen as → whom they reach. Weights are numbers of interfaces. */
export function flowOf(map: EstateMap, partners: readonly Partner[] | null): FlowPicture {
  const left = new Tally();
  const middle = new Tally();
  const right = new Tally();
  const ways: { group: string; address: string; place: string; weight: number }[] = [];
  for (const members of byClass(map)) {
    const [first] = members;
    if (first === undefined) continue;
    const group = groupName(members);
    const seen = new Set<string>();
    for (const piece of piecesFor(first, partners)) {
      if (piece.answer.kind === "blocked") continue;
      const address = addressName(piece.answer);
      const place = placeName(piece);
      const key = `${address}\n${place}`;
      if (seen.has(key)) continue;
      seen.add(key);
      ways.push({ group, address, place, weight: members.length });
      left.add(group, members.length);
      middle.add(address, members.length);
      right.add(place, members.length);
    }
  }
  const columns = [left.most(MOST), middle.most(MOST), right.most(MOST)] as const;
  const links = new Map<string, FlowLink>();
  const join = (from: string, to: string, weight: number): void => {
    const known = links.get(`${from}\n${to}`);
    links.set(`${from}\n${to}`, { from, to, weight: weight + (known?.weight ?? 0) });
  };
  for (const { group, address, place, weight } of ways) {
    const [one, two, three] = [columns[0].idOf(group), columns[1].idOf(address), columns[2].idOf(place)];
    join(`0 ${one}`, `1 ${two}`, weight);
    join(`1 ${two}`, `2 ${three}`, weight);
  }
  return {
    nodes: columns.flatMap(({ shown }, column) =>
      shown.map(
        ({ name, weight }): FlowNode => ({
          id: `${column} ${name}`,
          label: LABEL[name] ?? { en: name, zh: name },
          column: column as FlowNode["column"],
          weight,
        }),
      ),
    ),
    links: [...links.values()],
  };
}

class Tally {
  readonly #weights = new Map<string, number>();

  add(name: string, weight: number): void {
    this.#weights.set(name, (this.#weights.get(name) ?? 0) + weight);
  }

  most(count: number) {
    const sorted = [...this.#weights].sort((a, b) => b[1] - a[1]).map(([name, weight]) => ({ name, weight }));
    const shown = sorted.length > count ? sorted.slice(0, count - 1) : sorted;
    const rest = sorted.slice(shown.length);
    const others = `+${rest.length}`;
    const known = new Set(shown.map(({ name }) => name));
    const all =
      rest.length === 0 ? shown : [...shown, { name: others, weight: rest.reduce((sum, one) => sum + one.weight, 0) }];
    return { shown: all, idOf: (name: string): string => (known.has(name) ? name : others) };
  }
}

function byClass({ interfaces }: EstateMap): Iterable<readonly InterfaceMap[]> {
  const classes = new Map<string, InterfaceMap[]>();
  for (const one of interfaces) {
    // A public address of one's own is nobody else's, though the map reads alike.
    const own = one.sources.some(({ own: { computed } }) => computed.length > 1) ? one.interface.id : "";
    const key = `${one.class} ${interfaces.length < 60 ? own : ""}`;
    const members = classes.get(key);
    if (members === undefined) classes.set(key, [one]);
    else members.push(one);
  }
  return classes.values();
}

function groupName(members: readonly InterfaceMap[]): string {
  const [first] = members;
  const name = first === undefined ? "" : `${first.host.name}/${first.interface.name}`;
  return members.length === 1 ? name : `${name} +${members.length - 1}`;
}

const OWN = "=";
const OPEN = "?";

const LABEL: Readonly<Record<string, Text>> = Object.assign(Object.create(null), {
  [OWN]: { en: "their own addresses", zh: "自身地址" },
  [OPEN]: { en: "it depends, or not known", zh: "取决于具体情况，或未知" },
  [EVERYWHERE.en]: EVERYWHERE,
  [EVERYWHERE_IPV6.en]: EVERYWHERE_IPV6,
});

const placeName = ({ partner, destinations }: MapPiece): string => partner ?? placesText(destinations, 1).en;

function addressName({ kind, addresses, translator }: EgressIdentity): string {
  const all = listOf(addresses);
  if (all.length === 0 || kind === "unpredictable" || kind === "unknown") return OPEN;
  if (kind === "preserved" && translator === null) return OWN;
  return all.slice(0, 2).join(", ") + (all.length > 2 ? ` +${all.length - 2}` : "");
}
