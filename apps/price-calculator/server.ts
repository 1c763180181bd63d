import { withCalls } from "../kit/calls/with-calls";
import { withIdempotency } from "../kit/idempotency";
import { serve } from "../kit/serve";
import { withSessions } from "../kit/session-store";
import { createApp } from "./app";
import { priceCalculator } from "./contract";
import { withPrices } from "./price-cache";
import { callees } from "./prices";

serve(
  priceCalculator.name,
  withCalls(
    priceCalculator,
    callees,
    withIdempotency(priceCalculator, withSessions(priceCalculator, withPrices(createApp))),
  ),
);
