import { randomBytes } from "node:crypto";

/** Returns a new id of a connection, in the form of API Gateway's. @example "L0SM9cOFvHcCIhw=" */
export function newConnectionId(): string {
  return randomBytes(11).toString("base64");
}

/** Tells whether a text can be the id of a connection. */
export function isConnectionId(text: string): boolean {
  return /^[A-Za-z0-9+/_-]{15}=?=?$/.test(text);
}
