import { type AddressSet, setHas, setOf } from "../../../address/address-set.ts";
import type { Alternative } from "../../../model/egress.ts";
import type { Ask, Assumption } from "../../../model/outcome.ts";
import { askFor, lookAtDestination } from "../compile/ask.ts";
import { byDefault, open, say, step, translated, unknown, unpredictable } from "../compile/say.ts";
import type { World } from "../compile/world.ts";
import { keyOf } from "../read/resource-id.ts";
import type { Site } from "../read/workload.ts";
import * as rules from "../rules/app-service.ts";

// The addresses that an app has of its own, by the tier of its plan.

const planOf = (world: World, { plan }: Site) => (plan === null ? undefined : world.all.plans.get(keyOf(plan)));

const tierOf = (world: World, site: Site): string | null => planOf(world, site)?.tier ?? site.tier;

export const environmentOf = (world: World, site: Site): string | null =>
  site.environment ?? planOf(world, site)?.environment ?? null;

/** Tiers by https://learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips and azure-functions/ip-addresses. */
export function alternativesOf(world: World, site: Site): readonly Alternative[] {
  const tier = tierOf(world, site);
  const dynamic = tier === "dynamic" || tier === "flexconsumption";
  if (site.outbound === null) return [notTold(site)];
  if (dynamic) return [changing(site, [])];
  if (site.outbound.length === 0 || tier?.startsWith("premiumv4")) return [withoutSet(site)];
  if (environmentOf(world, site) !== null) return [dedicated(site)];
  if (!site.functions || tier !== null) return listed(site, []);
  const ask = askForPlan(site);
  const not = open("app-not-consumption", say("its plan is not Consumption", "其计划不是消耗计划"), ask);
  const is = open("app-consumption", say("its plan is Consumption", "其计划是消耗计划"), ask);
  return [...listed(site, [not]), changing(site, [is])];
}

const askForPlan = (site: Site): Ask => ({
  text: say("export the plan and add it with --config", "导出计划并用 --config 加入"),
  command: site.plan === null ? null : `az appservice plan show --ids ${site.plan} -o json`,
  settles: say("whether its addresses stay", "其地址是否固定"),
});

const notTold = (site: Site): Alternative =>
  unknown(
    [],
    [
      open(
        `app-addresses-not-exported:${site.name}`,
        say(`the outbound addresses of ${site.name} are not in the export`, `${site.name} 的出站地址不在导出中`),
        askFor(site.id, say("which addresses it may use", "它可能使用哪些地址")),
      ),
    ],
  );

const changing = (site: Site, assumptions: readonly Assumption[]): Alternative =>
  unpredictable(
    "provider",
    site.id,
    [
      step(
        rules.functionsConsumption,
        site,
        "it runs on a consumption plan: its addresses may change without anybody doing anything",
        "它运行在消耗计划上：其地址可能在无人操作时改变",
      ),
    ],
    assumptions,
    setOf(...(site.outbound ?? [])),
  );

const withoutSet = (site: Site): Alternative =>
  unpredictable("provider", site.id, [
    step(
      rules.appPremiumV4,
      site,
      "App Service names no outbound address: there is no stable set",
      "App Service 未给出出站地址：没有稳定的地址集合",
    ),
  ]);

const dedicated = (site: Site): Alternative =>
  translated({ addresses: setOf(...(site.outbound ?? [])), stability: "static" }, "provider", site.id, [
    step(
      rules.appEnvironmentAddresses,
      site,
      "the addresses of an App Service Environment are its own",
      "App Service 环境的地址为其专用",
    ),
  ]);

const withMore = (one: Alternative, afterScaling: AddressSet): Alternative =>
  one.identity.kind === "keeps-source" ? one : { ...one, identity: { ...one.identity, afterScaling } };

/** What it may use now; after a change of tier any of the larger set, which is the one to allow. */
function listed(site: Site, assumptions: readonly Assumption[]): readonly Alternative[] {
  const now = setOf(...(site.outbound ?? []));
  const any = setOf(...(site.outbound ?? []), ...(site.possible ?? []));
  if (site.possible !== null && any.join() === now.join())
    return [translated({ addresses: now, stability: "ephemeral" }, "provider", site.id, [], assumptions)];
  const stays = byDefault(
    `app-tier-stays:${site.name}`,
    say(
      `the plan of ${site.name} stays in its tier; to be safe from scaling, allow all of possibleOutboundIpAddresses`,
      `${site.name} 的计划不更换定价层；若要在缩放后仍有效，应放行 possibleOutboundIpAddresses 的全部地址`,
    ),
    askFor(site.id, say("which addresses it uses now, and which it may use", "它现在使用以及可能使用哪些地址")),
  );
  const moved = open(
    `app-tier-changed:${site.name}`,
    say(`the plan of ${site.name} has moved to another tier since`, `${site.name} 的计划此后更换了定价层`),
    lookAtDestination,
  );
  const tier = step(
    rules.appPossibleAddresses,
    site,
    "another tier may use any of its possible outbound addresses",
    "更换定价层后可能使用任一可能的出站地址",
  );
  const larger = { addresses: any, complete: site.possible !== null, stability: "ephemeral" } as const;
  const more = (site.possible ?? []).filter((address) => !setHas(now, address));
  const usual = translated(
    { addresses: now, stability: "ephemeral" },
    "provider",
    site.id,
    [],
    [...assumptions, stays],
  );
  return [withMore(usual, setOf(...more)), translated(larger, "provider", site.id, [tier], [...assumptions, moved])];
}
