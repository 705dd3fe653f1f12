// Signing with a finger: strokes on a canvas, put into the form as a PNG when it is sent. Without it the form asks for paper.

import { fresh } from "./dom.js";

export function start(root) {
  fresh(root, "form[data-sign]").forEach((form) => {
    const canvas = form.querySelector("canvas");
    const pen = canvas.getContext("2d");
    let last = null;
    let drawn = false;

    const clear = () => {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.lineWidth = 5;
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = "#111";
      drawn = false;
    };
    const at = (event) => {
      const touch = event.touches ? event.touches[0] : event;
      const box = canvas.getBoundingClientRect();
      return [((touch.clientX - box.left) / box.width) * canvas.width, ((touch.clientY - box.top) / box.height) * canvas.height];
    };
    const begin = (event) => {
      event.preventDefault();
      last = at(event);
    };
    const move = (event) => {
      if (!last) return;
      event.preventDefault();
      const here = at(event);
      pen.beginPath();
      pen.moveTo(last[0], last[1]);
      pen.lineTo(here[0], here[1]);
      pen.stroke();
      last = here;
      drawn = true;
    };
    const end = () => {
      last = null;
    };
    clear();
    canvas.addEventListener("mousedown", begin);
    canvas.addEventListener("mousemove", move);
    window.addEventListener("mouseup", end);
    canvas.addEventListener("touchstart", begin, { passive: false });
    canvas.addEventListener("touchmove", move, { passive: false });
    canvas.addEventListener("touchend", end);
    form.querySelector("[data-clear]").addEventListener("click", clear);
    form.addEventListener("submit", () => {
      form.elements.strokes.value = drawn ? canvas.toDataURL("image/png") : "";
    });
  });
}
