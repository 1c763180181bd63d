import { assertNever } from "../../infra/contract/assert-never";
import type { Backend, ComputeBackend } from "../../infra/contract/backend";

// Never compiled with the program: tests/types.spec.ts compiles it and expects the errors named at the ends of lines.

export const halfAListener: Backend = { kind: "listener", listenerArn: "arn", port: 80 }; // error TS2322
export const misspelt: Backend = { kind: "functoin", functionArn: "arn" }; // error TS2820
export const mixed: Backend = { kind: "url", url: "https://example.com", port: 80 }; // error TS2353
export const noServer: ComputeBackend = { kind: "url", url: "https://example.com" }; // error TS2322

/** Forgets functions. */
export function address(backend: ComputeBackend): unknown {
  switch (backend.kind) {
    case "listener":
      return backend.dnsName;
    case "discovery":
      return backend.namespaceName;
    default:
      return assertNever(backend); // error TS2345
  }
}

export function port(backend: Backend): unknown {
  return backend.port; // error TS2339
}
