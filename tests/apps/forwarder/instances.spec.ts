import assert from "node:assert/strict";
import { createInstances } from "../../../apps/forwarder/instances";
import { forwarderSettings } from "../../../apps/forwarder/settings";
import { HttpError } from "../../../apps/kit/errors";

const target = { namespace: "dev.internal", service: "food-store" };
const at = (address: string, port: string | undefined = "8080") => ({
  AWS_INSTANCE_IPV4: address,
  ...(port !== undefined && { AWS_INSTANCE_PORT: port }),
});

describe("servers of the forwarder", () => {
  function cache(ranges = "10.0.0.0/16") {
    const state = {
      time: 1_000_000,
      found: [at("10.0.0.1")] as Record<string, string>[],
      error: undefined as Error | undefined,
    };
    const discoveries: string[] = [];
    const failures: string[] = [];
    const { allowedAddresses } = forwarderSettings({ TARGETS: "{}", ADDRESS_RANGES: ranges });
    const instances = createInstances({
      discover: async ({ service }) => {
        discoveries.push(service);
        if (state.error) throw state.error;
        return state.found;
      },
      allowedAddresses,
      onFailure: (what) => failures.push(what),
      now: () => state.time,
    });
    const addresses = async () => (await instances.of(target)).map(({ address }) => address).sort();
    return { instances, state, discoveries, failures, addresses };
  }
  const isUnavailable = (error: unknown) =>
    error instanceof HttpError && error.status === 503 && error.code === "no_servers";

  it("are discovered once for requests at the same time, and again after 5 s", async () => {
    const { addresses, state, discoveries } = cache();
    await Promise.all([addresses(), addresses(), addresses()]);
    state.found = [at("10.0.0.2"), at("10.0.0.3")];
    state.time += 4_999;
    assert.deepEqual(await addresses(), ["10.0.0.1"]);
    assert.equal(discoveries.length, 1);
    state.time += 1;
    assert.deepEqual(await addresses(), ["10.0.0.2", "10.0.0.3"]);
    assert.equal(discoveries.length, 2);
  });

  it("of one service are not those of another", async () => {
    const { instances, discoveries } = cache();
    await instances.of(target);
    await instances.of({ ...target, service: "pets" });
    await instances.of({ ...target, namespace: "prod.internal" });
    assert.deepEqual(discoveries, ["food-store", "pets", "food-store"]);
  });

  for (const [name, fail] of [
    ["fails", (state: ReturnType<typeof cache>["state"]) => (state.error = new Error("no answer"))],
    [
      "is throttled",
      (state: ReturnType<typeof cache>["state"]) =>
        (state.error = Object.assign(new Error("x"), { name: "RequestLimitExceeded" })),
    ],
    ["finds none", (state: ReturnType<typeof cache>["state"]) => (state.found = [])],
    [
      "finds only addresses that are not allowed",
      (state: ReturnType<typeof cache>["state"]) => (state.found = [at("192.0.2.1")]),
    ],
  ] as const) {
    it(`are the last ones for 5 minutes while discovery ${name}, then 503`, async () => {
      const { addresses, state, discoveries, failures } = cache();
      await addresses();
      fail(state);
      state.time += 5_000;
      assert.deepEqual(await addresses(), ["10.0.0.1"]);
      state.time += 9_999;
      for (let i = 0; i < 20; i++) assert.deepEqual(await addresses(), ["10.0.0.1"]);
      assert.equal(discoveries.length, 2, "asked again after 10 s only");
      state.time += 1;
      assert.deepEqual(await addresses(), ["10.0.0.1"]);
      assert.equal(discoveries.length, 3);
      state.time += 5 * 60_000 - 15_000;
      assert.deepEqual(await addresses(), ["10.0.0.1"]);
      state.time += 10_001;
      await assert.rejects(addresses(), isUnavailable);
      assert.ok(failures.length >= 4);
      Object.assign(state, { error: undefined, found: [at("10.0.0.9")] });
      state.time += 10_000;
      assert.deepEqual(await addresses(), ["10.0.0.9"]);
    });
  }

  it("are unavailable until the first are found, which is tried every second", async () => {
    const { addresses, state, discoveries } = cache();
    state.error = new Error("no answer");
    for (let i = 0; i < 20; i++) await assert.rejects(addresses(), isUnavailable);
    assert.equal(discoveries.length, 1);
    state.error = undefined;
    state.time += 1_000;
    assert.deepEqual(await addresses(), ["10.0.0.1"]);
  });

  it("have an address in the VPC's ranges and a port, as registered ones may be any", async () => {
    const { addresses, state, failures } = cache("10.0.0.0/16,10.2.0.0/24");
    const refused = [
      ...["169.254.169.254", "169.254.170.2", "127.0.0.1", "0.0.0.0", "10.1.0.1", "10.2.1.1", "8.8.8.8", "192.168.0.1"],
      ...[
        "",
        "::1",
        "fd00::1",
        "evil.example",
        "10.0.0.1@evil.example",
        "10.0.0.1:80",
        "010.0.0.1",
        "0x0a000001",
        "167772161",
      ],
    ].map((address) => at(address));
    const ports = ["", "0", "-1", "65536", "99999", "1e3", "80 ", "0x50", "8080/x", undefined].map((port) =>
      at("10.0.0.3", port),
    );
    const noPort = { AWS_INSTANCE_IPV4: "10.0.0.3" };
    state.found = [at("10.0.0.1"), ...refused, ...ports.slice(0, -1), noPort, {}, at("10.2.0.200", "65535")];
    assert.deepEqual(await addresses(), ["10.0.0.1", "10.2.0.200"]);
    assert.equal(failures.length, refused.length + ports.length + 1);
  });

  it("come in random order, those that could not be connected to last for 5 s", async () => {
    const { instances, state } = cache();
    const all = ["1", "2", "3", "4"].map((last) => `10.0.0.${last}`);
    state.found = all.map((address) => at(address));
    const firsts = async () => {
      const found = new Set<string>();
      for (let i = 0; i < 200; i++) found.add((await instances.of(target))[0]!.address);
      return [...found].sort();
    };
    assert.deepEqual(await firsts(), all);
    instances.failed({ address: "10.0.0.2", port: 8080 });
    assert.deepEqual(
      await firsts(),
      all.filter((address) => address !== "10.0.0.2"),
    );
    assert.equal((await instances.of(target)).at(-1)!.address, "10.0.0.2", "it is still tried");
    state.time += 5_000;
    assert.deepEqual(await firsts(), all);
  });
});

