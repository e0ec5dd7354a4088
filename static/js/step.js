// A step, one card at a time. It comes before the page is painted; where it does not come, or where
// something in it fails, all cards stand in one column. A card has a place in the history: #card-2.
{
  const root = document.documentElement;
  root.classList.add("one-card");
  if (location.hash) root.classList.add("finding-card"); // the first one is not shown for a blink

  const start = () => {
    const step = document.querySelector(".step");
    const cards = [...step.querySelectorAll(".card")];
    const form = document.getElementById("step");
    const [onward, back] = [form.querySelector("[data-onward]"), form.querySelector("[data-back]")];
    const [left, part] = [document.querySelector(".focus-bar [data-left]"), document.querySelector("[aria-current=step]")];
    const finish = onward.textContent;
    const first = Math.max(0, cards.findIndex((card) => card.classList.contains("shown")));
    let now = first;

    const show = (number) => {
      now = number;
      const isLast = number === cards.length - 1;
      cards.forEach((card, i) => card.classList.toggle("shown", i === number));
      step.classList.toggle("on-last", isLast);
      step.classList.toggle("on-first", number === 0);
      onward.textContent = isLast ? finish : "Continue";
      const minutes = +cards[number].dataset.left;
      left.textContent = `${minutes} minute${minutes === 1 ? "" : "s"}`;
      part.style.setProperty("--part", `${(100 * (number + 1)) / cards.length}%`);
    };
    const read = () => {
      scrollTo(0, 0);
      const heading = cards[now].querySelector("h2, h3, .nhsuk-fieldset__legend, .nhsuk-label--m, :scope > details > summary") ?? cards[now];
      if (heading.tabIndex < 0) heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    };
    // What the address names: a card, or something inside of one, such as a field with a mistake.
    const named = () => document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const follow = (arrived) => {
      const place = named();
      const number = cards.findIndex((card) => card.contains(place));
      if (number < 0 && location.hash && place) return; // something else on the page
      show(number < 0 ? first : number);
      if (place && place !== cards[number]) {
        place.scrollIntoView();
        place.focus({ preventScroll: true });
      } else if (arrived) read();
    };
    const go = (number) => {
      history.pushState({ from: now }, "", `#card-${number + 1}`);
      show(number);
      read();
    };

    form.addEventListener("submit", (event) => {
      if (event.submitter !== onward || now === cards.length - 1) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      go(now + 1);
    }, { capture: true });
    back.addEventListener("click", (event) => {
      if (now === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (history.state?.from === now - 1) history.back();
      else go(now - 1);
    });
    addEventListener("popstate", () => follow(true));

    // What an answer means is read at once, without another press.
    step.addEventListener("answered", ({ target, detail }) => {
      if (!detail.isOpen) return;
      for (const details of step.querySelectorAll(`[data-after="${target.id}"] > details:not(.sources)`)) details.open = true;
      const skip = step.querySelector("[data-test-out]");
      if (skip) offer(skip);
    });
    show(now);
    follow(false);
    document.querySelector(".nhsuk-error-summary")?.focus();
  };
  // The steps that may be left out are known to the server alone.
  const offer = async (skip) => {
    const reply = await fetch(location.pathname).catch(() => null);
    if (!reply?.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    skip.replaceChildren(...(page.querySelector("[data-test-out]")?.childNodes ?? []));
  };
  document.addEventListener("DOMContentLoaded", () => {
    try {
      start();
      root.classList.remove("finding-card");
    } catch (error) {
      root.classList.remove("one-card", "finding-card");
      throw error;
    }
  });
}
