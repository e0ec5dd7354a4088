// A step: after an answer, the feedback gets the focus; after a mistake, the error summary does. Works without it.
const summary = document.querySelector(".nhsuk-error-summary");
if (summary) summary.focus();
else if (location.hash) {
  const feedback = document.getElementById(location.hash.slice(1))?.querySelector(".feedback");
  if (feedback) {
    feedback.tabIndex = -1;
    feedback.focus({ preventScroll: true });
    feedback.scrollIntoView({ block: feedback.offsetHeight > innerHeight / 2 ? "start" : "center" });
  }
}
for (const link of document.querySelectorAll("a.cite")) {
  link.addEventListener("click", () => { document.getElementById("references").open = true; });
}
