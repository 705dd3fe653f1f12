// A search field over the county's compounds in place of a long select. The select stays in the form and keeps the value.

import { fill, fresh, make, say } from "./dom.js";

const SHOWN = 8;

export function start(root) {
  fresh(root, "[data-compound]").forEach((element) => new Combo(element));
}

class Combo {
  constructor(element) {
    this.select = element.querySelector("select");
    this.places = Array.from(this.select.options).filter((option) => option.value).map(fromOption);
    this.build(element);
    this.settle();
    if (element.dataset.url) this.load(element.dataset.url);
  }

  async load(url) {
    try {
      const response = await fetch(url, { credentials: "same-origin" });
      const rows = await response.json();
      this.places = rows.map(fromRow);
    } catch (offline) {
      // The options of the select are enough to go on with.
    }
  }

  build(element) {
    const id = this.select.id;
    const listId = id + "-list";
    this.input = make("input", {
      class: "in", type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": listId, "aria-describedby": this.select.getAttribute("aria-describedby"),
      placeholder: say("search"), id: id + "-search", "data-draft-skip": true, "data-key": this.select.dataset.key,
    });
    this.select.removeAttribute("data-key");
    this.list = make("ul", { id: listId, role: "listbox", hidden: true });
    this.live = make("p", { class: "vh", role: "status" });
    const frame = make("div", { class: "combo" }, this.input, this.list, this.live);
    this.select.hidden = true;
    this.select.after(frame);
    const label = document.querySelector('label[for="' + id + '"]');
    if (label) {
      label.htmlFor = this.input.id;
      this.list.setAttribute("aria-label", label.firstChild.textContent.trim());
    }
    if (this.select.required) {
      this.select.required = false; // a hidden select cannot show the browser's complaint
      this.input.required = true;
    }
    this.input.addEventListener("input", () => this.open());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.settle());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the field
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.choose(this.matches[Array.from(this.list.children).indexOf(row)]);
    });
    this.select.addEventListener("draft:restored", () => this.settle());
    this.select.addEventListener("change", () => this.settle());
  }

  open() {
    const typed = this.input.value.trim().toLowerCase();
    const chosen = this.chosen();
    const wanted = chosen && chosen.name.toLowerCase() === typed ? "" : typed;
    this.matches = rank(this.places, wanted).slice(0, SHOWN);
    const rows = this.matches.map((place, n) =>
      make("li", { role: "option", id: this.list.id + n }, make("b", {}, place.name), make("br"), make("span", { class: "s mm" }, place.where))
    );
    fill(this.list, ...(rows.length ? rows : [make("li", { class: "none" }, say("none"))]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.live.textContent = rows.length ? say("found", { n: rows.length }) : say("none");
    this.point(wanted && rows.length ? 0 : -1);
  }

  point(n) {
    this.at = n;
    Array.from(this.list.children).forEach((row, m) => row.setAttribute("aria-selected", String(m === n)));
    if (n >= 0) {
      this.input.setAttribute("aria-activedescendant", this.list.children[n].id);
      this.list.children[n].scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return; // the input method still owns these keys
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.open();
      else if (this.matches.length) {
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.point((this.at + step + this.matches.length) % this.matches.length);
      }
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      if (this.at >= 0) this.choose(this.matches[this.at]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.settle();
    } else if (event.key === "Tab" && !this.list.hidden && this.at >= 0) this.choose(this.matches[this.at]);
  }

  choose(place) {
    if (!Array.from(this.select.options).some((option) => option.value === place.id)) {
      this.select.append(make("option", { value: place.id }, place.name));
    }
    this.select.value = place.id;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.settle();
  }

  chosen() {
    return this.select.value ? this.places.find((place) => place.id === this.select.value) : null;
  }

  /** Shuts the list and shows what is chosen; a field that was emptied means none. */
  settle() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    if (document.activeElement !== this.input && !this.input.value.trim() && this.select.value && this.touched) {
      this.select.value = "";
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.touched = true;
    const chosen = this.chosen();
    this.input.value = chosen ? chosen.name : "";
  }
}

function fromOption(option) {
  const where = option.dataset.where || (option.parentNode.tagName === "OPTGROUP" ? option.parentNode.label : "");
  return place(option.value, option.textContent.trim(), where, (option.dataset.alias || "").split(/\s+/));
}

function fromRow(row) {
  return place(String(row.id), row.name, [row.community, row.address].filter(Boolean).join(" "), row.aliases || []);
}

function place(id, name, where, aliases) {
  return { id, name, where, text: [name, where].concat(aliases).join(" ").toLowerCase() };
}

/** Names that begin with what was typed, then those that hold it, then those whose alias, address or community does. */
function rank(places, typed) {
  if (!typed) return places;
  const parts = typed.split(/\s+/);
  const worth = (one) => (one.name.toLowerCase().indexOf(typed) === 0 ? 0 : one.name.toLowerCase().indexOf(typed) > 0 ? 1 : 2);
  return places
    .filter((one) => parts.every((part) => one.text.indexOf(part) >= 0))
    .map((one, n) => [worth(one), n, one])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .map((row) => row[2]);
}
