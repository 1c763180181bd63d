import assert from "node:assert/strict";
import { SignatureVerifier } from "../../../../local/iam/sigv4/signature-verifier";
import { serve, stopAll } from "../http/helpers/running";
import { region } from "./helpers/planned";
import { runningRest, stopGateways } from "./helpers/running";

const keys = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "of this test", sessionToken: "a+token/=" };
const caller = { kind: "user", arn: "arn:aws:iam::123456789012:user/u", account: "123456789012" } as const;

/** Starts a REST API that asks a service, and keeps what arrives there. */
async function asking(uri: string, credentials = "arn:aws:iam::123456789012:role/r") {
  const received: { method: string; url: string; rawHeaders: string[]; body: Buffer }[] = [];
  const { origin } = await serve((req, res) => {
    const chunks: Buffer[] = [];
    req
      .on("data", (chunk) => chunks.push(chunk))
      .once("end", () => {
        const { method = "", url = "", rawHeaders } = req;
        received.push({ method, url, rawHeaders, body: Buffer.concat(chunks) });
        res.end("{}");
      });
  });
  const running = await runningRest(
    { resources: { "/a": { POST: { type: "AWS", uri, integration: { credentials } } } } },
    {
      services: {
        origin: () => origin,
        keysOf: (roleArn) => (roleArn === "arn:aws:iam::123456789012:role/r" ? keys : undefined),
      },
    },
  );
  return { ...running, received };
}

describe("REST gateway: integrations with AWS services", () => {
  afterEach(async () => {
    await stopGateways();
    await stopAll();
  });

  for (const [service, uri, url] of [
    ["dynamodb", "action/GetItem", "/?Action=GetItem"],
    ["s3", "path/bucket/a%20b", "/bucket/a%20b"],
    ["events", "action/PutEvents", "/?Action=PutEvents"],
  ] as const) {
    it(`sign as the integration's role: ${service}`, async () => {
      const { send, received } = await asking(`arn:aws:apigateway:${region}:${service}:${uri}`);
      const { status, text } = await send("/a", { method: "POST", body: "{}" });
      assert.equal(status, 200, text);
      assert.equal(received[0]!.url, url);
      const verifier = new SignatureVerifier(
        (id) => (id === keys.accessKeyId ? { ...keys, caller, identity: [] } : undefined),
        Date.now,
      );
      assert.equal(verifier.verify(received[0]!, { services: [service] }).region, region);
    });
  }

  it("are answered 500 when API Gateway cannot assume their role, and nothing is asked", async () => {
    const { send, received } = await asking(
      `arn:aws:apigateway:${region}:dynamodb:action/GetItem`,
      "arn:aws:iam::123456789012:role/other",
    );
    const { status, text } = await send("/a", { method: "POST", body: "{}" });
    assert.deepEqual([status, text, received], [500, '{"message": "Internal server error"}', []]);
  });
});
