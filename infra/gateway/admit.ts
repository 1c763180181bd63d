import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../contract/assert-never";
import type { Backend, FunctionBackend } from "../contract/backend";
import type { RouteSpec, ServiceSpec } from "../contract/service";
import { linkToBalancer, linkToServer } from "../traffic/flows";
import { connect } from "../traffic/security-group";
import type { Link } from "./vpc-link";

export interface AdmitArgs {
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly backend: Backend;
  readonly link: Link;
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>`; a permission adds method and path. */
  readonly stageArn: pulumi.Input<string>;
  readonly routes: readonly RouteSpec[];
}

/** Lets one gateway reach one backend, and nothing else do so. Needs ids only, so it works across stacks. */
export function admit(name: string, args: AdmitArgs, opts: pulumi.CustomResourceOptions): void {
  const { service, backend, link } = args;
  const connectTo = (to: pulumi.Input<string>, flow: ReturnType<typeof linkToServer>) =>
    connect(`${name}-link`, { flow, from: link.securityGroupId, to }, opts);
  switch (backend.kind) {
    case "listener":
      connectTo(backend.securityGroupId, linkToBalancer(service));
      return;
    case "discovery":
      connectTo(backend.securityGroupId, linkToServer(service));
      return;
    case "function":
      for (const route of args.routes) permit(`${name}-${route.id}`, backend, route, args.stageArn, opts);
      return;
    case "url":
      return; // the legacy endpoint admits on its own side
    default:
      assertNever(backend);
  }
}

/** One permission per route, on the alias, so that no other API, stage, method or path may invoke. */
function permit(
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
