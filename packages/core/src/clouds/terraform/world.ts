import type { Problem } from "../../problem.ts";
import { type Block, blockOf, isHidden, isOpen, text, texts } from "./block.ts";
import type { Instance } from "./read/instance.ts";
import { undecidedMember } from "./read/problems.ts";
import type { References } from "./read/references.ts";
import type { StandIns } from "./stand-ins.ts";

/** What a translator of one provider needs to know of everything else in the file. */
export interface World {
  readonly instances: readonly Instance[];
  byAddress(address: string): Instance | undefined;
  block(instance: Instance): Block;
  /** Every resource of these types, as blocks. */
  ofType(...types: readonly string[]): readonly Block[];
  /**
   * What a member links to: the text as it stands, or, where that is known only after apply, the link of the one
   * resource of these types that it comes from; else a link that leads nowhere. null: there is none.
   */
  link(block: Block, member: string, types: readonly string[]): string | null;
  /** The same of a list. A part that leads nowhere stays in the list, so that it is missed. */
  links(block: Block, member: string, types: readonly string[]): readonly string[];
  /** An address as it stands, or a stand-in for one that is given later. null: there is none. */
  address(block: Block, member: string, scope: Scope): string | null;
  /** A text that the resource cannot be placed without; null after the problem was told. */
  needed(block: Block, member: string): string | null;
  readonly standIns: StandIns;
  readonly problems: Problem[];
  /** Instances of which a member that decides about addresses was sensitive. */
  readonly hidden: Set<Instance>;
  /** Instances of which a reference was taken to lead to the one with the same key. */
  readonly paired: Set<Instance>;
  /** The project of the provider, where the configuration or the state names one. */
  readonly project: string;
}

/** What kind of address it is; `within`: the range of its subnet, null where not known; `isHop`: routes may lead to it. */
export type Scope = "public" | "private" | { readonly within: string | null; readonly isHop?: true };

export interface Parts {
  readonly instances: readonly Instance[];
  readonly references: References;
  readonly standIns: StandIns;
  readonly problems: Problem[];
  readonly project: string;
  /** `TYPE.MEMBER`: a link without which a resource would be missed in silence. */
  readonly placing: RegExp;
  /** How one instance is named by others of its provider. */
  readonly linkOf: (instance: Instance, world: World) => string;
}

export function createWorld(parts: Parts): World {
  const { instances, references, standIns, problems, project } = parts;
  const byAddress = new Map(instances.map((one) => [one.address, one]));
  const byType = new Map<string, Block[]>();
  const blockFor = (one: Instance): Block => blockOf(one, references.expressionsOf(one));
  for (const one of instances) {
    const known = byType.get(one.type);
    if (known === undefined) byType.set(one.type, [blockFor(one)]);
    else known.push(blockFor(one));
  }
  const hidden = new Set<Instance>();
  const paired = new Set<Instance>();
  const linksByAddress = new Map<string, string>();
  const linkOf = (one: Instance): string => {
    const known = linksByAddress.get(one.address) ?? parts.linkOf(one, world);
    linksByAddress.set(one.address, known);
    return known;
  };
  const note = (block: Block, member: string): void => {
    if (isHidden(block, member)) hidden.add(block.instance);
  };
  const targetsOf = (block: Block, member: string, types: readonly string[]) => {
    note(block, member);
    const targets = references.targetsOf(block.instance, block.expressions[member]);
    const fitting = targets.addresses.flatMap((address) => {
      const one = byAddress.get(address);
      return one !== undefined && types.includes(one.type) ? [one] : [];
    });
    if (targets.paired && fitting.length > 0) paired.add(block.instance);
    return { fitting, open: targets.open || fitting.length === 0 };
  };
  const misplaced = new Set<string>();
  const nowhere = ({ instance }: Block, member: string): string => {
    const place = `${instance.address}.${member}`;
    if (parts.placing.test(`${instance.type}.${member}`) && !misplaced.has(place)) {
      misplaced.add(place);
      problems.push(undecidedMember(instance, member));
    }
    return `known-after-apply:${safe(instance.address)}.${member}`;
  };
  const world: World = {
    instances,
    byAddress: (address) => byAddress.get(address),
    block: blockFor,
    ofType: (...types) => types.flatMap((type) => byType.get(type) ?? []),
    link: (block, member, types) => {
      const known = text(block, member);
      if (known !== null || !isOpen(block, member) || isGivenByProvider(block, member)) return known;
      const { fitting } = targetsOf(block, member, types);
      const [only, ...more] = fitting;
      return only !== undefined && more.length === 0 ? linkOf(only) : nowhere(block, member);
    },
    links: (block, member, types) => {
      const known = texts(block, member);
      if (!isOpen(block, member)) return known;
      const { fitting, open } = targetsOf(block, member, types);
      return [...new Set([...known, ...fitting.map(linkOf), ...(open ? [nowhere(block, member)] : [])])];
    },
    address: (block, member, scope) => {
      const known = text(block, member);
      if (known !== null || !isOpen(block, member)) return known;
      note(block, member);
      const { instance } = block;
      if (typeof scope === "object")
        return scope.isHop
          ? standIns.hop(instance, "address", scope.within)
          : standIns.within(instance, member, scope.within);
      const from = references.targetsOf(instance, block.expressions[member]);
      const [source, ...more] = from.addresses.flatMap((one) => byAddress.get(one) ?? []);
      const isOther = source !== undefined && more.length === 0 && source.type !== instance.type;
      const owner = isOther ? source : instance;
      return scope === "public" ? standIns.of(owner, "address") : standIns.inside(owner, "address");
    },
    needed: (block, member) => {
      const known = text(block, member);
      if (known === null && isOpen(block, member)) problems.push(undecidedMember(block.instance, member));
      return known;
    },
    standIns,
    problems,
    hidden,
    paired,
    project,
  };
  return world;
}

/** Nobody wrote it down: the provider fills it in, from another member that was written. */
const isGivenByProvider = ({ instance, expressions, isDynamic }: Block, member: string): boolean =>
  !isDynamic && instance.later !== undefined && expressions[member] === undefined;

/** Links are cut at slashes, and a key of `for_each` may hold one. */
export const safe = (address: string): string => address.replaceAll("/", "%2F");
