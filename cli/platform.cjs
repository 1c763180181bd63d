// Entry of every command.
const { fork } = require("node:child_process");
const { join } = require("node:path");

/**
 * Starts the process that plans for `npm start`. It is started before this process loads its own code, because the plan
 * takes longest of all. Where no plan is asked for, it ends with this process.
 */
function forkPlanner() {
  const planner = fork(join(__dirname, "planner.cjs"), {
    // Ctrl-C is for this process, which then kills the other one.
    detached: true,
    execArgv: [],
    // JSON would change what is undefined.
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  for (const handle of [planner, planner.channel, planner.stderr]) handle.unref();
  return planner;
}

const planner = process.argv[2] === "start" ? forkPlanner() : undefined;
const { load, optimiseLess } = require("./load.cjs");
if (planner === undefined) optimiseLess();
load("main").main(process.argv, planner);
