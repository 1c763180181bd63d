import type { RegionLimits } from "../planned";
import { useRead } from "./api";

/** The limits of routes and of tenants' keys. */
export function Limits() {
  const limits = useRead("limits", {}, 5_000);
  return (
    <div class="columns">
      {limits?.map((each) => (
        <Region key={each.region} {...each} />
      ))}
    </div>
  );
}

function Region({ region, routes, plans }: RegionLimits) {
  return (
    <section class="card" aria-labelledby={`limits-${region}`}>
      <h2 id={`limits-${region}`}>{region}</h2>
      {plans.length === 0 && <p class="soft">No tenants: this environment plans no usage plans.</p>}
      {plans.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">tier</th>
              <th scope="col">a key's limit</th>
              <th scope="col">quota</th>
              <th scope="col">keys</th>
            </tr>
          </thead>
          <tbody>
            {plans.map(({ name, rate, burst, quota, keys }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{rate === undefined ? "none" : `${rate}/s, burst ${burst}`}</td>
                <td>{quota ?? "none"}</td>
                <td>
                  {keys.length === 0 && <span class="soft">none</span>}
                  {keys.map(({ id, enabled, used }) => (
                    <div key={id}>
                      {id} {enabled ? "" : "off"} <span class="soft">{used === undefined ? "" : `${used} used`}</span>
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h3>Routes</h3>
      <table>
        <tbody>
          {routes.map(({ route, rate, burst }) => (
            <tr key={route}>
              <th scope="row" class="long">
                {route}
              </th>
              <td class="number">
                {rate}/s, burst {burst}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
