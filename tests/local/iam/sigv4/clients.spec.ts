import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { APIGatewayClient, CreateApiKeyCommand, GetApiKeysCommand } from "@aws-sdk/client-api-gateway";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureError } from "../../../../local/iam/sigv4/signature-error";
import { SignatureVerifier } from "../../../../local/iam/sigv4/signature-verifier";

const credentials = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "a secret", sessionToken: "a/token==" };
const protocols: Readonly<Record<string, "json" | "query" | "s3">> = { s3: "s3", sts: "query" };

/** Answers what is signed with an empty result, and refuses the rest in the form of the service. */
async function startVerifying(seen: string[]): Promise<{ endpoint: string; server: Server }> {
  const verifier = new SignatureVerifier((id) => (id === credentials.accessKeyId ? credentials : undefined));
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk) => chunks.push(chunk));
    req.on("end", () => {
      const { method = "", url = "", rawHeaders } = req;
      const service = /\/([a-z0-9-]+)\/aws4_request/.exec(req.headers.authorization ?? "")?.[1] ?? "";
      const protocol = protocols[service] ?? "json";
      try {
        const verified = verifier.verify({ method, url, rawHeaders, body: Buffer.concat(chunks) });
        seen.push(`${verified.service} ${verified.region} ${method} ${url}`);
        res.end(protocol === "query" ? "<GetCallerIdentityResponse/>" : protocol === "json" ? "{}" : "");
      } catch (error) {
        if (!(error instanceof SignatureError)) throw error;
        const name = error.nameIn(protocol);
        res.statusCode = 403;
        res.setHeader("x-amzn-errortype", name);
        const xml = `<Error><Code>${name}</Code><Message>refused</Message></Error>`;
        if (protocol === "json") res.end(JSON.stringify({ __type: name, message: error.message }));
        else res.end(protocol === "s3" ? xml : `<ErrorResponse>${xml}</ErrorResponse>`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("requests of AWS's own clients", () => {
  const seen: string[] = [];
  let server: Server;
  let endpoint: string;
  before(async () => {
    ({ server, endpoint } = await startVerifying(seen));
  });
  beforeEach(() => seen.splice(0));
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const options = () => ({ endpoint, region: "eu-west-1", credentials, maxAttempts: 1 });
  const key = "a b/ä'(1)!*~+&=?#%2F//c.json";

  it("of DynamoDB are verified", async () => {
    await new DynamoDBClient(options()).send(new ListTablesCommand({ Limit: 3 }));
    assert.deepEqual(seen, ["dynamodb eu-west-1 POST /"]);
  });

  it("of STS are verified", async () => {
    await new STSClient(options()).send(new GetCallerIdentityCommand({}));
    assert.deepEqual(seen, ["sts eu-west-1 POST /"]);
  });

  it("of API Gateway are verified", async () => {
    const client = new APIGatewayClient(options());
    await client.send(new GetApiKeysCommand({ nameQuery: "a b+c&ä'()*", includeValues: true, limit: 5 }));
    await client.send(new CreateApiKeyCommand({ name: "ä", tags: { a: "b" } }));
    assert.equal(seen.length, 2);
    assert.match(seen[0]!, /^apigateway eu-west-1 GET \/apikeys\?/);
  });

  it("of S3 are verified, with names of every kind", async () => {
    const client = new S3Client({ ...options(), forcePathStyle: true });
    const metadata = { Metadata: { kind: "a  b" }, ContentType: "text/plain" };
    await client.send(new PutObjectCommand({ Bucket: "shelf", Key: key, Body: "text", ...metadata }));
    await client.send(new GetObjectCommand({ Bucket: "shelf", Key: key, ResponseContentType: "a/b; c=d" }));
    assert.equal(seen.length, 2);
  });

  it("with another secret or token are refused by the name that each client knows", async () => {
    const wrong = { ...credentials, secretAccessKey: "another" };
    const refused = (promise: Promise<unknown>, name: string) => assert.rejects(promise, { name });
    const dynamodb = (own: object) =>
      new DynamoDBClient({ ...options(), credentials: { ...credentials, ...own } }).send(new ListTablesCommand({}));
    await refused(dynamodb(wrong), "InvalidSignatureException");
    await refused(dynamodb({ sessionToken: "another" }), "UnrecognizedClientException");
    await refused(
      new STSClient({ ...options(), credentials: wrong }).send(new GetCallerIdentityCommand({})),
      "SignatureDoesNotMatch",
    );
    const s3 = new S3Client({ ...options(), credentials: wrong, forcePathStyle: true });
    await refused(s3.send(new GetObjectCommand({ Bucket: "shelf", Key: key })), "SignatureDoesNotMatch");
    await refused(
      new APIGatewayClient({ ...options(), credentials: wrong }).send(new GetApiKeysCommand({})),
      "InvalidSignatureException",
    );
    assert.deepEqual(seen, []);
  });
});
