import { block } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

/** Lifetimes of a client and the key of each one's unit. */
const units = [
  ["accessTokenValidity", "accessToken"],
  ["idTokenValidity", "idToken"],
  ["refreshTokenValidity", "refreshToken"],
] as const;

export const clientTokenUnits: ResourceRule = {
  scope: "resource",
  name: "client-token-units",
  types: [T.userPoolClient],
  holds: "A token's lifetime has a unit.",
  why: "Cognito reads a bare number as hours for access and ID tokens and as days for refresh tokens: 15 becomes 15 hours.",
  mend: "set tokenValidityUnits for each lifetime",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TokenValidityUnitsType.html",
  check(client, { report }) {
    const given = block(client.props["tokenValidityUnits"]);
    const bare = units.filter(([key, unit]) => client.props[key] !== undefined && given[unit] === undefined);
    if (bare.length > 0)
      report(client, `must give units of its lifetimes, got none for ${bare.map(([key]) => key).join(", ")}`);
  },
};
