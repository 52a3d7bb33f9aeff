// One test image: its picture, every system's caption, scores, references and graph.
const SHOWN = 4; // captions that stand open; those of further systems are folded

// view: {metric, first, second, gloss}; systems by their rows in data.systems, second is null where nothing is compared.
function cardOf(data, image, view, language, prefix) {
  const id = data.ids[image];
  const order = [view.first, view.second, ...data.systems.keys()].filter((row, at, all) => row !== null && all.indexOf(row) === at);
  const title = make("h3", { id: `${prefix}title-${image}` }, make("a", { href: addressOf(prefix, id) }, `image ${id}`));
  const words = make("div", { class: "words" }, title, captionsOf(data, image, order.slice(0, SHOWN), view, language));
  const more = order.slice(SHOWN);
  if (more.length) words.append(folded(`${more.length} more systems`, () => captionsOf(data, image, more, view, language)));
  words.append(
    folded("References", () => make("ul", {}, ...data.references[image].map(text => make("li", { lang: language }, text)))),
    folded("Scores", () => scoresOf(data, image)),
    folded("Scene graph", card => graphOf(data, image, card), "graph"));
  return make("article", { class: "example", tabindex: "-1", "aria-labelledby": title.id, "data-image": image },
    pictureOf(data, image), words);
}

const addressOf = (prefix, id) => `#${prefix}image-${encodeURIComponent(id)}`;

// Filled when it is first opened: a page of cards has many, and few are looked into.
function folded(title, content, kind = null) {
  const details = make("details", { class: kind }, make("summary", {}, title));
  details.addEventListener("toggle", () => {
    const card = details.closest("article");
    if (details.open && details.children.length === 1) details.append(content(card));
    card?.scrollIntoView({ block: "nearest" }); // a card with an open graph is a wide one, in a row of its own
  });
  return details;
}

function captionsOf(data, image, rows, view, language) {
  const list = make("dl");
  const other = view.second === null ? undefined : data.systems[view.second].scores[view.metric]?.[image];
  for (const row of rows) {
    const system = data.systems[row];
    const value = system.scores[view.metric]?.[image] ?? null;
    const lead = row !== view.second && value !== null && Number.isFinite(other) ? ` (${signed(value - other)})` : "";
    const score = value === null ? null : make("span", { class: "score" }, `${view.metric} ${number(value, data.counts.includes(view.metric) ? 0 : 1)}${lead}`);
    list.append(make("dt", {}, system.name, score), make("dd", { class: "caption", lang: language }, ...spoken(data, system, image, view)));
    if (view.gloss && system.english[image]) {
      list.append(make("dd", { class: "english", lang: "en" }, `“${system.english[image]}”`));
    }
    if (system.absent[image].length) {
      const names = system.absent[image].map(name => data.names[name]).join(", ");
      list.append(make("dd", { class: "absent" }, `in neither graph nor references: ${names}`));
    }
  }
  return list;
}

// Words over their English where that is known and wanted, else the caption as its language is written.
function spoken(data, system, image, view) {
  const glosses = system.glosses[image];
  if (!view.gloss || !glosses.length) return [system.captions[image] || "(empty)"];
  return system.words[image].flatMap((word, at) => [
    make("ruby", {}, data.names[word], make("rt", { lang: "en" }, data.names[glosses[at]])), " "]);
}

function scoresOf(data, image) {
  const metrics = [...new Set(data.systems.flatMap(system => Object.keys(system.scores)))];
  const head = make("tr", {}, make("th", { scope: "col" }, "score"), ...data.systems.map(system => make("th", { scope: "col" }, system.name)));
  const lines = metrics.map(name => make("tr", {}, make("th", { scope: "row" }, name),
    ...data.systems.map(system => make("td", { class: "number" }, number(system.scores[name]?.[image], data.counts.includes(name) ? 0 : 1)))));
  return make("div", { class: "scroll", tabindex: "0" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...lines)));
}

// Objects as buttons that show their boxes alone, relations as sentences, and the drawing where the page holds one.
function graphOf(data, image, card) {
  const [objects, , relations] = data.graphs[image];
  const chip = row => {
    const { colour, ink } = markOf(data, row);
    const badge = make("b", {}, String(row + 1));
    badge.style.background = colour;
    badge.style.color = ink;
    const [, ...said] = titleOf(data, image, row).split(" ");
    const button = make("button", { type: "button", "aria-pressed": "false" }, badge, said.join(" "));
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") === "false");
      const pressed = [...chips].map(other => other.getAttribute("aria-pressed") === "true");
      for (const box of card.querySelectorAll(".object-box")) {
        box.classList.toggle("dim", pressed.includes(true) && !pressed[box.dataset.row]);
      }
    });
    return button;
  };
  const chips = objects.map((_, row) => chip(row));
  const label = row => `${row + 1} ${data.names[objects[row]]}`;
  const said = relations.map(([subject, name, other]) =>
    make("li", {}, `${label(subject)} `, make("em", {}, data.names[name]), ` ${label(other)}`));
  const drawing = data.drawings[image];
  const parts = [make("div", { class: "chips" }, ...chips), make("ul", {}, ...said)];
  if (drawing) {
    const place = make("div", { class: "scroll", tabindex: "0" });
    inflated(drawing).then(svg =>
      place.append(document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true)));
    parts.unshift(place);
  }
  return make("div", {}, ...parts);
}

// The text behind zlib in base64.
function inflated(packed) {
  const bytes = Uint8Array.from(atob(packed), character => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}
