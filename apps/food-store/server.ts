import { serve } from "../kit/serve";
import { createApp } from "./app";
import { foodStore } from "./contract";

serve(foodStore.name, createApp);
