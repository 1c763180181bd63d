import { withIdempotency } from "../kit/idempotency";
import { withTables } from "../kit/key-table";
import { withOwnSettings } from "../kit/own-settings";
import { serve } from "../kit/serve";
import { createApp } from "./app";
import { shipping, shippingTables } from "./contract";

serve(
  shipping.name,
  withOwnSettings(shipping, withIdempotency(shipping, withTables(shipping.name, shippingTables, createApp))),
);
