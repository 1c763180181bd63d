/** Why the program keeps what the pack advises against, by rule. */
export const advice: Readonly<Record<"dev" | "prod", Readonly<Record<string, string>>>> = {
  prod: {
    "regions-apart":
      "`prod` plans the whole environment at once. Deployments go by region: `prod.eu-west-1`, then `prod.eu-central-1`.",
    "sign-in-region":
      "Cognito has no replica. Tokens are verified in each region without it, so that only signing in waits for the region.",
    "security-group-egress":
      "Servers call AWS's APIs and partners over HTTPS, whose addresses change; endpoints' policies and the ACLs bound it. Data stores and VPC links have no such rule.",
    "security-group-attached":
      "The group of functions waits in the network layer for functions inside the VPC: it would hold their deletion up for 45 minutes in theirs.",
    "user-pool-threat-protection":
      "The Plus tier costs per user and month; one setting turns it on when the risk is worth it.",
    "zonal-autoshift":
      "It practises weekly on live traffic, which a platform must opt in to when it is in service. Zonal shift by hand is on.",
    "zone-dnssec":
      "Signing needs a key in us-east-1 and a record at the parent zone, which another registrar may hold.",
    "zone-query-log": "Query logs go to us-east-1 only, and hold what clients asked their resolvers for.",
    "group-notifications":
      "Alarms on errors tell people; launches and terminations are in the group's activity history.",
    "log-group-key":
      "CloudWatch encrypts with its own key. Logs hold no personal data, and a key of one's own that is lost stops every service from logging.",
  },
  dev: {
    "security-group-egress": "As in production.",
    "security-group-attached": "As in production.",
    "user-pool-threat-protection": "As in production.",
    "zonal-autoshift": "As in production.",
    "zone-dnssec": "As in production.",
    "zone-query-log": "As in production.",
    "function-reserved-concurrency":
      "A new account has ten concurrent executions and refuses any reservation, so that development asks for none.",
    "group-notifications": "As in production.",
    "log-group-key": "As in production.",
    "load-balancer-deletion-protection": "Development is thrown away and made anew.",
    "table-deletion-protection": "Development is thrown away and made anew.",
    "user-pool-deletion-protection": "Development is thrown away and made anew.",
    "stateful-protected": "Development is thrown away and made anew.",
    "nat-per-zone": "One NAT gateway costs a third; the loss of its zone stops development, which is accepted.",
    "vpc-endpoints": "Endpoints of an interface cost by zone and hour; development goes by its NAT gateway.",
    "target-group-minimum":
      "A service has one server per zone at its minimum here, so that a minimum of two would count every zone as lost.",
  },
};
