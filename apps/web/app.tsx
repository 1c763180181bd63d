import { useEffect, useState } from "preact/hooks";
import type { WebConfig } from "./config";
import { Live } from "./live";
import { LiveChanges } from "./live-changes";
import { Link, usePath } from "./path";
import { ServicePage } from "./service-page";
import { Session } from "./session";
import { TenantUsage, useUsage } from "./tenant-usage";

/** Properties of `App`. */
interface AppProps {
  readonly config: WebConfig;
  readonly session: Session;
  /** Why a sign-in that came back did not succeed. */
  readonly problem: string | undefined;
}

/** The page: who is signed in, the services to choose from, one of them to try, and how the API answers. */
export function App({ config, session, problem }: AppProps) {
  const path = usePath();
  const [, redraw] = useState(0);
  useEffect(() => {
    session.changed = () => redraw((count) => count + 1);
  }, [session]);
  const service = config.services.find(({ name }) => path === `/${name}`) ?? config.services[0];
  const usage = useUsage(config.tenants ? config.apiUrl : undefined, session);
  const known = path === "/" || path === `/${service?.name}`;
  return (
    <>
      <a class="skip" href="#content">
        Skip to the service
      </a>
      <header>
        <div class="bar">
          <p class="brand">
            Platform <span class="soft">{config.environment}</span>
          </p>
          <Account config={config} session={session} />
        </div>
        <nav aria-label="Services">
          {config.services.map(({ name, title }) => (
            <Link key={name} to={`/${name}`} current={name === service?.name}>
              {title}
            </Link>
          ))}
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        {problem === undefined ? null : (
          <p class="notice" role="alert">
            {problem}
          </p>
        )}
        {known ? null : <p class="notice">There is no page {path}. This is the first service.</p>}
        {usage === undefined || session.person === undefined ? null : (
          <TenantUsage usage={usage} email={session.person.email} />
        )}
        {service === undefined ? (
          <p class="notice">This environment has no service.</p>
        ) : (
          <>
            <ServicePage key={service.name} apiUrl={config.apiUrl} service={service} session={session} usage={usage} />
            <Live key={`live-${service.name}`} apiUrl={config.apiUrl} service={service} regions={config.regions} />
            {config.liveUrl === undefined || session.person === undefined ? null : (
              <LiveChanges url={config.liveUrl} services={config.services} session={session} />
            )}
          </>
        )}
      </main>
    </>
  );
}

function Account({ config, session }: Pick<AppProps, "config" | "session">) {
  const { person } = session;
  const { signIn, otherSignIn } = config;
  if (person === undefined) {
    return (
      <div class="account">
        <button type="button" class="quiet" onClick={() => void new Session(signIn).begin("signup")}>
          Sign up
        </button>
        <button type="button" onClick={() => void new Session(signIn).begin()}>
          Sign in
        </button>
        {otherSignIn === undefined ? null : (
          <button type="button" class="quiet" onClick={() => void new Session(otherSignIn).begin()}>
            Sign in at {otherSignIn.region}
          </button>
        )}
      </div>
    );
  }
  return (
    <div class="account">
      <span class="person" title={`Groups: ${person.groups.join(", ") || "none"}`}>
        {person.email}
      </span>
      <button type="button" class="quiet" onClick={() => void session.end()}>
        Sign out
      </button>
    </div>
  );
}
