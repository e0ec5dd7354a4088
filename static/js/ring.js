// Feedback shows what it speaks of: a ring on the picture, and the part of a moving scene with it.
const SVG = "http://www.w3.org/2000/svg";
const WITHIN = ".activity, [data-number], article";

function clear(scene) {
  for (const ring of scene.querySelectorAll(".ring, .strip__cover")) ring.remove();
}

// Draws into the picture, in its own coordinates: percent of its side.
export function draw(picture, [x, y, r]) {
  const box = picture.viewBox.baseVal;
  const side = (percent) => (percent * box.width) / 100;
  const ring = document.createElementNS(SVG, "g");
  ring.setAttribute("class", "ring");
  for (let line = 0; line < 2; line++) {
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("cx", box.x + side(x));
    circle.setAttribute("cy", box.y + side(y));
    circle.setAttribute("r", side(r));
    ring.append(circle);
  }
  picture.append(ring);
}

// The still of the last moment that has begun by then; where nothing moves, it is the picture.
function still(scene, to) {
  const stills = scene.querySelectorAll(".strip > li");
  if (!stills.length) return scene.querySelector("svg");
  const begun = [...scene.querySelectorAll(".moments > li")].filter((moment) => moment.dataset.at < 100 * to);
  const place = stills[Math.max(0, begun.length - 1)];
  const drawn = place.querySelector(":scope > svg:not(.strip__cover)");
  if (drawn) return drawn;
  const cover = document.createElementNS(SVG, "svg"); // over a picture that is a file
  cover.setAttribute("viewBox", "0 0 100 100");
  cover.setAttribute("class", "strip__cover");
  cover.setAttribute("aria-hidden", "true");
  place.append(cover);
  return cover;
}

function look(button) {
  const scene = button.closest(WITHIN)?.querySelector(".scene");
  if (!scene) return;
  const ring = button.dataset.ring?.split(" ").map(Number);
  const span = button.dataset.watch?.split("-").map(Number);
  const moving = scene.querySelector(".moving");
  const plays = moving?.classList.contains("plays");
  clear(scene);
  const picture = plays ? scene.querySelector(".strip svg") : still(scene, span?.[1] ?? 0);
  if (ring) draw(picture, ring);
  moving?.addEventListener("leave", () => clear(scene), { once: true });
  if (plays && span) moving.dispatchEvent(new CustomEvent("watch", { detail: span }));
  picture.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-ring], [data-watch]");
  if (button) look(button);
});
