// The photos of a form: thumbnails, one button to add, one to take each away. The browser's own file field lies unseen over the button.

import { button, fresh, icon, make, say } from "./dom.js";
import { readBytes, shrink } from "./image.js";
import { newKey } from "./store.js";

const boxes = new WeakMap();

export function start(root) {
  fresh(root, "[data-photos]").forEach((element) => boxes.set(element, new PhotoBox(element)));
}

/** The photo box of a form, made if need be; null when the form takes no photos. */
export function boxOf(form) {
  const element = form.querySelector("[data-photos]");
  if (!element) return null;
  if (!boxes.has(element)) start(form);
  return boxes.get(element);
}

export class PhotoBox {
  constructor(element) {
    this.element = element;
    this.max = parseInt(element.dataset.max, 10) || 6;
    this.original = "keepOriginal" in element.dataset;
    this.input = element.querySelector("input[type=file]");
    this.add = element.querySelector(".add");
    this.grid = this.add.parentNode;
    this.message = make("p", { class: "err", role: "status", hidden: true }, icon("circle-alert"), make("span"));
    this.grid.after(this.message);
    this.items = [];
    this.seen = new Set();
    this.keeper = null; // {added(item), removed(item)}: a draft that keeps them; without one they ride in the file field
    this.work = Promise.resolve();
    this.input.addEventListener("change", () => {
      const files = Array.from(this.input.files);
      this.work = this.work.then(() => this.take(files));
    });
  }

  /** Lets a draft keep the photos; the file field then carries none. */
  keepWith(keeper, items) {
    this.keeper = keeper;
    items.forEach((item) => this.show(item));
    this.changed();
  }

  async take(files) {
    const notes = [];
    for (const file of files) {
      const mark = [file.name, file.size, file.lastModified].join("/");
      if (!file.size) notes.push(say("hollow"));
      else if (this.seen.has(mark)) notes.push(say("twice"));
      else if (this.items.length >= this.max) notes.push(say("many", { n: this.max }));
      else {
        this.seen.add(mark);
        await this.takeOne(file, mark);
      }
    }
    this.tell(Array.from(new Set(notes)).join(" "));
    this.changed();
  }

  async takeOne(file, mark) {
    const waiting = make("figure", { class: "pic wait" }, say("shrinking"));
    this.add.before(waiting);
    try {
      const kept = this.original ? file : await shrink(file);
      const bytes = await readBytes(kept);
      const type = kept.type || file.type || "application/octet-stream";
      const ending = kept === file ? (/\.[0-9a-z]{1,8}$/i.exec(file.name) || [""])[0].toLowerCase() : ".jpg";
      // A name of our own: the file's may hold a person's, and the same name twice would be one photo to the server.
      const item = { name: newKey().slice(0, 16) + ending, type, bytes, mark, added: Date.now(), sentAs: "", refused: "" };
      if (this.keeper) await this.keeper.added(item);
      this.show(item);
    } catch (unreadable) {
      this.seen.delete(mark);
      this.tell(say("hollow"));
    }
    waiting.remove();
  }

  show(item) {
    if (item.mark) this.seen.add(item.mark);
    const url = URL.createObjectURL(new Blob([item.bytes], { type: item.type }));
    const picture = make("img", { src: url, alt: "" });
    const away = button("", () => this.drop(item), "x");
    away.append(icon("x"), make("span", { class: "vh" }, say("remove")));
    item.figure = make("figure", { class: "pic" }, picture, away);
    picture.addEventListener("load", () => URL.revokeObjectURL(url));
    picture.addEventListener("error", () => {
      URL.revokeObjectURL(url);
      picture.replaceWith(icon("image", "l"), make("span", { class: "xs" }, item.name.split(".").pop().toUpperCase()));
      item.figure.classList.add("wait");
    });
    this.add.before(item.figure);
    this.items.push(item);
    this.mark(item);
  }

  /** Says at the photo why the server did not take it. */
  mark(item) {
    const old = item.figure.querySelector("figcaption");
    if (old) old.remove();
    if (item.refused) item.figure.append(make("figcaption", { class: "err" }, item.refused));
  }

  async drop(item) {
    this.items = this.items.filter((other) => other !== item);
    this.seen.delete(item.mark);
    item.figure.remove();
    if (this.keeper) await this.keeper.removed(item);
    this.tell("");
    this.changed();
    this.input.focus();
  }

  clear() {
    this.items.forEach((item) => item.figure.remove());
    this.items = [];
    this.seen.clear();
    this.changed();
  }

  tell(text) {
    this.message.hidden = !text;
    this.message.lastChild.textContent = text;
  }

  changed() {
    this.add.hidden = this.items.length >= this.max;
    if (this.keeper) this.input.value = "";
    else this.refill();
  }

  /** Puts the photos back into the file field for a form that is submitted in the old way. */
  refill() {
    try {
      const carrier = new DataTransfer();
      this.items.forEach((item) => carrier.items.add(new File([item.bytes], item.name, { type: item.type })));
      this.input.files = carrier.files;
    } catch (old) {
      // Engines without DataTransfer send what was chosen last, unshrunk.
    }
  }
}
