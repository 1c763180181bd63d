import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clientHidesUsers: ResourceRule = {
  scope: "resource",
  name: "client-hides-users",
  types: [T.userPoolClient],
  holds: "A failed sign-in does not tell whether the user exists.",
  why: "Else a list of addresses becomes a list of customers.",
  mend: "set preventUserExistenceErrors to ENABLED",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html",
  check(client, context) {
    requireOneOf(client, context, "preventUserExistenceErrors", ["ENABLED"], "not tell who exists");
  },
};
