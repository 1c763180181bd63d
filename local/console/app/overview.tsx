import type { PageProps } from "./app";
import { Curves } from "./curves";
import { Events } from "./events";
import { count, share } from "./format";
import { type LiveState, sum } from "./live";
import { RegionCard } from "./region-card";

/** What runs where, whether it answers, and what has happened: all that a person looks for first. */
export function Overview({ live }: PageProps) {
  const { regions } = live.view!;
  return (
    <>
      <Summary live={live} />
      <div class="regions">
        {regions.map((region) => (
          <RegionCard key={region.name} region={region} live={live} />
        ))}
      </div>
      <div class="columns">
        <Curves live={live} />
        <Events events={live.events.slice(-12)} />
      </div>
    </>
  );
}

function Summary({ live }: { readonly live: LiveState }) {
  const { name, answeredBy, regions, dark, healthChecks, faults, drills } = live.view!;
  const services = regions.flatMap((region) => region.services);
  const planned = sum(services.map((each) => each.planned));
  // Processes of functions are as many as events need.
  const healthy = sum(services.filter((each) => each.planned > 0).map((each) => Math.min(each.healthy, each.planned)));
  const requests = sum(live.series.map(({ lastMinute }) => lastMinute.requests));
  const failures = sum(live.series.map(({ lastMinute }) => lastMinute.failures));
  const failing = healthChecks.filter((check) => !check.healthy).length;
  const drill = drills.find(({ endedAt }) => endedAt === undefined);
  const lasting = faults.filter(({ endedAt }) => endedAt === undefined);
  const broken = [
    ...(drill ? [drill.phase] : []),
    ...lasting.map(({ kind, how, service, zone, region }) =>
      [kind, service, zone ?? region, how].filter(Boolean).join(" "),
    ),
    ...(dark ? ["the control planes are dark"] : []),
  ];
  return (
    <dl class="summary">
      <Fact title="Answers" tone={answeredBy === regions[0]?.name ? "" : "warn"} detail={name}>
        {answeredBy}
      </Fact>
      <Fact
        title="Servers"
        tone={healthy < planned ? "bad" : ""}
        detail={failing === 0 ? "all health checks pass" : `${count(failing, "health check")} of names failing`}
      >
        {healthy} <small>of {planned} healthy</small>
      </Fact>
      <Fact
        title="Failures, last minute"
        tone={failures > 0 ? "bad" : ""}
        detail={`${share(failures, requests)} of ${count(requests, "request")}`}
      >
        {failures}
      </Fact>
      <Fact
        title="Drill"
        tone={broken.length > 0 ? "warn" : ""}
        detail={broken.join("; ") || "nothing is broken on purpose"}
      >
        {drill?.title ?? (broken.length > 0 ? "running" : "none")}
      </Fact>
    </dl>
  );
}

interface FactProps {
  readonly title: string;
  readonly tone: "" | "warn" | "bad";
  readonly detail: string;
  readonly children: preact.ComponentChildren;
}

function Fact({ title, tone, detail, children }: FactProps) {
  return (
    <div class={`card fact ${tone}`}>
      <dt>{title}</dt>
      <dd>
        <strong>{children}</strong>
        <span class="soft">{detail}</span>
      </dd>
    </div>
  );
}
