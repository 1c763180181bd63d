import { serve } from "../kit/serve";
import { createApp } from "./app";
import { petStore } from "./contract";

serve(petStore.name, createApp);
