import type { FaultKind } from "./relay";

/** A server of a service: of a zone or region alone, where these are given. */
export interface ServerPlace {
  /** @default one that has several servers */
  readonly service?: string | undefined;
  readonly region?: string | undefined;
  readonly zone?: string | undefined;
}

/** What fails: a server, the store of a region, a zone with all that runs in it, or a whole region with its gateways. */
export type FaultPlace =
  | { readonly server: ServerPlace }
  | { readonly store: string }
  | { readonly zone: string }
  | { readonly region: string };

/** How something fails. `docs/drills.md` says what each does where. */
export type How = FaultKind | "silence" | "kill" | "slow" | "flaky" | "shift";

/** What can be broken by name in a platform that runs, and how: the first is the default. */
export const faultKinds = {
  instance: ["kill", "hang", "slow"],
  zone: ["silence", "kill", "hang", "shift"],
  region: ["silence", "refuse", "kill"],
  dependency: ["refuse", "hang", "slow", "flaky"],
} as const satisfies Readonly<Record<string, readonly How[]>>;

/** What can be broken by name. */
export type FaultName = keyof typeof faultKinds;
