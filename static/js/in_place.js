// Sends a form of a list without leaving the page, so that the list stays where it is under the hand.
// The server answers with the whole page; only the row of the form is taken from it.
const list = document.querySelector("[data-in-place]");
const status = document.querySelector("[data-in-place-status]");

list?.addEventListener("submit", async (event) => {
  const form = event.target;
  const row = form.closest("li[id], section[id]");
  if (!row) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: data });
    // A page that says why nothing was done has to be read: the form is sent as without a script.
    if (!response.ok || !response.redirected) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    show(row, page);
  } catch {
    for (const button of buttons) button.disabled = false;
    if (event.submitter?.name) form.append(hidden(event.submitter));
    form.submit();
  }
});

function show(row, page) {
  const words = [...page.querySelectorAll(".message")].map((one) => one.textContent.trim());
  const said = words.join(" ");
  const changed = page.getElementById(row.id);
  if (changed) {
    row.replaceWith(changed);
    // Where the button is still there, nothing was done, and why not has to be seen.
    if (changed.querySelector("form")) changed.append(line("quiet", said));
    changed.tabIndex = -1;
    changed.focus({ preventScroll: true });
  } else {
    row.replaceChildren(line("done", said));
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  }
  status.textContent = said;
}

function line(className, words) {
  const paragraph = document.createElement("p");
  paragraph.className = className;
  paragraph.textContent = words;
  return paragraph;
}

function hidden(submitter) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: submitter.name, value: submitter.value });
  return input;
}
