/** Returns the name of the parameter that has a secret. @example "/platform/prod/shipping/CARRIER_KEY" */
export function secretName(of: {
  readonly environment: string;
  readonly service: string;
  readonly secret: string;
}): string {
  return `/platform/${of.environment}/${of.service}/${of.secret}`;
}
