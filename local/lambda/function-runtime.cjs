// A Lambda execution environment: loads one handler, then handles one event at a time, received over IPC.
const { Writable } = require("node:stream");

const [file, name] = process.argv.slice(2);
process.once("disconnect", () => process.exit());

/** Returns an error as Lambda's runtime reports it, without a stack trace. */
const failure = (error) => ({ errorType: error?.name ?? "Error", errorMessage: String(error?.message ?? error) });

/** Between the status and headers of a streamed answer and its body. */
const delimiter = Buffer.alloc(8);
const streamed = Symbol("streamed");

/*
 * What Lambda's Node.js runtime defines for handlers that stream.
 * https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
globalThis.awslambda = {
  streamifyResponse: (handler) => Object.assign((...args) => handler(...args), { [streamed]: true }),
  HttpResponseStream: {
    from(stream, metadata) {
      stream.write(Buffer.concat([Buffer.from(JSON.stringify(metadata)), delimiter]));
      return stream;
    },
  },
};

const handler = require(file)[name];
if (typeof handler !== "function") throw new Error(`${file} does not export a function "${name}"`);

process.on("message", async ({ event, context, deadline, streaming }) => {
  const whole = { ...context, getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()) };
  const answer = await Promise.resolve()
    .then(() => (handler[streamed] ? stream(event, whole, streaming) : handler(event, whole)))
    .then((result) => {
      // A handler that does not stream answers in one piece.
      if (streaming && !handler[streamed]) process.send({ chunk: base64(JSON.stringify(result ?? null)) });
      return { result: result === undefined || streaming ? null : result };
    })
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

/** Runs a handler that streams. Returns the whole result where it is not asked for in parts. */
async function stream(event, context, streaming) {
  const chunks = [];
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (streaming) process.send({ chunk: base64(chunk) }, done);
      else {
        chunks.push(chunk);
        done();
      }
    },
  });
  output.setContentType = () => {};
  const finished = new Promise((resolve, reject) => output.once("finish", resolve).once("error", reject));
  await handler(event, output, context);
  output.end();
  await finished;
  const text = Buffer.concat(chunks).toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function base64(chunk) {
  return Buffer.from(chunk).toString("base64");
}
