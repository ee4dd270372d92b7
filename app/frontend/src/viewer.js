// Draws a diagram where the page has <div data-diagram="/path/to.bpmn">. Further attributes of the element, all optional:
//   data-tokens   ids of elements where the case stands now       data-done     ids of elements already passed
//   data-problems ids of elements with a problem                  data-counts   JSON {element id: number} shown as small badges
// A link <a data-focus="ElementId"> anywhere on the page brings that element to the middle.
// Without this bundle the page shows the server's list of steps instead.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./viewer.css";
import thaiText from "./lib/thai-text";

const words = (text) => (text || "").split(/\s+/).filter(Boolean);

async function draw(holder) {
  const response = await fetch(holder.dataset.diagram, { headers: { Accept: "application/xml" } });
  if (!response.ok) throw new Error(`${response.status}`);
  const viewer = new NavigatedViewer({ container: holder, additionalModules: [thaiText] });
  await viewer.importXML(await response.text());
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const overlays = viewer.get("overlays");
  const known = (id) => registry.get(id);
  const marks = { "is-done": words(holder.dataset.done), "is-token": words(holder.dataset.tokens), "is-problem": words(holder.dataset.problems) };
  for (const [mark, ids] of Object.entries(marks)) ids.filter(known).forEach((id) => canvas.addMarker(id, mark));
  for (const [id, count] of Object.entries(JSON.parse(holder.dataset.counts || "{}"))) {
    if (!known(id)) continue;
    const badge = document.createElement("b");
    badge.className = "diagram-count";
    badge.textContent = count;
    overlays.add(id, { position: { top: -12, right: 12 }, html: badge });
  }
  const fit = () => {
    const first = marks["is-token"].find(known);
    canvas.zoom("fit-viewport", "auto");
    if (first && canvas.zoom() < 0.55) focus(first);           // a wide diagram on a small canvas: show where the case stands
  };
  const focus = (id) => {
    const element = known(id);
    if (!element) return;
    const box = canvas.viewbox();
    const width = box.outer.width / 0.8, height = box.outer.height / 0.8;
    canvas.viewbox({ x: element.x + (element.width || 0) / 2 - width / 2, y: element.y + (element.height || 0) / 2 - height / 2, width, height });
  };
  fit();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-focus]");
    if (!link || !known(link.dataset.focus)) return;
    event.preventDefault();
    holder.scrollIntoView({ block: "nearest" });
    focus(link.dataset.focus);
    canvas.addMarker(link.dataset.focus, "is-focus");
    setTimeout(() => canvas.removeMarker(link.dataset.focus, "is-focus"), 1600);
  });
}

for (const holder of document.querySelectorAll("[data-diagram]")) {
  draw(holder).catch(() => { holder.classList.add("failed"); holder.textContent = holder.dataset.failed || ""; });
}
