import assert from "node:assert/strict";
import fc from "fast-check";
import type { SignedRequest } from "../../../../local/iam/sigv4/canonical-request";
import { SignatureError } from "../../../../local/iam/sigv4/signature-error";
import { type AcceptedScope, SignatureVerifier } from "../../../../local/iam/sigv4/signature-verifier";
import { encoded, headerOf, host, keys, type SignerOptions, sign, signedAt, type Unsigned, withHeader } from "./signer";

const request: Unsigned = { method: "GET", path: "/dev/x", headers: { host } };
const scope = { regions: ["eu-west-1"], services: ["execute-api"] };
const minutes = 60_000;

function verifierAt(now = signedAt.getTime(), more: { expiresAt?: number; sessionToken?: string } = {}) {
  return new SignatureVerifier(
    (id) => (id === keys.accessKeyId ? { ...keys, ...more } : undefined),
    () => now,
  );
}

/** The error with which a request is refused, as its type and message. */
function refusal(signed: SignedRequest, verifier = verifierAt(), accepted: AcceptedScope = scope): string {
  try {
    verifier.verify(signed, accepted);
  } catch (error) {
    assert.ok(error instanceof SignatureError, String(error));
    return `${error.type}: ${error.message}`;
  }
  return "accepted";
}

const invalid = (message: string) => `InvalidSignatureException: ${message}`;

