/** A planned function behind an alias, as far as running it needs. */
export interface FunctionSpec {
  readonly aliasArn: string;
  readonly invokeArn: string;
  readonly functionName: string;
  readonly service: string;
  readonly region: string;
  readonly zones: readonly string[];
  /** `handler.cjs` in the artifact, and what it exports. */
  readonly file: string;
  readonly export: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Most concurrent executions. */
  readonly reserved: number;
  /** Executions kept initialised. */
  readonly provisioned: number;
}
