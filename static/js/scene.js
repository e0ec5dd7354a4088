// Plays a moving scene: one drawing whose lines, paint and breath go as courses/figure/motion/scene_motion.py tells.
// Without this file, and where movement is unwelcome, the stills on the page stay.
const ease = (u) => u * u * u * (10 - 15 * u + 6 * u * u);
const WAYS = [(u) => u, ease, (u) => 2 * ease(u / 2), (u) => 2 * ease(0.5 + u / 2) - 1];

// Decodes what encode_numbers in tracks.py writes.
function numbers(text) {
  const out = [];
  let i = 0;
  const next = () => text.charCodeAt(i++) - 35;
  while (i < text.length) {
    const c = next();
    const u = c < 57 ? 0 : c < 91 ? (c - 58) * 57 + next() : (next() * 57 + next()) * 57 + next();
    out.push(c < 57 ? c - 28 : u % 2 ? -(u + 1) / 2 : u / 2);
  }
  return out;
}

// Gives the numbers at a time, or nothing when they are as they were.
function track([steps, ways, flat]) {
  let [sum, told, k] = [0, -1, 0];
  const times = numbers(steps).map((step) => (sum += step));
  const all = numbers(flat);
  const size = all.length / times.length;
  all.forEach((n, i) => {
    all[i] = n + (i % size > 1 && all[i - 2] - (all[i - 2 - size] ?? 0)) + (all[i - size] ?? 0);
  });
  const moves = times.map((_, k) => all.slice(k * size, (k + 1) * size).some((n, i) => n !== (all[(k + 1) * size + i] ?? n)));
  return (t) => {
    if (t < times[k]) k = 0;
    while (times[k + 1] <= t) k++;
    const u = moves[k] && t > times[k] ? WAYS[ways[k]]((t - times[k]) / (times[k + 1] - times[k])) : 0;
    if (k + u === told) return;
    told = k + u;
    return Array.from({ length: size }, (_, i) => all[k * size + i] + (u && (all[(k + 1) * size + i] - all[k * size + i]) * u));
  };
}

