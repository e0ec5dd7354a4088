// An item of a quiz: saves each change as it is given, and says "Saved" only after the server did.
// A change keeps its event id until the server has answered for it, so sending it again can never count twice.
const form = document.querySelector("form[data-saves]");
const state = form.querySelector("[data-state]");
const PAUSES = [1000, 2000, 5000, 10000, 20000]; // milliseconds before trying again
let waiting = false; // a change is not yet acknowledged
let sending = false;
let tries = 0;
let used = false; // the present sequence was sent: the next change takes a higher one, whether or not an answer came back

function say(text, kind) {
  state.textContent = text;
  state.className = kind ? `saved saved--${kind}` : "saved";
}

form.addEventListener("change", () => {
  if (used) form.elements.sequence.value = Number(form.elements.sequence.value) + 1;
  form.elements.event_id.value = crypto.randomUUID?.() ?? fallbackId();
  waiting = true;
  tries = 0;
  send();
});

function fallbackId() {
  // randomUUID is missing on plain http outside localhost
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

async function send() {
  if (sending) return; // the newest change is sent when this one is answered
  sending = used = true;
  say("Saving…", "waiting");
  const sent = form.elements.event_id.value;
  let reply = null;
  try {
    reply = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      redirect: "error",
    });
  } catch {
    // no connection: reply stays null
  }
  sending = false;
  await settle(reply, sent);
}

async function settle(reply, sent) {
  if (reply?.ok) {
    const told = await reply.json();
    if (form.elements.event_id.value !== sent) return send();
    form.elements.sequence.value = Math.max(told.next_sequence, Number(form.elements.sequence.value));
    used = false;
    waiting = false;
    return say(`Saved ${told.saved}`);
  }
  if (reply && reply.status < 500 && reply.status !== 429) {
    const told = await reply.json().catch(() => ({}));
    waiting = false;
    return say(told.error ?? "This answer was not saved. Load the page again.", "unsaved");
  }
  const pause = PAUSES[Math.min(tries++, PAUSES.length - 1)];
  say(navigator.onLine === false ? "You are offline. This answer is not yet saved" : "Not yet saved. Trying again", "unsaved");
  setTimeout(() => { if (waiting && !sending) send(); }, pause);
}

addEventListener("online", () => { if (waiting && !sending) send(); });
addEventListener("beforeunload", (event) => { if (waiting && !form.dataset.leaving) event.preventDefault(); });
form.addEventListener("submit", () => { form.dataset.leaving = "yes"; });
document.querySelector(".nhsuk-error-summary")?.focus();
