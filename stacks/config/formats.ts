import { z } from "zod";

/** Schema of a lower-case domain name. @example "api.example.com" */
export const domainName = z
  .string()
  .max(253)
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    "must be a lower-case domain name such as api.example.com",
  );
/** Schema of the name of an AWS region. @example "eu-west-1" */
export const regionName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region such as eu-west-1");
/** Schema of the name of an Availability Zone. @example "eu-west-1a" */
export const zoneName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "must be a zone such as eu-west-1a");
/**
 * Schema of an origin that browsers may send requests from; plain HTTP for localhost only.
 * @example "https://app.example.com"
 */
export const origin = z
  .string()
  .regex(
    /^https:\/\/[a-z0-9.-]+(:\d+)?$|^http:\/\/localhost(:\d+)?$/,
    "must be an exact origin such as https://app.example.com, never *",
  );
/**
 * Schema of a URL that the sign-in page returns to; plain HTTP for localhost only.
 * @example "https://app.example.com/signed-in"
 */
export const signInUrl = z
  .string()
  .max(1024)
  .regex(
    /^(https:\/\/[a-z0-9.-]+|http:\/\/localhost)(:\d+)?\/[\w./-]*$/,
    "must be an exact https URL (http for localhost only)",
  );
/**
 * Schema of the URL of an endpoint outside the platform: HTTPS, without a query.
 * @example "https://legacy.example.com/rates"
 */
export const httpsUrl = z
  .string()
  .max(1024)
  .regex(/^https:\/\/[a-z0-9.-]+(:\d+)?(\/[\w./{}-]*)?$/, "must be an https URL without query");
