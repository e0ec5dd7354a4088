// A step: after a mistake, the error summary gets the focus; a citation opens the references. Works without it.
document.querySelector(".nhsuk-error-summary")?.focus();
for (const link of document.querySelectorAll("a.cite")) {
  link.addEventListener("click", () => { document.getElementById("references").open = true; });
}
