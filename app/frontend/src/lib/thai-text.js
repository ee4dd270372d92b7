// Thai has no spaces between words, and the diagram library wraps labels on space, hyphen and soft hyphen only: it would break inside
// a word. This renderer marks word boundaries with soft hyphens before wrapping and takes them out of the drawn text afterwards.
import TextRenderer from "bpmn-js/lib/draw/TextRenderer";

const SOFT = "\u00AD";
const segmenter = typeof Intl.Segmenter === "function" ? new Intl.Segmenter("th", { granularity: "word" }) : null;
const soften = (text) => (segmenter && /[\u0E00-\u0E7F]/.test(text || "") ? [...segmenter.segment(text)].map((part) => part.segment).join(SOFT) : text || "");

function ThaiTextRenderer(config) {
  TextRenderer.call(this, config);
  const createText = this.createText;
  const externalBounds = this.getExternalLabelBounds;
  this.createText = (text, options) => {
    const drawn = createText(soften(text), options);
    drawn.querySelectorAll("tspan").forEach((line) => {
      const plain = line.textContent.replaceAll(SOFT, "");
      line.textContent = plain.endsWith("-") && !(text || "").includes(plain) ? plain.slice(0, -1) : plain;
    });
    return drawn;
  };
  this.getExternalLabelBounds = (bounds, text) => externalBounds(bounds, soften(text));
}
ThaiTextRenderer.$inject = ["config.textRenderer"];
ThaiTextRenderer.prototype = Object.create(TextRenderer.prototype);

export default { textRenderer: ["type", ThaiTextRenderer] };
