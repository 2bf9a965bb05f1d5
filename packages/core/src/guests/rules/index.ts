import type { Rule } from "../../model/rule.ts";
import * as linuxFilter from "./linux-filter.ts";
import * as linuxIpv6 from "./linux-ipv6.ts";
import * as linuxLookup from "./linux-lookup.ts";
import * as linuxRoutes from "./linux-routes.ts";
import * as linuxRules from "./linux-rules.ts";
import * as linuxSource from "./linux-source.ts";
import * as proxies from "./proxies.ts";
import * as windows from "./windows.ts";

/** Every rule of the guest operating systems, by topic. */
export const guestRules: readonly Rule[] = [
  ...Object.values(linuxRules),
  ...Object.values(linuxRoutes),
  ...Object.values(linuxSource),
  ...Object.values(linuxLookup),
  ...Object.values(linuxIpv6),
  ...Object.values(linuxFilter),
  ...Object.values(proxies),
  ...Object.values(windows),
];
