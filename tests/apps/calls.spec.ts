import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { foodStore } from "../../apps/food-store/contract";
import { createCalls } from "../../apps/kit/calls/client";
import { roleSigner } from "../../apps/kit/calls/signing";
import { withCalls } from "../../apps/kit/calls/with-calls";
import { HttpError } from "../../apps/kit/errors";
import { withTrace } from "../../apps/kit/trace";
import { SignatureVerifier } from "../../local/iam/sigv4/signature-verifier";

const credentials = { accessKeyId: "ASIACALLER", secretAccessKey: "made-up", sessionToken: "session" };
const food = { ...foodStore.definitions["put-food"].sample, id: "a-1" };
const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

type Answer = readonly [status: number, body: unknown];

describe("calls of other services", () => {
  let server: Server;
  let baseUrl: string;
  /** What the server answers next; the last one again and again. */
  let answers: (Answer | "never")[] = [];
  let requests: IncomingMessage[] = [];
  const environment = { ...process.env };

  before(async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    });
    server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    process.env = environment;
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    [answers, requests] = [[[200, food]], []];
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    requests.push(req);
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const verifier = new SignatureVerifier((id) => (id === credentials.accessKeyId ? credentials : undefined));
    const signed = { method: req.method!, url: req.url!, rawHeaders: req.rawHeaders, body: Buffer.concat(chunks) };
    verifier.verify(signed, { regions: ["eu-west-1"], services: ["execute-api"] });
    const next = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (next === "never") return;
    res.writeHead(next[0], { "content-type": "application/json" }).end(JSON.stringify(next[1]));
  }

  const callsOf = () =>
    createCalls({
      declared: { "food-store": ["get-food", "put-food", "list-foods"] },
      callees: { "food-store": foodStore },
      baseUrl,
      sign: roleSigner("eu-west-1"),
    })["food-store"];
  const failsWith = (status: number, code: string) => (error: unknown) =>
    error instanceof HttpError && error.status === status && error.code === code;

  it("are signed by the role's credentials, for the API's region, with path, query and body", async () => {
    const calls = callsOf();
    assert.deepEqual(await calls["get-food"]({ params: { id: "a/1" } }), food);
    const { id: _, ...body } = food as any;
    assert.deepEqual(await calls["put-food"]({ params: { id: "a 1" }, body }), food);
    answers = [[200, { items: [food] }]];
    await calls["list-foods"]({ params: {}, query: { category: "fruit & more" } });
    assert.deepEqual(
      requests.map(({ method, url }) => `${method} ${url}`),
      [
        "GET /food-store/foods/a%2F1",
        "PUT /food-store/foods/a%201",
        "GET /food-store/foods?category=fruit%20%26%20more",
      ],
    );
  });

  it("give undefined for what the callee does not have, and take fields that its contract has not yet", async () => {
    const calls = callsOf();
    answers = [[404, { code: "not_found" }]];
    assert.equal(await calls["get-food"]({ params: { id: "x" } }), undefined);
    answers = [[200, { ...food, colour: "red" }]];
    assert.equal(((await calls["get-food"]({ params: { id: "x" } })) as any).colour, "red");
  });

  it("fail with 502 when the answer is not the contract's", async () => {
    const calls = callsOf();
    for (const wrong of [
      [200, { ...food, price: "free" }],
      [200, "text"],
      [403, { message: "no" }],
    ] as const) {
      answers = [wrong];
      await assert.rejects(calls["get-food"]({ params: { id: "x" } }), failsWith(502, "dependency_failed"));
    }
    assert.equal(requests.length, 3, "such an answer is not asked for again");
  });

  it("are tried up to three times, when a failure may pass and the method may be repeated", async () => {
    const calls = callsOf();
    answers = [
      [503, {}],
      [429, {}],
      [200, food],
    ];
    assert.deepEqual(await calls["get-food"]({ params: { id: "x" } }), food);
    assert.equal(requests.length, 3);
  });

  it("end within three seconds, and an attempt after 1.2 s", async () => {
    const calls = callsOf();
    answers = ["never"];
    const startedAt = performance.now();
    await assert.rejects(calls["get-food"]({ params: { id: "x" } }), failsWith(503, "dependency_unavailable"));
    const took = performance.now() - startedAt;
    assert.ok(took > 2_400 && took < 4_500, `${took} ms`);
    assert.ok(requests.length >= 2, `${requests.length} attempts`);
  });

  it("stop for a while after five failures in a row", async () => {
    const calls = callsOf();
    answers = [[500, {}]];
    const failed = () =>
      assert.rejects(calls["get-food"]({ params: { id: "x" } }), failsWith(503, "dependency_unavailable"));
    await failed();
    await failed();
    assert.equal(requests.length, 5);
    await failed();
    assert.equal(requests.length, 5, "the callee is left alone");
  });

  it("pass on the trace of the request that is served with a span of their own, and no other header of it", async () => {
    const calls = callsOf();
    const get = () => calls["get-food"]({ params: { id: "x" } });
    await withTrace(trace, undefined, get);
    await withTrace("00-not-one", undefined, get);
    await get();
    const [passedOn, made, outside] = requests.map(({ headers }) => headers["traceparent"]);
    const [, id, parent] = trace.split("-");
    assert.match(String(passedOn), new RegExp(`^00-${id}-(?!${parent})[0-9a-f]{16}-01$`));
    assert.match(String(made), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    assert.notEqual(String(made).split("-")[1], id);
    assert.equal(outside, undefined);
  });

  it("are refused at the start when the callee has no such route", () => {
    const options = { callees: { "food-store": foodStore }, baseUrl, sign: async () => ({}) };
    assert.throws(
      () => createCalls({ ...options, declared: { "food-store": ["get-toy"] } }),
      /^Error: the service food-store has no route get-toy to call; correct the contract$/,
    );
  });

  it("all fail with 503 in an environment without the private API, and no signer is made", async () => {
    let calls: any;
    const caller = { name: "caller", calls: { "food-store": ["get-food"] } } as const;
    const create = (dependencies: any) => {
      calls = dependencies.calls;
      return {} as any;
    };
    withCalls(caller, { "food-store": foodStore }, create, { PRIVATE_API_URL: "none" })({} as any);
    await assert.rejects(calls["food-store"]["get-food"]({ params: { id: "a-1" } }), (error: HttpError) => {
      assert.deepEqual([error.status, error.code], [503, "dependency_unavailable"]);
      return true;
    });
  });
});
