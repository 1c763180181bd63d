import { serve } from "../shared/serve";
import { createApp } from "./app";
import { priceCalculator } from "./contract";

serve(priceCalculator.name, createApp);
