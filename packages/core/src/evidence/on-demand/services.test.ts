import { describe, expect, test } from "vitest";
import type { Observation } from "../observation.ts";
import { readAnyEvidence } from "../read.ts";

const SEEN = "destination-observed";
const ELSEWHERE = "third-party-observed";
const A = "203.0.113.9";
const SIX = "2001:db8::9";

const short = ({ strength, seen }: Observation) => [
  strength,
  seen.source?.text ?? null,
  seen.destinationName,
  seen.destinationPort,
  seen.at,
];

interface Case {
  readonly of: string;
  readonly kind: string;
  readonly text: string;
  readonly told: readonly ReturnType<typeof short>[];
}

const cases = (list: readonly Case[]) =>
  test.each(list)("$of", async ({ kind, text, told }) => {
    const evidence = await readAnyEvidence(text, "x", { vantage: null });
    expect(evidence.kind).toBe(kind);
    expect(evidence.observations.map(short)).toEqual(told);
    expect(evidence.problems).toEqual([]);
  });

describe("what services write to whom they refuse", () => {
  cases([
    {
      // https://github.com/docker/build-push-action/issues/1214
      of: "a registry of Azure",
      kind: "http-echo",
      text: `Get "https://myregistry.azurecr.io/v2/": denied: {"errors":[{"code":"DENIED","message":"client with IP \\u0027${A}\\u0027 is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}`,
      told: [[SEEN, A, "myregistry.azurecr.io", null, null]],
    },
    {
      // https://github.com/microsoft/azure-container-apps/issues/888
      of: "a key vault, without its URL",
      kind: "http-echo",
      text: `Client address is not authorized and caller is not a trusted service.\nClient address: ${A}\nCaller: appid=x\nVault: vlt1;location=westeurope`,
      told: [[ELSEWHERE, A, null, null, null]],
    },
    {
      of: "a key vault, as JSON beside its URL",
      kind: "http-echo",
      text: `$ curl https://vlt1.vault.azure.net/secrets\n{"error":{"code":"Forbidden","message":"Client address is not authorized and caller is not a trusted service.\\r\\nClient address: ${A}\\r\\nCaller: appid=x"}}`,
      told: [[SEEN, A, "vlt1.vault.azure.net", null, null]],
    },
    {
      of: "JSON alone",
      kind: "http-echo",
      text: `{"error":{"code":"Forbidden","message":"Client address is not authorized.\\r\\nClient address: ${A}\\r\\n"}}`,
      told: [[ELSEWHERE, A, null, null, null]],
    },
    {
      // https://github.com/airbytehq/airbyte/issues/20992
      of: "Snowflake, and an address at the end of nothing",
      kind: "http-echo",
      text: `250001 (08001): Failed to connect to DB: ab12.eu-west-1.snowflakecomputing.com:443. Incoming request with IP/Token ${A} is not allowed to access Snowflake. Contact your account administrator.`,
      told: [[SEEN, A, "ab12.eu-west-1.snowflakecomputing.com", null, null]],
    },
    {
      of: "a host of GitHub in the next line, with a token that is not told",
      kind: "http-echo",
      text: `remote: the \`acme\` organization has an IP allow list enabled, and ${SIX} is not permitted to access this resource.\nfatal: unable to access 'https://u:ghp_s3cr3t@github.com/acme/app.git/': 403`,
      told: [[SEEN, SIX, "github.com", null, null]],
    },
    {
      of: "two hosts near it: nobody knows which",
      kind: "http-echo",
      text: `https://a1.documents.azure.com/\nhttps://b1.documents.azure.com/\nRequest originated from IP ${A} through public internet. This is blocked by your Cosmos DB account firewall settings.`,
      told: [[ELSEWHERE, A, null, null, null]],
    },
    {
      of: "Cloudflare",
      kind: "http-echo",
      text: `<span>Cloudflare Ray ID: <strong>8f0</strong></span> &bull; <span>Your IP: <span id="cf-footer-ip">${A}</span></span>`,
      told: [[ELSEWHERE, A, null, null, null]],
    },
    {
      // https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors-40000-to-40999
      of: "Azure SQL",
      kind: "database",
      text: `Cannot open server 's1' requested by the login. Client with IP address '${A}' is not allowed to access the server.`,
      told: [[SEEN, A, null, null, null]],
    },
    {
      // https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-18456-database-engine-error
      of: "SQL Server's own log, with a login that names another client",
      kind: "database",
      text: `2026-11-22 10:15:01.12 Logon Login failed for user 'x [CLIENT: 8.8.8.8]'. Reason: Could not find a login. [CLIENT: ${A}]`,
      told: [[SEEN, A, null, null, null]],
    },
    {
      // https://www.postgresql.org/docs/current/functions-info.html
      of: "PostgreSQL asked by psql, one column",
      kind: "database",
      text: ` inet_client_addr \n------------------\n ${A}\n(1 row)\n`,
      told: [[SEEN, A, null, null, null]],
    },
    {
      // https://www.mongodb.com/docs/manual/reference/log-messages/
      of: "MongoDB's log",
      kind: "database",
      text: `{"t":{"$date":"2026-11-22T10:15:01.123+00:00"},"s":"I","c":"NETWORK","id":22943,"ctx":"listener","msg":"Connection accepted","attr":{"remote":"${A}:51234","connectionId":12}}`,
      told: [[SEEN, A, null, null, null]],
    },
  ]);

  test("a password in a URL is not quoted", async () => {
    const text = `the \`a\` organization has an IP allow list enabled, and ${A} is not permitted: https://u:ghp_s3cr3t@github.com/a/b`;
    const { observations } = await readAnyEvidence(text, "x", { vantage: null });
    expect(observations[0]?.quote).toContain("https://…@github.com/a/b");
  });
});

