import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

export const CHROMIUM: string;
export const hasChromium: boolean;
export const root: string;
export const plainFile: string;
export const isBuilt: () => boolean;
export const launch: () => Promise<Browser>;

export interface Opened {
  readonly page: Page;
  /** Requests beyond the page, violations of its policy, errors. */
  readonly faults: readonly string[];
  readonly context: BrowserContext;
  readonly close: () => Promise<void>;
}

export const open: (browser: Browser, address: string, options?: BrowserContextOptions) => Promise<Opened>;
export const plainAddress: (hash?: string) => string;
export const drop: (
  page: Page,
  paths: readonly string[],
  place?: { readonly x: number; readonly y: number },
) => Promise<void>;
export const verdictOf: (page: Page) => Promise<string>;
export const idle: (page: Page) => Promise<unknown>;

export interface Site {
  readonly address: string;
  readonly asked: readonly { readonly path: string; readonly body: Buffer }[];
  readonly close: () => Promise<void>;
}

export const serveSite: () => Promise<Site>;
