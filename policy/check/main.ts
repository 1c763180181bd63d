#!/usr/bin/env node
import { runCommand } from "./command";
import { printable } from "./printable";

/* Entry of `npx platform-policy`. */
runCommand(process.argv.slice(2)).then(({ code, out, error }) => {
  if (out !== undefined) process.stdout.write(`${printable(out)}\n`);
  if (error !== undefined) process.stderr.write(`${printable(error)}\n`);
  process.exitCode = code;
});
