/** The part of Plotly that Basin calls; every partial bundle offers it. */
interface PlotlyLibrary {
  react(element: HTMLElement, traces: readonly object[], layout: object, config: object): Promise<PlotlyElement>;
  purge(element: HTMLElement): void;
  toImage(
    figure: { data: readonly object[]; layout: object; config?: object },
    options: { format: "png" | "svg"; width: number; height: number; scale?: number },
  ): Promise<string>;
  Plots: { resize(element: HTMLElement): unknown };
}
interface PlotlyElement extends HTMLElement {
  data: readonly { [option: string]: unknown }[];
  layout: { [option: string]: unknown };
  on(event: string, listener: (event: unknown) => void): void;
  removeAllListeners(event: string): void;
}
declare module "plotly.js-cartesian-dist-min" {
  const library: PlotlyLibrary;
  export default library;
}
declare module "plotly.js-gl3d-dist-min" {
  const library: PlotlyLibrary;
  export default library;
}
