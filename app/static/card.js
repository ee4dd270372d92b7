/* Reading an ID card: <button data-read-card data-purpose="…" [data-photo]> in a form whose fields say data-card="citizen_id",
   "thai_name.first" …; a hidden field named reading_id (or as data-evidence says) gets the evidence, [data-card-said] the words. F2 presses the first button.
   First the bridge of this PC is asked; where the browser keeps pages from their own PC, the outbound line answers. */
(() => {
  "use strict";
  const HOLD = 15000, LINE = 60000, AGAIN = 1000;

  const token = () => document.querySelector("input[name=csrf_token]")?.value || "";
  async function post(path, body) {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" }, body: JSON.stringify(body) });
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(data.detail || data.message || "");
    return data;
  }

  async function fromThisPc(asked, photo) {
    const answer = await fetch(`${asked.bridge}/v1/read`, {
      method: "POST", headers: { "Content-Type": "application/json", "X-Card-Bridge": "1" },
      body: JSON.stringify({ challenge: asked.challenge, photo }), signal: AbortSignal.timeout(HOLD),
    });
    const data = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(data.message?.[document.documentElement.lang] || data.message?.th || ""), { final: true });
    return data;
  }

  async function fromTheLine(asked) {
    for (const ends = Date.now() + LINE; Date.now() < ends; await new Promise((then) => setTimeout(then, AGAIN))) {
      const state = await (await fetch(`/readings/requests/${asked.request}`, { headers: { Accept: "application/json" } })).json();
      if (state.state === "answered") return state;
      if (state.state === "failed") throw new Error(state.message);
    }
    throw new Error("");
  }

  async function read(purpose, photo) {
    const asked = await post("/readings/requests", { purpose, photo });
    let reading;
    try { reading = await fromThisPc(asked, photo); } catch (failed) {
      if (failed.final) throw failed;
      return fromTheLine(asked);
    }
    return post("/readings", reading);
  }

  const value = (card, path) => path.split(".").reduce((part, name) => part?.[name], card) ?? "";

  async function press(button) {
    const form = button.form, said = button.parentElement.querySelector("[data-card-said]") || form.querySelector("[data-card-said]");
    const say = (words, tone) => { if (said) { said.textContent = words; said.dataset.tone = tone; } };
    button.disabled = true;
    say(button.dataset.reading, "info");
    try {
      const found = await read(button.dataset.purpose || "", "photo" in button.dataset);
      form.querySelectorAll("[data-card]").forEach((field) => { field.value = value(found.card, field.dataset.card); });
      const evidence = form.elements.namedItem(button.dataset.evidence || "reading_id");
      if (evidence) evidence.value = found.reading;
      say(button.dataset.done, "ok");
      form.dispatchEvent(new CustomEvent("card:read", { bubbles: true, detail: found }));
    } catch (failed) {
      say(failed.message || button.dataset.failed, "bad");
    } finally {
      button.disabled = false;
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-read-card]");
    if (button) press(button);
  });
  document.addEventListener("keydown", (event) => {
    const button = event.key === "F2" && document.querySelector("[data-read-card]:not([disabled])");
    if (button) { event.preventDefault(); press(button); }
  });
  window.sitthiCard = { read };
})();
