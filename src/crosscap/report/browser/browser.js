// All test images of one language: sorted, searched, filtered, a page of cards at a time.
const PAGE = 12;

class Browser {
  constructor(root) {
    this.root = root;
    this.live = root.querySelector(".live");
    this.data = JSON.parse(root.querySelector("script").textContent);
    ({ prefix: this.prefix, language: this.language } = root.dataset);
    this.form = this.live.querySelector("form");
    this.cards = this.live.querySelector(".examples");
    this.dialog = this.live.querySelector("dialog");
    this.keys = this.dialog.querySelector("[name=keys]");
    this.start = 0;
    this.form.addEventListener("submit", event => event.preventDefault());
    this.form.addEventListener("input", event => this.changed(event.target));
    this.form.addEventListener("search", () => this.list(), true); // Escape empties the field without an input event
    this.field("help").addEventListener("click", () => this.dialog.showModal());
    this.button("previous").addEventListener("click", () => this.turn(-1));
    this.button("next").addEventListener("click", () => this.turn(1));
    this.list();
    root.querySelector(".plain").remove();
    this.live.hidden = false;
  }

  field(name) { return this.form.elements[name]; }
  button(name) { return this.live.querySelector(`button[name=${name}]`); }

  view() {
    const second = this.field("second").value;
    return {
      metric: this.field("metric").value,
      first: Number(this.field("first").value),
      second: second === "" ? null : Number(second),
      gloss: Boolean(this.field("gloss")?.checked),
    };
  }

  changed(field) {
    if (field.name === "boxes") this.showBoxes();
    else if (field.name === "gloss") this.render();
    else this.list();
  }

  // What the reader asked for, from its first page.
  list() {
    const view = this.view();
    this.field("differ").disabled = view.second === null;
    this.found = this.sorted(this.matching(view), view);
    this.start = 0;
    this.render();
  }

