import { withBucket } from "../kit/objects";
import { serve } from "../kit/serve";
import { createApp } from "./app";
import { petStore } from "./contract";

serve(petStore.name, withBucket(petStore.name, createApp));
