import type { Estate, Host, Interface } from "../../model/estate.ts";
import type { Assumption } from "../../model/outcome.ts";
import { withMembers } from "../../model/with-members.ts";
import type { Problem, Read } from "../../problem.ts";
import type { ConfigDocument } from "../document.ts";
import { aws } from "./aws/translate.ts";
import { azurerm } from "./azurerm/translate.ts";
import { exportedIds } from "./exported-ids.ts";
import { projectOf } from "./google/links.ts";
import { google } from "./google/translate.ts";
import { readTerraform, type TerraformFile } from "./read/document.ts";
import type { Instance } from "./read/instance.ts";
import { isMasked, maskAt } from "./read/masks.ts";
import {
  foreignProvider,
  givenTwice,
  notTranslated,
  pairedByKey,
  sensitiveLeftOut,
  undecidedMember,
  unknownSchema,
} from "./read/problems.ts";
import { referencesIn } from "./read/references.ts";
import { createStandIns, type StandIns } from "./stand-ins.ts";
import type { Translator } from "./translator.ts";
import { createWorld, type World } from "./world.ts";

const TRANSLATORS: readonly Translator[] = [google, azurerm, aws];

/** Terraform files in the shape of the clouds' own exports. */
export interface Translated {
  readonly documents: readonly ConfigDocument[];
  /** The estate that was read with them, with the addresses that are not given yet. */
  readonly complete: (estate: Estate) => Estate;
}

/**
 * What the readers of the clouds would read of the resources in these states and plans. Never throws.
 *
 * @param others what else was given: a resource that is in a cloud's own export counts as it is there
 */
export function translateTerraform(
  documents: readonly ConfigDocument[],
  others: readonly ConfigDocument[],
): Read<Translated> {
  const problems: Problem[] = [];
  const standIns = createStandIns();
  const exported = exportedIds(others);
  const before = new Set<string>();
  const translated = documents.flatMap((document) => {
    const file = readTerraform(document);
    problems.push(...file.problems);
    return documentsOf(withoutCopies(file.value, exported, before, problems), standIns, problems);
  });
  const files = new Set(documents.map(({ origin }) => origin.file));
  return { value: { documents: translated, complete: (estate) => completed(estate, standIns, files) }, problems };
}

/** What the readers of the clouds cannot know: which addresses stand for others, and that a file is a part. */
function completed(estate: Estate, standIns: StandIns, files: ReadonlySet<string>): Estate {
  const pending = standIns.pending();
  const premisesOf = (host: Host): Pick<Interface, "premises"> =>
    host.origin !== null && files.has(host.origin.file) ? { premises: [managesAll(host.origin.file)] } : {};
  const hosts = estate.hosts.map((host): Host => {
    const [first, ...rest] = host.interfaces;
    const more = { ...premisesOf(host), ...(pending.size === 0 ? {} : { pending }) };
    return withMembers(host, { interfaces: [withMembers(first, more), ...rest.map((one) => withMembers(one, more))] });
  });
  return { ...estate, hosts };
}

/** Terraform knows what it manages. Most keep a network's routes and translators together: a default, and printed. */
const managesAll = (file: string): Assumption => ({
  id: "terraform-manages-all",
  basis: "default",
  text: {
    en: `nothing outside ${file} changes how its hosts leave: no other state, and nobody by hand`,
    zh: `${file} 之外没有任何东西改变其中主机的出口：既没有其他状态，也没有人手工改动`,
  },
  ask: {
    text: {
      en: "compare with an export of the cloud itself",
      zh: "请与云平台自己的导出比较",
    },
    command: null,
    settles: { en: "whether something outside Terraform takes part", zh: "Terraform 之外是否有其他因素" },
  },
});

