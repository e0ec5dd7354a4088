// The items of a quiz on one page: saves each change as it is given, moves between items without the network, and says
// "Saved" only after the server did. What waits and is sent again is in queue.js. Without this, every item is a plain form.
// The page before handing in has no items: there it only sends what still waits.
import { Queue } from "./queue.js";

const quiz = document.querySelector("[data-attempt]");
const items = new Map([...quiz.querySelectorAll("[data-number]")].map((one) => [Number(one.dataset.number), one]));
const total = Number(quiz.dataset.total);
const known = new Map([...items].map(([number, one]) => [number, Number(formOf(one).elements.sequence.value) - 1]));
let leaving = false;

const queue = new Queue(quiz.dataset.attempt, {
  address: (number) => `${quiz.dataset.address}${number}/save/`,
  token: () => quiz.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "",
  renew: renewToken,
  tell,
});

function formOf(item) { return item.querySelector("form"); }

async function renewToken() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.querySelector("[data-attempt] [name=csrfmiddlewaretoken]")?.value;
    for (const field of quiz.querySelectorAll("[name=csrfmiddlewaretoken]")) if (fresh) field.value = fresh;
    return Boolean(fresh);
  } catch {
    return false;
  }
}

// ---- what is said
function tell(number, what, words = "", sequence = 0) {
  if (what === "saved" || what === "saving") known.set(number, sequence || known.get(number));
  const state = (items.get(number) ?? quiz).querySelector("[data-state]");
  if (state) say(state, number, what, words);
  count();
}

function say(state, number, what, words) {
  const one = queue.size < 2;
  const waiting = one ? "This answer is not yet saved" : `${queue.size} answers are waiting in this browser; they are not yet saved`;
  const text = {
    saving: "Saving…",
    saved: `Saved ${words}`,
    refused: words,
    offline: `You are offline. ${waiting}`,
    trying: one ? "Not yet saved. Trying again" : `${waiting}. Trying again`,
    "signed out": `You are signed out. ${waiting}. Sign in, and ${one ? "it is" : "they are"} sent`,
  }[what];
  state.textContent = text;
  state.className = `saved${what === "saved" ? "" : what === "saving" ? " saved--waiting" : " saved--unsaved"}`;
  state.closest("[data-number], [data-attempt]").dataset.told = what;
}

function isWhole(item) {
  const form = formOf(item);
  const names = new Set([...form.querySelectorAll("[name=option], [name^=part-]")].map((field) => field.name));
  const chosen = [...names].every((name) => form.querySelector(`[name="${name}"]:checked`));
  return chosen && [...form.querySelectorAll("select")].every((field) => field.value);
}

function count() {
  let answered = 0;
  for (const [number, item] of items) {
    const whole = isWhole(item) && item.dataset.told !== "refused";
    answered += whole && !queue.has(number) ? 1 : 0;
    const link = quiz.querySelector(`[data-go="${number}"]`);
    if (!link) continue;
    const words = queue.has(number) ? "waiting, not yet saved" : whole ? "answered" : "not yet answered";
    link.className = whole && !queue.has(number) ? "done" : "not-started";
    link.setAttribute("aria-label", `Item ${number}, ${words}`);
  }
  const said = quiz.querySelector("[data-count]");
  if (said) said.textContent = `${answered} of ${total} answered.`;
}

// ---- answering
function bodyOf(form) {
  const fields = new FormData(form);
  for (const name of ["csrfmiddlewaretoken", "event_id", "sequence"]) fields.delete(name);
  return new URLSearchParams(fields).toString();
}

function restore(form, body) {
  const fields = new URLSearchParams(body);
  for (const field of form.elements) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = fields.getAll(field.name).includes(field.value);
    else if (field.localName === "select") field.value = fields.get(field.name) ?? "";
  }
}

for (const [number, item] of items) {
  const form = formOf(item);
  if (queue.has(number)) restore(form, queue.bodyOf(number));
  form.addEventListener("change", () => {
    delete item.dataset.told;
    queue.add(number, known.get(number), bodyOf(form));
    count();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onward(number, item);
  });
}

async function onward(number, item) {
  if (item.dataset.told === "refused") return go(number, true); // the server says again, on a page, what became of it
  if (queue.held === "signed out" && queue.has(number)) return leave(quiz.dataset.signIn + encodeURIComponent(location.pathname));
  if (number < total) return show(number + 1);
  return review(quiz.dataset.review);
}

async function review(address) {
  await queue.send();
  if (!queue.size) return leave(address);
  return queue.hold(queue.rows[0], navigator.onLine === false ? "offline" : queue.held || "trying");
}

function leave(address) {
  leaving = true;
  location.assign(address);
}

function go(number, load = false) {
  if (load || !items.has(number)) return leave(`${quiz.dataset.address}${number}/`);
  return show(number);
}

// ---- moving
function show(number, push = true) {
  for (const [other, item] of items) item.hidden = other !== number;
  const heading = quiz.querySelector("[data-heading]");
  heading.textContent = `Item ${number} of ${total}`;
  document.title = document.title.replace(/Item \d+ of \d+/, heading.textContent);
  quiz.querySelector("[data-go][aria-current]")?.removeAttribute("aria-current");
  quiz.querySelector(`[data-go="${number}"]`)?.setAttribute("aria-current", "page");
  for (const gone of quiz.querySelectorAll("[data-once]")) gone.remove();
  if (push) {
    history.pushState(null, "", `${quiz.dataset.address}${number}/`);
    heading.focus();
    scrollTo(0, 0);
  }
}

quiz.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-go], a[data-review]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.go) go(Number(link.dataset.go));
  else review(link.href);
});
addEventListener("popstate", () => {
  const number = Number(location.pathname.match(/\/items\/(\d+)\/$/)?.[1]);
  if (items.has(number)) show(number, false);
});

// ---- coming and going
addEventListener("online", () => queue.send());
addEventListener("beforeunload", (event) => { if (queue.size && !leaving) event.preventDefault(); });
quiz.querySelector("[data-hand-in]")?.addEventListener("submit", async (event) => {
  if (!queue.size) return;
  event.preventDefault();
  await queue.send();
  if (!queue.size) location.reload();
});
document.querySelector(".nhsuk-error-summary")?.focus();
if (queue.size) queue.send().then(() => { if (!queue.size && quiz.dataset.reload) location.reload(); });
count();
