// A Lambda execution environment: loads one handler, then handles one event at a time, received over IPC.
const [file, name] = process.argv.slice(2);
process.once("disconnect", () => process.exit());

/** Returns an error as Lambda's runtime reports it, without a stack trace. */
const failure = (error) => ({ errorType: error?.name ?? "Error", errorMessage: String(error?.message ?? error) });

const handler = require(file)[name];
if (typeof handler !== "function") throw new Error(`${file} does not export a function "${name}"`);

process.on("message", async ({ event, context, deadline }) => {
  const answer = await Promise.resolve()
    .then(() => handler(event, { ...context, getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()) }))
    .then((result) => ({ result: result === undefined ? null : result }))
    .catch((error) => {
      process.stderr.write(`${error?.stack ?? error}\n`);
      return { error: failure(error) };
    });
  try {
    process.send(answer);
  } catch (error) {
    // The result cannot be written as JSON.
    process.send({ error: failure(error) });
  }
});
process.send({ ready: true });
