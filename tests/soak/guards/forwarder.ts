import { editsOf, type Threat, testsOf } from "./threat";

const requests = testsOf("tests/apps/forwarder/event.spec.ts");
const forwarding = testsOf("tests/apps/forwarder/forward.spec.ts");
const servers = testsOf("tests/apps/forwarder/instances.spec.ts");
const streams = testsOf("tests/apps/forwarder/streamed.spec.ts");
const connecting = testsOf("tests/apps/forwarder/upstream.spec.ts");
const event = editsOf("apps/forwarder/event.ts");
const forward = editsOf("apps/forwarder/forward.ts");
const headers = editsOf("apps/forwarder/headers.ts");
const instances = editsOf("apps/forwarder/instances.ts");
const upstream = editsOf("apps/forwarder/upstream.ts");
const incoming = editsOf("apps/kit/incoming-request.ts");

const serverOnly = "      host: address,\n      port,\n      method,\n      path,\n";
/** Lets the path choose the server, as an URL that is resolved does. */
const resolved = `      ...(({ hostname, port: own, pathname }) => ({ host: hostname, port: own || port, path: pathname }))(
        new URL(path, \`http://\${address}:\${port}\`),
      ),
      method,
`;
const platformNames = "x-request-id|x-subject|content-length|x-(forwarded|tenant|amzn)-.*";

