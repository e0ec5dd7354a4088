// The reply to a scene that anybody may try comes in place; without this script, with a page of its own.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-trial]")) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const place = form.closest(".beside__answer");
  try {
    const response = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
    });
    if (!response.headers.get("Content-Type")?.includes("json")) throw new Error(response.status);
    const reply = await response.json();
    place.innerHTML = reply.html;
    if (place.querySelector("[data-ring]")) import("./ring.js"); // a script in what came is not run
    place.querySelector("#answer, #scene-error")?.focus();
    place.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { isOpen: reply.is_open } }));
  } catch {
    form.submit();
  }
});
