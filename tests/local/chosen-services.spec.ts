import assert from "node:assert/strict";
import { type Choice, chosenServices, debuggerAddress } from "../../local/chosen-services";
import type { FunctionSpec } from "../../local/lambda/function-spec";
import type { ServerGroup } from "../../local/processes/server-group";

const group = (service: string, more: Partial<ServerGroup> = {}): ServerGroup => ({
  id: service,
  service,
  region: "eu-west-1",
  pattern: "ec2",
  zones: ["a"],
  desired: 1,
  env: {},
  command: ["node", "server.cjs"],
  cwd: "/",
  restartSeconds: 1,
  stopTimeoutSeconds: 1,
  registersWith: [],
  ...more,
});
const lambda = (service: string, more: Partial<FunctionSpec> = {}): FunctionSpec => ({
  aliasArn: service,
  invokeArn: service,
  functionName: service,
  service,
  region: "eu-west-1",
  zones: ["a"],
  file: "handler.cjs",
  export: "handler",
  cwd: "/",
  env: { SERVICE_NAME: service },
  memoryMegabytes: 128,
  timeoutSeconds: 12,
  reservedConcurrency: 1,
  ...more,
});

describe("chosen services", () => {
  const groups = [
    group("food-store", { balancerGraceSeconds: 5 }),
    group("notes", { command: ["python3", "server.py"] }),
  ];
  const functions = [lambda("pet-store"), lambda("forwarder", { env: {} }), lambda("reviews", { runtime: "python" })];
  const choose = (choice: Choice) => chosenServices(groups, functions, choice);
  const names = (all: readonly { readonly service: string }[]) => all.map(({ service }) => service);

  it("are all as planned by default", () => {
    assert.deepEqual(choose({}), { groups, functions, leftOut: undefined });
  });

  it("leave out those that are not named, and say so; functions of the platform stay", () => {
    const chosen = choose({ only: ["food-store"] });
    assert.deepEqual([names(chosen.groups), names(chosen.functions)], [["food-store"], ["forwarder"]]);
    assert.equal(
      chosen.leftOut,
      "without notes and pet-store and reviews, which --only does not name; their routes answer 5xx",
    );
  });

  it("refuse names that are not planned", () => {
    const planned = "(food-store, notes, pet-store, reviews)";
    const message = (option: string) =>
      `--${option} must name planned services ${planned}, got "forwarder"; correct it`;
    assert.throws(() => choose({ only: ["food-store", "forwarder"] }), { message: message("only") });
    assert.throws(() => choose({ inspect: "forwarder" }), { message: message("inspect") });
  });

  it("have one open a port for a debugger, which is not replaced or ended while it stands still", () => {
    const [server] = choose({ inspect: "food-store" }).groups;
    assert.deepEqual(server!.command, ["node", "--inspect=127.0.0.1:0", "server.cjs"]);
    assert.deepEqual([server!.balancerGraceSeconds, server!.containerGraceSeconds], [Infinity, Infinity]);
    const [handler] = choose({ inspect: "pet-store" }).functions;
    assert.deepEqual([handler!.arguments, handler!.timeoutSeconds], [["--inspect=127.0.0.1:0"], 3_600]);
  });

  it("refuse a debugger of Node.js for Python", () => {
    for (const inspect of ["notes", "reviews"]) {
      const message = `--inspect must name a service in TypeScript, got "${inspect}", which is in Python; choose another`;
      assert.throws(() => choose({ inspect }), { message });
    }
  });

  it("read the address of a debugger's port from the line that Node.js writes", () => {
    assert.equal(debuggerAddress("Debugger listening on ws://127.0.0.1:41233/0f2c936f"), "127.0.0.1:41233");
    assert.equal(debuggerAddress('{"msg":"listening","port":41233}'), undefined);
  });
});
