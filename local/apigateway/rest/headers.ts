/** Names and values of headers in their order, as written. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/*
 * What API Gateway does with headers is recorded: github.com/localstack/localstack,
 * tests/aws/services/apigateway/test_apigateway_integrations.snapshot.json (test_apigateway_header_remapping).
 */

/** Headers of a client that nothing behind the gateway sees. */
const droppedFromRequests = new Set([
  ...["connection", "content-length", "content-md5", "expect", "max-forwards", "proxy-authenticate", "server", "te"],
  ...["transfer-encoding", "trailer", "upgrade", "www-authenticate"],
]);
/** Headers whose names API Gateway writes in its own way. */
const recased: Readonly<Record<string, string>> = { authorization: "Authorization", "user-agent": "User-Agent" };
/** Headers of an integration's answer that clients get as `x-amzn-Remapped-<name>`. */
const remapped = new Set([
  ...["authorization", "connection", "content-length", "content-md5", "date", "expect", "host", "max-forwards"],
  ...["proxy-authenticate", "server", "trailer", "upgrade", "user-agent", "www-authenticate"],
]);

/** Returns the headers of a request that mappings, functions and integrations may see. */
export function requestHeaders(rawHeaders: readonly string[]): HeaderList {
  const list: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    const lower = name.toLowerCase();
    if (!droppedFromRequests.has(lower)) list.push([recased[lower] ?? name, rawHeaders[i + 1]!]);
  }
  return list;
}

/** Returns the headers of an integration's answer as a client gets them. */
export function responseHeaders(headers: HeaderList): HeaderList {
  return headers
    .filter(([name]) => !/^(?:transfer-encoding|via|keep-alive)$/i.test(name))
    .map(([name, value]) => [remapped.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name, value]);
}

/** Returns the last value of a header whose name may be written in any way. */
export function lastValue(headers: HeaderList, name: string): string | undefined {
  return headers.findLast(([each]) => each.length === name.length && each.toLowerCase() === name.toLowerCase())?.[1];
}

/** Returns headers without those of some names, which may be written in any way. */
export function without(headers: HeaderList, names: readonly string[]): HeaderList {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  return headers.filter(([name]) => !lower.has(name.toLowerCase()));
}

/** Returns headers in which others replace those of the same name. */
export function replaced(headers: HeaderList, by: HeaderList): HeaderList {
  return [
    ...without(
      headers,
      by.map(([name]) => name),
    ),
    ...by,
  ];
}

/** Returns headers, and those of others whose names are not among them. */
export function withDefaults(headers: HeaderList, defaults: HeaderList): HeaderList {
  return [
    ...headers,
    ...without(
      defaults,
      headers.map(([name]) => name),
    ),
  ];
}

/** Returns the last value of each name, names as they are written. */
export function singleValues(list: HeaderList): Readonly<Record<string, string>> {
  return Object.fromEntries(list);
}

/** Returns all values of each name, names as they are written. */
export function multiValues(list: HeaderList): Readonly<Record<string, readonly string[]>> {
  const values = new Map<string, string[]>();
  for (const [name, value] of list) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

/** Encodes a text for a header: UTF-8, one byte per character, without control characters that could end the line. */
export function headerText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through
  return Buffer.from(text.replace(/[\u0000-\u001f\u007f]/g, " ")).toString("latin1");
}
