import type { Subscriber } from "../../infra/messaging/subscribers";
import type { PlatformConfig } from "./schema";

/** Returns who outside the platform is told of changes, by the service that publishes them. */
export function subscribersOf({ subscribers, emails }: PlatformConfig["events"]): Record<string, Subscriber[]> {
  const all = [
    ...subscribers.map(({ service, url, kinds }) => ({ service, kinds, protocol: "https" as const, endpoint: url })),
    ...emails.flatMap(({ service, addresses, kinds }) =>
      addresses.map((endpoint) => ({ service, kinds, protocol: "email" as const, endpoint })),
    ),
  ];
  return Object.fromEntries(
    [...new Set(all.map(({ service }) => service))].map((service) => [
      service,
      all.filter((each) => each.service === service),
    ]),
  );
}
