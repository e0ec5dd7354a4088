// A form that takes some seconds says so with a progress bar once it is sent. Without this script
// the browser's own sign of loading is there, and nothing else differs.
"use strict";

for (const form of document.querySelectorAll("form[data-working]")) {
  const status = document.createElement("div");
  status.setAttribute("role", "status");
  form.append(status);
  form.addEventListener("submit", (event) => {
    if (status.hasChildNodes()) {
      event.preventDefault(); // it is on its way
      return;
    }
    const words = document.createElement("p");
    words.textContent = form.dataset.working;
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", "Working");
    status.append(words, bar);
  });
}

// The page that the Back button shows again is not waiting any more.
addEventListener("pageshow", () => {
  for (const status of document.querySelectorAll("form[data-working] > [role=status]")) {
    status.replaceChildren();
  }
});
