import type { Choice } from "./chosen-services";
import type { Access } from "./iam/access";
import type { SupervisorOptions } from "./processes/supervisor-options";

/** What `Workloads` starts servers and functions with. */
export interface WorkloadsOptions extends Omit<SupervisorOptions, "registry" | "overrides">, Choice {
  /** Returns variables that replace planned ones in all of a region: addresses of the stores and of the AWS APIs. */
  readonly overridesIn: (region: string) => Readonly<Record<string, string>>;
  /** Planned origin outside -> origin of this machine. */
  readonly origins: Readonly<Record<string, string>>;
  /** Origin of the program of this machine that stands in for the image of a service, by service. */
  readonly instead: Readonly<Record<string, string>>;
  /** URLs of web apps on this machine by the planned ones, whose pages may read the same answers. */
  readonly pages: ReadonlyMap<string, string>;
  /** Decides who may call the API of Cloud Map. */
  readonly access: Access;
}
