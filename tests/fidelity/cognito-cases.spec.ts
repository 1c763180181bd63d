import { readCognitoCases } from "./cognito-cases";
import { observeCognito } from "./cognito-observe";
import { describeCases } from "./describe-cases";

describeCases({
  title: "the local user pool",
  areas: readCognitoCases(),
  counts: { recorded: 10, documented: 53, "third-party": 8, observed: 19 },
  observe: observeCognito,
});
