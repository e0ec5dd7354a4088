// A case of practice: a tap says where, the answer comes in place, and the drawing shows the cue.
// Without this script the form is a form: places are chosen from the list, and the answer is a page.
import { draw } from "./ring.js";

const page = document.querySelector("[data-activity]");
const scene = page.querySelector(".scene");
const place = page.querySelector("[data-answer]");
const begun = performance.now();

// The first picture: of a moving one the one that plays.
const picture = () => scene?.querySelector(".strip svg, svg");

// Where the picture was tapped, in percent of its side, however large or letterboxed it is shown.
function percent(drawn, event) {
  const box = drawn.viewBox.baseVal;
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawn.getScreenCTM().inverse());
  return [(100 * (point.x - box.x)) / box.width, (100 * (point.y - box.y)) / box.height];
}

function tap(event) {
  const form = page.querySelector("[data-case]");
  const drawn = event.target.closest("svg");
  if (!form || !drawn || drawn !== picture()) return;
  const [x, y] = percent(drawn, event);
  form.elements.tapped_x.value = x.toFixed(1);
  form.elements.tapped_y.value = y.toFixed(1);
  for (const radio of form.querySelectorAll("[name=place]")) radio.checked = false;
  unmark();
  draw(drawn, [x, y, 5]);
}

function unmark() {
  for (const ring of page.querySelectorAll(".scene .ring")) ring.remove();
}

// The drawing answers: rings where the cue is, and a moving one plays the seconds that show it.
function show(button) {
  const drawn = picture();
  if (!drawn) return;
  unmark();
  const rings = button.dataset.rings.split(";").filter(Boolean);
  for (const one of rings) draw(drawn, one.split(" ").map(Number));
  const span = button.dataset.watch?.split("-").map(Number);
  const moving = scene.querySelector(".moving.plays");
  if (moving && span) moving.dispatchEvent(new CustomEvent("watch", { detail: span }));
}

function answered() {
  page.querySelector("[data-skip]")?.remove();
  page.querySelector("[data-check]")?.remove(); // with its form
  page.querySelector("[data-onward]").hidden = false;
  const button = place.querySelector("[data-show]");
  if (button) show(button);
}

async function send(form) {
  form.elements.milliseconds.value = Math.round(performance.now() - begun);
  const reply = await fetch(form.action, {
    method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
  });
  const isJson = reply.headers.get("Content-Type")?.includes("json");
  if (!isJson || reply.status === 401) throw new Error(reply.status);
  const told = await reply.json();
  if (told.html) {
    place.innerHTML = told.html;
    answered();
    reveal(place.querySelector("#answer"));
    return;
  }
  say(form, told.error);
}

// The answer's first line right below the picture, which stays in view; a check goes straight on.
function reveal(headline) {
  if (place.querySelector("[data-straight-on]")) location.assign(page.querySelector("[data-onward]").href);
  headline.focus({ preventScroll: true });
  const isPinned = scene && matchMedia("(width < 56.25rem)").matches;
  headline.scrollIntoView({ block: isPinned ? "start" : "nearest" });
}

function say(form, words) {
  const error = form.querySelector("#case-error");
  error.querySelector("[data-words]").textContent = words;
  error.hidden = false;
  error.focus();
}

scene?.classList.add("can-tap");
scene?.addEventListener("click", tap);
place.addEventListener("change", ({ target }) => {
  if (target.name !== "place") return;
  target.form.elements.tapped_x.value = target.form.elements.tapped_y.value = "";
  unmark();
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-show]");
  if (button) show(button);
});
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-case]")) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  try {
    await send(form);
  } catch (error) {
    // Without a line nothing was sent: what is chosen stays. Else the site answers with a page: it
    // keeps the answer of somebody who was signed out, and says what is wrong.
    if (error instanceof TypeError) say(form, "There is no connection. Your answer is still here: press again when the line is back.");
    else form.submit();
  }
  delete form.dataset.sending;
});
if (place.querySelector("[data-show]")) answered();