describe("the verifier of signatures", () => {
  it("says who signed, for which region and service", async () => {
    const { accessKeyId, credentials, region, service } = verifierAt().verify(await sign(request));
    assert.deepEqual([accessKeyId, region, service], [keys.accessKeyId, "eu-west-1", "execute-api"]);
    assert.equal(credentials.secretAccessKey, keys.secretAccessKey);
  });

  it("accepts a request for 5 minutes before and after it was signed, also twice", async () => {
    const signed = await sign(request);
    const time = signedAt.getTime();
    for (const now of [time, time, time + 5 * minutes, time - 5 * minutes]) {
      assert.equal(refusal(signed, verifierAt(now)), "accepted");
    }
    assert.equal(
      refusal(signed, verifierAt(time + 5 * minutes + 1_000)),
      invalid("Signature expired: 20310506T070809Z is now earlier than 20310506T070810Z (20310506T071310Z - 5 min.)"),
    );
    assert.equal(
      refusal(signed, verifierAt(time - 5 * minutes - 1_000)),
      invalid(
        "Signature not yet current: 20310506T070809Z is still later than 20310506T070808Z (20310506T070308Z + 5 min.)",
      ),
    );
  });

  it("refuses another region, service or day of the credential's scope", async () => {
    const region = await sign(request, { region: "eu-central-1" });
    assert.equal(refusal(region), invalid("Credential should be scoped to a valid region, not 'eu-central-1'. "));
    const service = await sign(request, { service: "dynamodb" });
    assert.equal(refusal(service), invalid("Credential should be scoped to correct service: 'execute-api'. "));
    assert.equal(refusal(region, verifierAt(), {}), "accepted");
    const signed = await sign(request);
    const authorization = headerOf(signed, "authorization").replace("/20310506/", "/20310505/");
    assert.equal(
      refusal(withHeader(signed, "authorization", authorization)),
      invalid(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20310505' != '20310506', from '20310506T070809Z'.",
      ),
    );
  });

  it("refuses an unknown key, another token and one that has expired", async () => {
    const unknown = "UnrecognizedClientException: The security token included in the request is invalid.";
    const with_ = async (options: SignerOptions) => refusal(await sign(request, options));
    assert.equal(await with_({ accessKeyId: "AKIDOTHER" }), unknown);
    assert.equal(await with_({ sessionToken: "another" }), unknown);
    assert.equal(await with_({ sessionToken: "" }), unknown);
    const signed = await sign(request);
    assert.equal(refusal(signed, verifierAt(undefined, { expiresAt: signedAt.getTime() + 1 })), "accepted");
    assert.equal(
      refusal(signed, verifierAt(undefined, { expiresAt: signedAt.getTime() })),
      "ExpiredTokenException: The security token included in the request is expired",
    );
  });

  it("refuses a wrong secret with the texts that should have been signed", async () => {
    const refused = refusal(await sign(request, { secretAccessKey: "another" }));
    const day = "20310506/eu-west-1/execute-api/aws4_request";
    assert.match(
      refused,
      new RegExp(
        "^InvalidSignatureException: The request signature we calculated does not match the signature you provided\\. " +
          "Check your AWS Secret Access Key and signing method\\. Consult the service documentation for details\\.\\n\\n" +
          `The Canonical String for this request should have been\\n'GET\\n/dev/x\\n\\nhost:${host}\\n` +
          "x-amz-date:20310506T070809Z\\nx-amz-security-token:a/token==\\n\\nhost;x-amz-date;x-amz-security-token\\n" +
          "[0-9a-f]{64}'\\n\\nThe String-to-Sign should have been\\n'AWS4-HMAC-SHA256\\n20310506T070809Z\\n" +
          `${day}\\n[0-9a-f]{64}'\\n$`,
      ),
    );
  });

  it("refuses an unsigned host, and every unsigned header that AWS reads", async () => {
    const signed = await sign(request);
    const without = (name: string) =>
      withHeader(signed, "authorization", headerOf(signed, "authorization").replace(name, ""));
    assert.equal(
      refusal(without("host;")),
      invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
    );
    for (const name of ["x-amz-target", "x-amz-copy-source", "X-Amz-Meta-A"]) {
      assert.equal(
        refusal(withHeader(signed, name, "a")),
        invalid(`'${name.toLowerCase()}' must be a 'SignedHeader' in the AWS Authorization.`),
      );
    }
    assert.match(refusal(without("x-amz-date;")), /'x-amz-date' must be a 'SignedHeader'/);
    assert.match(
      refusal(withHeader(signed, "host", undefined)),
      /'host' is named as a SignedHeader, but it does not exist/,
    );
    assert.equal(refusal(withHeader(signed, "x-amzn-trace-id", "Root=1")), "accepted");
  });

  it("refuses a request that says too little of its signature", async () => {
    const signed = await sign(request);
    const said = (value: string | undefined) => refusal(withHeader(signed, "authorization", value));
    assert.equal(said(undefined), "MissingAuthenticationTokenException: Missing Authentication Token");
    const incomplete = /^IncompleteSignatureException: /;
    assert.match(
      said("Bearer abc"),
      /Exception: Invalid key=value pair .* in Authorization header \(hashed.*\): '.{44}'/,
    );
    assert.match(
      said("eyJ.eyJ.x"),
      /requires 'Credential' parameter\. Authorization header requires 'Signature' parameter\. .*'SignedHeaders'/,
    );
    for (const part of ["Credential", "Signature", "SignedHeaders"]) {
      const header = headerOf(signed, "authorization").replace(new RegExp(` ${part}=[^,]+,?`), "");
      assert.match(said(header), new RegExp(`IncompleteSig.*: Authorization header requires '${part}' parameter`));
    }
    assert.match(said(headerOf(signed, "authorization").replace("/execute-api", "")), /exactly 5 slash-delimited/);
    assert.match(said(headerOf(signed, "authorization").replace("aws4_request", "aws3")), /valid terminator/);
    assert.match(refusal(withHeader(signed, "x-amz-date", undefined)), /requires existence of either a 'X-Amz-Date'/);
    assert.match(refusal(withHeader(signed, "x-amz-date", "today")), incomplete);
    const twice = { ...signed, rawHeaders: [...signed.rawHeaders, "Authorization", headerOf(signed, "authorization")] };
    assert.match(refusal(twice), incomplete);
  });

  it("accepts a signed URL until it expires", async () => {
    const signed = await sign({ ...request, query: { a: "b c" } }, { expiresIn: 60 });
    assert.equal(refusal(signed), "accepted");
    assert.equal(refusal(signed, verifierAt(signedAt.getTime() + 60_000)), "accepted");
    assert.match(refusal(signed, verifierAt(signedAt.getTime() + 61_000)), /Signature expired/);
    assert.match(refusal(signed, verifierAt(signedAt.getTime() - 6 * minutes)), /Signature not yet current/);
    assert.match(refusal({ ...signed, url: signed.url.replace("Expires=60", "Expires=600") }), /does not match/);
    assert.match(refusal({ ...signed, url: signed.url.replace("a=b", "a=c") }), /does not match/);
    assert.match(refusal({ ...signed, url: `${signed.url}&X-Amz-Date=20310506T070810Z` }), /IncompleteSignature/);
    assert.match(refusal({ ...signed, url: signed.url.replace(/&X-Amz-Expires=60/, "") }), /IncompleteSignature/);
    const both = await sign(request);
    assert.match(refusal({ ...both, url: signed.url }), /Only one auth mechanism allowed/);
  });

  it("takes the hash of S3's bodies from a header, and compares it", async () => {
    const put: Unsigned = { method: "PUT", path: "/shelf/a//../b%20c", headers: { host: "shelf" }, body: "text" };
    const verify = (signed: SignedRequest) => refusal(signed, verifierAt(), {});
    const signed = await sign(put, { service: "s3" });
    assert.equal(verify(signed), "accepted");
    assert.match(verify({ ...signed, body: "texts" }), /header does not match what was computed/);
    const open = { ...put, headers: { ...put.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } };
    assert.equal(verify({ ...(await sign(open, { service: "s3" })), body: "anything" }), "accepted");
    assert.match(refusal(await sign(open), verifierAt(), {}), /does not match/, "of another service");
    const url = await sign({ ...open, body: "" }, { service: "s3", expiresIn: 60 });
    assert.match(url.url, /x-amz-content-sha256=UNSIGNED-PAYLOAD/i);
    assert.equal(verify({ ...url, body: "anything" }), "accepted");
  });

  it("names its errors as each protocol does", () => {
    const error = new SignatureError("UnrecognizedClientException", "");
    assert.deepEqual(
      (["json", "query", "s3"] as const).map((protocol) => error.nameIn(protocol)),
      ["UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"],
    );
  });

  const text = fc.string({ unit: fc.constantFrom(..."abz09 +/%&=?;,~é漢*'()"), maxLength: 8 });
  const segment = fc.string({ unit: fc.constantFrom(..."abz09 ~é!*'()@:$"), minLength: 1, maxLength: 6 });
  const unsigned = fc.record({
    method: fc.constantFrom("GET", "PUT", "POST", "DELETE"),
    path: fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.map(encoded).join("/")}`),
    query: fc.dictionary(
      text.filter((name) => name !== ""),
      fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
      {
        maxKeys: 3,
      },
    ),
    headers: fc
      .dictionary(fc.stringMatching(/^x-[a-z]{1,5}$/), fc.stringMatching(/^[a-z]( {0,2}[a-z,;]){0,5}$/), { maxKeys: 2 })
      .map((own) => ({ ...own, host })),
    body: text,
  });

  it("accepts what AWS's clients sign, and refuses every change of it", async () => {
    await fc.assert(
      fc.asyncProperty(unsigned, fc.constantFrom("execute-api", "s3"), fc.nat(), async (given, service, seed) => {
        const signed = await sign(given, { service });
        const verify = (request: SignedRequest) => refusal(request, verifierAt(), {});
        assert.equal(verify(signed), "accepted");
        for (const [what, other] of changes(signed, seed)) assert.notEqual(verify(other), "accepted", what);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses anything else in the same way, of any form", () => {
    const names = ["authorization", "date", "x-amz-date", "host", "x-amz-security-token", "x-amz-content-sha256"];
    const words = [
      "AWS4-HMAC-SHA256",
      "Credential=",
      "a/20310506/r/s3/aws4_request",
      ",",
      "SignedHeaders=",
      "host",
      "%",
    ];
    const parameters = ["X-Amz-Algorithm=", "X-Amz-Signature=", "X-Amz-Date=", "X-Amz-Expires=", "&", "?", "=", "/"];
    const said = fc.array(fc.oneof(fc.constantFrom(...words, ...parameters), fc.string(), fc.date().map(String)));
    const texts = said.map((parts) => parts.join(""));
    const rawHeaders = fc.array(fc.tuple(fc.constantFrom(...names), texts)).map((pairs) => pairs.flat());
    fc.assert(
      fc.property(fc.record({ method: fc.string(), url: texts, rawHeaders, body: fc.string() }), (given) => {
        assert.notEqual(refusal(given), "accepted");
      }),
      { numRuns: 2_000 },
    );
  });

  it("costs no more than some microseconds", async () => {
    const signed = await sign({ ...request, method: "POST", body: JSON.stringify({ TableName: "food", Limit: 10 }) });
    const verifier = verifierAt();
    const batches = Array.from({ length: 200 }, () => {
      const started = performance.now();
      for (let i = 0; i < 100; i++) verifier.verify(signed, scope);
      return performance.now() - started;
    });
    const microseconds = Math.min(...batches) * 10;
    // Most of it is hashing; on a busy machine it takes some times as long.
    assert.ok(microseconds < 50, `${microseconds.toFixed(1)} us`);
    if (process.env["SHOW_SPEED"]) console.log(`      ${microseconds.toFixed(2)} us`);
  });
});

/** One change of each part of a request that is signed. */
function changes(signed: SignedRequest, seed: number): [what: string, request: SignedRequest][] {
  const [path = "", query] = signed.url.split("?");
  const withUrl = (url: string) => ({ ...signed, url });
  const end = query === undefined ? "" : `?${query}`;
  const names = headerOf(signed, "authorization")
    .match(/SignedHeaders=([^,]+)/)![1]!
    .split(";");
  const name = names[seed % names.length]!;
  const value = headerOf(signed, name);
  const at = 1 + (seed % (path.length - 1));
  const character = path[at];
  const pathChanged =
    character === "%" || character === "/" || path.slice(0, at).endsWith("%") ? `${path}z` : undefined;
  const letter = character === "q" ? "r" : "q";
  return [
    ["method", { ...signed, method: signed.method === "GET" ? "HEAD" : "GET" }],
    ["method in lower case", { ...signed, method: signed.method.toLowerCase() }],
    ["path", withUrl((pathChanged ?? `${path.slice(0, at)}${letter}${path.slice(at + 1)}`) + end)],
    ["a longer path", withUrl(`${path}/z${end}`)],
    ["one more parameter", withUrl(`${path}${query === undefined ? "?" : `?${query}&`}zz=1`)],
    ...(query === undefined ? [] : ([["no query", withUrl(path)]] as [string, SignedRequest][])),
    ["host", withHeader(signed, "host", `other.${host}`)],
    [`header ${name}`, withHeader(signed, name, `${value}x`)],
    [`header ${name} twice`, { ...signed, rawHeaders: [...signed.rawHeaders, name, value] }],
    [`no header ${name}`, withHeader(signed, name, undefined)],
    ["body", { ...signed, body: `${signed.body}x` }],
    ["date", withHeader(signed, "x-amz-date", "20310506T070810Z")],
    ["token", withHeader(signed, "x-amz-security-token", "a/tokem==")],
  ];
}
