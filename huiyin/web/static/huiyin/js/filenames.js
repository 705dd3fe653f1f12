// Says which files were picked, in the page's own words and language; without it the browser's own field does.

import { fresh } from "./dom.js";

export function start(root) {
  fresh(root, "[data-files]").forEach((label) => {
    const input = label.querySelector("input[type=file]");
    const said = label.querySelector("[data-names]");
    const empty = said.textContent;
    const tell = () => {
      const names = Array.from(input.files).map((file) => file.name);
      said.textContent = names.length ? names.join("、") : empty;
    };
    input.classList.remove("in");
    input.classList.add("file");
    input.addEventListener("change", tell);
    tell();
  });
}
