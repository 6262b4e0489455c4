"use strict";
(() => {
  // Everything from the data is put into the page as text, never as markup.
  const byId = (id) => document.getElementById(id);
  function make(tag, name, text) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  // --- the figures: which data set is shown, folded tables on paper ---

  const sets = document.querySelector(".sets");
  if (sets !== null) {
    sets.hidden = false;
    sets.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button === null) return;
      for (const other of sets.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
      for (const part of document.querySelectorAll("[data-set]")) {
        part.hidden = button.dataset.show !== "" && part.dataset.set !== button.dataset.show;
      }
    });
  }

  // A table that is wider than the page can be moved by keyboard; the others are no stops on the way.
  function reach() {
    for (const part of document.querySelectorAll(".scroll")) {
      if (part.scrollWidth > part.clientWidth) {
        part.tabIndex = 0;
        part.setAttribute("role", "region");
        part.setAttribute("aria-label", part.dataset.name || "table");
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) part.removeAttribute(name);
      }
    }
  }
  window.addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
  reach();

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const part of opened) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
    opened = [];
  });

  // --- the errors ---

  const source = byId("error-data");
  if (source === null) return;
  const data = JSON.parse(source.textContent);
  const SIGNS = {missed: "−", spurious: "+", label: "≠", boundary: "↔", link: "⤳"};
  const FIRST = 5, MORE = 10, PATTERNS = 8;
  const KIND = 0, LABEL = 1, START = 2, END = 3, WORDS = 4, PATTERNS_OF = 5; // an item
  const state = {model: data.first, data: -1, label: -1, kinds: new Set(), order: "rate", id: "", only: false, all: false,
    pattern: -1, patterns: PATTERNS};
  let listed = [];
  let drawn = 0;

  const sign = (kind) => SIGNS[data.kinds[kind][0]] || "?";
  const plural = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
  const style = (label) => label < 0 ? "none" : label < 7 ? data.labels[label].toLowerCase() : "trigger";
  const title = (label) => label < 0 ? "?" : data.labels[label];

  function matches(item, without) {
    if (without !== "kind" && state.kinds.size > 0 && !state.kinds.has(item[KIND])) return false;
    if (without !== "label" && state.label >= 0 && item[LABEL] !== state.label) return false;
    return without === "pattern" || state.pattern < 0 || item[PATTERNS_OF].includes(state.pattern);
  }

  const inScope = (one) => (state.data < 0 || one.data === state.data) && one.predicted[state.model] !== null &&
    one.id.toLowerCase().includes(state.id);

  function list() {
    const picky = state.kinds.size > 0 || state.label >= 0 || state.pattern >= 0;
    listed = [];
    for (const one of data.documents) {
      if (!inScope(one)) continue;
      const items = one.errors[state.model].filter((item) => matches(item, ""));
      if (items.length > 0 || !picky) listed.push({one, items});
    }
    const rate = (entry) => entry.items.length / Math.max(entry.one.words, 1);
    const orders = {
      rate: (a, b) => rate(b) - rate(a),
      count: (a, b) => b.items.length - a.items.length,
      id: (a, b) => a.one.id < b.one.id ? -1 : a.one.id > b.one.id ? 1 : 0,
    };
    listed.sort(orders[state.order]);
  }

  // Stretches of text between the ends of spans: [start, end, gold span, predicted span].
  function spansOf(flat, width) {
    const spans = [];
    for (let i = 0; i < flat.length; i += width) {
      spans.push({start: flat[i], end: flat[i + 1], label: flat[i + 2], percent: width > 3 ? flat[i + 3] : -1});
    }
    return spans;
  }

  function piecesOf(start, end, gold, predicted) {
    const cuts = new Set([start, end]);
    const near = (spans) => spans.filter((span) => span.start < end && span.end > start);
    const ours = near(gold), theirs = near(predicted);
    for (const span of [...ours, ...theirs]) {
      cuts.add(Math.max(span.start, start));
      cuts.add(Math.min(span.end, end));
    }
    const ends = [...cuts].sort((a, b) => a - b);
    const over = (spans, place) => spans.find((span) => span.start <= place && place < span.end) || null;
    return ends.slice(0, -1).map((place, i) => [place, ends[i + 1], over(ours, place), over(theirs, place)]);
  }

  // Paragraphs, parted where no span crosses the line's end.
  function paragraphsOf(text, spans) {
    const found = [];
    let start = 0;
    for (const gap of text.matchAll(/\n+/g)) {
      const end = gap.index + gap[0].length;
      if (spans.some((span) => span.start < end && span.end > gap.index)) continue;
      if (gap.index > start) found.push([start, gap.index]);
      start = end;
    }
    if (start < text.length) found.push([start, text.length]);
    return found;
  }

  function drawPiece(text, piece, all, chosen) {
    const [start, end, gold, said] = piece;
    const words = text.slice(start, end);
    if (gold === null && said === null) return document.createTextNode(words);
    const same = gold !== null && said !== null && gold.start === said.start && gold.end === said.end &&
      gold.label === said.label;
    const hint = said !== null && said.percent >= 0 ? `, confidence ${said.percent}%` : "";
    if (same) {
      const element = make("span", `right r-${style(gold.label)}`, words);
      element.title = title(gold.label) + hint;
      if (state.all && gold.start === start) element.dataset.label = title(gold.label);
      return element;
    }
    const at = (not) => all.find((one) => one[START] < end && one[END] > start &&
      !["link", not].includes(data.kinds[one[KIND]][0]));
    const ofModel = said === null ? undefined : at("missed"), ofGold = gold === null ? undefined : at("spurious");
    const marked = (item) => item === undefined ? "" : `${sign(item[KIND])} `;
    const element = make("span", chosen.has(ofModel) || chosen.has(ofGold) ? "wrong hit" : "wrong");
    const above = said !== null && said.start === start ? marked(ofModel) + title(said.label) : "";
    const below = gold !== null && gold.start === start ? (said === null ? marked(ofGold) : "") + title(gold.label) : "";
    if (below) element.dataset.gold = below;
    element.append(make("span", said === null ? "over" : `over p-${style(said.label)}`, above || "\u00a0"));
    const sides = [said === null ? "" : `p-${style(said.label)}`, gold === null ? "" : `g-${style(gold.label)}`];
    element.append(make("span", `said ${sides.join(" ")}`, words));
    if (below) element.append(make("span", `under g-${style(gold.label)}`, below));
    element.title = `gold: ${gold === null ? "nothing" : title(gold.label)}; ` +
      `model: ${said === null ? "nothing" : title(said.label)}${hint}`;
    return element;
  }

  function drawDocument(entry, number) {
    const {one, items} = entry;
    const all = one.errors[state.model];
    const article = make("article", "document");
    const head = make("h3", "", one.id);
    head.id = `d${number}`;
    article.setAttribute("aria-labelledby", head.id);
    const about = [...one.about, plural(one.words, "word"), plural(items.length, "error")];
    if (data.data.length > 1) about.unshift(data.data[one.data]);
    article.append(head, make("p", "about", about.join(" · ")));
    const body = make("div", "both"), text = make("div", "text"), places = [];
    text.dir = "auto";
    body.append(text);
    article.append(body);
    drawText(entry, text, places);
    if (one.cut) text.append(make("p", "note", "The text goes on; it was cut to keep this page small."));
    body.append(drawItems(items, places));
    if (items.length < all.length) {
      article.append(make("p", "note", `${plural(all.length - items.length, "other error")} not shown by the filters.`));
    }
    return article;
  }

  function drawText(entry, text, places) {
    const {one, items} = entry, all = one.errors[state.model], chosen = new Set(items);
    const gold = spansOf(one.gold, 3), said = spansOf(one.predicted[state.model], 4);
    let skipped = 0;
    const tellSkipped = () => {
      if (skipped > 0) text.append(make("p", "skipped", `${plural(skipped, "paragraph")} without errors`));
      skipped = 0;
    };
    for (const [start, end] of paragraphsOf(one.text, [...gold, ...said])) {
      const inside = items.filter((item) => item[START] < end && item[END] > start);
      if (state.only && inside.length === 0) {
        skipped += 1;
        continue;
      }
      tellSkipped();
      const paragraph = make("p", "");
      for (const piece of piecesOf(start, end, gold, said)) {
        const node = drawPiece(one.text, piece, all, chosen);
        if (node.nodeType === Node.ELEMENT_NODE) places.push({start: piece[0], end: piece[1], node});
        paragraph.append(node);
      }
      if (paragraph.querySelector(".wrong") !== null) paragraph.className = "stacked-lines";
      text.append(paragraph);
    }
    tellSkipped();
  }

  function drawItems(items, places) {
    const list = make("ul", "items");
    for (const item of items) {
      const button = make("button", "item");
      button.type = "button";
      button.append(make("span", "sign", sign(item[KIND])), make("span", "", item[WORDS]));
      const touched = places.filter((place) => place.start < item[END] && place.end > item[START]);
      const light = (on) => {
        for (const place of touched) place.node.classList.toggle("lit", on);
        button.classList.toggle("lit", on);
      };
      button.addEventListener("click", () => {
        if (touched.length > 0) touched[0].node.scrollIntoView({block: "center"});
      });
      for (const name of ["focus", "pointerenter"]) button.addEventListener(name, () => light(true));
      for (const name of ["blur", "pointerleave"]) button.addEventListener(name, () => light(false));
      const line = make("li", "");
      line.append(button);
      list.append(line);
    }
    return list;
  }

  function drawMore(number) {
    const stop = Math.min(drawn + number, listed.length);
    for (; drawn < stop; drawn += 1) byId("documents").append(drawDocument(listed[drawn], drawn));
    const left = listed.length - drawn;
    byId("more").hidden = left === 0;
    byId("more").textContent = `${Math.min(left, MORE)} more of ${plural(left, "document")}`;
  }

  // --- filters ---

  function counts(part, without) {
    const found = new Map();
    for (const one of data.documents) {
      if (!inScope(one)) continue;
      for (const item of one.errors[state.model]) {
        if (matches(item, without)) found.set(item[part], (found.get(item[part]) || 0) + 1);
      }
    }
    return found;
  }

  function fill(select, options, value) {
    select.replaceChildren(...options.map(([key, text]) => {
      const option = make("option", "", text);
      option.value = String(key);
      option.selected = key === value;
      return option;
    }));
  }

  function drawFilters() {
    const labels = counts(LABEL, "label");
    const known = data.labels.map((label, i) => [i, `${label} (${labels.get(i) || 0})`]);
    fill(byId("f-label"), [[-1, "all labels"], ...known], state.label);
    const kinds = counts(KIND, "kind");
    for (const button of byId("f-kinds").children) {
      const kind = Number(button.value);
      button.setAttribute("aria-pressed", String(state.kinds.has(kind)));
      button.lastChild.textContent = ` ${data.kinds[kind][1]} (${kinds.get(kind) || 0})`;
    }
  }

  function drawPatterns() {
    const box = byId("patterns"), rows = [];
    data.patterns.forEach((pattern, i) => {
      if (pattern[0] === state.model && (state.data < 0 || pattern[1] === state.data)) rows.push([i, pattern]);
    });
    rows.sort((a, b) => b[1][6] - a[1][6]);
    box.replaceChildren(...rows.slice(0, state.patterns).map(([i, pattern]) => {
      const button = make("button", "pattern"), line = make("li", "");
      button.type = "button";
      button.value = String(i);
      button.setAttribute("aria-pressed", String(i === state.pattern));
      const where = data.data.length > 1 && state.data < 0 ? ` (${data.data[pattern[1]]})` : "";
      button.append(make("b", "", String(pattern[6])), make("span", "sign", sign(pattern[2])),
        make("span", "", pattern[5] + where));
      line.append(button);
      return line;
    }));
    byId("more-patterns").hidden = rows.length <= state.patterns;
    byId("patterns-box").hidden = rows.length === 0;
  }

  function draw() {
    list();
    drawFilters();
    drawPatterns();
    const errors = listed.reduce((sum, entry) => sum + entry.items.length, 0);
    const all = data.documents.filter((one) => one.predicted[state.model] !== null).length;
    byId("told").textContent = `${listed.length.toLocaleString("en")} of ${plural(all, "document")}, ` +
      `${plural(errors, "error")} of ${data.models[state.model]}`;
    byId("documents").replaceChildren();
    drawn = 0;
    drawMore(FIRST);
  }

  function reset() {
    Object.assign(state, {data: -1, label: -1, kinds: new Set(), id: "", pattern: -1});
    byId("f-data").value = "-1";
    byId("f-id").value = "";
    draw();
  }

  function onChange(id, change) {
    byId(id).addEventListener("input", (event) => {
      change(event.target);
      draw();
    });
  }

  byId("reader").hidden = false;
  byId("reader").querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  fill(byId("f-model"), data.models.map((model, i) => [i, model]), data.first);
  fill(byId("f-data"), [[-1, "all data sets"], ...data.data.map((name, i) => [i, name])], -1);
  byId("f-model").parentElement.hidden = data.models.length < 2;
  byId("f-data").parentElement.hidden = data.data.length < 2;
  byId("f-kinds").append(...data.kinds.map((kind, i) => {
    const button = make("button", "");
    button.type = "button";
    button.value = String(i);
    button.append(make("span", "sign", sign(i)), document.createTextNode(""));
    return button;
  }));
  const forget = () => { state.pattern = -1; };
  onChange("f-model", (field) => { state.model = Number(field.value); forget(); });
  onChange("f-data", (field) => { state.data = Number(field.value); forget(); });
  onChange("f-label", (field) => { state.label = Number(field.value); forget(); });
  onChange("f-order", (field) => { state.order = field.value; });
  onChange("f-id", (field) => { state.id = field.value.trim().toLowerCase(); });
  onChange("f-only", (field) => { state.only = field.checked; });
  onChange("f-all", (field) => { state.all = field.checked; });
  byId("f-clear").addEventListener("click", reset);
  byId("f-kinds").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button === null) return;
    const kind = Number(button.value);
    if (!state.kinds.delete(kind)) state.kinds.add(kind);
    forget();
    draw();
  });
  byId("patterns").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button === null) return;
    const pattern = Number(button.value), again = pattern === state.pattern;
    Object.assign(state, {kinds: new Set(), label: -1, pattern: again ? -1 : pattern});
    draw();
    const same = byId("patterns").querySelector(`button[value="${pattern}"]`);
    if (same !== null) same.focus();
  });
  byId("more-patterns").addEventListener("click", () => { state.patterns = Infinity; drawPatterns(); });
  byId("more").addEventListener("click", () => drawMore(MORE));
  draw();
})();
