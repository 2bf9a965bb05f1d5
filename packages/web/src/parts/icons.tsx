import type { ReactElement } from "react";
import type { ElementKind } from "../protocol.ts";

/** Drawn on a grid of 16, with the colour of the words beside them. */
const PATHS: Readonly<
  Record<ElementKind | "copy" | "check" | "close" | "sun" | "moon" | "auto" | "folder" | "file" | "clock", string>
> = {
  host: "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01",
  interface: "M2.5 4.5h11v7h-11zM5 11.500v-3h1.500v3M9.500 11.500v-3H11v3",
  guest: "M2.500 3h11v10h-11zM5 6.500 7 8.500 5 10.500M8.500 10.500h2.500",
  network:
    "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM2.500 8h11M8 2.500c3.500 3.500 3.500 7.500 0 11M8 2.500c-3.500 3.500-3.500 7.500 0 11",
  route: "M3 13V9.500C3 8 4 7 5.500 7h5M8.500 4.500 11 7 8.500 9.500M3 3v2.500",
  hop: "M2.500 8h10M9 4.500 12.500 8 9 11.500",
  translator: "M3 5.500h9M9.500 3 12 5.500 9.500 8M13 10.500H4M6.500 8 4 10.500 6.500 13",
  link: "M6.500 9.500 9.500 6.500M7 4.500 8.500 3a2.800 2.800 0 0 1 4 4L11 8.500M9 11.500 7.500 13a2.800 2.800 0 0 1-4-4L5 7.500",
  appliance: "M2.500 4h11v8h-11zM2.500 8h11M6 4v4M10 4v4M8 8v4",
  block: "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM4.200 4.200l7.600 7.600",
  destination:
    "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  more: "M4 8h.01M8 8h.01M12 8h.01",
  copy: "M5.500 5.500h7v8h-7zM3.500 10.500v-8h7",
  check: "M3 8.500 6.500 12 13 4.500",
  close: "M4 4l8 8M12 4l-8 8",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1.500v1.500M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M12.600 3.400l-1 1M4.400 11.600l-1 1",
  moon: "M13 9.500A5.500 5.500 0 0 1 6.500 3 5.500 5.500 0 1 0 13 9.500z",
  auto: "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 2.500v11M8 5h3.500M8 8h5M8 11h3.500",
  folder: "M2 4h4.500l1.500 1.500h6v7.500H2z",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
  clock: "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5v3l2 1.500",
};

export const Icon = ({ name }: { readonly name: keyof typeof PATHS }): ReactElement => (
  <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);
