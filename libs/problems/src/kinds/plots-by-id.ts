import type { PlotDataInput } from "@basin/contracts";

/** Plots of one finished run by the id that the experiment's descriptor gives them; one that makes no sense for a configuration is left out. */
export type PlotsById = Readonly<Record<string, PlotDataInput>>;
