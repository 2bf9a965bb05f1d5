import { describe, expect, test } from "vitest";
import { expectClaims, present, read, samplesIn } from "../../testing/evidence-samples.ts";
import { linesOf } from "../lines.ts";
import { maskedDigits } from "../masked.ts";
import { parseSmtp } from "../smtp/session.ts";

describe.skipIf(!present)("samples of SMTP transcripts", () => {
  test.for(samplesIn("smtp-transcripts"))("$name", (sample) => {
    const { expected, text } = sample;
    const evidence = read(sample);
    expect(evidence.kind).toBe("smtp-transcript");
    const sessions = parseSmtp(linesOf(text));
    expect(sessions).toHaveLength(1);
    const [session] = sessions;
    const echo = session?.echoes[0]?.reading;
    // What the tool was is not in the text when only the server's lines are.
    if (session?.client !== null || namesItsClient(text)) expect(session?.client ?? null).toBe(expected.client);
    if (!(expected.serverOptional && session?.server === null))
      expect(session?.server?.id ?? null).toBe(expected.server);
    expect(session?.heloArgument ?? null).toBe(expected.heloArgument);
    expect(echo?.style ?? "none").toBe(expected.echoStyle);
    expect(echo?.peer?.text ?? null).toBe(expected.peerAddressSeenByServer);
    expect(session?.bannerHost ?? null).toBe(expected.bannerHost ?? null);
    if (expected.heloEcho !== undefined) expect(echo?.heloEcho).toBe(expected.heloEcho);
    if (expected.peerNameSeenByServer !== undefined) expect(echo?.peerName).toBe(expected.peerNameSeenByServer);
    if (expected.candidateAddresses !== undefined) expect([echo?.candidate?.text]).toEqual(expected.candidateAddresses);
    // openssl s_client sends STARTTLS itself and prints nothing of it.
    if (expected.starttls !== undefined && expected.client !== "openssl-s_client")
      expect(session?.startTls).toBe(expected.starttls);
    if (expected.connectedTo !== null) expectConnected(session?.connectedTo ?? null, expected.connectedTo, text);
    if (expected.sourceKnownPrefix !== undefined) expect(maskedDigits(echo?.peer?.text ?? "")).toBe(2);
    expectClaims(evidence, expected);
  });
});

const namesItsClient = (text: string): boolean => /^\* |^===|^Trying |^Connection to |telnet |nc /m.test(text);

type Connected = ReturnType<typeof parseSmtp>[number]["connectedTo"];

/** telnet prints no port: without its command line, 25 would be a guess. */
function expectConnected(found: Connected, expected: Exclude<Connected, null>, text: string): void {
  if (expected.name !== undefined) expect(found?.name).toBe(expected.name);
  expect(found?.address ?? null).toBe(expected.address);
  const shown = !text.startsWith("Trying ") || text.includes("telnet ");
  expect(found?.port ?? null).toBe(shown ? expected.port : null);
}
