// Draws the receipt as a picture: WeChat lets nobody download a file, but an image can be pressed long and kept.

import { fresh, make, say } from "./dom.js";

const WIDTH = 720;
const PAD = 48;
const GROUP = 4;
const FONT = '-apple-system, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
const MONO = 'Menlo, Consolas, "Noto Sans Mono CJK SC", monospace';

export function start(root) {
  fresh(root, "[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  fresh(root, "[data-receipt]").forEach((card) => {
    const open = document.querySelector("[data-receipt-open]");
    const place = document.querySelector("[data-receipt-image]");
    if (!open || !place) return;
    open.addEventListener("click", () => {
      const source = draw(card).toDataURL("image/png");
      place.textContent = "";
      place.append(make("p", { class: "s m" }, say("press")), make("img", { class: "shot", src: source, alt: card.dataset.title + " " + card.dataset.number }));
      place.hidden = false;
      place.scrollIntoView({ block: "nearest" });
    });
  });
}

function colour(name) {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}

/** The card on a canvas, 720 pixels wide and as high as its text needs. */
function draw(card) {
  const data = card.dataset;
  const lines = JSON.parse(data.lines || "[]");
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = 1600;
  const pen = canvas.getContext("2d");
  pen.textBaseline = "top";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH, canvas.height);
  pen.fillStyle = colour("--pine");
  pen.fillRect(0, 0, WIDTH, 148);
  pen.fillStyle = "#fff";
  write(pen, data.title, PAD, 52, 700, 40);
  let y = label(pen, data.numberLabel, 196);
  pen.fillStyle = colour("--ink");
  write(pen, data.number, PAD, y, 700, 60, MONO);
  y = label(pen, data.codeLabel, y + 96);
  y = boxes(pen, data.code || "", y + 8) + 36;
  y = quick(pen, card.querySelector("svg.qr"), y);
  pen.fillStyle = colour("--ink");
  lines.forEach((line) => (y = wrapped(pen, line, y, 30, 46)));
  pen.fillStyle = colour("--ink-3");
  y = wrapped(pen, data.foot || "", y + 16, 24, 36) + 32;
  return cut(canvas, y);
}

function write(pen, text, x, y, weight, size, family) {
  pen.font = weight + " " + size + "px " + (family || FONT);
  pen.fillText(text || "", x, y);
}

function label(pen, text, y) {
  pen.fillStyle = colour("--ink-3");
  write(pen, text, PAD, y, 400, 26);
  return y + 40;
}

/** The code, one letter a box, in groups of four. */
function boxes(pen, code, y) {
  const width = 44;
  pen.strokeStyle = colour("--edge");
  pen.fillStyle = colour("--ink");
  pen.lineWidth = 2;
  pen.textAlign = "center";
  Array.from(code).forEach((letter, n) => {
    const x = PAD + n * (width + 6) + Math.floor(n / GROUP) * 12;
    pen.strokeRect(x, y, width, 60);
    write(pen, letter, x + width / 2, y + 14, 700, 34, MONO);
  });
  pen.textAlign = "start";
  return y + 60;
}

/** The QR symbol of the page, whose paths are drawn again at 240 pixels. */
function quick(pen, svg, y) {
  if (!svg) return y;
  const side = 240;
  const view = svg.viewBox.baseVal;
  const units = (view && view.width) || parseFloat(svg.getAttribute("width"));
  pen.save();
  pen.translate(PAD, y);
  pen.scale(side / units, side / units);
  pen.fillStyle = pen.strokeStyle = "#000";
  pen.lineWidth = 1;
  svg.querySelectorAll("path").forEach((path) => {
    const shape = new Path2D(path.getAttribute("d"));
    pen.save();
    const moved = /translate\(([\d.]+)[ ,]+([\d.]+)\)/.exec(path.getAttribute("transform") || "");
    if (moved) pen.translate(parseFloat(moved[1]), parseFloat(moved[2]));
    if (path.hasAttribute("stroke") || path.classList.contains("qrline")) pen.stroke(shape);
    else pen.fill(shape);
    pen.restore();
  });
  pen.restore();
  return y + side + 36;
}

/** A text broken at the edge, Chinese anywhere; answers where the next line begins. */
function wrapped(pen, text, y, size, step) {
  pen.font = "400 " + size + "px " + FONT;
  let line = "";
  Array.from(text).forEach((letter) => {
    if (pen.measureText(line + letter).width > WIDTH - 2 * PAD) {
      pen.fillText(line, PAD, y);
      y += step;
      line = "";
    }
    line += letter;
  });
  if (line) pen.fillText(line, PAD, y);
  return line ? y + step : y;
}

function cut(canvas, height) {
  const made = document.createElement("canvas");
  made.width = WIDTH;
  made.height = Math.min(height, canvas.height);
  made.getContext("2d").drawImage(canvas, 0, 0);
  return made;
}
