import { describe, expect, test } from "vitest";
import { answerOf } from "./answer.ts";

const ended = (status: number, output: string, errors = "") => answerOf({ kind: "ended", status, output, errors });

// What the programs print, as their own sources and pages have it.
describe("what a program says when it has no answer", () => {
  test.each([
    [
      "login",
      "ERROR: (gcloud.compute.routes.list) You do not currently have an active account selected.\nPlease run:\n\n  $ gcloud auth login\n",
    ],
    [
      "login",
      "ERROR: (gcloud.compute.routes.list) There was a problem refreshing your current auth tokens: Reauthentication failed. cannot prompt during non-interactive execution.",
    ],
    ["login", "ERROR: Please run 'az login' to setup account."],
    ["login", "ERROR: AADSTS700082: The refresh token has expired due to inactivity."],
    ["login", 'Unable to locate credentials. You can configure credentials by running "aws configure".'],
    ["login", "Error when retrieving token from sso: Token has expired and refresh failed"],
    [
      "login",
      "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.",
    ],
    [
      "login",
      "An error occurred (ExpiredTokenException) when calling the DescribeVpcs operation: The security token included in the request is expired",
    ],
    [
      "login",
      "An error occurred (AuthFailure) when calling the DescribeVpcs operation: AWS was not able to validate the provided access credentials",
    ],
    ["rate-limited", "ERROR: (gcloud.compute.routes.list) HTTPError 403: Rate Limit Exceeded"],
    ["rate-limited", "ERROR: (gcloud.asset.list) RESOURCE_EXHAUSTED: Quota exceeded for quota metric 'List requests'"],
    ["rate-limited", "ERROR: (TooManyRequests) The request is being throttled as the limit has been reached"],
    ["rate-limited", "ERROR: (RateLimiting) Please provide below info when asking for support"],
    ["login", "The config profile (prod) could not be found"],
    [
      "rate-limited",
      "An error occurred (RequestLimitExceeded) when calling the DescribeInstances operation (reached max retries: 2): Request limit exceeded.",
    ],
    [
      "not-enabled",
      "ERROR: (gcloud.network-connectivity.policy-based-routes.list) PERMISSION_DENIED: Network Connectivity API has not been used in project 1 before or it is disabled.",
    ],
    [
      "refused",
      "ERROR: (gcloud.compute.routes.list) Some requests did not succeed:\n - Required 'compute.routes.list' permission for 'projects/p'",
    ],
    [
      "refused",
      "ERROR: (AuthorizationFailed) The client 'me' does not have authorization to perform action 'Microsoft.Network/routeTables/read'",
    ],
    [
      "refused",
      "An error occurred (UnauthorizedOperation) when calling the DescribeVpcs operation: You are not authorized to perform this operation.",
    ],
    [
      "refused",
      "An error occurred (AccessDenied) when calling the AssumeRole operation: User: me is not authorized to perform: sts:AssumeRole",
    ],
    ["failed", "ERROR: gcloud crashed (AttributeError): 'list' object has no attribute 'values'"],
    ["failed", 'You must specify a region. You can also configure your region by running "aws configure".'],
    [
      "failed",
      "The command requires the extension azure-firewall. Unable to prompt for extension install confirmation as no tty available.",
    ],
  ])("%s: %s", (kind, errors) => {
    for (const output of ["", "[]\n"])
      expect(ended(1, output, errors)).toMatchObject({ kind, reason: expect.stringMatching(/./) });
  });
});

describe("what is printed with an answer", () => {
  test("warnings before it, also such as begin like JSON", () =>
    expect(ended(0, 'WARNING: [a] is old\n[note]\n{broken\n[{"name":"a"}]\n')).toEqual({
      kind: "whole",
      value: [{ name: "a" }],
    }));

  test("a warning on the other output", () =>
    expect(ended(0, "[]", "WARNING: Python 3.8 will be deprecated")).toEqual({ kind: "whole", value: [] }));

  test("an error after it: a part", () =>
    expect(ended(1, '[{"name":"a"}]', "ERROR: the connection was reset")).toEqual({
      kind: "part",
      value: [{ name: "a" }],
      reason: "ERROR: the connection was reset",
    }));

  test("nothing, with success: not an empty list", () =>
    expect(ended(0, "")).toEqual({ kind: "failed", reason: "it printed nothing (status 0)" }));

  test("text behind it: not taken for everything", () =>
    expect(ended(0, '[{"name":"a"}]\nand more').kind).toBe("failed"));
});
