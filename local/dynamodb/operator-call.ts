import { once } from "node:events";
import { request } from "node:http";
import { operatorKeys } from "../iam/access";
import { type Keys, signedHeaders } from "../iam/sigv4/signed-headers";

/** Calls DynamoDB's API at an address as the operator of the platform. @param version  of the API @throws {Error} with DynamoDB's message, named as its exception */
export function callAsOperator(
  url: string,
  region: string,
  operation: string,
  body: object,
  version = "DynamoDB_20120810",
): Promise<any> {
  return callAs(operatorKeys, { url, region }, `${version}.${operation}`, body);
}

/**
 * Calls DynamoDB's API at an address with keys.
 * @param target  `<version of the API>.<operation>`
 * @throws {Error} with DynamoDB's message, named as its exception
 */
export async function callAs(
  keys: Keys,
  { url, region }: { readonly url: string; readonly region: string },
  target: string,
  body: object,
): Promise<any> {
  const text = JSON.stringify(body);
  const headers = headersSignedWith(keys, url, region, target, text);
  const call = request(url, { method: "POST", headers, agent: false }).end(text);
  const [response] = await once(call, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const answer = JSON.parse(Buffer.concat(chunks).toString());
  if (response.statusCode === 200) return answer;
  const error = new Error(`dynamodb: ${target.split(".").at(-1)} failed: ${answer.message ?? answer.__type}`);
  throw Object.assign(error, { name: String(answer.__type).split("#").at(-1) });
}

/**
 * Returns the headers of a call of DynamoDB's API that the operator signs.
 * @param target  `<version of the API>.<operation>`
 */
export function operatorHeaders(url: string, region: string, target: string, body: string): Record<string, string> {
  return headersSignedWith(operatorKeys, url, region, target, body);
}

function headersSignedWith(keys: Keys, url: string, region: string, target: string, body: string) {
  const { host } = new URL(url);
  const headers = { host, "content-type": "application/x-amz-json-1.0", "x-amz-target": target };
  return signedHeaders({ method: "POST", headers, body }, keys, { region, service: "dynamodb" });
}
