import assert from "node:assert/strict";
import { HttpError } from "../../apps/kit/errors";
import { ownSettings } from "../../apps/kit/own-settings";

const service = { name: "shop", needs: { variables: { URL: "https://shop.example.com" }, secrets: ["A_KEY"] } };
const unavailable = (error: unknown) =>
  error instanceof HttpError && error.status === 503 && error.code === "secret_unavailable";

/** A parameter whose reads a test decides, and a clock. */
function parameter(...answers: (string | Error | undefined)[]) {
  const read: string[] = [];
  let time = 0;
  const settings = ownSettings(
    service,
    { A_KEY_PARAMETER: "/platform/dev/shop/A_KEY" },
    async (name) => {
      read.push(name);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    () => time,
  );
  return { settings, read, later: (milliseconds: number) => (time += milliseconds) };
}

describe("a service's own settings", () => {
  it("are the values of the environment, or the contract's defaults", () => {
    const { variables } = ownSettings(service, { A_KEY: "1", OTHER: "x" });
    assert.deepEqual(variables, { URL: "https://shop.example.com" });
    assert.deepEqual(ownSettings(service, { A_KEY: "1", URL: "https://other.example.com" }).variables, {
      URL: "https://other.example.com",
    });
  });

  it("have secrets that ECS or Beanstalk has put into the environment", async () => {
    assert.equal(await ownSettings(service, { A_KEY: "from the environment" }).secret("A_KEY"), "from the environment");
  });

  it("refuse to start without a secret, and know no other one", async () => {
    assert.throws(() => ownSettings(service, {}), /^Error: shop: the secret A_KEY is missing; set the environment/);
    await assert.rejects(ownSettings(service, { A_KEY: "1" }).secret("B_KEY"), /declares no secret B_KEY/);
  });

  it("read a parameter when they start, once for all requests of five minutes", async () => {
    const { settings, read, later } = parameter("first", "second");
    assert.deepEqual(read, ["/platform/dev/shop/A_KEY"]);
    assert.deepEqual(await Promise.all([settings.secret("A_KEY"), settings.secret("A_KEY")]), ["first", "first"]);
    later(299_999);
    assert.equal(await settings.secret("A_KEY"), "first");
    assert.equal(read.length, 1);
    later(1);
    // The request does not wait for the new value.
    assert.equal(await settings.secret("A_KEY"), "first");
    await new Promise(setImmediate);
    assert.equal(await settings.secret("A_KEY"), "second");
    assert.equal(read.length, 2);
  });

  it("answer 503 while a parameter was never read, and ask again", async () => {
    const { settings } = parameter(new Error("AccessDenied"), new Error("Throttled"), undefined, "value");
    await assert.rejects(settings.secret("A_KEY"), unavailable);
    await assert.rejects(settings.secret("A_KEY"), unavailable);
    await assert.rejects(settings.secret("A_KEY"), unavailable);
    assert.equal(await settings.secret("A_KEY"), "value");
  });

  it("keep the last value while a parameter cannot be read", async () => {
    const { settings, later } = parameter("value", new Error("unreachable"));
    assert.equal(await settings.secret("A_KEY"), "value");
    later(600_000);
    assert.equal(await settings.secret("A_KEY"), "value");
    await new Promise(setImmediate);
    assert.equal(await settings.secret("A_KEY"), "value");
  });
});
