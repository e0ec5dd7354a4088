// The activities of a step: what stands in them is saved as it is given, also offline, and the reply to an answer comes in
// place. What waits and is sent again is in queue.js. Without this, the step is one plain form, and Continue sends it all.
import { Queue, renewToken } from "./queue.js";

const step = document.querySelector("[data-step]");
const PAUSE = 700; // milliseconds after the last key until a text is saved
const signIn = new URL(step.dataset.signIn, location.href);
const known = new Map(); // by name: the number of the newest change this page knows of
const sent = new Map(); // by name: what stood in the fields when they were last sent
const typing = new Map(); // by name: the timer of a text that is being typed
let leaving = false;

const queue = new Queue(`lesson:${step.dataset.owner}:`, {
  address: (key) => `${key}draft/`,
  token: () => step.elements.csrfmiddlewaretoken.value,
  renew: () => renewToken(signIn),
  tell,
});

// Of whatever step a thing waits, its key is its address, so that any step of this person sends it.
function keyOf(name) { return `${step.dataset.address}${name}/`; }
function inside(name) { return step.querySelector(`[data-answering="${name}"]`); }
function nameOf(field) { return field.closest?.("[data-answering]")?.dataset.answering; }

function bodyOf(name) {
  const body = new URLSearchParams({ owner: step.dataset.owner });
  for (const [field, value] of new FormData(step))
    if (field.startsWith(`${name}-`) && field !== `${name}-sequence`) body.append(field, value);
  return body.toString();
}

function look(name) {
  known.set(name, Number(step.elements[`${name}-sequence`].value) - 1);
  sent.set(name, bodyOf(name));
}

// ---- what is said
const KEPT = "Kept on this device, sent when you are back online";
const WORDS = {
  saving: () => "Saving…",
  saved: (words, more) => `Saved ${words}${more && `. ${more}`}`,
  refused: (words) => words,
  offline: () => `You are offline. ${KEPT}`,
  away: () => "You are offline. All you gave is saved: go on when you are back online",
  trying: () => "Kept on this device. Trying again to save it",
  "signed out": () => "You are signed out. Kept on this device. ",
  "not yours": () => "Somebody else is signed in now. Kept on this device: sign in as yourself to save it",
};

function tell(key, what, words = "", sequence = 0, told = {}) {
  const name = key.split("/").at(-2);
  if (key !== keyOf(name) || !inside(name)) return; // it waits from another step
  if (sequence) {
    known.set(name, sequence);
    step.elements[`${name}-sequence`].value = sequence + 1;
  }
  if (told.replaced?.length) showReplaced(name, told.replaced);
  say(inside(name).querySelector("[data-state]"), what, words);
}

function say(state, what, words = "") {
  if (!state) return;
  const text = WORDS[what](words, state.dataset.state);
  const looks = { saved: "", refused: " saved--unsaved" }[what] ?? " saved--waiting";
  state.className = `saved${looks}`;
  if (state.dataset.said === text && state.textContent) return; // said already: not read out again
  state.dataset.said = state.textContent = text;
  if (what !== "signed out") return;
  const href = signIn.href + encodeURIComponent(step.dataset.address);
  state.append(Object.assign(document.createElement("a"), { href, textContent: "Sign in to save it" }));
}

function showReplaced(name, texts) {
  const words = "This was also written on another device or in another window. Both are kept: the newest above, the other here.";
  const box = Object.assign(document.createElement("div"), { className: "nhsuk-inset-text" });
  box.append(Object.assign(document.createElement("p"), { textContent: words }));
  for (const text of texts) box.append(Object.assign(document.createElement("blockquote"), { textContent: text }));
  inside(name).querySelector("[data-replaced]").replaceChildren(box);
}

// ---- saving as it is given
function save(name) {
  clearTimeout(typing.get(name));
  typing.delete(name);
  const body = bodyOf(name);
  if (sent.get(name) === body) return;
  sent.set(name, body);
  queue.add(keyOf(name), known.get(name), body);
}

function saveAll() { for (const name of [...typing.keys()]) save(name); }