describe("settings of the forwarder", () => {
  const valid = { TARGETS: '{"a":{"namespace":"n","service":"s"}}', ADDRESS_RANGES: "10.0.0.0/16" };

  it("are read from the environment", () => {
    const { targets, disableHostPrefix } = forwarderSettings(valid);
    assert.deepEqual([...targets], [["a", { namespace: "n", service: "s" }]]);
    assert.equal(disableHostPrefix, false);
    const local = { ...valid, AWS_ENDPOINT_URL_SERVICEDISCOVERY: "http://127.0.0.1:1" };
    assert.equal(forwarderSettings(local).disableHostPrefix, true);
  });

  it("are refused in one sentence that names the variable", () => {
    for (const name of ["TARGETS", "ADDRESS_RANGES"]) {
      const message = `forwarder: ${name} is missing; set the environment variable ${name}`;
      assert.throws(() => forwarderSettings({ ...valid, [name]: "" }), { message });
    }
    for (const TARGETS of [
      "{",
      "[]",
      "null",
      "1",
      '{"a":null}',
      '{"a":{"namespace":"n"}}',
      '{"a":{"namespace":1,"service":"s"}}',
      '{"a":{"namespace":"n","service":""}}',
    ]) {
      assert.throws(
        () => forwarderSettings({ ...valid, TARGETS }),
        /^Error: forwarder: TARGETS must be JSON such as/,
        TARGETS,
      );
    }
    for (const ADDRESS_RANGES of [
      "10.0.0.0",
      "10.0.0.0/33",
      "10.0.0/8",
      "999.0.0.0/8",
      "::/0",
      "10.0.0.0/16,",
      "10.0.0.0/16, 10.1.0.0/16",
      "*",
    ]) {
      assert.throws(
        () => forwarderSettings({ ...valid, ADDRESS_RANGES }),
        /^Error: forwarder: ADDRESS_RANGES must be/,
        ADDRESS_RANGES,
      );
    }
  });
});
