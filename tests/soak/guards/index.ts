import { forwarderThreats } from "./forwarder";
import { identityThreats } from "./identity";
import { imageThreats } from "./images";
import { issuerThreats } from "./issuers";
import { messageThreats } from "./messages";
import { planThreats } from "./plans";
import { privateThreats } from "./private";
import { pythonThreats } from "./python";
import { roleThreats } from "./roles";
import { sessionThreats } from "./sessions";
import { signInThreats } from "./sign-in";
import type { Threat } from "./threat";
import { tokenThreats } from "./tokens";
import { workThreats } from "./work";

/** The threats of each topic, as docs/threats.md lists them. */
export const threats: Readonly<Record<string, readonly Threat[]>> = {
  "Tokens of tenants": tokenThreats,
  "Tokens of other issuers": issuerThreats,
  "Signing up and in": identityThreats,
  "The forwarder": forwarderThreats,
  "CORS, caches and usage plans": planThreats,
  "What the functions may do": roleThreats,
  "The private API, signatures and roles": privateThreats,
  "Messages between services": messageThreats,
  "Images from outside": imageThreats,
  "Work, keys, prices and dead letters": workThreats,
  Sessions: sessionThreats,
  "Services in Python": pythonThreats,
  "Sign-in on this machine": signInThreats,
};
