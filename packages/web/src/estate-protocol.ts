import type { Certainty, Problem, Stability, Text } from "@seenas/core";

/** What the estate view asks for: never all rows at once. */

export interface SeenView {
  readonly words: Text;
  readonly addresses: readonly string[];
  readonly resource: string | null;
  readonly stability: Stability;
  readonly certainty: Certainty;
  readonly users: readonly string[];
  readonly userCount: number;
  readonly towards: Text;
}

export interface FlowNode {
  readonly id: string;
  readonly label: Text;
  readonly column: 0 | 1 | 2;
  readonly weight: number;
}

export interface FlowLink {
  readonly from: string;
  readonly to: string;
  readonly weight: number;
}

export interface FlowPicture {
  readonly nodes: readonly FlowNode[];
  readonly links: readonly FlowLink[];
}

export interface EstateView {
  readonly interfaces: number;
  readonly maps: number;
  readonly addresses: number;
  readonly rows: number;
  readonly named: readonly SeenView[];
  readonly uncertain: readonly { readonly words: Text; readonly towards: Text; readonly users: number }[];
  readonly kept: readonly {
    readonly network: string;
    readonly addresses: number;
    readonly towards: readonly string[];
  }[];
  readonly silent: number;
  readonly flow: FlowPicture;
  readonly problems: readonly Problem[];
}

export type Estated =
  | { readonly kind: "estate"; readonly estate: EstateView }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

export const COLUMNS = ["sender", "network", "towards", "traffic", "sees", "by", "stability", "certainty"] as const;
export type Column = (typeof COLUMNS)[number];

export interface RowsRequest {
  readonly search: string;
  readonly sort: Column;
  readonly descending: boolean;
  readonly first: number;
  readonly count: number;
}

/** One row: an interface and where it shows one answer. */
export interface RowView {
  readonly sender: string;
  readonly network: string;
  readonly towards: Text;
  readonly traffic: Text;
  readonly sees: Text;
  readonly by: Text;
  /** null: nothing leaves. */
  readonly stability: Stability | null;
  readonly certainty: Certainty;
}

export interface RowsView {
  readonly first: number;
  readonly total: number;
  readonly matched: number;
  readonly rows: readonly RowView[];
}

export interface ChangeView {
  readonly senders: readonly string[];
  readonly senderCount: number;
  readonly towards: Text;
  readonly traffic: Text;
  readonly change: "new" | "gone" | "identity" | "stability" | "certainty";
  readonly before: Text | null;
  readonly after: Text | null;
  readonly open: readonly Text[];
}

export interface ToTellView {
  readonly partner: string;
  readonly overlap: readonly string[];
  readonly incomplete: boolean;
}

export type Diffed =
  | {
      readonly kind: "diff";
      readonly changes: readonly ChangeView[];
      readonly total: number;
      readonly toTell: readonly ToTellView[];
      readonly markdown: string;
      readonly problems: readonly Problem[];
    }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };
