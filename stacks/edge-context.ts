import type * as pulumi from "@pulumi/pulumi";
import type { ComputeOutputs, DataOutputs, IdentityOutputs, NetworkOutputs } from "../infra/contract/layer-outputs";
import type { Reference } from "../infra/gateway/reference";
import type { Forwarder } from "../infra/gateway/rest/forwarder";
import type { VpcLink } from "../infra/gateway/vpc-link";
import type { LayerContext } from "./layers";
import type { PrimaryLive } from "./live-changes";

/** Outputs of the layers that the edge layer needs. */
export interface EdgeUpstream {
  readonly network: NetworkOutputs;
  readonly identity: IdentityOutputs;
  readonly backends: ComputeOutputs;
  /** Returns the tables; only called where a REST API reads items itself. */
  readonly tables: () => DataOutputs;
  /**
   * Returns the live changes of the primary region; only called where there are some.
   * @default unset, in the primary region itself
   */
  readonly primaryLive?: () => PrimaryLive;
  /**
   * Hosted zone that the primary region's edge layer has made.
   * @default a hosted zone is made
   */
  readonly hostedZoneId?: pulumi.Input<string>;
}

/** What the gateways of a region have in common. */
export interface EdgeContext {
  readonly context: LayerContext;
  readonly upstream: EdgeUpstream;
  readonly link: VpcLink;
  readonly hostedZoneId: pulumi.Input<string>;
  /** Id of the account. */
  readonly account: pulumi.Output<string>;
  /** Topic of the alarms of gateways and their functions. */
  readonly alarmTopicArn: pulumi.Output<string>;
  /** Publishes the OpenAPI documents. */
  readonly reference: Reference;
}

/** What the REST APIs of a region, the public one and the private one, have in common. */
export interface RestContext extends EdgeContext {
  /** Reaches servers in Cloud Map. @default unset, without such servers behind them */
  readonly forwarder?: Forwarder;
}

/** Returns what decides on the failover of a gateway's names: its services, and how many of them must be healthy. */
export function failoverOf({ config, services }: LayerContext, gateway: "http" | "rest") {
  const { atLeast } = config.failover;
  return {
    services: services
      .filter(({ gateways }) => gateways[gateway])
      // A name leads to one API.
      .map(({ name, critical, failoverName, gateways }) => ({
        name,
        critical,
        ...(failoverName === undefined || (gateway === "rest" && gateways.http) ? {} : { failoverName }),
      })),
    ...(atLeast === undefined ? {} : { atLeast }),
  };
}

/** Returns the part that a region has in failover. */
export function failoverRole({ config, region }: LayerContext) {
  if (config.regions.length === 1) return "only";
  return config.regions[0]!.name === region.name ? "primary" : "secondary";
}