describe("balancers", () => {
  cases([
    {
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
      of: "an application load balancer",
      kind: "web-log",
      text: `https 2026-11-22T23:39:43.945958Z app/my-lb/50dc6c495c0c9188 ${A}:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/ HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:x "Root=1-5" "www.example.com" "-" 1 2026-11-22T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_1`,
      told: [[SEEN, A, null, 443, "2026-11-22T23:39:43.945958Z"]],
    },
    {
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
      of: "a network load balancer",
      kind: "web-log",
      text: `tls 2.0 2026-11-22T02:59:40 net/my-lb/c6e77e28c25b2234 g3d4b5e8bb8464cd ${A}:51341 172.100.100.185:8443 5 2 98 246 - arn:aws:x - ECDHE-RSA-AES128-SHA tlsv12 - my-lb.elb.us-east-2.amazonaws.com - - - 2026-11-22T02:59:30`,
      told: [[SEEN, A, null, 8443, "2026-11-22T02:59:40Z"]],
    },
    {
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
      of: "a classic load balancer, for HTTP and for TCP",
      kind: "web-log",
      text: `2026-11-22T23:39:43.945958Z my-lb ${A}:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -\n2026-11-22T23:39:44.945958Z my-lb 203.0.113.10:2817 - -1 -1 -1 - - 82 305 "- - - " "-" - -`,
      told: [
        [SEEN, A, null, 80, "2026-11-22T23:39:43.945958Z"],
        [SEEN, "203.0.113.10", null, null, "2026-11-22T23:39:44.945958Z"],
      ],
    },
    {
      // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
      of: "CloudFront",
      kind: "web-log",
      text: `#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status\n2026-11-22\t21:02:31\tLAX1\t392\t${SIX}\tGET\td111111abcdef8.cloudfront.net\t/\t200`,
      told: [[SEEN, SIX, null, null, "2026-11-22T21:02:31Z"]],
    },
    {
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
      of: "a bucket",
      kind: "web-log",
      text: `79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be bkt1 [22/Nov/2026:00:00:38 +0000] ${A} 79a59 3E57427F3EXAMPLE REST.GET.VERSIONING - "GET /bkt1?versioning HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4" - s9lz= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader bkt1.s3.us-west-1.amazonaws.com TLSV1.2 - -`,
      told: [[SEEN, A, "bkt1.s3.us-west-1.amazonaws.com", null, "2026-11-22T00:00:38+00:00"]],
    },
    {
      // https://learn.microsoft.com/azure/application-gateway/monitor-application-gateway-reference
      of: "Application Gateway",
      kind: "web-log",
      text: JSON.stringify({
        records: [
          {
            timeStamp: "2026-11-22T10:15:01+00:00",
            operationName: "ApplicationGatewayAccess",
            category: "ApplicationGatewayAccessLog",
            properties: { clientIP: A, clientPort: 51234, host: "api.example.com", serverRouted: "10.0.0.5:80" },
          },
        ],
      }),
      told: [[SEEN, A, null, null, "2026-11-22T10:15:01+00:00"]],
    },
    {
      // https://learn.microsoft.com/azure/frontdoor/standard-premium/how-to-logs
      of: "Front Door, whose clientIp may be a header's",
      kind: "web-log",
      text: JSON.stringify({
        time: "2026-11-22T10:15:01Z",
        category: "FrontDoorAccessLog",
        properties: { clientIp: "198.51.100.99", socketIp: A, hostName: "api.example.com" },
      }),
      told: [[SEEN, A, null, null, "2026-11-22T10:15:01Z"]],
    },
  ]);
});

