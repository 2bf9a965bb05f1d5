import type { Text } from "../../../problem.ts";
import { type Line, quoteOf } from "../../lines.ts";
import type { Observation, ObservedAddress, VantageHint } from "../../observation.ts";
import { atServer, fold, observe, quoted, timesOf } from "../observe.ts";
import { addressIn } from "../words.ts";

/** A service that refuses whom it does not list, and tells him the address that it would have had to list. */
interface Refusal {
  readonly service: string;
  readonly has: string;
  readonly says: RegExp;
  /** How its hosts are called, where the text around names one. */
  readonly host: RegExp;
}

const QUOTE = String.raw`(?:'|\\u0027|&#39;)`;

const REFUSALS: readonly Refusal[] = [
  {
    // https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-access
    service: "Azure Container Registry",
    has: "is not allowed access",
    says: new RegExp(`client with IP ${QUOTE}([0-9A-Fa-f.:]{3,45})${QUOTE} is not allowed access`),
    host: /\b([a-z0-9-]{5,63}(?:\.[a-z0-9]{1,30}\.data)?\.azurecr\.(?:io|cn|us))\b/,
  },
  {
    // https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
    service: "Azure Key Vault",
    has: "Client address: ",
    says: /Client address: ([0-9A-Fa-f.:]{3,45})/,
    host: /\b([A-Za-z0-9-]{3,63}\.(?:vault|managedhsm)\.(?:azure\.net|azure\.cn|usgovcloudapi\.net))\b/,
  },
  {
    // https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall
    service: "Azure Cosmos DB",
    has: "originated from ",
    says: /[Rr]equest originated from (?:client )?IP ([0-9A-Fa-f.:]{3,45})/,
    host: /\b([a-z0-9-]{3,60}\.(?:documents|mongo\.cosmos|cassandra\.cosmos|table\.cosmos)\.azure\.(?:com|cn|us))\b/,
  },
  {
    // https://docs.snowflake.com/en/user-guide/network-policies
    service: "Snowflake",
    has: "is not allowed to access Snowflake",
    says: /\bIP(?:\/Token)? ([0-9A-Fa-f.:]{3,45}) is not allowed to access Snowflake/,
    host: /\b([\w.-]{1,200}\.snowflakecomputing\.(?:com|cn))\b/,
  },
  {
    // https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/managing-allowed-ip-addresses-for-your-organization
    service: "GitHub",
    has: "IP allow list enabled",
    says: /has an IP allow list enabled, and ([0-9A-Fa-f.:]{3,45}) is not permitted/,
    host: /https?:\/\/(?:[^@/\s]{1,200}@)?((?:api\.|uploads\.|codeload\.)?github\.com|[a-z0-9-]{1,63}\.ghe\.com)\b/,
  },
  {
    // https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/
    service: "Cloudflare",
    has: "Your IP:",
    says: /Cloudflare Ray ID: .{0,300}Your IP:(?:\s|<[^>]{1,200}>|Click to reveal){0,8}([0-9A-Fa-f.:]{3,45})/,
    host: /^(?!)/,
  },
];

const AROUND = 6;

/** What services that keep a list of addresses answer whom they refuse. */
export function refusalsIn(lines: readonly Line[], file: string, hint: VantageHint | null): readonly Observation[] {
  const found = lines.flatMap((line, index) => refusalIn(line, lines, index) ?? []);
  return fold(found, ({ source, service, host }) => [source.text, service, host].join(" ")).map(({ last, all }) =>
    observationOf(last, all.length, file, hint),
  );
}

interface Refused {
  readonly line: Line;
  readonly service: string;
  readonly source: ObservedAddress;
  readonly host: string | null;
}

function refusalIn(line: Line, lines: readonly Line[], index: number): Refused | null {
  for (const { service, has, says, host } of REFUSALS) {
    const source = line.text.includes(has) ? addressIn(sentence(says.exec(line.text)?.[1])) : null;
    if (source === null) continue;
    const around = lines.slice(Math.max(index - AROUND, 0), index + AROUND + 1);
    const names = new Set([line, ...around].flatMap(({ text }) => host.exec(text)?.[1]?.toLowerCase() ?? []));
    const [own = null] = host.test(line.text) || names.size === 1 ? names : [];
    return { line, service, source, host: own };
  }
  return null;
}

/** `https://user:token@host/`, as clients of repositories print where they went. */
const withoutPassword = (quote: string): string => quote.replace(/\/\/[^@/\s]{1,400}@/g, "//…@");

/** An address at the end of a sentence has its full stop behind it. */
const sentence = (word: string | undefined): string | undefined => word?.replace(/[.:]$/, "");

function observationOf(refused: Refused, count: number, file: string, hint: VantageHint | null): Observation {
  const { line, service, source, host } = refused;
  const many = timesOf(count);
  const seen = { source, destinationName: host, protocol: "tcp" as const };
  return observe(
    file,
    "http-echo",
    quoted(line.number, withoutPassword(quoteOf(line)), seen),
    {
      en: `${service}${host === null ? "" : ` at ${host}`} refused a request from ${source.text}${many.en}.`,
      zh: `${service}${host === null ? "" : `（${host}）`}拒绝了来自 ${source.text} 的请求${many.zh}。`,
    },
    host === null
      ? { strength: "third-party-observed", vantage: "third-party", proves: NO_HOST }
      : atServer(source, hint === "client" ? null : hint, PROVES),
  );
}

const PROVES: Text = {
  en: "The service compares the source of the request with its list, and names the one that is not on it: it is the source this service sees. Behind a proxy it is the proxy's.",
  zh: "该服务把请求的源地址与其列表比对，并给出不在列表中的那个地址：这就是该服务看到的源地址。若经过代理，则是代理的地址。",
};

const NO_HOST: Text = {
  en: "The service names the source that is not on its list: it is the one that this service sees. Which host it was is not shown, so it proves nothing of another destination; keep the request's URL with it.",
  zh: "该服务给出不在其列表中的源地址：这就是该服务看到的源地址。文本没有给出是哪台主机，因此不能用于其他目的地；请连同请求的 URL 一起保留。",
};
