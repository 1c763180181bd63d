import type { ServiceContract } from "../../apps/kit/contract";
import { type ConfigProblem, formatValue } from "./problems";
import type { PlatformConfig } from "./schema";

/** Checks that who is told of changes is told of changes that are published, each once. */
export function* eventsProblems(
  { subscribers, emails }: PlatformConfig["events"],
  contracts: Readonly<Record<string, ServiceContract>>,
): Iterable<ConfigProblem> {
  const names = Object.values(contracts).flatMap(({ name, publishes }) => (publishes ? [name] : []));
  const told = [
    ...subscribers.map(({ service, kinds, url }, i) => ({
      path: `events.subscribers[${i}]`,
      service,
      kinds,
      to: [url],
    })),
    ...emails.map(({ service, kinds, addresses }, i) => ({
      path: `events.emails[${i}]`,
      service,
      kinds,
      to: addresses,
    })),
  ];
  for (const [i, { path, service, kinds = [], to }] of told.entries()) {
    if (!names.includes(service)) {
      yield {
        path: `${path}.service`,
        text: `must be a service that publishes changes (${names.join(", ") || "none does"}), got ${formatValue(service)}; correct it`,
      };
    }
    if (new Set(kinds).size < kinds.length) {
      yield { path: `${path}.kinds`, text: `must be different, got ${formatValue(kinds)}; remove one` };
    }
    const before = told.slice(0, i).filter((each) => each.service === service);
    const twice = to.find((one) => before.some((each) => each.to.includes(one)));
    if (twice !== undefined) {
      yield {
        path,
        text: `must tell each address of a service's changes once, got ${formatValue(twice)} twice for ${service}; join the entries`,
      };
    }
  }
}
