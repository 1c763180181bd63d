/** Why the program keeps what the pack advises against, by rule. */
export const advice: Readonly<Record<"dev" | "prod", Readonly<Record<string, string>>>> = {
  prod: {
    "regions-apart":
      "`prod` plans the whole environment at once. Deployments go by region: `prod.eu-west-1`, then `prod.eu-central-1`.",
    "sign-in-region":
      "Cognito has no replica. Tokens are verified in each region without it, so that only signing in waits for the region.",
    "function-reserved-concurrency":
      "A share is taken from the functions that have none. The gateway's limits bound what reaches `reviews` and the page of the reference; what the forwarder, the callers, the reader of changes and the releasers refuse is tried again.",
    "zonal-autoshift":
      "It practises weekly on live traffic, which a platform must opt in to when it is in service. Zonal shift by hand is on.",
    "zone-dnssec":
      "Signing needs a key in us-east-1 and a record at the parent zone, which another registrar may hold.",
    "zone-query-log": "Query logs go to us-east-1 only, and hold what clients asked their resolvers for.",
    "user-pool-mail":
      "People cannot sign up yet: the few whom an operator invites need fewer than 50 messages a day. SES needs a verified domain and a way out of its sandbox, which the account's owner asks for.",
  },
  dev: {
    "distribution-origin-group":
      "Development has one region, so that the web app's files have one bucket; with a second region there is a group.",
    "zonal-autoshift": "As in production.",
    "spot-floor":
      "Development runs on Spot for its price; AWS may take a server back for the minutes that another one needs.",
    "zone-dnssec": "As in production.",
    "zone-query-log": "As in production.",
    "function-reserved-concurrency":
      "A new account has ten concurrent executions and refuses any reservation, so that development asks for none.",
    "load-balancer-deletion-protection": "Development is thrown away and made anew.",
    "table-deletion-protection": "Development is thrown away and made anew.",
    "user-pool-deletion-protection": "Development is thrown away and made anew.",
    "stateful-protected": "Development is thrown away and made anew.",
    "nat-per-zone": "One NAT gateway costs a third; the loss of its zone stops development, which is accepted.",
    "request-path-endpoints":
      "The forwarder asks Cloud Map through the NAT gateway, as development has no such endpoint.",
    "vpc-endpoints": "Endpoints of an interface cost by zone and hour; development goes by its NAT gateway.",
  },
};
