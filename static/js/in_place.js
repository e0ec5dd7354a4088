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
  let response, html;
  try {
    response = await fetch(form.action, { method: "POST", body: data });
    html = await response.text();
  } catch {
    // What was typed stays in the form. If it did arrive, a second press does nothing twice.
    enable(buttons);
    say(row, "The line is down, so we do not know that it arrived. Nothing you typed is lost: press again.");
    return;
  }
  if (response.ok && new URL(response.url).pathname === location.pathname) {
    show(row, new DOMParser().parseFromString(html, "text/html"));
    return;
  }
  // Another page has to be read: why nothing was done, or that one has to sign in once more. The
  // form is sent as without a script; what was done already is not done twice.
  enable(buttons);
  if (event.submitter?.name) form.append(hidden(event.submitter));
  form.submit();
});

function enable(buttons) {
  for (const button of buttons) button.disabled = false;
}

// Says something in a row that stays as it is, once.
function say(row, words) {
  row.querySelector("[data-said]")?.remove();
  const said = line("overdue", words);
  said.dataset.said = "";
  row.append(said);
  status.textContent = words;
}

function show(row, page) {
  const words = [...page.querySelectorAll(".message")].map((one) => one.textContent.trim());
  const said = words.join(" ");
  const changed = page.getElementById(row.id);
  if (changed) {
    row.replaceWith(changed);
    // Where the button is still there, nothing was done, and why not has to be seen.
    if (changed.querySelector("form")) say(changed, said);
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
