import { readCaseFiles } from "./case-files";
import type { Grade } from "./cases";
import type { JsonValue } from "./match";

/** One thing that a WebSocket API does, with its source. */
export interface WebSocketCase {
  readonly id: string;
  readonly grade: Grade;
  readonly source: string;
  readonly note?: string;
  readonly given?: WebSocketGiven;
  /** What a client and a caller of the @connections API do, one after the other, once the connection is open. */
  readonly steps?: readonly WebSocketStep[];
  /** What is observed, in part: see `observeWebSocket`. */
  readonly expected: JsonValue;
  /** Why the local platform does something else; docs/live-changes.md names the case. */
  readonly deviation?: string;
}

/** The API of a case, and the client's request for a connection. */
export interface WebSocketGiven {
  /** Keys of routes. @default "$connect", "$default" and "$disconnect" */
  readonly routes?: readonly string[];
  /** @default "$request.body.action" */
  readonly routeSelectionExpression?: string;
  /** What an authorizer of `$connect` decides. @default there is none */
  readonly authorizer?: "allow" | "deny";
  /** What the function of `$connect` answers. @default 200 */
  readonly connect?: JsonValue | "throws";
  /** What it answers to messages, one after the other. @default 200 */
  readonly messages?: readonly JsonValue[];
  /** Subprotocols that the client offers. @default none */
  readonly protocols?: readonly string[];
  /** How many times faster than planned time passes. @default 1 */
  readonly timeScale?: number;
}

/** A step of a case: one of its properties. */
export interface WebSocketStep {
  /** Sends a text message, and waits until its route has dealt with it. */
  readonly send?: string;
  /** Sends a message in one frame of so many bytes. */
  readonly sendBytes?: number;
  /** Calls `<method> /<stage>/@connections/<id of the connection>`, signed. */
  readonly call?: { readonly method: "GET" | "POST" | "DELETE"; readonly body?: string; readonly bytes?: number };
  /** The client ends the connection. */
  readonly close?: true;
  /** Waits until the connection has ended, for so many planned minutes at most. */
  readonly ends?: number;
}

/** Reads every case of WebSocket APIs by area. */
export function readWebSocketCases(): ReadonlyMap<string, readonly WebSocketCase[]> {
  return readCaseFiles<WebSocketCase>("websocket-cases");
}
