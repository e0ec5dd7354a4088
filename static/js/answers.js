// The items of a quiz on one page: saves each change as it is given, moves between items without the network, and says
// "Saved" only after the server did. What waits and is sent again is in queue.js. Without this, every item is a plain form.
// The page before handing in has no items: it only sends what waits.
import { Queue, renewToken } from "./queue.js";

const quiz = document.querySelector("[data-attempt]");
const items = new Map([...quiz.querySelectorAll("[data-number]")].map((one) => [Number(one.dataset.number), one]));
const total = Number(quiz.dataset.total);
const known = new Map([...items].map(([number, one]) => [number, Number(formOf(one).elements.sequence.value) - 1]));
const signIn = new URL(quiz.dataset.signIn, location.href);
let leaving = false;
let refused = false;

const queue = new Queue(`answers:${quiz.dataset.attempt}:`, {
  address: (number) => `${quiz.dataset.address}${number}/save/`,
  token: () => quiz.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "",
  renew: () => renewToken(signIn),
  tell,
});

function formOf(item) { return item.querySelector("form"); }

// ---- what is said
const WHY = { offline: "You are offline. ", "signed out": "You are signed out. ", "not yours": "Somebody else is signed in now. " };

function tell(number, what, words = "", sequence = 0) {
  if (sequence) known.set(number, sequence);
  const state = items.get(number)?.querySelector("[data-state]");
  if (state) say(state, number, what, words);
  else if (!refused || what === "refused") say(quiz.querySelector("[data-state]"), number, what, words);
  refused ||= what === "refused";
  count();
  if (quiz.dataset.reload && what === "saved" && !queue.size && !refused) leave(location.href); // its list is old now
}

function say(state, number, what, words) {
  const here = items.has(number);
  const waiting = (WHY[what] ?? "") + unsent(here);
  const text = {
    saving: "Saving…",
    saved: `Saved ${words}`,
    refused: `${here ? "" : `Question ${number}: `}${words} `,
    offline: `${waiting}, sent when you are back online`,
    trying: `${waiting}. Trying again`,
    "signed out": `${waiting}. `,
    "not yours": `${waiting}. Sign in as yourself to send it`,
  }[what];
  const link = {
    refused: ["See what is kept", here ? `${quiz.dataset.address}${number}/` : location.pathname],
    "signed out": ["Sign in to send it", toSignIn()],
  }[what];
  state.closest("[data-number], [data-attempt]").dataset.told = what;
  const isWaiting = what === "saving" || (what !== "refused" && queue.isKept);
  state.className = `saved${what === "saved" ? "" : isWaiting ? " saved--waiting" : " saved--unsaved"}`;
  if (state.textContent === text + (link?.[0] ?? "")) return; // said already: not read out again
  state.textContent = text;
  if (!link) return;
  const [textContent, href] = link;
  state.append(Object.assign(document.createElement("a"), { href, textContent }));
}

function unsent(here) {
  const what = here ? "This answer is" : queue.size === 1 ? "1 answer is" : `${queue.size} answers are`;
  return `${what} ${queue.isKept ? "kept on this device" : "not yet saved"}`;
}

function toSignIn() { return signIn.href + encodeURIComponent(location.pathname); }

// Every kind of item puts its fields into one of these; each name needs a value.
const FIELD = "[data-fields] [name]";
function isChoice(field) { return /radio|checkbox/.test(field.type); }

function isWhole(item) {
  const fields = [...item.querySelectorAll(FIELD)];
  const given = fields.filter((field) => (isChoice(field) ? field.checked : field.value));
  return fields.every(({ name }) => given.some((field) => field.name === name));
}

function count() {
  let answered = 0;
  for (const [number, item] of items) {
    const waits = queue.has(number);
    const whole = !waits && isWhole(item) && item.dataset.told !== "refused";
    answered += whole ? 1 : 0;
    const link = quiz.querySelector(`.items [data-go="${number}"]`);
    link.className = waits ? "waiting" : whole ? "done" : "not-started";
    link.setAttribute("aria-label", `Question ${number}, ${waits ? "waiting to be sent" : whole ? "answered" : "not yet answered"}`);
  }
  const said = quiz.querySelector("[data-count]");
  if (!said) return;
  said.textContent = `${answered} of ${total} answered.${queue.held ? ` ${WHY[queue.held] ?? ""}${unsent()}.` : ""}`;
  said.classList.toggle("unsaved", Boolean(queue.held) && !queue.isKept);
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
    if (isChoice(field)) field.checked = fields.getAll(field.name).includes(field.value);
    else if (field.matches(FIELD)) field.value = fields.get(field.name) ?? "";
    if (field.selectedIndex < 0) quiz.dataset.reload = 1; // named as before
  }
}

for (const [number, item] of items) {
  const form = formOf(item);
  if (queue.has(number)) restore(form, queue.bodyOf(number));
  const changed = () => {
    delete form.dataset.restored;
    const body = bodyOf(form);
    if (!known.get(number) && !queue.has(number) && !/=[^&]/.test(body.replace(/certainty=./, ""))) return; // no answer yet
    delete item.dataset.told;
    queue.add(number, known.get(number), body);
    count();
  };
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if ("restored" in form.dataset) changed(); // filled in, not saved
    onward(number, item);
  });
}

async function onward(number, item) {
  if (item.dataset.told === "refused") return go(number, true); // the server says what became of it
  if (queue.held === "signed out" && queue.has(number)) return leave(toSignIn());
  if (number < total) return show(number + 1);
  return review(quiz.dataset.review);
}

async function review(address) {
  await queue.send();
  if (!queue.size && navigator.onLine !== false) return leave(address);
  const said = quiz.querySelector("[data-count]");
  if (!queue.size) said.textContent = "You are offline. What you answered here is saved. Finish when you are back.";
  return said.focus();
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
  heading.textContent = `Question ${number} of ${total}`;
  document.title = document.title.replace(/Question \d+ of \d+/, heading.textContent);
  quiz.querySelector("[data-go][aria-current]")?.removeAttribute("aria-current");
  quiz.querySelector(`.items [data-go="${number}"]`)?.setAttribute("aria-current", "page");
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
function wake() {
  queue.tries = 0;
  if (queue.size) queue.send();
}

addEventListener("pageshow", () => { leaving = false; wake(); });
addEventListener("online", wake);
addEventListener("focus", wake);
document.addEventListener("visibilitychange", wake); // signed in elsewhere?
addEventListener("beforeunload", (event) => { if (queue.size && !(leaving && queue.isKept)) event.preventDefault(); });
quiz.querySelector("[data-hand-in]")?.addEventListener("submit", (event) => {
  if (!queue.size) return;
  event.preventDefault(); // what waits comes first
  wake();
});
document.querySelector(".nhsuk-error-summary")?.focus();
count();
