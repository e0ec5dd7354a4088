// A scene on the wall, and the phones before it: asks every four seconds what is new. When the stage
// is another, the page is loaded again; else only the number of answers changes. Without this script
// a link does the same.
"use strict";

const page = document.querySelector("[data-room]");
const number = page?.querySelector("[data-answered]");
const PAUSE = 4000;

async function look() {
  if (document.hidden) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const now = await response.json();
    if (now.state !== page.dataset.room) {
      // Loading again would send a form once more that this page came from.
      location.replace(location.pathname + location.search);
      return;
    }
    if (number && String(now.answered) !== number.textContent) {
      number.textContent = now.answered;
      page.querySelector("[data-has]").textContent = now.answered === 1 ? "s" : "ve";
    }
  } catch {
    // The connection dropped: it is asked again after the next pause.
  }
}

if (page) setInterval(look, PAUSE);
