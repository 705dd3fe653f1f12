// The photos of a form, and other files where it takes them: thumbnails, one button to add, one to take each away. The browser's own file
// field lies unseen over the button.

import { button, fresh, icon, make, say } from "./dom.js";
import { readBytes, shrink } from "./image.js";
import { hashOf, keep, PIECE, WHOLE } from "./pieces.js";
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
    this.pieces = element.dataset.piecesUrl || ""; // where large files go, piece by piece; without it only photos are taken
    this.most = parseInt(element.dataset.mostMb, 10) * 1024 * 1024;
    this.place = element.querySelector("[data-place]");
    this.where = null;
    this.input = element.querySelector("input[type=file]");
    this.add = element.querySelector(".add");
    this.grid = this.add.parentNode;
    this.message = make("p", { class: "err", role: "status", hidden: true }, icon("circle-alert"), make("span"));
    this.grid.after(this.message);
    this.items = [];
    this.seen = new Set();
    this.keeper = null; // {added(item), removed(item)}: a draft that keeps them; without one they ride in the file field
    // Where a draft keeps them, none is taken before it does, or before its script has failed for good.
    this.work = element.closest("form[data-draft]") ? new Promise((resolve) => (this.kept = resolve)) : Promise.resolve();
    document.addEventListener("without", (event) => this.kept && /data-draft/.test(event.detail) && this.kept());
    if (this.place) this.place.addEventListener("change", () => this.locate());
    this.input.addEventListener("change", () => this.chosen());
    this.chosen(); // before the scripts had come
  }

  chosen() {
    const files = Array.from(this.input.files);
    if (files.length) this.work = this.work.then(() => this.take(files));
  }

  /** Lets a draft keep the photos; the file field then carries none. */
  keepWith(keeper, items) {
    this.keeper = keeper;
    items.forEach((item) => this.show(item));
    this.changed();
    this.kept();
  }

  async take(files) {
    const notes = [];
    this.tell("");
    for (const file of files) {
      const mark = [file.name, file.size, file.lastModified].join("/");
      if (!file.size) notes.push(say("hollow"));
      else if (this.seen.has(mark)) notes.push(say("twice"));
      else if (this.items.length >= this.max) notes.push(say("many", { n: this.max }));
      else if (this.pieces && file.size > this.most) notes.push(say("large", { mb: this.element.dataset.mostMb }));
      else {
        this.seen.add(mark);
        if (!(await this.takeOne(file, mark))) notes.push(say("unread"));
      }
    }
    if (notes.length) this.tell(Array.from(new Set(notes)).join(" "));
    this.changed();
  }

  /** False for a file that the phone lists and does not give: it lies in a cloud, or was deleted meanwhile. */
  async takeOne(file, mark) {
    const waiting = make("figure", { class: "pic wait" }, say("shrinking"));
    this.add.before(waiting);
    let taken = true;
    try {
      if (this.pieces && this.keeper && file.size > WHOLE) await this.takeLarge(file, mark, waiting);
      else await this.takeSmall(file, mark);
    } catch (unreadable) {
      this.seen.delete(mark);
      taken = false;
    }
    waiting.remove();
    return taken;
  }

  /** A file of many pieces: each is kept on the phone as it is read, and only then it is one of the draft's. */
  async takeLarge(file, mark, waiting) {
    const type = file.type || "application/octet-stream";
    const item = { name: newKey().slice(0, 16) + ending(file), type, mark, added: Date.now(), size: file.size, pieces: Math.ceil(file.size / PIECE), sentAs: "", refused: "" };
    item.id = this.keeper.idOf(item);
    const said = await this.said(file);
    said.sha256 = await keep(item, file, (share) => {
      waiting.textContent = say("reading", { p: Math.round(share * 100) });
    });
    item.said = said;
    await this.keeper.added(item);
    item.file = /^image\//.test(type) ? file : null; // for its thumbnail, while the page is open
    this.show(item);
  }

  async takeSmall(file, mark) {
    const kept = this.original ? file : await shrink(file);
    const bytes = await readBytes(kept);
    const type = kept.type || file.type || "application/octet-stream";
    // A name of our own: the file's may hold a person's, and the same name twice would be one photo to the server.
    const item = { name: newKey().slice(0, 16) + (kept === file ? ending(file) : ".jpg"), type, bytes, mark, added: Date.now(), sentAs: "", refused: "" };
    if (this.pieces) item.said = Object.assign(await this.said(file), { sha256: await hashOf(bytes) });
    if (this.keeper) await this.keeper.added(item);
    this.show(item);
  }

  /** The phone's word of a file: when it was taken and chosen and, where that was asked for, where. */
  async said(file) {
    const said = { chosen_at: new Date().toISOString() };
    if (file.lastModified) said.taken_at = new Date(file.lastModified).toISOString();
    return this.place && this.place.checked ? Object.assign(said, await this.locate()) : said;
  }

  /** Where the phone is, as texts; nothing where it does not say so within some seconds. */
  locate() {
    if (!this.place.checked) return Promise.resolve({});
    return new Promise((resolve) => {
      const none = () => {
        this.place.checked = false;
        this.tell(say("noplace"));
        resolve({});
      };
      if (!navigator.geolocation || window.isSecureContext === false) return none();
      navigator.geolocation.getCurrentPosition(
        (found) => resolve({ lon: found.coords.longitude.toFixed(6), lat: found.coords.latitude.toFixed(6), accuracy: String(Math.round(found.coords.accuracy)) }),
        none,
        { enableHighAccuracy: true, timeout: 8000, maximumAge: 60000 }
      );
    });
  }

  show(item) {
    if (item.mark) this.seen.add(item.mark);
    const source = item.bytes ? new Blob([item.bytes], { type: item.type }) : item.file;
    const away = button("", () => this.drop(item), "x");
    away.append(icon("x"), make("span", { class: "vh" }, say("remove")));
    item.figure = make("figure", { class: "pic" });
    if (source && /^image\//.test(item.type)) this.picture(item, source);
    else this.sign(item);
    item.figure.append(away);
    this.add.before(item.figure);
    this.items.push(item);
    this.mark(item);
  }

  picture(item, source) {
    const url = URL.createObjectURL(source);
    const picture = make("img", { src: url, alt: "" });
    item.figure.append(picture);
    picture.addEventListener("load", () => URL.revokeObjectURL(url));
    picture.addEventListener("error", () => {
      URL.revokeObjectURL(url);
      picture.remove();
      this.sign(item);
    });
  }

  /** What cannot be drawn: a symbol, its kind and how large it is. */
  sign(item) {
    const kind = /^(image|video|audio)\//.exec(item.type);
    const signs = { image: "image", video: "video", audio: "mic" };
    const size = item.size || (item.bytes && item.bytes.byteLength) || 0;
    const words = item.name.split(".").pop().toUpperCase() + " " + (size < 1048576 ? Math.ceil(size / 1024) + " KB" : (size / 1048576).toFixed(1) + " MB");
    item.figure.classList.add("wait");
    const face = make("span", { class: "face" }, icon(kind ? signs[kind[1]] : "file-text", "l"), make("span", { class: "xs" }, words));
    item.figure.insertBefore(face, item.figure.firstChild);
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

/** The ending of a file's name, with its dot. */
function ending(file) {
  return (/\.[0-9a-z]{1,8}$/i.exec(file.name) || [""])[0].toLowerCase();
}
