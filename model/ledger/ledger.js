"use strict";
(() => {
  const incidents = [...document.querySelectorAll("details.incident")];
  const find = document.getElementById("find");
  const disputed = document.getElementById("disputed");
  const found = document.getElementById("found");
  // The texts are read once, at the first search: a page may hold thousands of incidents.
  let texts = null;

  function choose() {
    texts ??= incidents.map((incident) => incident.textContent.toLowerCase());
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    incidents.forEach((incident, i) => {
      const fits = words.every((word) => texts[i].includes(word)) &&
        (!disputed.checked || incident.dataset.disputed === "yes");
      incident.hidden = !fits;
      number += fits;
    });
    for (const day of document.querySelectorAll(".day")) {
      day.hidden = day.querySelector("details.incident:not([hidden])") === null;
    }
    found.textContent = number === incidents.length ? "" : `${number} of ${incidents.length}`;
  }

  function openAll(state) {
    for (const incident of incidents) if (!incident.hidden) incident.open = state;
  }

  // A link to an incident opens it.
  function openTarget() {
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  }

  let before = null;
  addEventListener("beforeprint", () => {
    before = incidents.filter((incident) => !incident.open);
    for (const incident of before) incident.open = true;
  });
  addEventListener("afterprint", () => {
    for (const incident of before ?? []) incident.open = false;
  });
  find.addEventListener("input", choose);
  disputed.addEventListener("change", choose);
  document.getElementById("open").addEventListener("click", () => openAll(true));
  document.getElementById("close").addEventListener("click", () => openAll(false));
  addEventListener("hashchange", openTarget);
  openTarget();
})();
