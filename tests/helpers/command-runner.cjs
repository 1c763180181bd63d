// Runs command lines that come over IPC, one after the other, and answers each with exit code and output: a process for each
// would spend a second loading. As `main` of cli/, but for the end of the process after a failure.
const { createCommandLine } = require("../../cli/load.cjs").load("command-line");

process.on("message", async (args) => {
  const caught = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (text, done) => {
      caught[name] += text;
      done?.();
      return true;
    };
  }
  let code = 0;
  try {
    await createCommandLine().parseAsync(["node", "platform", ...args]);
  } catch (error) {
    // The bundle of the commands has a class of its own.
    if (String(error?.code).startsWith("commander.")) code = error.exitCode === 0 ? 0 : 2;
    else {
      code = 1;
      caught.stderr += `${error.name === "UserError" ? error.message : error.stack}\n`;
    }
  }
  process.send({ code, ...caught });
});
