/** What Basin calls of the packages that write PDF; both are loaded when the first PDF is saved. */
declare module "jspdf" {
  export class jsPDF {
    constructor(options: { unit: "mm"; format: [number, number]; orientation: "portrait" | "landscape"; compress: boolean });
    addFileToVFS(name: string, base64: string): void;
    addFont(file: string, family: string, style: string): void;
    setFont(family: string, style: string): void;
    output(type: "blob"): Blob;
  }
}
declare module "svg2pdf.js" {
  import type { jsPDF } from "jspdf";
  export function svg2pdf(
    figure: Element,
    document: jsPDF,
    place: { x: number; y: number; width: number; height: number },
  ): Promise<jsPDF>;
}
