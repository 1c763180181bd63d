#!/usr/bin/env node
import { runCommand } from "./command";

/* Entry of `npx platform-policy`. */
runCommand(process.argv.slice(2)).then(({ code, out, error }) => {
  if (out !== undefined) process.stdout.write(`${out}\n`);
  if (error !== undefined) process.stderr.write(`${error}\n`);
  process.exitCode = code;
});
