import assert from "node:assert/strict";
import { request } from "undici";
import { Door } from "../../../local/dynamodb/engine/door";

describe("an address of the store", () => {
  const door = new Door((_, res) => void res.end("answered"));
  let port: number;
  before(async () => {
    port = await door.open(0);
  });
  afterEach(() => door.fail(undefined));
  after(() => door.fail("refuse"));

  async function ask(milliseconds = 5_000): Promise<string> {
    try {
      const signal = AbortSignal.timeout(milliseconds);
      const { statusCode, body } = await request(`http://127.0.0.1:${port}`, { signal, reset: true });
      return `${statusCode} ${await body.text()}`;
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException;
      return name === "TimeoutError" ? name : String(code);
    }
  }

  it("refuses connections, and has the same port afterwards", async () => {
    await door.fail("refuse");
    assert.equal(await ask(), "ECONNREFUSED");
    await door.fail(undefined);
    assert.equal(await ask(), "200 answered");
  });

  it("hangs: it takes calls and never answers", async () => {
    await door.fail("hang");
    assert.equal(await ask(300), "TimeoutError");
  });

  it("is slow: an answer takes a second longer", async () => {
    await door.fail("slow");
    const started = performance.now();
    assert.equal(await ask(), "200 answered");
    assert.ok(performance.now() - started >= 990);
  });

  it("is flaky: every second call fails as DynamoDB's own errors do", async () => {
    await door.fail("flaky");
    const answers = [await ask(), await ask(), await ask(), await ask()];
    assert.equal(answers.filter((each) => each === "200 answered").length, 2);
    assert.equal(answers.filter((each) => /^500 .*InternalServerError/.test(each)).length, 2);
  });
});
