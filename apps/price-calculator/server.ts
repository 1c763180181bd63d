import { serve } from "../kit/serve";
import { createApp } from "./app";
import { priceCalculator } from "./contract";

serve(priceCalculator.name, createApp);
