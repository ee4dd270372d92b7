/* A camera beside a field for QR codes, where the browser reads codes itself (BarcodeDetector); everything works without it. */
(() => {
  "use strict";
  const field = document.querySelector("[data-scan]");
  const button = document.querySelector("[data-camera]");
  const view = document.querySelector("[data-camera-view]");
  const said = document.querySelector("[data-camera-said]");
  if (!field || !button || !("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  let stream = null;

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    view.hidden = true;
    view.srcObject = null;
  }

  async function look() {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    view.srcObject = stream;
    view.hidden = false;
    await view.play();
    said.textContent = said.dataset.looking;
    while (stream) {
      const [found] = await detector.detect(view);
      if (found) {
        stop();
        said.textContent = "";
        field.value = found.rawValue;
        field.form.requestSubmit();
        return;
      }
      await new Promise((then) => setTimeout(then, 200));
    }
  }

  BarcodeDetector.getSupportedFormats().then((formats) => { button.hidden = !formats.includes("qr_code"); }).catch(() => {});
  button.addEventListener("click", () => {
    if (stream) { stop(); said.textContent = ""; return; }
    look().catch(() => { stop(); said.textContent = said.dataset.none; });
  });
  addEventListener("pagehide", stop);
})();
