/** By path; the texts of `examples/` that the page offers. */
export const EXAMPLE_FILES: Readonly<Record<string, string>> = import.meta.glob(
  [
    "../../../../examples/gcp-mail-config-and-evidence/{export,evidence}/**/*",
    "../../../../examples/azure-3-two-nics/export/**/*",
    "../../../../examples/contradiction-mail-log/{export,evidence}/**/*",
    "../../../../examples/estate-gcp-shared-vpc/{export,export-after}/**/*",
  ],
  { query: "?raw", import: "default", eager: true },
);
