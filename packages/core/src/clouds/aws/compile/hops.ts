import type { Cidr } from "../../../address/cidr.ts";
import type { Alternative, Appliance, Egress, Gap, NextHop } from "../../../model/egress.ts";
import { KEEPS_SOURCE } from "../../../model/egress.ts";
import type { Match } from "../../../model/flow.ts";
import type { Ask } from "../../../model/outcome.ts";
import type { Rule } from "../../../model/rule.ts";
import type { Origin, Text } from "../../../problem.ts";
import { missingIsUnknown } from "../rules/routing.ts";
import { askFarSide, notExported } from "./ask.ts";
import { isDefaultRoute, TO_PRIVATE, TO_PUBLIC } from "./ranges.ts";
import { byDefault, open, say, step, unknown, unpredictable } from "./say.ts";

/** Where one target leads; several, where it depends on the destination. */
export interface Way {
  readonly match?: Match;
  readonly hop: NextHop;
}

export const only = (hop: NextHop): readonly Way[] => [{ hop }];

/** A gateway that sends on by routes of its own, with the source as it came. */
export interface Passing {
  readonly id: string;
  readonly name: string;
  readonly resource: string | null;
  readonly text: Text;
  readonly rule: Rule;
  readonly says: Text;
  readonly origin?: Origin | null;
  readonly egress: () => Egress;
}

export const passing = (gateway: Passing): NextHop => ({
  kind: "appliance",
  text: gateway.text,
  appliances: [passingAppliance(gateway)],
});

export const passingAppliance = ({ id, name, resource, rule, says, origin, egress }: Passing): Appliance => ({
  id,
  name,
  resource,
  behaviours: [
    {
      match: {},
      step: { rule, resource, text: says, origin: origin ?? null },
      does: [{ kind: "forwards", assumptions: [], steps: [] }],
    },
  ],
  get egress() {
    return egress();
  },
});

export const alternatives = (text: Text, list: readonly Alternative[]): NextHop => ({
  kind: "alternatives",
  text,
  alternatives: list,
});

/** Something that the export does not hold decides. */
export const unknownHop = (id: string, how: Ask): NextHop =>
  alternatives(say(`${id}, which is not in the export`, `${id}（不在导出中）`), [
    unknown([step(missingIsUnknown, { id }, `${id} is not in the export`, `${id} 不在导出中`)], [notExported(id, how)]),
  ]);

const pastExport = (id: string): Text => say(`${id}, past which the export does not reach`, `${id}（其后不在导出中）`);

const unseenBeyond = (id: string, how: Ask): Alternative =>
  unknown(
    [step(missingIsUnknown, { id }, `what follows ${id} is not in the export`, `${id} 之后的内容不在导出中`)],
    [
      open(
        `not-exported-beyond:${id}`,
        say(`what follows ${id} is not in the export`, `${id} 之后的内容不在导出中`),
        how,
      ),
    ],
  );

/** The source is kept up to here; what follows is not in the export and may translate it, or not. */
const eitherBeyond = (id: string, rule: Rule, how: Ask): NextHop =>
  alternatives(pastExport(id), [
    {
      identity: KEEPS_SOURCE,
      assumptions: [open(`kept-beyond:${id}`, say(`nothing past ${id} translates`, `${id} 之后没有地址转换`), how)],
      steps: [step(rule, { id }, `${id} keeps the source address`, `${id} 保留源地址`)],
    },
    unknown(
      [step(missingIsUnknown, { id }, `what follows ${id} is not in the export`, `${id} 之后的内容不在导出中`)],
      [open(`translated-beyond:${id}`, say(`something past ${id} translates`, `${id} 之后有地址转换`), how)],
    ),
  ]);

/** A private way out of the cloud: VPN, Direct Connect. */
const linkHop = (id: string, text: Text, keeps: Rule): NextHop => ({
  kind: "link",
  link: { name: id, resource: id, text, keeps, offers: [], beyond: [beyond(id, keeps)] },
});

const beyond = (id: string, rule: Rule): Gap => ({
  harmless: byDefault(
    "nothing-translates-beyond",
    say("nothing beyond the private link translates", "专用链路之后没有地址转换"),
    askFarSide,
  ),
  otherwise: [farSide(id, rule)],
});

const farSide = (id: string, rule: Rule): Alternative =>
  unpredictable(
    "other",
    null,
    [step(rule, { id }, `the far side of ${id} translates the source again`, `${id} 的对端再次转换源地址`)],
    [open(`far-side-translates:${id}`, say(`the far side of ${id} translates`, `${id} 的对端会转换`), askFarSide)],
  );

/** By a route for "everything else" the internet is reached through the far side, which must translate. */
export function linkWays(id: string, text: Text, prefix: Cidr, keeps: Rule): readonly Way[] {
  const link = linkHop(id, text, keeps);
  return isDefaultRoute(prefix)
    ? [
        { match: TO_PRIVATE, hop: link },
        { match: TO_PUBLIC, hop: alternatives(text, [farSide(id, keeps)]) },
      ]
    : only(link);
}

/** Past this the export does not reach: a route for "everything else" says nothing of what becomes of the source. */
export function unseenWays(id: string, prefix: Cidr, keeps: Rule, how: Ask): readonly Way[] {
  const either = eitherBeyond(id, keeps, how);
  return isDefaultRoute(prefix)
    ? [
        { match: TO_PRIVATE, hop: either },
        { match: TO_PUBLIC, hop: alternatives(pastExport(id), [unseenBeyond(id, how)]) },
      ]
    : only(either);
}
