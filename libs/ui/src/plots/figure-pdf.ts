import { figureFont, type FigureChoices } from "./figure";

/** Bytes as base 64, in parts that a call's arguments can hold. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}

/** A figure as PDF of its size, with its text as text: of the font the letters that it needs are part of the file. */
export async function figurePdf(figure: SVGSVGElement, { width, height }: FigureChoices): Promise<Blob> {
  const [{ jsPDF }, { svg2pdf }, font] = await Promise.all([
    import("jspdf"),
    import("svg2pdf.js"),
    fetch(new URL("dejavu-fonts-ttf/ttf/DejaVuSans.ttf", import.meta.url)).then((answer) => answer.arrayBuffer()),
  ]);
  const document = new jsPDF({
    unit: "mm",
    format: [width, height],
    orientation: width >= height ? "landscape" : "portrait",
    compress: true,
  });
  document.addFileToVFS("DejaVuSans.ttf", base64(new Uint8Array(font)));
  for (const style of ["normal", "bold", "italic"]) document.addFont("DejaVuSans.ttf", figureFont, style);
  document.setFont(figureFont, "normal");
  await svg2pdf(figure, document, { x: 0, y: 0, width, height });
  return document.output("blob");
}
