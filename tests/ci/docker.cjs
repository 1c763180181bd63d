// Stands in for docker where there is none: a "container" is the artifact's server as a process, with the environment it
// is given, behind a free port. As far as .ci/images asks. Keeps what it knows in the folder DOCKER_STATE.
const { execFileSync, spawn } = require("node:child_process");
const { randomInt } = require("node:crypto");
const { existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:net");
const { join } = require("node:path");

const state = process.env.DOCKER_STATE;
const file = (name) => join(state, name.replaceAll("/", "_"));
const args = process.argv.slice(2);

const commands = {
  build: ([, tag, directory]) => writeFileSync(file(tag), readFileSync(join(directory, "Dockerfile")) && directory),
  run: async (given) => {
    const image = given.findIndex((arg) => existsSync(file(arg)));
    const env = Object.fromEntries(given.flatMap((arg, i) => (arg === "--env" ? [given[i + 1].split(/=(.*)/)] : [])));
    const port = await freePort();
    const cwd = readFileSync(file(given[image]), "utf8");
    // Its shell outlives it by the exit code.
    const script = `trap 'kill "$server"' TERM; "$@" & server=$!; wait "$server"; wait "$server"; echo $? > "$0"`;
    const settings = {
      cwd,
      env: { PATH: process.env.PATH, ...env, PORT: String(port) },
      detached: true,
      stdio: "ignore",
    };
    const child = spawn("bash", ["-c", script, file("exited"), ...given.slice(image + 1)], settings);
    child.unref();
    writeFileSync(file("running"), JSON.stringify({ pid: child.pid, port, cwd }));
    console.log(child.pid);
  },
  port: () => console.log(`127.0.0.1:${running().port}`),
  exec: ([, command, ...rest]) =>
    execFileSync(command, rest, { cwd: running().cwd, env: { PATH: process.env.PATH, PORT: String(running().port) } }),
  stop: async () => {
    process.kill(running().pid, "SIGTERM");
    while (!existsSync(file("exited"))) await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(file("code"), readFileSync(file("exited")));
    rmSync(file("exited"));
  },
  inspect: () => console.log(readFileSync(file("code"), "utf8").trim()),
  logs: () => {},
  rm: ([option]) => option === "--force" && process.kill(-running().pid, "SIGKILL"),
};

const running = () => JSON.parse(readFileSync(file("running"), "utf8"));

/** Below the ports that the system gives to others, which may take one before a slow server listens there. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().on("error", () => resolve(freePort()));
    server.listen(randomInt(20_000, 30_000), "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

commands[args[0]](args.slice(1));
