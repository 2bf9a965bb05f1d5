import type { AllowEntry, Allowlist, Service } from "../../allow/allowlist.ts";
import {
  type AllowWriter,
  asciiComment,
  byFamily,
  chunksOf,
  comment,
  cut,
  headOf,
  identifier,
  label,
  shellWord,
  speak,
  wordsOf,
} from "./writing.ts";

const english = speak("en");

/** A port that nobody named must be said before the command runs. */
const ASKED_PORT = `\${PORT:?the port that is opened}`;

function* scriptHead(list: Allowlist, language: "en" | "zh"): Generator<string> {
  for (const line of headOf(list, speak(language))) yield `# ${comment(line)}`;
}

function* reasons(entries: readonly AllowEntry[], language: "en" | "zh"): Generator<string> {
  for (const entry of entries) yield `# ${entry.cidr}: ${comment(wordsOf(entry, speak(language)))}`;
}

const descriptionOf = (list: Allowlist, max: number): string =>
  shellWord(cut(asciiComment(headOf(list, english).join(" - ")), max));

/**
 * Google Cloud: VPC firewall rules; one holds either family. How many ranges it may hold has grown: no more than at first.
 * https://cloud.google.com/sdk/gcloud/reference/compute/firewall-rules/create
 * https://cloud.google.com/firewall/docs/firewalls
 */
export const gcp: AllowWriter = function* (list, { name, language }) {
  yield* scriptHead(list, language);
  for (const { family, entries } of byFamily(list))
    for (const [index, part] of [...chunksOf(entries, 256)].entries()) {
      yield* reasons(part, language);
      yield `gcloud compute firewall-rules create ${label(name, 50)}-v${family}${index === 0 ? "" : `-${index + 1}`} \\`;
      yield `  --network="\${NETWORK:?}" --direction=INGRESS --action=ALLOW \\`;
      yield `  --rules=${rulesOf(list.services)} \\`;
      yield `  --source-ranges=${part.map(({ cidr }) => cidr).join()} \\`;
      yield `  --description=${descriptionOf(list, 2048)}`;
    }
};

const rulesOf = (services: readonly Service[] | null): string =>
  services === null
    ? `"tcp:${ASKED_PORT}"`
    : services.map(({ protocol, port }) => (port === null ? protocol : `${protocol}:${port}`)).join();

/**
 * AWS: a managed prefix list for each family, for security groups and route tables to name; 100 entries a request, each
 * with a description.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateManagedPrefixList.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedPrefixList.html
 */
export const aws: AllowWriter = function* (list, { name, language }) {
  yield* scriptHead(list, language);
  for (const { family, entries } of byFamily(list)) {
    const [first = [], ...more] = chunksOf(entries, 100);
    yield `PREFIX_LIST_V${family}=$(aws ec2 create-managed-prefix-list --prefix-list-name ${identifier(name, 240)}-v${family} \\`;
    yield `  --address-family IPv${family} --max-entries ${entries.length} \\`;
    yield `  --entries ${entriesJson(first)} \\`;
    yield "  --query PrefixList.PrefixListId --output text)";
    for (const [index, part] of more.entries()) {
      // A list that is being changed refuses the next change.
      yield `until aws ec2 describe-managed-prefix-lists --prefix-list-ids "$PREFIX_LIST_V${family}" --query 'PrefixLists[0].State' --output text | grep -q complete; do sleep 2; done`;
      yield `aws ec2 modify-managed-prefix-list --prefix-list-id "$PREFIX_LIST_V${family}" --current-version ${index + 1} \\`;
      yield `  --add-entries ${entriesJson(part)}`;
    }
    yield `echo "$PREFIX_LIST_V${family}"`;
  }
};

const entriesJson = (entries: readonly AllowEntry[]): string =>
  shellWord(
    JSON.stringify(
      entries.map((entry) => ({ Cidr: entry.cidr, Description: cut(asciiComment(wordsOf(entry, english)), 255) })),
    ),
  );

/**
 * Azure: rules of a network security group; one a family and protocol, 4000 prefixes at most, a description of 140.
 * https://learn.microsoft.com/cli/azure/network/nsg/rule https://learn.microsoft.com/rest/api/virtualnetwork/security-rules/create-or-update
 * https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits
 */
export const azure: AllowWriter = function* (list, { name, language }) {
  yield* scriptHead(list, language);
  let count = 0;
  for (const { family, entries } of byFamily(list))
    for (const part of chunksOf(entries, 4000)) {
      yield* reasons(part, language);
      for (const { protocol, ports } of protocolsOf(list.services)) {
        yield `az network nsg rule create --resource-group "\${RESOURCE_GROUP:?}" --nsg-name "\${NSG:?}" \\`;
        yield `  --name ${identifier(name, 70)}-v${family}-${count + 1} --priority "$((\${PRIORITY:?a number from 100 to 4096} + ${count}))" \\`;
        yield `  --direction Inbound --access Allow --protocol ${protocol} --destination-port-ranges ${ports} \\`;
        yield `  --source-address-prefixes ${part.map(({ cidr }) => cidr).join(" ")} \\`;
        yield `  --description ${descriptionOf(list, 140)}`;
        count += 1;
      }
    }
};

const AZURE_PROTOCOL = { tcp: "Tcp", udp: "Udp", icmp: "Icmp" } as const;

function protocolsOf(
  services: readonly Service[] | null,
): readonly { readonly protocol: string; readonly ports: string }[] {
  if (services === null) return [{ protocol: "Tcp", ports: `"${ASKED_PORT}"` }];
  return (["tcp", "udp", "icmp"] as const).flatMap((protocol) => {
    const own = services.filter((service) => service.protocol === protocol);
    if (own.length === 0) return [];
    const ports = own.flatMap(({ port }) => port ?? []);
    return [{ protocol: AZURE_PROTOCOL[protocol], ports: ports.length === 0 ? "'*'" : ports.join(" ") }];
  });
}

/**
 * Terraform: local values for any resource of any provider, as `terraform fmt` writes them.
 * https://developer.hashicorp.com/terraform/language/values/locals https://developer.hashicorp.com/terraform/language/syntax/configuration
 */
export const terraform: AllowWriter = function* (list, { name, language }) {
  const say = speak(language);
  const base = identifier(name, 64).replaceAll("-", "_").toLowerCase();
  yield* scriptHead(list, language);
  yield `# ${comment(say({ en: `for example: source_ranges = local.${base}_ipv4`, zh: `例如：source_ranges = local.${base}_ipv4` }))}`;
  yield "locals {";
  for (const family of [4, 6] as const) {
    const entries = list.entries.filter(({ cidr }) => cidr.includes(":") === (family === 6));
    yield entries.length === 0 ? `  ${base}_ipv${family} = []` : `  ${base}_ipv${family} = [`;
    if (entries.length === 0) continue;
    for (const entry of entries) {
      yield `    # ${comment(wordsOf(entry, say))}`;
      yield `    "${entry.cidr}",`;
    }
    yield "  ]";
  }
  yield "}";
};
