import type { RoleUse } from "../workload-credentials";

/** A planned function behind an alias, or one that schedules invoke itself: the settings that are needed to run it. */
export interface FunctionSpec {
  /** ARN of the alias, or of the function itself. */
  readonly aliasArn: string;
  readonly invokeArn: string;
  readonly functionName: string;
  readonly service: string;
  readonly region: string;
  readonly zones: readonly string[];
  /** Language of its code. @default Node.js */
  readonly runtime?: "python";
  /** File of the handler in the artifact: `handler.cjs`. */
  readonly file: string;
  /** Name of the exported handler. */
  readonly export: string;
  /** Folder of the artifact. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The planned role that it runs as. @default none, and no credentials */
  readonly role?: RoleUse;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Most concurrent executions: its reservation, or the account's default quota. */
  readonly reservedConcurrency: number;
  /** Further arguments of Node.js. @default none */
  readonly arguments?: readonly string[];
  /** Execution environments that are kept warm. @default none */
  readonly provisionedConcurrency?: number;
}
