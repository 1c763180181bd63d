import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../contract/assert-never";
import type { Backend } from "../contract/backend";
import type { RouteSpec, ServiceSpec } from "../contract/service";
import { linkToBalancer, linkToServer } from "../traffic/flows";
import { connectGroups } from "../traffic/security-group";
import { routeResource } from "./route-resource";
import type { VpcLinkOutputs } from "./vpc-link";

/** Arguments of `admitLink`. */
export interface AdmitLinkArgs {
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly backend: Backend;
  readonly link: VpcLinkOutputs;
}

/** Arguments of `permitRoutes`. */
export interface PermitRoutesArgs {
  readonly backend: Backend;
  /** ARN `arn:aws:execute-api:<region>:<account>:<api>/<stage>`; a permission adds method and path to it. */
  readonly stageArn: pulumi.Input<string>;
  readonly routes: readonly RouteSpec[];
  /** Whether the API passes answers on as they are made. @default false */
  readonly streams?: boolean;
}

/**
 * Makes the security group rules that let the VPC link reach one backend. All gateways of a region share the link, so
 * they are made once: EC2 refuses a second rule that is equal. It needs ids only, so it works across stacks.
 */
export function admitLink(name: string, args: AdmitLinkArgs, opts: pulumi.CustomResourceOptions): void {
  const { service, backend, link } = args;
  const connectTo = (to: pulumi.Input<string>, flow: ReturnType<typeof linkToServer>) =>
    connectGroups(`${name}-link`, { flow, from: link.securityGroupId, to }, opts);
  switch (backend.kind) {
    case "listener":
      connectTo(backend.securityGroupId, linkToBalancer(service));
      return;
    case "discovery":
      connectTo(backend.securityGroupId, linkToServer(service));
      return;
    case "function": // an API invokes it by Lambda's own API
    case "queue": // and puts messages into it as a role
    case "url": // access to a legacy endpoint is controlled by its owner
      return;
    default:
      assertNever(backend);
  }
}

/**
 * Makes the permissions that let one stage of an API, and no other, invoke a backend that is a function. Each names method
 * and path of its route, and the alias that answers it.
 */
export function permitRoutes(name: string, args: PermitRoutesArgs, opts: pulumi.CustomResourceOptions): void {
  const { backend, routes, stageArn, streams = false } = args;
  if (backend.kind !== "function") return;
  for (const route of routes) {
    const alias = pulumi.output(streams && route.stream ? backend.streamingAliasArn : backend.aliasArn);
    new lambda.Permission(
      `${name}-${route.id}-permission`,
      {
        action: "lambda:InvokeFunction",
        function: alias.apply((arn) => splitAlias(arn)[0]),
        qualifier: alias.apply((arn) => splitAlias(arn)[1]),
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${stageArn}/${routeResource(route)}`,
      },
      opts,
    );
  }
}

/** Splits the ARN of an alias into that of its function and the alias's name. */
function splitAlias(arn: string): readonly [functionArn: string, name: string] {
  const colon = arn.lastIndexOf(":");
  return [arn.slice(0, colon), arn.slice(colon + 1)];
}
