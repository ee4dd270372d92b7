// Reads PDF documents without leaving the page: app.js loads this on the first opening of a
// document and calls window.sitthiPdf(url, element).
// Pages are drawn on canvases under the strict policy of the site (no eval, no inline style, no frame). Without this file the
// link opens the document in a tab of its own.
import { GlobalWorkerOptions, getDocument } from "pdfjs-dist/legacy/build/pdf.min.mjs";

GlobalWorkerOptions.workerSrc = document.currentScript.dataset.worker;

const MOST_PAGES = 60;
const SHARP = 1240; // pixels across a page: readable when magnified, small enough for a phone

window.sitthiPdf = async (url, holder) => {
  const reading = getDocument({ url, isEvalSupported: false, useWasm: false, disableFontFace: true, useSystemFonts: true, enableXfa: false });
  const pdf = await reading.promise;
  for (let number = 1; number <= Math.min(pdf.numPages, MOST_PAGES); number += 1) {
    const page = await pdf.getPage(number);
    const plain = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: SHARP / plain.width });
    const canvas = document.createElement("canvas");
    canvas.width = viewport.width;
    canvas.height = viewport.height;
    canvas.setAttribute("role", "img");
    const { items } = await page.getTextContent();
    canvas.setAttribute("aria-label", items.map((item) => item.str).join(" ").trim() || `${number}/${pdf.numPages}`);
    holder.append(canvas);
    await page.render({ canvas, viewport }).promise;
  }
};
