import type { Size } from "../pattern";

/** Memory of a function in MiB for each size; Lambda gives CPU in proportion, one vCPU at 1,769. */
export const functionMemory: Readonly<Record<Size, number>> = { small: 512, medium: 1024, large: 1769 };