// Path data from a template of paths.py and its numbers.
function pen(shape) {
  const parts = shape.match(/[sol]\d+ |[^sol]+/g).map((part) => [part, part[0], +part.slice(1)]);
  return (numbers) => {
    const row = numbers.map(Math.round);
    let [d, i, same] = ["", 0, 0];
    for (const [part, kind, count] of parts) {
      if (!count) {
        d += part.replace(/[#~]/g, (mark) => (mark === "#" ? (same = row[i++]) : same));
        continue;
      }
      const end = i + 2 * count;
      const middle = (a, b) => `${(row[a] + row[b]) / 2} ${(row[a + 1] + row[b + 1]) / 2}`;
      const curve = (a, to) => ` Q${row[a]} ${row[a + 1]} ${to}`;
      if (kind === "s") {
        d += "M" + middle(end - 2, i);
        for (let a = i; a < end; a += 2) d += curve(a, middle(a, a + 2 < end ? a + 2 : i));
        d += "z";
      } else {
        d += `${kind === "o" ? "M" : "L"}${row[i]} ${row[i + 1]}`;
        for (let a = i + 2; a < end - 2; a += 2) d += curve(a, a < end - 4 ? middle(a, a + 2) : `${row[a + 2]} ${row[a + 3]}`);
      }
      i = end;
    }
    return d;
  };
}

// Draws a time, in hundredths of a second, after so many breaths; tells how many breaths there are in a second.
function drawing(svg, file) {
  const page = `<svg xmlns="http://www.w3.org/2000/svg">${file.svg}</svg>`;
  const body = document.importNode(new DOMParser().parseFromString(page, "image/svg+xml").documentElement.firstChild, true);
  svg.querySelector(":scope > g:not(.ring)").replaceWith(body);
  const pieces = body.querySelectorAll("*");
  const lines = file.lines.map(([place, shape, ...rest]) => [pieces[place], pen(shape), track(rest)]);
  const paints = file.paint.map(([places, name, ...rest]) => [places, name, track(rest)]);
  const [trunk, ...rest] = file.breath;
  const lungs = track(rest);
  let now;
  return (t, breaths) => {
    for (const one of file.seen) {
      const there = one[1].filter((turn) => turn <= t).length % 2 > 0;
      if (there !== one.there) pieces[one[0]].setAttribute("display", (one.there = there) ? "inline" : "none");
    }
    for (const [line, write, at] of lines) {
      const row = at(t);
      if (row) line.setAttribute("d", write(row));
    }
    for (const [places, name, at] of paints) {
      const row = at(t);
      const paint = row && (row[1] >= 0 ? `rgb(${row.map(Math.round)})` : row / 100);
      if (row) for (const place of places) pieces[place].setAttribute(name, paint);
    }
    const [x, y, pace, depth] = (now = lungs(t) ?? now);
    const more = 0.000225 * depth * (1 - Math.cos(2 * Math.PI * breaths));
    pieces[trunk].setAttribute("transform", `translate(${-x * more} ${-y * more}) scale(${1 + more})`);
    return pace / 100;
  };
}

function play(scene, file) {
  const svg = scene.querySelector("svg");
  const box = scene.querySelector(".player");
  const [toggle, again] = box.querySelectorAll("button");
  const slider = box.querySelector("input");
  const list = scene.querySelector(".moments");
  const draw = drawing(svg, file);
  let [t, breaths, last, frame, wanted, inView, end] = [0, 0, 0, 0, true, false, file.end];
  const show = (gone = 0) => {
    breaths += gone * draw(t, breaths);
    if (gone && Math.abs(t / 100 - slider.value) < 0.2) return; // often enough for a hand, and cheap
    slider.value = t / 100;
    slider.ariaValueText = `${Math.round(t / 100)} seconds`;
    for (const line of list.children) line.classList.toggle("now", line.dataset.at <= t && !(line.nextElementSibling?.dataset.at <= t));
  };
  const settle = () => {
    const runs = wanted && inView && !document.hidden;
    toggle.textContent = wanted ? "Pause" : "Play";
    scene.dataset.state = runs ? "playing" : "still";
    if (runs === frame > 0) return;
    cancelAnimationFrame(frame);
    last = 0;
    frame = runs && requestAnimationFrame(tick);
  };
  const set = (play, from, to = file.end) => {
    [wanted, t, end] = [play, from, to];
    show();
    settle();
  };
  const tick = (time) => {
    frame = requestAnimationFrame(tick);
    const gone = Math.min(time - (last || time), 100) / 1000;
    last = time;
    t = Math.min(t + gone * 100, end);
    show(gone);
    if (t === end) set(false, t);
  };
  const byHand = (...how) => {
    scene.dispatchEvent(new Event("leave")); // the ring goes: the hand looks elsewhere
    set(...how);
  };
  const turn = () => byHand(!wanted, t < file.end ? t : 0);
  toggle.addEventListener("click", turn);
  svg.addEventListener("click", turn);
  again.addEventListener("click", () => byHand(true, 0));
  slider.addEventListener("input", () => byHand(false, slider.value * 100));
  scene.addEventListener("watch", ({ detail: [from, to] }) => set(true, from * 100, to * 100));
  for (const kind of ["input", "change"]) slider.addEventListener(kind, (event) => event.stopPropagation()); // no answer in a form
  document.addEventListener("visibilitychange", settle);
  new IntersectionObserver(([entry]) => {
    inView = entry.isIntersecting;
    settle();
  }, { threshold: 0.4 }).observe(svg);
  svg.setAttribute("aria-describedby", list.id);
  scene.classList.add("plays");
  box.hidden = false;
  show();
}

const soon = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    soon.unobserve(target);
    const scene = target.closest("[data-motion]"); // beside a question it has no box of its own
    fetch(scene.dataset.motion)
      .then((reply) => reply.json())
      .then((file) => play(scene, file))
      .catch(() => scene.classList.add("stays")); // no connection: the stills say it too
  }
}, { rootMargin: "400px" });
if (!matchMedia("(prefers-reduced-motion: reduce)").matches) document.querySelectorAll("[data-motion] .stage").forEach((stage) => soon.observe(stage));