  matching({ first, second }) {
    const { systems, ids } = this.data;
    const terms = this.field("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const texts = terms.length ? this.texts() : null;
    const differ = second !== null && this.field("differ").checked;
    return [...ids.keys()].filter(image =>
      terms.every(term => texts[image].includes(term)) &&
      !(differ && systems[first].captions[image] === systems[second].captions[image]));
  }

  // Everything that can be searched, by image; made at the first search.
  texts() {
    const { ids, systems, references, graphs, names } = this.data;
    this.made ??= ids.map((id, image) => [
      id, ...references[image],
      ...new Set(systems.flatMap(system => [system.captions[image], system.english[image], ...system.glosses[image].map(name => names[name])])),
      ...graphs[image][0].map(name => names[name]),
      ...graphs[image][1].map(([owner, name]) => `${names[name]} ${names[graphs[image][0][owner]]}`),
      ...graphs[image][2].map(([, name]) => names[name]),
    ].join("\n").toLowerCase());
    return this.made;
  }

  sorted(images, { metric, first, second }) {
    const way = { down: -1, up: 1, given: 0 }[this.field("order").value];
    if (!way) return images;
    const of = row => this.data.systems[row]?.scores[metric] ?? [];
    const [ones, others] = [of(first), second === null ? null : of(second)];
    const value = image => {
      const one = ones[image] ?? NaN;
      return others ? one - (others[image] ?? NaN) : one;
    };
    const known = images.filter(image => !Number.isNaN(value(image)));
    const unknown = images.filter(image => Number.isNaN(value(image)));
    return [...known.sort((one, other) => way * (value(one) - value(other)) || one - other), ...unknown];
  }

  render() {
    const view = this.view();
    const page = this.found.slice(this.start, this.start + PAGE);
    const [focused, open] = [this.current()?.dataset.image, this.unfolded()];
    this.cards.replaceChildren(...page.map(image => cardOf(this.data, image, view, this.language, this.prefix)));
    for (const card of this.cards.children) {
      if (card.dataset.image === focused) card.focus({ preventScroll: true });
      for (const part of card.querySelectorAll("details")) part.open = open.has(card.dataset.image + part.textContent);
    }
    this.showBoxes();
    const count = text => text.toLocaleString("en");
    const all = this.data.ids.length;
    this.live.querySelector(".found").textContent =
      this.found.length === all ? `${count(all)} images` : `${count(this.found.length)} of ${count(all)} images`;
    this.live.querySelector(".place").textContent =
      page.length ? `${count(this.start + 1)}–${count(this.start + page.length)} of ${count(this.found.length)}` : "nothing found";
    this.button("previous").disabled = this.start === 0;
    this.button("next").disabled = this.start + PAGE >= this.found.length;
  }

  // What stands open now stays open where the same image is shown again.
  unfolded() {
    return new Set([...this.cards.querySelectorAll("details[open]")].map(part =>
      part.closest("article").dataset.image + part.querySelector("summary").textContent));
  }

  showBoxes() { this.cards.classList.toggle("no-boxes", !this.field("boxes").checked); }

  turn(way) {
    const start = this.start + way * PAGE;
    if (start < 0 || start >= this.found.length) return;
    this.start = start;
    this.render();
    this.select(this.cards.firstElementChild);
  }

  current() { return this.cards.querySelector("article:focus-within"); }

  // The next image of the list, on the next page if need be.
  step(way) {
    const current = this.current();
    if (!current) return this.select(this.cards.firstElementChild);
    const neighbour = way > 0 ? current.nextElementSibling : current.previousElementSibling;
    if (neighbour) return this.select(neighbour);
    const start = this.start;
    this.turn(way);
    if (way < 0 && this.start !== start) this.select(this.cards.lastElementChild);
  }

  select(card) {
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
    history.replaceState(null, "", addressOf(this.prefix, this.data.ids[card.dataset.image]));
  }

  // Bring the image of an address into sight; false where the address is none of this browser's.
  open(address) {
    const image = this.data.ids.findIndex(id => addressOf(this.prefix, id) === address);
    if (image < 0) return false;
    if (!this.found.includes(image)) {
      this.field("search").value = "";
      this.field("differ").checked = false;
      this.list();
    }
    const place = this.found.indexOf(image);
    this.start = place - place % PAGE;
    this.render();
    const card = this.cards.children[place - this.start];
    this.select(card);
    card.scrollIntoView({ block: "start" });
    return true;
  }

  flip(name) {
    const field = this.field(name);
    if (field) { field.checked = !field.checked; this.changed(field); }
  }

  fold() {
    const parts = [...(this.current() ?? this.cards).querySelectorAll("details")];
    const open = parts.some(part => !part.open);
    for (const part of parts) part.open = open;
  }

  key(name) {
    const actions = {
      j: () => this.step(1), k: () => this.step(-1), n: () => this.turn(1), p: () => this.turn(-1),
      "/": () => { this.field("search").focus(); this.field("search").scrollIntoView({ block: "nearest" }); },
      o: () => this.fold(), b: () => this.flip("boxes"), g: () => this.flip("gloss"), "?": () => this.dialog.showModal(),
    };
    if (this.current()) Object.assign(actions, { ArrowRight: actions.j, ArrowLeft: actions.k });
    actions[name]?.();
    return name in actions;
  }
}

const browsers = [...document.querySelectorAll(".browser")].map(root => new Browser(root));
let used = browsers[0]; // by keys: the one that was touched last

document.addEventListener("focusin", event => {
  used = browsers.find(browser => browser.root.contains(event.target)) ?? used;
});
document.addEventListener("keydown", event => {
  if (!used || event.ctrlKey || event.metaKey || event.altKey || used.dialog.open) return;
  if (event.target.matches("input[type=search], select, textarea")) {
    if (event.key === "Escape") event.target.blur();
  } else if (used.keys.checked && used.key(event.key)) event.preventDefault();
});
const follow = () => browsers.some(browser => browser.open(location.hash) && (used = browser));
addEventListener("hashchange", follow);
follow();
