import type { Estate } from "@seenas/core";
import type { SenderView } from "../protocol.ts";

const MOST = 60;

/** What may be asked about and whose name, address or network holds the words; names that begin with them first. */
export function sendersLike(estate: Estate, search: string): readonly SenderView[] {
  const wanted = search.trim().toLowerCase();
  const first: SenderView[] = [];
  const rest: SenderView[] = [];
  const offer = (view: SenderView): void => {
    const name = view.name.toLowerCase();
    if (name.startsWith(wanted)) first.push(view);
    else if (name.includes(wanted) || view.detail.toLowerCase().includes(wanted)) rest.push(view);
  };
  for (const host of estate.hosts) {
    if (first.length >= MOST) break;
    const isOne = host.interfaces.length === 1;
    offer({ name: host.name, detail: isOne ? detailOf(host.interfaces[0]) : "", kind: "host" });
    if (!isOne)
      for (const one of host.interfaces)
        offer({ name: `${host.name}/${one.name}`, detail: detailOf(one), kind: "interface" });
  }
  for (const group of estate.groups)
    if (first.length < MOST)
      offer({ name: group.name, detail: `${group.kind}, ${group.members.length}`, kind: "group" });
  return [...first, ...rest].slice(0, MOST);
}

type Interface = Estate["hosts"][number]["interfaces"][number];

const detailOf = (one: Interface): string =>
  [
    one.addresses
      .filter(({ role }) => role !== "range")
      .map(({ cidr }) => cidr.replace(/\/(?:32|128)$/, ""))
      .join(", "),
    one.network.slice(one.network.lastIndexOf("/") + 1),
  ]
    .filter((part) => part !== "")
    .join(" · ");
