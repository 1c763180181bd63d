import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { request } from "undici";
import { Command, Folder } from "../helpers/command";

/** Runs a command in a shell whose files may not grow over so many blocks of 512 bytes, as on a disk that is full. */
const limited = (blocks: number) => ["/bin/sh", "-c", `trap "" XFSZ; ulimit -f ${blocks}; exec "$@"`, "limited"];
/** Runs a command whose output cannot be written. */
const toFullDisk = ["/bin/sh", "-c", 'exec "$@" >/dev/full', "full"];

interface Case {
  readonly args: readonly string[];
  readonly says: RegExp;
  /** @default 1 */
  readonly code?: number;
  readonly prefix?: readonly string[];
}

/** Every command's foreseen failures end with one sentence, as the command line prints it. */
describe("a command that fails", function () {
  this.timeout(600_000);
  const folder = new Folder();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder.path, name), text);
    return join(folder.path, name);
  };
  /** A state folder with this endpoints file. */
  const state = (name: string, endpoints: string) => {
    mkdirSync(join(folder.path, name));
    writeFileSync(join(folder.path, name, "endpoints.json"), endpoints);
    return join(folder.path, name);
  };
  const servers: Server[] = [];
  /** A program that answers every path alike. */
  const listen = async (status: number, text: string) => {
    const server = createServer((_, response) => response.writeHead(status).end(text));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const json = JSON.stringify;
  const closed = "http://127.0.0.1:9";
  const results = new Map<string, Awaited<Command["ended"]>>();
  let cases: Record<string, Case>;

  before(async () => {
    const other = await listen(404, "nothing");
    const clients = await listen(200, "[]");
    const running = await listen(200, "{}");
    const none = join(folder.path, "none");
    const start = (...more: string[]) => [
      "start",
      "--port",
      "0",
      "--state",
      join(folder.path, `s${more.join("").length}`),
      ...more,
    ];
    cases = {
      "start of an environment without a file": {
        args: start("--stack", "nope"),
        says: /^Pulumi\.nope\.yaml does not exist; name an environment that has one, .*/m,
      },
      "start of a part": {
        args: start("--stack", "prod-edge"),
        says: /^--stack must name a whole environment, got "prod-edge"; try prod$/m,
      },
      "start of a name with an escape sequence": {
        args: start("--stack", "\u001b[2Jdev\n"),
        says: /^stack "\\u001b\[2Jdev$/m,
      },
      "start in a folder that is a file": {
        args: ["start", "--state", file("a-file", "x")],
        says: /^the folder \S+a-file cannot be used: EEXIST: .*; make it a folder that can be written, or choose another with --state$/m,
      },
      "start in a folder that cannot be made": {
        args: ["start", "--state", "/proc/platform"],
        says: /^the folder \/proc\/platform cannot be used: .*, or choose another with --state$/m,
      },
      "start on a full disk": {
        args: start("--port", "00"),
        prefix: limited(0),
        says: /^the folder \S+ cannot be used: EFBIG: file too large, write; make it a folder that can be written, or choose .*$/m,
      },
      "start with a broken endpoints file": {
        args: ["start", "--state", state("broken-start", '{"console":')],
        says: /^\S+endpoints\.json is not what a platform writes: it is not JSON; delete it, or choose another folder .*$/m,
      },
      "start from the folder of a running platform": {
        args: ["start", "--state", state("running", json({ console: running }))],
        says: /^a platform already runs from \S+ at http:\S+; stop it first, or choose another folder with --state$/m,
      },
      "start on a port in use": {
        args: start("--port", new URL(other).port),
        says: /^port \d+ is in use; stop what uses it, or choose another$/m,
      },
      "start that takes too long": {
        args: start("--ready-seconds", "1"),
        says: /^.* did not get ready within 1 s; fix what the log says, or allow more time with --ready-seconds$/m,
      },
      "start with a port that is none": {
        args: ["start", "--port", "x"],
        code: 2,
        says: /must be a whole number from 0/,
      },
      "start with no time": {
        args: ["start", "--ready-seconds", "0"],
        code: 2,
        says: /must be a whole number from 1 to/,
      },
      "start with another origin": {
        args: ["start", "--legacy", "a=b"],
        code: 2,
        says: /must read <origin>=<loopback/,
      },
      "start with an address elsewhere in the place of an image": {
        args: ["start", "--instead", "notes=http://192.0.2.1:3000"],
        code: 2,
        says: /must read <service>=<loopback origin>, such as notes=http:\/\/127\.0\.0\.1:3000\./,
      },
      "plan of an environment without a file": {
        args: ["plan", "nope"],
        says: /^Pulumi\.nope\.yaml does not exist; .*$/m,
      },
      "plan of a name of another form": {
        args: ["plan", "../etc"],
        says: /^stack "\.\.\/etc" must be named <environment>.*$/m,
      },
      "plan that cannot be written": {
        args: ["plan", "dev"],
        prefix: toFullDisk,
        says: /^the output cannot be written: .*ENOSPC.*; write it to another place$/m,
      },
      "policy of a file that does not exist": {
        args: ["policy", "--file", none],
        says: /^\S+none cannot be read as JSON: ENOENT: .*; export it with `pulumi stack export`$/m,
      },
      "policy of a folder": {
        args: ["policy", "--file", folder.path],
        says: /cannot be read as JSON: EISDIR: .*; export it/,
      },
      "policy of what is not a stack": {
        args: ["policy", "--file", file("number.json", "[1]")],
        says: /^\S+number\.json has no deployment\.resources; export the stack with `pulumi stack export`$/m,
      },
      "policy of a stack that no rule knows": {
        args: [
          "policy",
          "--file",
          file(
            "gcp.json",
            json({
              deployment: {
                resources: [{ urn: "urn:pulumi:a::b::gcp:x/y:Z::z", type: "gcp:x/y:Z", custom: true }],
              },
            }),
          ),
        ],
        says: /^no rule knows a type of this stack, so that nothing was checked; looked at: 0 of 1 resources; 1 resource of types no rule knows: gcp:x\/y:Z \(1\)$/m,
      },
      "policy of a plan and a file": {
        args: ["policy", "--file", none, "--stack", "dev"],
        code: 2,
        says: /cannot be used with/,
      },
      "token without a platform": {
        args: ["token", "--user", "ada", "--state", none],
        says: /^no platform runs from this folder; start one with `npm start` in another terminal$/m,
      },
      "token with a broken endpoints file": {
        args: ["token", "--user", "ada", "--state", state("broken-token", "[]")],
        says: /^\S+endpoints\.json is not what a platform writes: issuer is not a URL of this machine; delete it, .*$/m,
      },
      "token of a platform that has stopped": {
        args: ["token", "--user", "ada", "--state", state("stopped", json({ issuer: closed }))],
        says: /^the platform has stopped; start it with `npm start`$/m,
      },
      "token where another program listens": {
        args: ["token", "--user", "ada", "--state", state("other", json({ issuer: other }))],
        says: /^the sign-in at http:\S+ cannot be used: .*; start the platform again$/m,
      },
      "token without a client": {
        args: ["token", "--user", "ada", "--state", state("clients", json({ issuer: clients }))],
        says: /^client must have the code flow and a callback URL, got none; use one of the plan's after adding one$/m,
      },
      "token without a user": { args: ["token"], code: 2, says: /required option '--user <name>' not specified/ },
      "verify without a platform": {
        args: ["verify", "--state", none],
        says: /^no platform runs from this folder; start one with `npm start`, or name a deployed environment with --stack$/m,
      },
      "verify with a broken endpoints file": {
        args: ["verify", "--state", state("broken-verify", "x")],
        says: /^\S+endpoints\.json is not what a platform writes: it is not JSON; delete it, or choose another folder .*$/m,
      },
      "verify where another program listens": {
        args: ["verify", "--url", other],
        says: /^no platform answers at http:\S+; start one with `npm start`$/m,
      },
      "verify with outputs that are not JSON": {
        args: ["verify", "--stack", "prod", "--outputs", file("outputs.json", "\u009b2J")],
        says: /^--outputs must name a file of JSON, got \S+outputs\.json: .*\\u009b2J.*$/m,
      },
      "verify of an environment without a file": {
        args: ["verify", "--stack", "nope", "--outputs", file("empty.json", "{}")],
        says: /^Pulumi\.nope\.yaml does not exist; .*$/m,
      },
      "verify of a part": { args: ["verify", "--stack", "prod-edge"], code: 2, says: /must name a whole environment/ },
      "a command that does not exist": {
        args: ["\u001b[2Jdeploy"],
        code: 2,
        says: /unknown command '\\u001b\[2Jdeploy'/,
      },
    };
    const waiting = Object.entries(cases);
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [name, { args, prefix = [] }] = next;
        const command = new Command(folder, args, { prefix });
        results.set(name, await command.ended);
        await command.gone();
      }
    };
    await Promise.all([worker(), worker()]);
  });
  after(() => {
    for (const server of servers) server.close();
    folder.remove();
  });

  it("says what is wrong in one sentence, with exit code 1, or 2 for wrong usage, and no stack trace", () => {
    for (const [name, { says, code = 1 }] of Object.entries(cases)) {
      const { code: got, stdout, stderr } = results.get(name)!;
      assert.deepEqual([name, got, stdout], [name, code, ""], stderr);
      assert.match(stderr, says, name);
      assert.doesNotMatch(stderr, /^\s+at |Error:|(?!\n)\p{Cc}/mu, name);
    }
    assert.ok(Object.keys(cases).length > 30);
  });

  it("leaves no file", () => {
    assert.deepEqual(folder.left(), []);
  });

  it("is no start whose log cannot be written: the platform goes on without it", async () => {
    const args = ["start", "--port", "0", "--state", folder.state];
    const command = new Command(folder, args, { prefix: limited(120) });
    const [, url] = await command.says(/^ready (\S+)/m, 60_000);
    const get = async () => {
      const answer = await request(`${url}/pet-store/none`);
      await answer.body.dump();
      return answer.statusCode;
    };
    while (!/cannot be written: EFBIG/.test(command.stderr)) assert.equal(await get(), 404);
    assert.equal(await get(), 404);
    command.child.kill("SIGINT");
    const { code, stderr } = await command.ended;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /^the log \S+ cannot be written: EFBIG: file too large, write; lines are lost until it can$/m);
    await command.gone();
  });
});
