// Reads aloud what is in view. It is fetched at the first press of its button, see reading.js.

const button = document.querySelector("[data-read-aloud]");
const pause = document.querySelector("[data-pause]");
const synthesis = window.speechSynthesis;
const BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, legend, label, figcaption, summary, caption, td, th, blockquote, button:not(.term), div";
const SILENT = "sup, nav, script, style, noscript, select, textarea, .nhsuk-u-visually-hidden, .nhsuk-button, .onward, .sources, .player, [aria-hidden='true'], [hidden]";
const LONGEST = 220; // characters: some browsers fall silent in the middle of a longer text
let run = 0; // a new number ends the reading before it

// What is in view: one card of a step, with the heading of the step before the first; else the page.
function places() {
  const cards = [...document.querySelectorAll("main .card")].filter((card) => card.checkVisibility());
  if (cards.length !== 1) return [document.querySelector("main")];
  return [...document.querySelectorAll("main .on-first h1"), cards[0]];
}

// The visible text of a place, one paragraph after another.
function paragraphs(element) {
  const texts = new Map();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest(SILENT) || !parent.checkVisibility({ visibilityProperty: true })) continue;
    const block = parent.closest(BLOCKS) ?? element;
    texts.set(block, (texts.get(block) ?? "") + walker.currentNode.data);
  }
  return [...texts.values()].map((text) => text.replace(/\s+/g, " ").trim()).filter(Boolean);
}

function pieces(text) {
  const parts = [""];
  for (const sentence of text.match(/[^.!?]+[.!?”’]*\s*|[.!?”’]+/g) ?? []) {
    if ((parts.at(-1) + sentence).length > LONGEST && parts.at(-1)) parts.push("");
    parts[parts.length - 1] += sentence;
  }
  return parts;
}

function show(isReading) {
  button.textContent = isReading ? "Stop" : "Read aloud";
  pause.hidden = !isReading;
  pause.textContent = "Pause";
}

function stop() {
  run += 1;
  synthesis.cancel();
  show(false);
}

// Begins to read with this voice of the device or, where it is reading, ends.
export function toggle(voice) {
  if (pause.hidden) read(voice);
  else stop();
}

function read(voice) {
  const from = places();
  const queue = from.flatMap(paragraphs).flatMap(pieces);
  run += 1;
  const own = run;
  synthesis.cancel();
  show(true);
  const next = () => {
    if (own !== run) return;
    // Another card has come into view, or nothing is left.
    if (!queue.length || !from.at(-1).checkVisibility()) return stop();
    const speech = new SpeechSynthesisUtterance(queue.shift());
    speech.lang = "en-GB";
    speech.voice = voice;
    speech.onend = speech.onerror = next;
    synthesis.speak(speech);
  };
  next();
}

pause.addEventListener("click", () => {
  const isPaused = synthesis.paused;
  if (isPaused) synthesis.resume();
  else synthesis.pause();
  pause.textContent = isPaused ? "Pause" : "Carry on";
});
// What was read is no longer what is in view.
document.addEventListener("answered", stop);
addEventListener("hashchange", stop);
addEventListener("popstate", stop);
addEventListener("pagehide", stop);
document.addEventListener("click", (event) => event.target.closest("[data-onward], [data-back]") && stop());
