import type { Access, Ask, AskingCaller } from "./access";

/** Settings of `InsideAccess`. */
export interface InsideAccessOptions {
  /** Decides on calls. */
  readonly access: Access;
  /** That of the plan. */
  readonly account: string;
  /** Returns who has the permissions of a planned role; undefined for one that is not planned. */
  readonly sessionOf: (roleArn: string) => AskingCaller | undefined;
}

/** Decides on what AWS's services do for each other: as themselves, or as a planned role that they assume. */
export class InsideAccess {
  constructor(private readonly options: InsideAccessOptions) {}

  /**
   * Asks as a service, which only the policies of resources let in.
   * @param principal  @example "sns.amazonaws.com"
   * @param sourceArn  the resource that the service does it for
   * @throws {AccessDenied}
   */
  asService(principal: string, sourceArn: string, region: string, asks: readonly Ask[]): void {
    const { access, account } = this.options;
    const caller = { kind: "service", service: principal } as const;
    const source = { "aws:SourceArn": sourceArn, "aws:SourceAccount": sourceArn.split(":")[4] || account };
    const withSource = asks.map((ask) => ({ ...ask, context: { ...source, ...ask.context } }));
    access.decide({ caller, identity: [] }, "", { region, account }, withSource);
  }

  /**
   * Asks as a role. One that is not planned may do nothing.
   * @param service  that is asked, as signatures name it
   * @throws {AccessDenied}
   */
  asRole(roleArn: string, service: string, region: string, asks: readonly Ask[]): void {
    const { access, account, sessionOf } = this.options;
    const caller = { kind: "session", arn: roleArn, role: roleArn, account } as const;
    access.decide(sessionOf(roleArn) ?? { caller, identity: [] }, service, { region, account }, asks);
  }
}
