"use strict";
// Shows one item after another, keeps what was rated in this browser, and saves it as the table that came with the page.
const study = JSON.parse(document.getElementById("study").textContent);
const { items, levels, wording, qualities } = study;
const storageKey = `crosscap-judging-${study.study}-${study.rater}`;
const byId = id => document.getElementById(id);
const say = (name, values) => wording[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

let keeps = true; // whether the browser keeps what is stored
const ratings = stored(); // item → quality → number
const isRated = item => Object.keys(item.questions).every(quality => ratings[item.name]?.[quality]);
let place = Math.max(0, items.findIndex(item => !isRated(item)));
let row = 0; // which question the number keys answer

function stored() {
  const known = {};
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(storageKey)) ?? {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) keeps = false; // no access; else something that is not ours: begin anew
  }
  for (const item of items) {
    for (const quality of Object.keys(item.questions)) {
      const value = kept[item.name]?.[quality];
      if (Number.isInteger(value) && value >= 1 && value <= levels.length) {
        (known[item.name] ??= {})[quality] = value;
      }
    }
  }
  return known;
}

function keep() {
  try {
    localStorage.setItem(storageKey, JSON.stringify(ratings));
  } catch {
    keeps = false;
  }
  if (!keeps) notice(wording.unkept);
}

function notice(text) {
  byId("notice").hidden = !text;
  byId("notice").textContent = text;
}

function element(tag, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
}

function show(next) {
  place = next;
  row = 0;
  const item = items[place];
  const figures = item.pictures.map((name, number) => {
    const words = item.captions[number];
    const caption = element("figcaption", words ? { lang: study.language } : { className: "empty" }, words || wording.empty);
    const picture = element("img", { alt: wording.picture, src: `data:image/jpeg;base64,${study.pictures[name]}` });
    return element("figure", {}, picture, caption);
  });
  byId("item").replaceChildren(...figures);
  byId("item").className = figures.length > 1 ? "set" : "single";
  byId("questions").replaceChildren(...Object.entries(item.questions).map(question));
  byId("place").textContent = say("place", { place: place + 1, all: items.length });
  byId("back").disabled = place === 0;
  notice(keeps ? "" : wording.unkept);
  refresh();
  scrollTo(0, 0);
}

function question([quality, text], number) {
  const choices = levels.map((label, level) => {
    const value = level + 1;
    const checked = ratings[items[place].name]?.[quality] === value;
    const choice = element("input", { type: "radio", name: quality, value: String(value), checked });
    choice.addEventListener("change", () => rate(number, value));
    choice.addEventListener("focus", () => mark(number));
    return element("label", { title: label }, choice, element("b", {}, String(value)), element("span", {}, label));
  });
  const levelRow = element("div", { className: "levels" }, ...choices);
  return element("fieldset", {}, element("legend", {}, text), levelRow);
}

function mark(number) {
  row = number;
  [...byId("questions").children].forEach((field, index) => field.classList.toggle("current", index === row));
}

function rate(number, value) {
  const item = items[place];
  const names = Object.keys(item.questions);
  (ratings[item.name] ??= {})[names[number]] = value;
  keep();
  mark((number + 1) % names.length);
  refresh();
}

function refresh() {
  mark(row);
  const rated = items.filter(isRated).length;
  byId("progress").max = items.length;
  byId("progress").value = rated;
  byId("count").textContent = say("count", { rated, all: items.length });
  byId("next").classList.toggle("ready", isRated(items[place]));
  byId("save").classList.toggle("ready", rated === items.length);
}

function toUnrated(start) {
  const order = items.map((_, index) => (start + index) % items.length);
  const found = order.find(index => !isRated(items[index]));
  if (found !== undefined) {
    show(found);
    return;
  }
  notice(wording.done);
  byId("save").focus();
}

function forward() {
  byId("introduction").open = false;
  if (place + 1 < items.length) {
    show(place + 1);
    return;
  }
  const left = items.filter(item => !isRated(item)).length;
  toUnrated(0);
  if (left) notice(say("left", { left }));
}

function back() {
  if (place > 0) show(place - 1);
}

function table() {
  const quoted = cell => `"${String(cell).replaceAll('"', '""')}"`;
  const fixed = study.columns.length - qualities.length;
  const lines = items.map(item =>
    item.row.map((cell, index) => (index < fixed ? cell : ratings[item.name]?.[qualities[index - fixed]] ?? cell)));
  // The mark at the start tells spreadsheets that this is UTF-8.
  return "\ufeff" + [study.columns, ...lines].map(cells => cells.map(quoted).join(",") + "\r\n").join("");
}

function save() {
  const address = URL.createObjectURL(new Blob([table()], { type: "text/csv;charset=utf-8" }));
  element("a", { href: address, download: `${study.rater}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000); // some browsers read it later
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const onButton = event.target instanceof HTMLButtonElement || event.target.tagName === "SUMMARY";
  const onChoice = event.target instanceof HTMLInputElement;
  const value = event.key === "0" ? 10 : Number(event.key);
  if (/^\d$/.test(event.key) && value <= levels.length) {
    const choice = byId("questions").children[row].querySelectorAll("input")[value - 1];
    choice.checked = true;
    rate(row, value);
  } else if ((event.key === "Enter" && !onButton) || (event.key === "ArrowRight" && !onChoice)) {
    forward();
  } else if (event.key === "ArrowLeft" && !onChoice) {
    back();
  } else if (event.key === "u") {
    toUnrated(place + 1);
  } else {
    return;
  }
  event.preventDefault();
});
byId("questions").addEventListener("submit", event => event.preventDefault());
byId("next").addEventListener("click", forward);
byId("back").addEventListener("click", back);
byId("unrated").addEventListener("click", () => toUnrated(place + 1));
byId("save").addEventListener("click", save);
// What would be lost must not go unasked.
addEventListener("beforeunload", event => { if (!keeps && Object.keys(ratings).length) event.preventDefault(); });

byId("introduction").open = Object.keys(ratings).length === 0;
show(place);