function documentsOf(file: TerraformFile, standIns: StandIns, problems: Problem[]): readonly ConfigDocument[] {
  const project = file.configuration.project ?? projectOf(file.instances) ?? "-";
  return TRANSLATORS.flatMap((translator) => {
    const own = file.instances.filter(({ type }) => type.startsWith(translator.prefix));
    if (own.length === 0) return [];
    const known = knownOf(translator, own, problems);
    const world = createWorld({
      instances: known,
      references: referencesIn(file.configuration, known),
      standIns,
      problems,
      project,
      placing: translator.placing,
      linkOf: translator.linkOf,
    });
    problems.push(...known.flatMap((one) => emptyContents(translator, world, one)));
    const values = translator.translate(world);
    if (world.hidden.size > 0) problems.push(sensitiveLeftOut([...world.hidden]));
    if (world.paired.size > 0) problems.push(pairedByKey([...world.paired]));
    return values.map((value) => ({ origin: file.origin, value, linesOf: () => [] }));
  });
}

/** Nobody wrote it down, and the provider gives it: empty, but for what only it decides. */
function emptyContents({ contents }: Translator, world: World, one: Instance): readonly Problem[] {
  const member = contents[one.type];
  const mask = member === undefined ? undefined : maskAt(one.later, member);
  const isEmpty = mask === true || (Array.isArray(mask) && mask.includes(true));
  if (member === undefined || !isEmpty) return [];
  const isWritten = world.block(one).expressions[member] !== undefined;
  return isWritten || GIVEN_LATER.has(member) ? [undecidedMember(one, member)] : [];
}

/** Ranges that are taken from a pool. */
const GIVEN_LATER: ReadonlySet<string> = new Set(["cidr_block", "ip_cidr_range"]);

/** The instances that can be translated; the rest is named, as far as it may matter. */
function knownOf(translator: Translator, own: readonly Instance[], problems: Problem[]): readonly Instance[] {
  const { needs, matters, harmless, providers } = translator;
  const foreign = new Map<string, Instance[]>();
  const left = new Map<string, Instance[]>();
  const known = own.filter((one) => {
    if (one.provider !== "" && !providers.test(one.provider)) add(foreign, one.provider, one);
    else if (one.type in needs) return hasSchema(one, needs[one.type] ?? "", problems);
    else if (matters.test(one.type) && !harmless.test(one.type)) add(left, one.type, one);
    return false;
  });
  for (const [provider, ones] of foreign) problems.push(foreignProvider(provider, ones));
  for (const [type, ones] of left) problems.push(notTranslated(type, ones));
  return known;
}

function add(map: Map<string, Instance[]>, key: string, one: Instance): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [one]);
  else known.push(one);
}

function hasSchema(one: Instance, member: string, problems: Problem[]): boolean {
  const isThere = member in one.values || isMasked(maskAt(one.later, member)) || isMasked(maskAt(one.hidden, member));
  if (!isThere) problems.push(unknownSchema(one, member));
  return isThere;
}

/** Each resource once: as a cloud's export has it, else as the Terraform file given first has it. */
function withoutCopies(
  file: TerraformFile,
  exported: ReadonlySet<string>,
  before: Set<string>,
  problems: Problem[],
): TerraformFile {
  const inExport: Instance[] = [];
  const inOther: Instance[] = [];
  const instances = file.instances.filter((one) => {
    const ids = idsOf(one);
    const isExported = ids.some((id) => exported.has(id));
    if (isExported) inExport.push(one);
    else if (ids.some((id) => before.has(id))) inOther.push(one);
    else return true;
    return false;
  });
  for (const one of instances) for (const id of idsOf(one)) before.add(id);
  const [first] = inExport;
  // An export says what is, a plan what will be: an answer from both is of neither.
  if (first !== undefined)
    problems.push(givenTwice(first, inExport.length, "export", file.kind === "plan" ? "error" : "warning"));
  const [other] = inOther;
  if (other !== undefined) problems.push(givenTwice(other, inOther.length, "terraform", "error"));
  return { ...file, instances };
}

/** An association's id repeats those of what it joins; only a resource's own counts, of the types that are read. */
const idsOf = ({ values, type }: Instance): readonly string[] =>
  /association|attachment|route$/.test(type) || !TRANSLATORS.some(({ needs }) => type in needs)
    ? []
    : [values["self_link"], values["id"]].flatMap((id) => (typeof id === "string" && id !== "" ? [idKey(id)] : []));

const idKey = (id: string): string => id.replace(/^https?:\/\/.*?\/(?=projects\/)/, "").toLowerCase();
