import type { NextHop } from "../model/egress.ts";
import type { Text } from "../problem.ts";

/** A next hop as the user knows it. */
export function hopText(hop: NextHop): Text {
  switch (hop.kind) {
    case "internet":
    case "local":
    case "drop":
    case "next-stage":
    case "alternatives":
      return hop.text;
    case "link":
      return hop.link.text;
    case "appliance":
      if (hop.text !== undefined) return hop.text;
      return {
        en: `the appliance ${hop.appliances.map(({ name }) => name).join(", ")}`,
        zh: `设备 ${hop.appliances.map(({ name }) => name).join("、")}`,
      };
    default:
      return hop satisfies never;
  }
}
