import { randomText } from "../random-text";

/**
 * Returns the trace of a request: a client's continues, and gets a parent and a sampling decision where it has none.
 * @example newTrace(undefined) // "Root=1-65f0c1a2-0a1b2c3d4e5f60718293a4b5;Parent=0a1b2c3d4e5f6071;Sampled=0"
 */
export function newTrace(sent: string | undefined, epochMilliseconds: number): string {
  const fields = new Map((sent ?? "").split(";").map((field) => field.split("=", 2) as [string, string]));
  const seconds = Math.floor(epochMilliseconds / 1_000).toString(16);
  const root = fields.get("Root") ?? `1-${seconds}-${randomText(12, "hex")}`;
  const parent = fields.get("Parent");
  const sampled = fields.get("Sampled") ?? (parent === undefined ? "0" : "1");
  return `Root=${root};Parent=${parent ?? randomText(8, "hex")};Sampled=${sampled}`;
}
