// Cards to sort, to match or to put in turn: one at a time, with its places as large buttons; or all, tapped in turn.
// The selects of the form still hold the answer and change as if chosen by hand. Without this, they are the way.

function made(tag, className, props = {}) { return Object.assign(document.createElement(tag), { className, ...props }); }

function cardsOf(fieldset) {
  return [...fieldset.querySelectorAll(".place-card")].map((row) => {
    const [label, select] = [row.querySelector("label"), row.querySelector("select")];
    return { row, select, html: label.innerHTML, text: label.textContent.trim() };
  });
}

function give(card, value) {
  card.select.value = value;
  card.select.dispatchEvent(new Event("change", { bubbles: true }));
}

// The words of a place without its letter, which only the menus need.
function placesOf(fieldset, select) {
  const printed = [...fieldset.querySelectorAll("ul.places li")].map((place) => place.textContent.trim().replace(/^[A-Z]\s+/, ""));
  return [...select.options].slice(1).map(({ value, text }, n) => ({ value, text: printed[n] ?? text }));
}

function start(fieldset) {
  if (fieldset.querySelector(".tap")) return;
  const cards = cardsOf(fieldset);
  const tap = made("div", "tap");
  for (const { row } of cards) row.hidden = true;
  for (const places of fieldset.querySelectorAll(".places")) places.hidden = true;
  fieldset.append(tap);
  (fieldset.dataset.cards === "turns" ? inTurn : oneByOne)(tap, cards, placesOf(fieldset, cards[0].select));
}

// ---- sort and match
function oneByOne(tap, cards, places) {
  let at = cards.findIndex(({ select }) => !select.value);
  const card = made("div", "tap__card");
  card.setAttribute("role", "status");
  const buttons = places.map(({ value, text }) => made("button", "tap__place", { type: "button", value, textContent: text }));
  const group = made("div", `tap__places${places.some(({ text }) => text.length > 28) ? " tap__places--long" : ""}`);
  group.setAttribute("role", "group");
  group.ariaLabel = "Where does it go?";
  group.append(...buttons);
  const all = made("details", "nhsuk-details tap__all");
  tap.append(card, group, all);

  function draw() {
    const placed = cards.filter(({ select }) => select.value).length;
    const words = at < 0 ? `${placed} of ${cards.length} placed` : `Card ${at + 1} of ${cards.length}`;
    card.replaceChildren(made("p", "tap__progress", { textContent: words }));
    if (at >= 0) card.append(made("p", "tap__words", { innerHTML: cards[at].html }));
    group.hidden = at < 0;
    for (const button of buttons) button.ariaPressed = String(at >= 0 && cards[at].select.value === button.value);
    drawAll(placed);
  }

  function drawAll(placed) {
    all.hidden = !placed;
    all.open ||= at < 0;
    const summary = made("summary", "nhsuk-details__summary");
    summary.append(made("span", "nhsuk-details__summary-text", { textContent: `What you placed (${placed})` }));
    const list = made("ol", "tap__list");
    cards.forEach((one, n) => {
      if (!one.select.value) return;
      const where = places.find(({ value }) => value === one.select.value)?.text;
      const change = made("button", "link-button", { type: "button", textContent: "Change", ariaLabel: `Change: ${one.text}` });
      change.addEventListener("click", () => { at = n; draw(); buttons[0].focus(); });
      const row = made("li", "");
      row.append(made("span", "", { textContent: one.text }), made("strong", "", { textContent: where }), change);
      list.append(row);
    });
    all.replaceChildren(summary, list);
  }

  group.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button || at < 0) return;
    give(cards[at], button.value);
    const later = [...cards.keys()].map((n) => (at + 1 + n) % cards.length);
    at = later.find((n) => !cards[n].select.value) ?? -1;
    if (at < 0) all.open = true;
    draw();
    if (at < 0) all.querySelector("summary").focus({ preventScroll: true });
  });
  draw();
}

// ---- order
function inTurn(tap, cards, places) {
  const said = made("p", "tap__progress");
  said.setAttribute("role", "status");
  said.tabIndex = -1;
  const list = made("ol", "tap__list tap__list--turns");
  list.setAttribute("role", "list"); // without bullets, Safari would not call it one
  const group = made("div", "tap__places tap__places--long");
  const undo = made("button", "nhsuk-button nhsuk-button--secondary tap__undo", { type: "button", textContent: "Undo the last" });
  tap.append(said, list, group, undo);
  const turnOf = ({ select }) => places.findIndex(({ value }) => value === select.value);

  function draw() {
    const placed = cards.filter(({ select }) => select.value).sort((one, other) => turnOf(one) - turnOf(other));
    const left = cards.filter(({ select }) => !select.value);
    said.textContent = `${placed.length} of ${cards.length} in order. ${left.length ? `Tap what comes ${placed.length ? "next" : "first"}.` : ""}`;
    list.replaceChildren(...placed.map(({ text }) => made("li", "", { textContent: text })));
    group.replaceChildren(...left.map((card) => {
      const button = made("button", "tap__place", { type: "button", textContent: card.text });
      button.addEventListener("click", () => put(card, placed));
      return button;
    }));
    undo.hidden = !placed.length;
    undo.onclick = () => { give(placed.at(-1), ""); draw(); focusNext(); };
  }

  function put(card, placed) {
    const taken = new Set(placed.map(({ select }) => select.value));
    give(card, places.find(({ value }) => !taken.has(value)).value);
    draw();
    focusNext();
  }

  // Not to "Undo" after the last: a key held down would take back what it put.
  function focusNext() { (group.querySelector("button") ?? said).focus({ preventScroll: true }); }
  draw();
}

function startAll(root) { for (const fieldset of root.querySelectorAll("[data-cards]")) start(fieldset); }

startAll(document);
document.addEventListener("answered", ({ target }) => startAll(target));
