/* The front desk: the screen is a set of plain forms; this sends them without leaving the page, so that nothing typed is
   lost when the server is away. What was typed stays in the page only: clinics share their PCs, so no storage of the
   browser ever holds a patient. Keys: F2 reads the card (card.js), digits choose a step, Enter goes on, F9 draws the code. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const desk = () => one("#desk");
  const typing = (node) => node.matches("input:not([type=checkbox], [type=radio], [type=file]), textarea, select");
  const LOOK = 1500, PING = 3000;
  let pending = null, sending = false, watching = null;

  /* ---- what the server drew takes the place of what is there ---- */
  function take(text, url) {
    const page = new DOMParser().parseFromString(text, "text/html"), fresh = one("#desk", page);
    if (!fresh) return false;
    all("#main > .note").forEach((note) => note.remove());
    desk().before(...all("#main > .note", page).map((note) => document.importNode(note, true)));
    desk().replaceWith(document.importNode(fresh, true));
    if (url) history.replaceState(null, "", url);
    pending = null;
    start();
    return true;
  }

  function start() {
    const told = one("[data-summary]", desk()) || one(".now [aria-invalid=true]", desk());
    const first = told || firstEmpty() || one("[autofocus]", desk());
    first?.focus();
    if (first?.select) first.select();
    clearInterval(watching);
    if (desk().dataset.watch) watching = setInterval(look, LOOK);
  }

  /* In the band whose turn it is: the first field to fill in, else its button, so that Enter goes on. */
  function firstEmpty() {
    const form = one(".now form[data-desk]", desk());
    if (!form || form.matches("[data-look-up]") || form.closest("details:not([open])") || one("[data-claim]", form)) return null;
    const fields = all("input:not([type=hidden], [type=radio], [type=file]), select, textarea", form).filter((field) => field.required && field.offsetParent);
    return fields.find((field) => (field.type === "checkbox" ? !field.checked : !field.value)) || one("[data-refreshes]:checked", form) || one("[data-primary]", form);
  }

  async function look() {
    try {
      const answer = await fetch(desk().dataset.watch, { headers: { Accept: "application/json" } });
      if (!answer.ok || String((await answer.json()).revision) === desk().dataset.revision || sending) return;
      await open(location.pathname);
    } catch { /* the next look may succeed */ }
  }

  async function open(path) {
    const answer = await fetch(path);
    if (answer.ok && !answer.url.includes("/sign-in")) take(await answer.text(), path);
  }

  /* ---- sending ---- */
  function trouble(words, tone = "bad") {
    const note = one("[data-trouble]", desk()), again = one("[data-again]", note);
    note.hidden = false;
    note.className = `note ${tone}`;
    one("[data-words]", note).textContent = words;
    again.textContent = desk().dataset.retry;
    again.focus();
  }

  async function send(form, submitter, refresh) {
    if (sending) return;
    sending = true;
    desk().setAttribute("aria-busy", "true");
    const body = new FormData(form, refresh ? undefined : submitter);
    if (refresh) { body.set("_go", "refresh"); all("input[type=file]", form).forEach((field) => body.delete(field.name)); }
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      if (answer.redirected && answer.url.includes("/sign-in")) throw Object.assign(new Error(), { words: desk().dataset.signedOut });
      if (answer.status >= 500 && answer.status !== 503) throw new Error();
      const kept = refresh ? typed(form) : null;
      if (!take(await answer.text(), answer.redirected ? answer.url : null)) throw new Error();
      if (kept) restore(kept, form.getAttribute("action"));
    } catch (failed) {
      pending = [form, submitter, refresh];
      trouble(failed.words || desk().dataset.offline);
      if (!failed.words) setTimeout(ping, PING);
    } finally {
      sending = false;
      desk().removeAttribute("aria-busy");
    }
  }

  const typed = (form) => all("input[name]:not([type=hidden], [type=radio], [type=checkbox], [type=file]), textarea[name]", form).map((field) => [field.name, field.value]);
  function restore(kept, action) {
    const form = one(`form[action="${action}"]`, desk());
    kept.forEach(([name, value]) => { const field = form && one(`[name="${name}"]`, form); if (field && value) field.value = value; });
  }

  async function ping() {
    if (!pending) return;
    try { if ((await fetch("/healthz")).ok) return trouble(desk().dataset.back, "warn"); } catch { /* still away */ }
    setTimeout(ping, PING);
  }

  /* A token may have grown old meanwhile; the page of this very session gives a new one. */
  async function again() {
    if (!pending) return open("/front-desk").catch(() => trouble(desk().dataset.offline));
    const [form, submitter, refresh] = pending;
    try {
      const page = new DOMParser().parseFromString(await (await fetch("/front-desk")).text(), "text/html");
      const token = one("#desk input[name=csrf_token]", page)?.value;
      if (token) one("input[name=csrf_token]", form).value = token;
    } catch { /* the sending itself says so */ }
    send(form, submitter, refresh);
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-desk]") || event.defaultPrevented) return;
    event.preventDefault();
    send(event.target, event.submitter, event.submitter?.value === "refresh");
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-desk]");
    if (form && (event.target.matches("[data-refreshes], [data-fields] select, [data-fields] input[type=radio]"))) send(form, null, true);
  });
  document.addEventListener("card:read", (event) => { if (event.target.matches("[data-look-up]")) event.target.requestSubmit(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-again]")) again();
    if (event.target.closest("[data-print]")) window.print();
    const next = event.target.closest("[data-next]");
    if (next && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); open("/front-desk").catch(() => trouble(desk().dataset.offline)); }
  });
  window.addEventListener("beforeunload", (event) => { if (pending) event.preventDefault(); });

  /* ---- keys ---- */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "F9") {
      const claim = one("[data-claim]");
      if (claim) { event.preventDefault(); claim.click(); }
    } else if (event.key === "F2" && !one("[data-read-card]") && one("[data-next]")) {
      event.preventDefault();
      open("/front-desk").then(() => one("[data-read-card]")?.click());
    } else if (/^[1-9]$/.test(event.key) && !typing(event.target)) {
      const step = one(`[data-digit="${event.key}"]`);
      if (step) { event.preventDefault(); step.focus(); step.click(); }
    } else if (event.key === "Enter" && event.target.matches("form[data-desk] select")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });
  start();
})();
