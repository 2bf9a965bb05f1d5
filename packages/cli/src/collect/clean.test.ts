import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { cleanerOf } from "./clean.ts";
import { jqCleaner } from "./clean-jq.ts";

/** Planted: none of these may be found afterwards. */
const PLANTED = [
  "hunter2",
  "AAAAC3NzaC1lZDI1NTE5AAAAIGl0IGlzIGludmVudGVk",
  "c2VjcmV0LXNpZw",
  "QWNjb3VudEtleUlzSW52ZW50ZWQ",
  "AKIAIOSFODNN7EXAMPLE",
  "MIIEvQIBADANBgkqh",
  "eyJhbGciOiJub25lIn0.eyJzdWIiOiJpbnZlbnRlZCJ9.c2ln",
  "AIzaInventedInventedInventedInvented000",
  "ya29.invented-token",
  "ghp_inventedinventedinventedinvented",
];
const [PASSWORD, SSH, SIG, ACCOUNT, ACCESS, PRIVATE, JWT, API, OAUTH, GIT] = PLANTED;

const EXPORT = {
  gcp: [
    {
      kind: "compute#instance",
      name: "vm1",
      tags: { items: ["web"], fingerprint: "x" },
      labels: { owner: "someone", "run.googleapis.com/location": "europe-west1" },
      metadata: {
        kind: "compute#metadata",
        items: [
          { key: "startup-script", value: `#!/bin/sh\nexport PASSWORD=${PASSWORD}` },
          { key: "ssh-keys", value: `me:ssh-ed25519 ${SSH} me@laptop` },
          { key: "created-by", value: "projects/1/zones/z/instanceGroupManagers/g" },
        ],
      },
      description: `see https://me:${PASSWORD}@git.example/x?sv=1&sig=${SIG}`,
    },
    { kind: "compute#vpnTunnel", sharedSecret: PASSWORD, peerIp: "198.51.100.1" },
    { kind: "compute#route", tags: ["web"], destRange: "0.0.0.0/0" },
  ],
  more: [
    { kind: "compute#router", md5AuthenticationKeys: [{ name: "k1", key: PASSWORD }] },
    { kind: "compute#interconnectAttachment", pairingKey: `${PASSWORD}/europe-west1/1` },
    { kind: "compute#project", commonInstanceMetadata: { items: [{ key: "k", value: PASSWORD }] } },
    {
      assetType: "compute.googleapis.com/Instance",
      resource: {
        data: {
          metadata: { items: [{ key: "windows-keys", value: PASSWORD }] },
          disks: [{ source: "d", diskEncryptionKey: { rawKey: PASSWORD } }],
          description: `DB_PASSWORD=${PASSWORD} token: ${OAUTH} ${API} curl -H "Authorization: Bearer ${JWT}" ${GIT}`,
        },
      },
    },
  ],
  azure: [
    {
      id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1",
      tags: { owner: "someone" },
      userData: PASSWORD,
      osProfile: {
        adminPassword: PASSWORD,
        customData: PASSWORD,
        linuxConfiguration: { ssh: { publicKeys: [{ path: "/home/me", keyData: `ssh-ed25519 ${SSH} me` }] } },
      },
      siteConfig: {
        vnetRouteAllEnabled: true,
        appSettings: [{ name: "STORAGE", value: `DefaultEndpointsProtocol=https;AccountKey=${ACCOUNT};x=1` }],
        connectionStrings: [{ name: "db", connectionString: `Server=db;Password=${PASSWORD};` }],
      },
      properties: { template: { containers: [{ name: "c", env: [{ name: "TOKEN", value: JWT }] }] } },
      extensionProfile: { extensions: [{ settings: { commandToExecute: PASSWORD, script: PASSWORD } }] },
      windowsConfiguration: { additionalUnattendContent: [{ settingName: "AutoLogon", content: PASSWORD }] },
      circuit: { serviceKey: PASSWORD },
      package: `https://store.blob.core.example/c/a.zip?sv=2024&sig=${SIG}`,
      sharedKey: PASSWORD,
    },
  ],
  aws: {
    VpnConnections: [
      {
        VpnConnectionId: "vpn-1",
        CustomerGatewayConfiguration: `<pre_shared_key>${PASSWORD}</pre_shared_key>`,
        Options: { TunnelOptions: [{ OutsideIpAddress: "198.51.100.9", PreSharedKey: PASSWORD }] },
        Tags: [{ Key: "Name", Value: "someone" }],
      },
    ],
    virtualInterfaces: [{ authKey: PASSWORD, customerRouterConfig: PASSWORD, asn: 65000 }],
    Environment: { Variables: { KEY: PASSWORD, PORT: 8443 } },
    Description: `aws_secret_access_key = ${PASSWORD}, {"password": "${PASSWORD}"}, apiKey='${PASSWORD}'`,
    note: `key ${ACCESS} -----BEGIN RSA PRIVATE KEY-----${PRIVATE}-----END RSA PRIVATE KEY-----`,
  },
};

const jq = (value: unknown, dropTags: boolean): unknown => {
  const ran = spawnSync("jq", [jqCleaner(dropTags)], { input: JSON.stringify(value), encoding: "utf8" });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout);
};

const hasJq = spawnSync("jq", ["--version"]).status === 0;

const WAYS = [
  { way: "the command", clean: (value: unknown, drop: boolean) => cleanerOf(drop).value(value), there: true },
  { way: "the script (skipped where jq is missing)", clean: jq, there: hasJq },
];

describe.each(WAYS)("secrets that were planted, $way", ({ clean, there }) => {
  test.skipIf(!there)("none is left, and what decides stays", () => {
    const cleaned = clean(EXPORT, false);
    const text = JSON.stringify(cleaned);
    for (const secret of PLANTED) expect(text).not.toContain(secret);
    expect(cleaned).toMatchObject({
      gcp: [
        {
          name: "vm1",
          tags: { items: ["web"] },
          labels: { owner: "someone" },
          metadata: {
            items: [
              { key: "startup-script", value: "(removed)" },
              { key: "ssh-keys", value: "(removed)" },
              { key: "created-by", value: "projects/1/zones/z/instanceGroupManagers/g" },
            ],
          },
        },
        { peerIp: "198.51.100.1", sharedSecret: "(removed)" },
        { tags: ["web"] },
      ],
      azure: [{ siteConfig: { vnetRouteAllEnabled: true, appSettings: [{ name: "STORAGE", value: "(removed)" }] } }],
      aws: {
        VpnConnections: [
          { VpnConnectionId: "vpn-1", Options: { TunnelOptions: [{ OutsideIpAddress: "198.51.100.9" }] } },
        ],
        virtualInterfaces: [{ asn: 65000 }],
        Environment: { Variables: { KEY: "(removed)", PORT: 0 } },
      },
    });
  });

  test.skipIf(!there)("--drop-tags: what users wrote goes, what routes go by stays", () => {
    const cleaned = clean(EXPORT, true);
    expect(JSON.stringify(cleaned)).not.toContain("someone");
    expect(cleaned).toMatchObject({
      gcp: [
        { tags: { items: ["web"] }, labels: { "run.googleapis.com/location": "europe-west1" } },
        {},
        { tags: ["web"] },
      ],
    });
  });
});

test.skipIf(!hasJq)("both ways give the same", () => {
  for (const drop of [false, true]) expect(jq(EXPORT, drop)).toEqual(cleanerOf(drop).value(EXPORT));
});
