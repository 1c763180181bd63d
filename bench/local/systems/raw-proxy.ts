import { createServer } from "node:http";
import { Pool } from "undici";
import { listening } from "./child";

/** A proxy that does nothing but pass requests and answers on: the least that a gateway in Node.js can cost. */
const upstream = new Pool(process.argv[2]!, { connections: 256, pipelining: 1 });
const server = createServer((req, res) => {
  const options = { path: req.url!, method: req.method! as "GET", opaque: res, headers: req.headers };
  upstream.stream(
    options,
    ({ statusCode, headers }) => {
      res.writeHead(statusCode, headers as Record<string, string>);
      return res;
    },
    (error) => {
      if (error && !res.headersSent) res.writeHead(502).end();
    },
  );
});
void listening(server).then((url) => process.send!({ url }));
