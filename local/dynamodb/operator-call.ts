import { once } from "node:events";
import { request } from "node:http";
import { operatorKeys } from "../iam/access";
import { signedHeaders } from "../iam/sigv4/signed-headers";

/** Calls DynamoDB's API at an address as the operator of the platform. @param version  of the API @throws {Error} with DynamoDB's message, named as its exception */
export async function callAsOperator(
  url: string,
  region: string,
  operation: string,
  body: object,
  version = "DynamoDB_20120810",
): Promise<any> {
  const text = JSON.stringify(body);
  const headers = operatorHeaders(url, region, `${version}.${operation}`, text);
  const call = request(url, { method: "POST", headers, agent: false }).end(text);
  const [response] = await once(call, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const answer = JSON.parse(Buffer.concat(chunks).toString());
  if (response.statusCode === 200) return answer;
  const error = new Error(`dynamodb: ${operation} failed: ${answer.message ?? answer.__type}`);
  throw Object.assign(error, { name: String(answer.__type).split("#").at(-1) });
}

/**
 * Returns the headers of a call of DynamoDB's API that the operator signs.
 * @param target  `<version of the API>.<operation>`
 */
export function operatorHeaders(url: string, region: string, target: string, body: string): Record<string, string> {
  const { host } = new URL(url);
  const headers = { host, "content-type": "application/x-amz-json-1.0", "x-amz-target": target };
  return signedHeaders({ method: "POST", headers, body }, operatorKeys, { region, service: "dynamodb" });
}
