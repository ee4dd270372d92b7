/* Coordinates from the browser: where a form asks for <input data-locate="latitude"> and "longitude", a button fills both. Without a
   script, or where the browser has no position, they are typed. */
(() => {
  "use strict";
  const WORDS = {
    th: { use: "ใช้ตำแหน่งปัจจุบัน", wait: "กำลังหาตำแหน่ง…", failed: "หาตำแหน่งไม่ได้ กรุณาพิมพ์พิกัด", done: "ใส่พิกัดแล้ว ตรวจระยะทางด้านล่าง" },
    en: { use: "Use my position", wait: "Looking for the position…", failed: "No position found; please type it", done: "Filled in; check the distance below" },
  };
  const say = (key) => (WORDS[document.documentElement.lang] || WORDS.th)[key];

  function offer() {
    const field = document.querySelector("input[data-locate=latitude]");
    if (!field || !navigator.geolocation || document.querySelector("[data-locating]")) return;
    const line = document.createElement("p");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: say("use") });
    const said = Object.assign(document.createElement("span"), { className: "hint" });
    line.dataset.locating = "";
    said.setAttribute("role", "status");
    line.append(button, " ", said);
    field.closest(".row, .fields").before(line);
    button.addEventListener("click", () => {
      said.textContent = say("wait");
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        for (const name of ["latitude", "longitude"]) {
          const input = document.querySelector(`input[data-locate=${name}]`);
          input.value = coords[name].toFixed(6);
        }
        said.textContent = say("done");
        document.querySelector("input[data-locate=longitude]").dispatchEvent(new Event("change", { bubbles: true }));
      }, () => { said.textContent = say("failed"); }, { enableHighAccuracy: true, timeout: 15000 });
    });
  }
  offer();
  document.addEventListener("htmx:after:swap", offer);
})();