/** What the forwarder refuses, replaces or gives up. */
export const forwarderThreats: readonly Threat[] = [
  {
    input: "Paths such as `//evil/x`, `/@evil`, `/.evil`, `/http://evil/`",
    result: "written into the request line; the connection is to the server alone",
    test: forwarding("writes the client's path into the request line, and connects to the server alone"),
    removals: [[upstream(serverOnly, resolved)]],
  },
  {
    input: "Absolute URIs, paths without a slash, characters that end a request line",
    result: "400",
    test: requests("have the client's path as it came, and no path that could lead elsewhere"),
    removals: [[event("!validPath.test(path) || ", "")], [event("/^\\/[!-~]*$/", "/^\\//")]],
  },
  {
    input: "Backslashes, as they are or encoded",
    result: "400",
    test: requests("have the client's path as it came, and no path that could lead elsewhere"),
    removals: [[event("/[?#\\\\]/", "/[?#]/"), incoming(' || decoded.includes("\\\\")', "")]],
  },
  {
    input: "A query or a fragment in the path",
    result: "400",
    test: requests("have the client's path as it came, and no path that could lead elsewhere"),
    removals: [[event("/[?#\\\\]/", "/[\\\\]/")]],
  },
  {
    input: "`/a/%2e%2e/b`, `/a/../b`, `%ff`",
    result: "400",
    test: requests("have the client's path as it came, and no path that could lead elsewhere"),
    removals: [
      [event("  refuseHostilePath(path, undefined);\n", "")],
      [incoming('decoded === "." || decoded === ".." || ', "")],
    ],
  },
  {
    input: "`..%2f`, `%252f`, `%00`",
    result: "passed on as they came, never decoded",
    test: requests("have the client's path as it came, and no path that could lead elsewhere"),
    removals: [[event("queryOf(event)}`,", "queryOf(event)}`.replace(/%[0-9a-f]{2}/gi, decodeURIComponent),")]],
  },
  {
    input: "A lone surrogate, `&` or a line feed in the query",
    result: "400, or encoded again",
    test: requests("have the client's query, encoded again"),
    removals: [[event("return encodeURIComponent(text);", "return text;")]],
  },
  {
    input: "A route or method that no target has",
    result: "404, 405",
    test: requests("go to the target of the route's first segment, which no client chooses"),
    removals: [[event('resource.split("/")[1]', 'path.split("/")[1]')]],
  },
  {
    input: "CONNECT, TRACE, a method with a line feed",
    result: "405",
    test: requests("have a method of HTTP"),
    removals: [[event("if (!methods.has(method)) throw", "if (methods.size === 0) throw")]],
  },
  {
    input: "A client's Host, X-Forwarded-Host, Forwarded, Via, X-Real-IP, X-Request-Id",
    result: "ignored",
    test: requests("have the platform's headers in place of a client's own"),
    removals: [
      [headers("/^(host|", "/^(")],
      [headers("|forwarded|", "|")],
      [headers("|via|", "|")],
      [headers("|x-real-ip|", "|")],
    ],
  },
  {
    input: "A client's X-Forwarded-For, X-Tenant-Id, X-Amzn-*, also with underscores",
    result: "replaced by the platform's",
    test: requests("have the platform's headers in place of a client's own"),
    removals: [
      [headers(platformNames, "x-request-id|x-subject|content-length|x-(tenant|amzn)-.*")],
      [headers(platformNames, "x-request-id|content-length|x-(forwarded|tenant|amzn)-.*")],
      [headers(platformNames, "x-request-id|x-subject|content-length|x-(forwarded|amzn)-.*")],
      [headers(platformNames, "x-request-id|x-subject|content-length|x-(forwarded|tenant)-.*")],
      [headers('name.replaceAll("_", "-")', "name")],
    ],
  },
  {
    input: "A tenant that is no plain name, or none",
    result: "the server gets none",
    test: requests("have no tenant without the authorizer's, and none that is no plain name"),
    removals: [[headers("isTenantName(tenant) &&", "tenant !== undefined &&")]],
  },
  {
    input: "Headers of the client's connection, and those that Connection names",
    result: "not passed on",
    test: requests("have no header of the client's connection, and none that Connection names"),
    removals: [[headers("!hopByHop.has(name) && ", "")], [headers(" && !named.has(name)", "")]],
  },
  {
    input: "The same in an answer",
    result: "not passed back",
    test: forwarding("passes back no header of the server's connection, and none that Connection names"),
    removals: [[headers("!hopByHop.has(name) && ", "")], [headers(" && !named.has(name)", "")]],
  },
  {
    input: "A wrong Content-Length",
    result: "computed anew",
    test: forwarding("sends every byte of a body"),
    removals: [
      [
        headers("|content-length|", "|"),
        upstream('        ...(body !== undefined && { "content-length": String(body.length) }),\n', ""),
      ],
    ],
  },
  {
    input: "Content-Length and Transfer-Encoding at once",
    result: "400",
    test: requests("are refused with both Content-Length and Transfer-Encoding"),
    removals: [
      [
        headers(
          'if (client["content-length"] !== undefined && client["transfer-encoding"] !== undefined) throw invalidHeaders();',
          "",
        ),
      ],
    ],
  },
  {
    input: "A header that would be two, or is none",
    result: "400",
    test: requests("are refused with a header that would be two, or is none"),
    removals: [
      [headers("!validName.test(name) || ", "")],
      [headers(" || values.some((value) => invalidValue.test(value))", "")],
    ],
  },
  {
    input: "An invalid traceparent",
    result: "not passed on, nor its tracestate",
    test: requests("have the client's traceparent when it is valid, and the tracestate with it"),
    removals: [[headers(" || !isTraceparent(parent)", "")], [headers(" || others.length > 0", "")]],
  },
  {
    input: "Bodies of any bytes",
    result: "sent byte by byte",
    test: requests("have the exact bytes of the body"),
    removals: [[event('isBase64Encoded ? "base64" : "utf8"', '"utf8"')]],
  },
  {
    input: "Answers of any bytes",
    result: "returned byte by byte",
    test: forwarding("returns every byte of an answer, text as it is and other bytes in base64"),
    removals: [[forward("const isBase64Encoded = !isUtf8(bytes);", "const isBase64Encoded = false;")]],
  },
  {
    input: "A body that is no base64",
    result: "400",
    test: requests("are refused with a body that is no base64"),
    removals: [[event('if (isBase64Encoded && bytes.toString("base64") !== body) {', "if (bytes.length < 0) {")]],
  },
  {
    input: "A body over 4 MiB",
    result: "413",
    test: requests("are refused with a body over 4 MiB"),
    removals: [[event("if (bytes.length > maxRequestBytes) {", "if (bytes.length < 0) {")]],
  },
  {
    input: "An answer over 6 MB, or without an end",
    result: "502, never cut",
    test: forwarding("answers 502 to an answer over 6 MB, and never cuts one"),
    removals: [
      [forward("if (length > maxAnswerBytes) throw tooLarge();", "if (length > maxAnswerBytes) break;")],
      [forward("  if (bytes.length > surelyFits && ", "  if (bytes.length < 0 && ")],
    ],
  },
  {
    input: "A server that is silent, or slow in its head or its body",
    result: "504 within the deadline",
    test: forwarding("answers 504 within the deadline when a server is silent or slow, and sends a read to no other"),
    removals: [
      [
        upstream(
          'const answering = setTimeout(late("no answer in time"), Math.max(0, deadline - Date.now()));',
          "const answering = undefined;",
        ),
      ],
      [
        forward(
          "const timer = setTimeout(() => response.destroy(late), Math.max(0, deadline - Date.now()));",
          "const timer = late && undefined;",
        ),
      ],
      [upstream("if (Date.now() >= deadline)\n", "if (deadline < 0)\n")],
    ],
  },
  {
    input: "A server that takes no connection",
    result: "another one after a second",
    test: connecting("are given up after a second for another one, and tried last from then on"),
    removals: [
      [
        upstream(
          'const connecting = setTimeout(late("no connection in time"), connectMilliseconds);',
          "const connecting = undefined;",
        ),
      ],
      [upstream("if (!sent) instances.failed(server);", "")],
    ],
  },
  {
    input: "An answer that is cut short, or is no HTTP",
    result: "502",
    test: forwarding("answers 502 when an answer is cut short, is no HTTP, or changes the protocol"),
    removals: [
      [
        forward(
          "throw error instanceof HttpError\n      ? error",
          "if (!(error instanceof HttpError)) return Buffer.concat(chunks);\n    throw error instanceof HttpError\n      ? error",
        ),
      ],
    ],
  },
  {
    input: "A streamed answer whose rest does not arrive",
    result: "ends with an error within the deadline, never as if it were whole",
    test: streams("end with an error, never as if they were whole, when the rest does not arrive"),
    removals: [
      [
        forward(
          'const late = setTimeout(() => response.destroy(new Error("no end in time")), Math.max(0, deadline - Date.now()));',
          "const late = undefined;",
        ),
      ],
      [forward("await pipeline(response, output);", "await pipeline(response, output).catch(() => output.end());")],
    ],
  },
  {
    input: "A redirect",
    result: "passed back, not followed",
    test: forwarding("follows no redirect"),
    removals: [
      [
        upstream(
          "      resolve(response);\n",
          "      const { location } = response.headers;\n      if (location) request(location, resolve).end();\n      else resolve(response);\n",
        ),
      ],
    ],
  },
  {
    input: "A connection that ends after a write was sent",
    result: "502; the write is never sent again",
    test: forwarding("never sends a write again once a server may have received it"),
    removals: [[upstream("if (sent && !mayRepeat) break;", "")]],
  },
  {
    input: "The same after a read",
    result: "sent once more, and not twice",
    test: forwarding("sends a read once more when its connection ends before an answer"),
    removals: [[upstream("if (sent) mayRepeat = false;", "")]],
  },
  {
    input: "Discovery that fails, is throttled or finds none",
    result: "the last servers for 5 minutes, then 503",
    test: servers("are the last ones for 5 minutes while discovery"),
    removals: [
      [instances("if (found.length > 0)", "if (found)")],
      [
        instances(
          ' failed(target, known, "discovery failed", error);',
          ' known.instances = []; failed(target, known, "discovery failed", error);',
        ),
      ],
      [instances(" || now() - known.arrivedAt > lastGoodMilliseconds", "")],
    ],
  },
  {
    input: "A registered address outside the VPC's ranges, or no port",
    result: "never connected to",
    test: servers("have an address in the VPC's ranges and a port, as registered ones may be any"),
    removals: [
      [instances("allowedAddresses.check(address) && ", "")],
      [instances(" && port >= 1 && port <= 65_535", "")],
    ],
  },
  {
    input: "Anything that makes the forwarder fail",
    result: "500 without details",
    test: forwarding("answers 503 when there is no server, and its own failures with 500, without details"),
    removals: [[forward('"The request could not be forwarded"', "String(error)")]],
  },
  {
    input: "Hostile text in a request that is refused",
    result: "not in the answer, and not in the log",
    test: forwarding("says in its own answers nothing that a client sent, and logs no header"),
    removals: [
      [
        event('"The path must begin with a slash and be percent-encoded"', "path"),
        event(
          "  refuseHostilePath(path, undefined);\n",
          '  if (path.includes("..")) throw new HttpError(400, "invalid_path", path);\n',
        ),
      ],
      [
        forward(
          "deadline: number): Promise<IncomingMessage> {\n",
          'deadline: number): Promise<IncomingMessage> {\n    log.warn("forwards", { event: JSON.stringify(event) });\n',
        ),
      ],
    ],
  },
];
