"use strict";
(() => {
  // What is lit: an event (its card, its trigger, its arguments) or a span (its events). A pinned event stays lit.
  const LABEL_WIDTH = 72; // pixels, of the longest role word
  let pinned = null;
  let lit = [];

  const cardOf = (node) => node instanceof Element ? node.closest("button.card") : null;
  const spanOf = (node) => node instanceof Element ? node.closest(".text .s") : null;
  const articleOf = (element) => element.closest("article").dataset.article;

  function light(element, name) {
    element.classList.add(name);
    lit.push([element, name]);
  }

  function clear() {
    for (const [element, name] of lit) {
      element.classList.remove(name);
      delete element.dataset.role;
    }
    lit = [];
  }

  function label(id, role) {
    const span = document.getElementById(id);
    if (span === null) return;
    span.dataset.role = span.dataset.role ? `${span.dataset.role}, ${role}` : role;
    light(span, "lit");
    // A label at the end of a line would be cut off: it grows to the left instead.
    const room = span.closest(".text").getBoundingClientRect().right - span.getBoundingClientRect().left;
    if (room < LABEL_WIDTH) light(span, "edge");
  }

  function showEvent(card) {
    const article = articleOf(card);
    light(card, "lit");
    if (card.dataset.cue) label(`s${article}-${card.dataset.cue}`, card.querySelector(".type").textContent);
    for (const pair of card.dataset.arguments.split(";").filter(Boolean)) {
      const [number, role] = pair.split(":");
      label(`s${article}-${number}`, role);
    }
  }

  function cardsOf(span) {
    const article = articleOf(span);
    const numbers = span.dataset.events.split(" ").filter(Boolean);
    return numbers.map((number) => document.getElementById(`e${article}-${number}`)).filter((card) => card !== null);
  }

  function show(node) {
    clear();
    const card = cardOf(node), span = spanOf(node);
    document.body.classList.toggle("focused", false);
    if (card !== null) {
      showEvent(card);
    } else if (span !== null) {
      light(span, "lit");
      for (const owner of cardsOf(span)) light(owner, "lit");
    } else if (pinned !== null) {
      showEvent(pinned);
    }
    document.body.classList.toggle("focused", lit.length > 0);
  }

  function pin(card) {
    if (pinned !== null) pinned.setAttribute("aria-pressed", "false");
    pinned = card;
    if (pinned !== null) pinned.setAttribute("aria-pressed", "true");
  }

  // A click on a span pins its first event, the next click its next one, and after the last none.
  function next(span) {
    const cards = cardsOf(span);
    return cards[cards.indexOf(pinned) + 1] ?? null;
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch") show(event.target);
  });
  document.addEventListener("focusin", (event) => show(event.target));
  document.addEventListener("focusout", () => show(null));
  document.addEventListener("click", (event) => {
    const card = cardOf(event.target), span = spanOf(event.target);
    if (card === null && span === null) return;
    pin(span !== null ? next(span) : card === pinned ? null : card);
    show(pinned ?? event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    pin(null);
    show(null);
  });
})();