describe("services of clouds", () => {
  cases([
    {
      // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
      of: "CloudTrail, with the host and without; a call of a service of its own",
      kind: "web-log",
      text: JSON.stringify({
        Records: [
          {
            eventTime: "2026-11-22T10:15:01Z",
            eventSource: "s3.amazonaws.com",
            eventName: "GetObject",
            sourceIPAddress: A,
            tlsDetails: { clientProvidedHostHeader: "b1.s3.eu-west-1.amazonaws.com" },
          },
          { eventTime: "2026-11-22T10:15:02Z", eventSource: "sts.amazonaws.com", sourceIPAddress: SIX },
          { eventTime: "2026-11-22T10:15:03Z", eventSource: "kms.amazonaws.com", sourceIPAddress: "s3.amazonaws.com" },
        ],
      }),
      told: [
        [SEEN, A, "b1.s3.eu-west-1.amazonaws.com", null, "2026-11-22T10:15:01Z"],
        [ELSEWHERE, SIX, null, null, "2026-11-22T10:15:02Z"],
      ],
    },
    {
      // https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog
      of: "an audit log of Google, and a caller inside",
      kind: "web-log",
      text: JSON.stringify([
        {
          timestamp: "2026-11-22T10:15:01Z",
          protoPayload: { serviceName: "storage.googleapis.com", requestMetadata: { callerIp: A } },
        },
        {
          timestamp: "2026-11-22T10:15:01Z",
          protoPayload: { serviceName: "storage.googleapis.com", requestMetadata: { callerIp: "private" } },
        },
      ]),
      told: [[ELSEWHERE, A, null, null, "2026-11-22T10:15:01Z"]],
    },
    {
      // https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference
      of: "a storage account",
      kind: "web-log",
      text: JSON.stringify({
        time: "2026-11-22T10:15:01Z",
        category: "StorageRead",
        operationName: "GetBlob",
        callerIpAddress: `${A}:51234`,
        uri: "https://s1.blob.core.windows.net:443/c/b?sv=2022&sig=s3cr3t",
      }),
      told: [[SEEN, A, "s1.blob.core.windows.net", null, "2026-11-22T10:15:01Z"]],
    },
    {
      // https://learn.microsoft.com/graph/api/resources/signin
      of: "a sign-in",
      kind: "web-log",
      text: JSON.stringify([
        {
          createdDateTime: "2026-11-22T10:15:01Z",
          userPrincipalName: "a@example.com",
          appDisplayName: "x",
          ipAddress: A,
        },
      ]),
      told: [[ELSEWHERE, A, null, null, "2026-11-22T10:15:01Z"]],
    },
  ]);

  test("a signature in a URL is not quoted", async () => {
    const entry = {
      operationName: "GetBlob",
      callerIpAddress: `${A}:51234`,
      uri: "https://s1.blob.core.windows.net/c/b?sig=s3cr3t",
    };
    const { observations } = await readAnyEvidence(JSON.stringify(entry), "x", { vantage: null });
    expect(JSON.stringify(observations)).not.toContain("s3cr3t");
  });
});

describe("filters and sensors", () => {
  cases([
    {
      // https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/configure-logging
      of: "the Windows firewall, for both directions",
      kind: "firewall-log",
      text: [
        "#Version: 1.5",
        "#Software: Microsoft Windows Firewall",
        "#Time Format: Local",
        "#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path",
        "",
        `2026-11-22 10:15:01 DROP TCP ${A} 198.51.100.7 51234 443 52 S 1 0 8192 - - - RECEIVE`,
        "2026-11-22 10:15:02 ALLOW TCP 198.51.100.7 192.0.2.1 49152 443 52 S 1 0 8192 - - - SEND",
      ].join("\n"),
      told: [
        [SEEN, A, null, 443, null],
        ["none", "198.51.100.7", null, 443, null],
      ],
    },
    {
      // https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
      of: "Suricata: where it listens is not told",
      kind: "firewall-log",
      text: `{"timestamp":"2026-11-22T10:15:01.123456+0000","flow_id":1,"event_type":"flow","src_ip":"${A}","src_port":51234,"dest_ip":"198.51.100.7","dest_port":443,"proto":"TCP"}`,
      told: [["none", A, null, 443, "2026-11-22T10:15:01.123456+00:00"]],
    },
    {
      // https://docs.zeek.org/en/master/log-formats.html
      of: "Zeek, with tabs",
      kind: "firewall-log",
      text: `#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n1795305600.123000\tCHh\t${A}\t51234\t198.51.100.7\t443\ttcp`,
      told: [["none", A, null, 443, "2026-11-22T00:00:00.123000Z"]],
    },
    {
      of: "Zeek, as JSON",
      kind: "firewall-log",
      text: `{"ts":1795305600.5,"uid":"CHh","id.orig_h":"${A}","id.orig_p":51234,"id.resp_h":"198.51.100.7","id.resp_p":443,"proto":"tcp"}`,
      told: [["none", A, null, 443, "2026-11-22T00:00:00.5Z"]],
    },
  ]);
});
