import {
  type EstateMap,
  listOf,
  type Partner,
  type Summary,
  seenWords,
  setSize,
  summaryOf,
  type Text,
  unionOf,
} from "@seenas/core";
import type { EstateView, SeenView } from "../estate-protocol.ts";
import { largestText } from "./places.ts";

const MOST_USERS = 40;
const MOST_ADDRESSES = 24;

type Uncertain = Summary["uncertain"][number];

/** Everything that the estate can be seen as, and by whom it is used. */
export function summaryView(
  map: EstateMap,
  partners: readonly Partner[] | null,
): Omit<EstateView, "rows" | "flow" | "problems"> {
  const { named, preserved, uncertain, silent } = summaryOf(map, partners);
  const addresses = setSize(unionOf(named.map(({ answer }) => answer.addresses)));
  return {
    interfaces: map.interfaces.length,
    maps: map.classes,
    addresses: Number(addresses),
    named: named.map(
      ({ answer, certainty, users, towards }): SeenView => ({
        words: seenWords(answer),
        addresses: listOf(answer.addresses).slice(0, MOST_ADDRESSES),
        resource: answer.resource,
        stability: answer.stability,
        certainty,
        users: users.slice(0, MOST_USERS),
        userCount: users.length,
        towards: largestText(towards),
      }),
    ),
    uncertain: uncertain.map((one) => ({
      words: uncertainWords(one),
      towards: largestText(one.towards),
      users: one.users.length,
    })),
    kept: preserved.map((one) => ({
      network: one.network.slice(one.network.lastIndexOf("/") + 1),
      addresses: one.addresses.length,
      towards: one.towards,
    })),
    silent: silent.length,
  };
}

function uncertainWords({ addresses, kinds }: Uncertain): Text {
  const all = listOf(addresses);
  if (all.length > 0) {
    const shown = all.slice(0, 4).join(", ") + (all.length > 4 ? ` +${all.length - 4}` : "");
    return { en: `${shown}, or something else: it depends`, zh: `${shown}，或其他：取决于具体情况` };
  }
  return kinds.has("unpredictable")
    ? { en: "an address nobody can know before", zh: "事先无法得知的地址" }
    : { en: "what cannot be told", zh: "无法判断" };
}
