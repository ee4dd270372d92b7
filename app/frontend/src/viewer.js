// Draws a diagram where the page has <div data-diagram="/path/to.bpmn">. Further attributes of the element, all optional:
//   data-tokens   ids of elements where the case stands now       data-done     ids of elements already passed
//   data-problems ids of elements with a problem                  data-counts   JSON {element id: number} shown as small badges
// It opens fitted to the width, but never so small that its words cannot be read: then at the current step, else at the last one passed,
// else at the start. Buttons above it zoom and go; with the focus on the drawing + and - zoom, 0 shows all of it, the arrows move it.
// A link <a data-focus="ElementId"> anywhere on the page brings that element to the middle.
// Without this bundle the page shows the server's list of steps instead.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./viewer.css";
import thaiText from "./lib/thai-text";

const READABLE = 0.85, LEAST = 0.1, MOST = 3;   // zoom: labels are 12 px at 1
const ROOM = 24, STEP = 80;                     // units beside the drawing; pixels an arrow key moves it
const SAID = {
  th: { tools: "ย่อขยายแผนผัง", in: "ขยาย", out: "ย่อ", whole: "ทั้งแผนผัง", here: "ขั้นตอนปัจจุบัน" },
  en: { tools: "Zoom the diagram", in: "Zoom in", out: "Zoom out", whole: "Whole diagram", here: "Current step" },
};

function tools(holder, actions) {
  const said = SAID[document.documentElement.lang] || SAID.th;
  const bar = Object.assign(document.createElement("div"), { className: "canvas-tools" });
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", said.tools);
  for (const [name, act] of Object.entries(actions).filter(([, act]) => act)) {
    const sign = { in: "+", out: "−" }[name];
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: sign || said[name], title: said[name] });
    if (sign) button.setAttribute("aria-label", said[name]);
    button.addEventListener("click", act);
    bar.append(button);
  }
  holder.before(bar);
}

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
  const show = (zoom, { x, y }) => {
    const { outer } = canvas.viewbox();
    const width = outer.width / zoom, height = outer.height / zoom;
    canvas.viewbox({ x: x - width / 2, y: y - height / 2, width, height });
  };
  const middle = ({ x, y, width = 0, height = 0 }) => ({ x: x + width / 2, y: y + height / 2 });
  const focus = (id) => { const element = known(id); if (element) show(Math.max(READABLE, canvas.zoom()), middle(element)); };
  const whole = () => canvas.zoom("fit-viewport", "auto");
  const here = marks["is-token"].find(known) || marks["is-done"].filter(known).at(-1);
  const open = () => {
    whole();
    if (canvas.zoom() >= READABLE) return;
    const { inner, outer } = canvas.viewbox();
    const zoom = Math.min(1, Math.max(READABLE, outer.width / (inner.width + 2 * ROOM)));
    const start = registry.find(({ type, parent }) => type === "bpmn:StartEvent" && parent === canvas.getRootElement());
    const at = middle(known(here) || start || inner);
    if (!here) at.x = inner.x - ROOM + outer.width / zoom / 2;                                       // from its left edge
    const fits = { x: outer.width / zoom >= inner.width, y: outer.height / zoom >= inner.height };   // what fits is shown whole
    show(zoom, { x: fits.x ? middle(inner).x : at.x, y: fits.y ? middle(inner).y : at.y });
  };
  const by = (factor) => canvas.zoom(Math.min(MOST, Math.max(LEAST, canvas.zoom() * factor)), "auto");
  const move = (dx, dy) => canvas.scroll({ dx, dy });
  tools(holder, { in: () => by(1.25), out: () => by(0.8), whole, here: marks["is-token"].includes(here) && (() => focus(here)) });
  const keys = { "+": () => by(1.25), "=": () => by(1.25), "-": () => by(0.8), 0: whole, ArrowLeft: () => move(STEP, 0), ArrowRight: () => move(-STEP, 0), ArrowUp: () => move(0, STEP), ArrowDown: () => move(0, -STEP) };
  holder.tabIndex = 0;
  holder.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  open();
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
