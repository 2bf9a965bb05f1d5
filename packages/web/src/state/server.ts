/** Where `seenas serve` answers, on this page's own origin; null: the page is by itself. */
export const serverBase = (): string | null =>
  document.querySelector<HTMLMetaElement>("meta[name=seenas-backend]")?.content ?? null;
