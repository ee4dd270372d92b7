/* Progressive enhancement only: every page works as plain links and POSTs without this file.
   Keys: "/" search; in lists ↑ ↓ move, Space selects, Enter opens. No inline handlers, no eval (CSP script-src 'self'). */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const typing = (node) => node.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  /* ---- lists ---- */
  function moveRow(link, step) {
    const links = all(".rows .what");
    links[links.indexOf(link) + step]?.focus();
  }

  function countPicked(form) {
    const words = one("[data-picked]", form);
    if (words) words.textContent = words.dataset.words.replace("{n}", all(".pick:checked", form).length);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = event.target;
    if (event.key === "/" && !typing(here)) {
      const search = one("[data-search]") || one("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "Escape") {
      const menu = here.closest("details.menu[open]");
      if (menu) { menu.open = false; one("summary", menu).focus(); }
    } else if (here.matches(".rows .what")) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); moveRow(here, event.key === "ArrowDown" ? 1 : -1); }
      if (event.key === " ") {
        const pick = one(".pick", here.closest("tr"));
        if (pick) { event.preventDefault(); pick.click(); }
      }
    } else if (event.key === "ArrowDown" && here === document.body) {
      const first = one(".rows .what");
      if (first) { event.preventDefault(); first.focus(); }
    }
  });

  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const row = event.target.closest(".rows[data-open] tbody tr");
    if (row && !event.target.closest("a, button, label, input") && !getSelection().toString()) one(".what", row)?.click();
    const reveal = event.target.closest("[data-copy]");
    if (reveal) navigator.clipboard?.writeText(one(reveal.dataset.copy).textContent.trim()).then(() => { reveal.textContent = reveal.dataset.done; });
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches(".pick")) countPicked(event.target.form);
    if (event.target.matches("[data-decision] input[type=radio]")) settleDecision(event.target);
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  /* ---- decision: the comment opens under the choice, the button says what happens next ---- */
  function settleDecision(radio) {
    const group = radio.closest("[data-decision]");
    const comment = one("[data-comment]", group);
    if (comment) {
      radio.closest(".choice").after(comment);
      one("textarea", comment).required = radio.value === "return" || radio.value === "reject";
    }
    const button = one("[data-primary]", radio.form);
    if (button) button.textContent = radio.dataset.button || button.dataset.words;
  }

  /* ---- suggestions: <input data-suggest="units"> asks /suggest/units?q= for [{value, label}] ---- */
  let asked;
  document.addEventListener("input", (event) => {
    const input = event.target;
    const wanted = input.value.trim();
    if (!input.dataset.suggest || wanted.length < 2) return;
    clearTimeout(asked);
    asked = setTimeout(async () => {
      const answer = await fetch(`/suggest/${input.dataset.suggest}?q=${encodeURIComponent(wanted)}`, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer?.ok) return;
      const list = document.getElementById(`${input.id}-list`) || document.body.appendChild(document.createElement("datalist"));
      list.id = `${input.id}-list`;
      list.replaceChildren(...(await answer.json()).map(({ value, label }) => new Option(label, value)));
      input.setAttribute("list", list.id);
    }, 200);
  });

  /* ---- forms whose questions depend on answers: htmx redraws them on change; files stay where they are ---- */
  document.addEventListener("htmx:config:request", (event) => {
    const body = event.detail.ctx.request.body;
    if (body instanceof FormData) [...body].forEach(([name, value]) => { if (value instanceof File) body.delete(name); });
  });
  document.addEventListener("htmx:before:response", (event) => {
    const { raw } = event.detail.ctx.response;
    if (!raw.ok || raw.redirected) event.preventDefault();       // what is filled in stays; sending the form will say what is wrong
  });
  document.addEventListener("htmx:after:swap", () => settleAll());

  /* A redraw that is under way when the form is sent is given up: it would find the task done. */
  document.addEventListener("htmx:before:request", (event) => {
    if (event.detail.ctx.sourceElement?.closest?.("form")?.dataset.sent) event.preventDefault();
  });

  /* ---- files: drop on the field; size is told before sending ---- */
  function watchDrop(zone) {
    zone.dataset.watched = "";
    const input = one("input[type=file]", zone);
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      const transfer = new DataTransfer();
      [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1).forEach((file) => transfer.items.add(file));
      input.files = transfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  /* ---- documents open in place: pictures always, PDF with the bundle's reader; a press on the page magnifies ---- */
  const readers = new Map();
  function reader({ reader: source, worker }) {
    if (!readers.has(source)) {
      readers.set(source, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        Object.assign(script, { src: source, onload: () => resolve(window.sitthiPdf), onerror: reject });
        script.dataset.worker = worker;
        document.head.append(script);
      }));
    }
    return readers.get(source);
  }

  async function show(holder, view) {
    const { document: url, type } = holder.dataset;
    if (type === "application/pdf") return (await reader(holder.parentElement.dataset))(url, view);
    const image = new Image();
    Object.assign(image, { src: url, alt: view.getAttribute("aria-label") });
    return view.append(image);
  }

  document.addEventListener("click", (event) => {
    const view = event.target.closest(".page-view");
    if (view) view.classList.toggle("magnified");
    const link = event.target.closest("[data-document] [data-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const holder = link.closest("[data-document]");
    if (!holder.dataset.type.startsWith("image/") && !holder.parentElement.dataset.reader) return;
    event.preventDefault();
    const open = one(".page-view", holder);
    link.setAttribute("aria-expanded", String(!open));
    if (open) { open.remove(); return; }
    const fresh = Object.assign(document.createElement("div"), { className: "page-view", tabIndex: 0 });
    fresh.setAttribute("role", "region");
    fresh.setAttribute("aria-label", link.textContent);
    holder.append(fresh);
    show(holder, fresh).catch(() => location.assign(holder.dataset.document));
  });

  /* ---- puzzles: <form data-puzzle="challenge" data-bits data-worker> is solved before it is sent; if that fails, it goes unsolved ---- */
  function solve(form, submitter) {
    const { puzzle, bits, worker: source } = form.dataset;
    const send = (nonce) => { form.elements.nonce.value = nonce; form.dataset.solved = "1"; form.requestSubmit(submitter); };
    one("[data-solving]", form).hidden = false;
    const worker = new Worker(source);
    worker.onmessage = ({ data }) => send(data);
    worker.onerror = () => send("");
    worker.postMessage({ challenge: puzzle, about: one("[data-about]", form).value, bits: Number(bits) });
  }

  /* ---- asking before what cannot be undone; one submit per press ---- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const dialog = one("#confirm");
    if (form.dataset.puzzle && !form.dataset.solved && event.submitter?.name !== "by") {
      event.preventDefault();
      if (one("[data-solving]", form).hidden) solve(form, event.submitter);
      return;
    }
    if (form.dataset.confirm && !form.dataset.confirmed && dialog?.showModal) {
      event.preventDefault();
      one("#confirm-text").textContent = form.dataset.confirm;
      dialog.returnValue = "";
      dialog.onclose = () => {
        if (dialog.returnValue !== "yes") return;
        form.dataset.confirmed = "1";
        form.requestSubmit(event.submitter);
      };
      dialog.showModal();
      return;
    }
    if (form.method === "post" && form.hasAttribute("data-guard")) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
      all("[hx-post]", form).forEach((part) => part.dispatchEvent(new CustomEvent("htmx:abort")));   // a redraw that comes later finds the task done
    }
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  /* ---- start ---- */
  function settleAll() {
    all("[data-drop]:not([data-watched])").forEach(watchDrop);
    all("[data-decision] input[type=radio]:checked").forEach(settleDecision);
  }
  settleAll();
  all("form[data-rows]").forEach(countPicked);
  (one("[data-summary]") || one("main [autofocus]"))?.focus();
})();
