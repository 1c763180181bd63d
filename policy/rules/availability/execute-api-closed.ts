import { requireTrue } from "../../core/require";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const executeApiClosed: StackRule = {
  scope: "stack",
  name: "execute-api-closed",
  types: [T.api, T.restApi],
  holds: "An API with a domain of its own is called by that name only.",
  why: "Whoever calls the generated name stays in a region that failed.",
  mend: "set disableExecuteApiEndpoint to true",
  severity: "medium",
  level: "mandatory",
  ids: { availability: 36 },
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html",
  check(api, context) {
    const rest = api.type === T.restApi;
    const mappings = rest
      ? context.stack.referrers(api, "aws:apigateway/basePathMapping:BasePathMapping", "restApi")
      : context.stack.referrers(api, T.apiMapping, "apiId");
    if (mappings.length > 0) requireTrue(api, context, "disableExecuteApiEndpoint", "close its generated name");
  },
};
