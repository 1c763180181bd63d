import assert from "node:assert/strict";
import { FunctionPool } from "../../../local/lambda/function-pool";
import { Reaper } from "../../../local/processes/reaper";
import { TimeScale } from "../../../local/time-scale";
import { standIn } from "../helpers/artifact";

const artifact = standIn({
  "stream.cjs": `
exports.parts = awslambda.streamifyResponse(async (event, output) => {
  const stream = awslambda.HttpResponseStream.from(output, { statusCode: 201 });
  for (const part of event.parts) {
    stream.write(part);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (event.fails) throw new TypeError("in the middle");
  stream.end();
});
exports.whole = async () => ({ statusCode: 200 });
`,
});

describe("a function's streamed result", () => {
  let reaper: Reaper;
  let pool: FunctionPool;

  beforeEach(() => {
    reaper = new Reaper();
  });

  afterEach(async () => {
    await pool.stop();
    await reaper.stop();
  });

  after(artifact.remove);

  function create(name: string): void {
    const spec = {
      ...{ aliasArn: "alias", invokeArn: "invoke", functionName: "f", service: "f", region: "eu-west-1" },
      ...{ zones: ["a"], file: "stream.cjs", export: name, cwd: artifact.folder, env: {} },
      ...{ memoryMegabytes: 128, timeoutSeconds: 12, reservedConcurrency: 3 },
    };
    pool = new FunctionPool(spec, { root: "/", overrides: () => ({}), time: new TimeScale(1), log: () => {}, reaper });
  }

  it("comes in the parts that the handler writes, after status and headers", async () => {
    create("parts");
    const chunks: Buffer[] = [];
    const result = await pool.invoke({ parts: ["one", "two"] }, (chunk) => chunks.push(chunk));
    assert.equal(result, null);
    const texts = chunks.map((chunk) => chunk.toString());
    assert.deepEqual(texts, [`{"statusCode":201}${"\0".repeat(8)}`, "one", "two"]);
  });

  it("ends with the handler's error", async () => {
    create("parts");
    const chunks: Buffer[] = [];
    const invocation = pool.invoke({ parts: ["one"], fails: true }, (chunk) => chunks.push(chunk));
    await assert.rejects(invocation, { name: "FunctionFailure", message: "f: TypeError: in the middle" });
    assert.equal(chunks.at(-1)?.toString(), "one");
  });

  it("is the whole result in one part, where the handler does not stream", async () => {
    create("whole");
    const chunks: Buffer[] = [];
    await pool.invoke({}, (chunk) => chunks.push(chunk));
    assert.deepEqual(chunks.map(String), ['{"statusCode":200}']);
  });
});
