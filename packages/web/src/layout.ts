/** What a picture is laid out from and as; computed beside the page, since a large one takes a while. */
export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Join {
  readonly from: string;
  readonly to: string;
  /** How much it wants to be short and straight. */
  readonly weight: number;
}

export interface Layout {
  readonly boxes: readonly Box[];
  readonly joins: readonly Join[];
  readonly direction: "LR" | "TB";
}

/** The upper left corner of a box. */
export interface Spot {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}