function restore(name) {
  const fields = new URLSearchParams(queue.bodyOf(keyOf(name)));
  for (const field of inside(name).querySelectorAll("[name]")) {
    if (/radio|checkbox/.test(field.type)) field.checked = fields.getAll(field.name).includes(field.value);
    else if (field.type !== "hidden" && field.type !== "submit") field.value = fields.get(field.name) ?? "";
  }
}

step.addEventListener("input", ({ target }) => {
  const name = nameOf(target);
  if (!name || !/text|date/.test(target.type)) return;
  clearTimeout(typing.get(name));
  typing.set(name, setTimeout(() => save(name), PAUSE));
});
step.addEventListener("change", ({ target }) => { const name = nameOf(target); if (name) save(name); });

// ---- answering in place
async function answer(name, button) {
  const box = inside(name).closest(".beside__answer");
  if (box.ariaBusy === "true") return; // a second tap of one press
  box.ariaBusy = "true";
  save(name);
  await queue.send();
  if (!queue.has(keyOf(name))) await take(name, box, button); // else its state says why it waits
  box.ariaBusy = "false";
}

async function take(name, box, button, again = true) {
  const body = new URLSearchParams(bodyOf(name));
  for (const field of ["csrfmiddlewaretoken", `${name}-sequence`]) body.set(field, step.elements[field].value);
  if (button.name) body.set(button.name, button.value);
  const headers = { Accept: "application/json" };
  const reply = await fetch(button.formAction, { method: "POST", body, headers, redirect: "error" }).catch(() => null);
  const told = await reply?.json().catch(() => null);
  if (told?.html !== undefined) return show(name, box, told);
  const why = reply?.status === 403 && again ? await renewToken(signIn) : whyNot(reply);
  if (!why) return take(name, box, button, false);
  return say(box.querySelector("[data-state]"), why);
}

function whyNot(reply) {
  if (!reply) return navigator.onLine === false ? "offline" : "trying";
  return { 401: "signed out", 404: "not yours" }[reply.status] ?? "trying";
}

function show(name, box, { html, is_open: isOpen }) {
  box.innerHTML = html;
  if (box.querySelector("[data-ring]")) import("./ring.js"); // a script in what came is not run
  look(name);
  box.closest("[data-activity]").dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { isOpen } }));
  const first = box.querySelector(".nhsuk-error-message") ?? document.getElementById(`${name}-said`);
  if (!first) return;
  first.tabIndex = -1;
  first.focus();
}

step.addEventListener("submit", (event) => {
  if (leaving) return;
  let button = event.submitter;
  // Enter in a field presses the first button of the step: it means the one of its activity.
  if (button?.name === "stay") button = document.activeElement.closest("[data-answering]")?.querySelector("button[formaction*='/answer/']") ?? button;
  const name = button && nameOf(button);
  if (name && !/discard|forget/.test(button.name)) {
    event.preventDefault();
    answer(name, button);
    return;
  }
  saveAll();
  if (!queue.size && navigator.onLine !== false) return; // as a plain form
  event.preventDefault();
  onward(button);
});

// Continue waits for what is still on its way, and without a line stays where it is.
async function onward(button) {
  await queue.send();
  await new Promise(setTimeout); // a form is not sent again while its sending is still being told to listeners
  const here = [...step.querySelectorAll("[data-answering]")].some((one) => queue.has(keyOf(one.dataset.answering)));
  if (here || navigator.onLine === false) return say(step.querySelector("[data-held]"), here ? queue.held : "away");
  leaving = true;
  return step.requestSubmit(button);
}

// ---- coming and going
function wake() {
  queue.tries = 0;
  if (queue.size) queue.send();
}

addEventListener("pageshow", () => { leaving = false; wake(); });
addEventListener("online", () => { say(step.querySelector("[data-held]"), "refused"); wake(); });
addEventListener("focus", wake);
document.addEventListener("visibilitychange", () => { saveAll(); wake(); });
addEventListener("pagehide", saveAll);
addEventListener("beforeunload", (event) => {
  saveAll();
  if (queue.size && !queue.isKept) event.preventDefault();
});

for (const { dataset } of step.querySelectorAll("[data-answering]")) {
  look(dataset.answering);
  if (queue.has(keyOf(dataset.answering))) restore(dataset.answering);
}
