// Text size and line spacing without loading the page again, and the button that reads aloud: what
// reads is in aloud.js, fetched at the first press.
(() => {
  const root = document.documentElement;

  // Text size: the same cookie as the form sets, see courses/web/reading.py.
  for (const form of document.querySelectorAll("form[data-text-size]")) {
    form.querySelector("[data-set]").hidden = true;
    form.addEventListener("change", () => {
      const { size, spacing } = Object.fromEntries(new FormData(form));
      root.dataset.textSize = size;
      root.dataset.lineSpacing = spacing;
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `reading=${size}-${spacing}; path=/; max-age=31536000; samesite=lax${secure}`;
    });
  }

  // The panel of sizes closes as a menu does.
  const panel = document.querySelector(".reading-tools__text");
  document.addEventListener("click", (event) => panel?.open && !panel.contains(event.target) && (panel.open = false));
  panel?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    panel.open = false;
    panel.firstElementChild.focus();
  });

  const button = document.querySelector("[data-read-aloud]");
  const synthesis = window.speechSynthesis;
  if (!button || !synthesis) return;

  let voice = null;

  // Only voices of the device: others would send the text to somebody else.
  function chooseVoice() {
    const own = synthesis.getVoices().filter((one) => one.localService && one.lang.startsWith("en"));
    voice = own.find((one) => one.lang.replace("_", "-") === "en-GB") ?? own[0] ?? null;
    button.hidden = !voice;
  }

  button.addEventListener("click", async () => {
    const { toggle } = await import(button.dataset.readAloud);
    toggle(voice);
  });
  synthesis.addEventListener?.("voiceschanged", chooseVoice);
  chooseVoice();
})();
