import {
  diffMarkdown,
  diffOf,
  type EstateMap,
  type Intake,
  mapEstate,
  type Partner,
  type Problem,
  type Read,
  readPartners,
  toTell,
} from "@seenas/core";
import type { Diffed, Estated, RowsRequest, RowsView } from "../estate-protocol.ts";
import { changesOf } from "./changes.ts";
import { flowOf } from "./flow.ts";
import * as problem from "./problems.ts";
import { Rows } from "./rows.ts";
import { summaryView } from "./summary-view.ts";

/** The maps of what was given, made once, and the rows that the table looks at. */
export class EstateSession {
  readonly #maps = new WeakMap<Intake, EstateMap>();
  #rows: Rows | null = null;

  async estate(taken: Intake, partnersText: string): Promise<Estated> {
    const partners = await partnersOf(partnersText);
    if (partners.problems.length > 0) return { kind: "refused", problems: partners.problems };
    const map = this.#mapOf(taken);
    if (map === null) return { kind: "refused", problems: [problem.noEstate()] };
    this.#rows = new Rows(map, partners.value);
    const view = summaryView(map, partners.value);
    return {
      kind: "estate",
      estate: { ...view, rows: this.#rows.total, flow: flowOf(map, partners.value), problems: errorsOf(taken) },
    };
  }

  rows(request: RowsRequest): RowsView {
    return this.#rows?.window(request) ?? { first: 0, total: 0, matched: 0, rows: [] };
  }

  async diff(now: Intake, after: Intake, partnersText: string, language: "en" | "zh"): Promise<Diffed> {
    const partners = await partnersOf(partnersText);
    if (partners.problems.length > 0) return { kind: "refused", problems: partners.problems };
    const [before, later] = [this.#mapOf(now), this.#mapOf(after)];
    if (before === null || later === null) return { kind: "refused", problems: [problem.noEstate()] };
    const pieces = [...diffOf(before, later, partners.value)];
    return {
      kind: "diff",
      ...changesOf(pieces),
      toTell: toTell(pieces).map(({ partner, overlap, incomplete }) => ({ partner, overlap, incomplete })),
      markdown: diffMarkdown(pieces, language),
      problems: [...errorsOf(now), ...errorsOf(after)],
    };
  }

  #mapOf(taken: Intake): EstateMap | null {
    const known = this.#maps.get(taken);
    if (known !== undefined) return known;
    const { estate } = taken;
    if (estate === null || estate.hosts.length === 0) return null;
    const map = mapEstate(estate, { spoiled: errorsOf(taken).length > 0 });
    this.#maps.set(taken, map);
    return map;
  }
}

const errorsOf = ({ problems }: Intake): readonly Problem[] => problems.filter(({ level }) => level === "error");

/** Null: nobody was named, the whole space. */
async function partnersOf(text: string): Promise<Read<readonly Partner[] | null>> {
  return text.trim() === "" ? { value: null, problems: [] } : readPartners(text, "partners");
}
