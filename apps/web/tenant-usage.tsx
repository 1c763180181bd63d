import { useEffect, useState } from "preact/hooks";
import type { Session } from "./session";
import { ageText, type KnownUsage, limitsText, quotaText, readUsage, type Usage } from "./usage";

const everyMs = 60_000;
/** The first figure may not be there yet. */
const soonMs = 3_000;
const tickMs = 5_000;

/**
 * Returns what the tenant of the person who is signed in may do and has done, asked once a minute while the page is seen.
 * @param apiUrl  of an API with tenants; undefined without tenants
 */
export function useUsage(apiUrl: string | undefined, session: Session): KnownUsage {
  const [usage, setUsage] = useState<KnownUsage>();
  // A new token may be one of another tenant.
  const { person } = session;
  useEffect(() => {
    setUsage(undefined);
    if (apiUrl === undefined || person === undefined) return;
    let timer: ReturnType<typeof setTimeout>;
    let ended = false;
    const ask = async () => {
      const token = document.hidden ? undefined : await session.accessToken();
      const read = token === undefined ? undefined : await readUsage(apiUrl, token);
      if (ended) return;
      if (read !== undefined) setUsage(read);
      timer = setTimeout(() => void ask(), read === undefined ? soonMs : everyMs);
    };
    void ask();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [apiUrl, session, person]);
  return usage;
}

/** The tenant of the person who is signed in: its tier, its limits, how much of its quota is used, and how old that figure is. */
export function TenantUsage({
  usage,
  email,
}: {
  readonly usage: Exclude<KnownUsage, undefined>;
  readonly email: string;
}) {
  if (usage === "none") {
    return (
      <p class="notice">
        {email} is in no tenant. This API admits members of tenants only; who runs it can add people.
      </p>
    );
  }
  const { tenant, tier, quota } = usage;
  return (
    <section class="card tenant" aria-labelledby="tenant-title">
      <div class="bar">
        <h2 id="tenant-title">Tenant {tenant}</h2>
        <span class="soft">
          tier {tier}: {limitsText(usage)}
        </span>
      </div>
      {quota === undefined ? <p class="soft">This tier has no quota.</p> : <Quota usage={usage} quota={quota} />}
    </section>
  );
}

function Quota({ usage, quota }: { readonly usage: Usage; readonly quota: NonNullable<Usage["quota"]> }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, [usage]);
  const { used = 0, asOf } = usage;
  return (
    <div class="quota">
      <meter aria-label="Used quota" min={0} max={quota.requests} high={quota.requests * 0.8} value={used} />
      <p>
        {used.toLocaleString("en")} of {quotaText(quota)} used{" "}
        <span class="soft">
          in this region, as API Gateway said <time dateTime={asOf}>{ageText(now - Date.parse(asOf))}</time>
        </span>
      </p>
    </div>
  );
}
