/** What Vite puts in place of these when it builds. */
interface ImportMeta {
  glob(
    patterns: readonly string[],
    options: { readonly query: "?raw"; readonly import: "default"; readonly eager: true },
  ): Record<string, string>;
  readonly url: string;
}

declare module "*.css";
