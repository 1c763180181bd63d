import { withIdempotency } from "../kit/idempotency";
import { withOwnSettings } from "../kit/own-settings";
import { serve } from "../kit/serve";
import { createApp } from "./app";
import { shipping } from "./contract";

serve(shipping.name, withOwnSettings(shipping, withIdempotency(shipping, createApp)));
