import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../contract/assert-never";
import type { Backend, FunctionBackend } from "../contract/backend";
import type { RouteSpec, ServiceSpec } from "../contract/service";
import { linkToBalancer, linkToServer } from "../traffic/flows";
import { connectGroups } from "../traffic/security-group";
import type { VpcLinkOutputs } from "./vpc-link";

/** Arguments of `admitGateway`. */
export interface AdmitGatewayArgs {
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly backend: Backend;
  readonly link: VpcLinkOutputs;
  /** ARN `arn:aws:execute-api:<region>:<account>:<api>/<stage>`; a permission adds method and path to it. */
  readonly stageArn: pulumi.Input<string>;
  readonly routes: readonly RouteSpec[];
}

/**
 * Makes the rules or permissions that let one gateway, and nothing else, reach one backend. It needs ids only, so it
 * works across stacks.
 */
export function admitGateway(name: string, args: AdmitGatewayArgs, opts: pulumi.CustomResourceOptions): void {
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
    case "function":
      for (const route of args.routes) permitRoute(`${name}-${route.id}`, backend, route, args.stageArn, opts);
      return;
    case "url":
      return; // access to a legacy endpoint is controlled by its owner
    default:
      assertNever(backend);
  }
}

/** Makes the permission of one route on the alias, so that no other API, stage, method or path may invoke it. */
function permitRoute(
  name: string,
  backend: FunctionBackend,
  route: RouteSpec,
  stageArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  new lambda.Permission(
    `${name}-permission`,
    {
      action: "lambda:InvokeFunction",
      function: backend.functionArn,
      qualifier: pulumi.output(backend.aliasArn).apply((arn) => arn.slice(arn.lastIndexOf(":") + 1)),
      principal: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${stageArn}/${route.method}${route.path.replace(/\{[^}]+\}/g, "*")}`,
    },
    opts,
  );
}
