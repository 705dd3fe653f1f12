// All compounds of the county on a map, for whoever sets it up. Leaflet is fetched when somebody opens it, not before.

import { fresh, make } from "./dom.js";

const USUAL = { color: "#0f5a50", weight: 1.5, fillColor: "#9fc6bd", fillOpacity: 0.5 };
const ODD = { color: "#9a5b00", weight: 3, fillColor: "#f0b45a", fillOpacity: 0.8 };
const CLOSE = 17;

export function start(root) {
  fresh(root, "[data-county-map]").forEach((place) => {
    place.querySelector("[data-open]").addEventListener("click", () => open(place));
  });
}

/** Leaflet's own global, once its script has come. */
function leaflet(data) {
  return new Promise((resolve, reject) => {
    document.head.append(make("link", { rel: "stylesheet", href: data.css }));
    const script = make("script", { src: data.js });
    script.addEventListener("load", () => resolve(window.L));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

async function open(root) {
  const canvas = root.querySelector("[data-canvas]");
  const status = root.querySelector("[data-status]");
  root.querySelector("[data-open]").hidden = true;
  canvas.hidden = false;
  try {
    const [L, response] = await Promise.all([leaflet(root.dataset), fetch(root.dataset.url, { credentials: "same-origin" })]);
    draw(L, canvas, await response.json());
    status.textContent = root.dataset.said;
  } catch (offline) {
    canvas.hidden = true;
    status.textContent = root.dataset.failed;
    root.querySelector("[data-open]").hidden = false;
  }
}

function draw(L, canvas, places) {
  const shapes = [];
  const map = L.map(canvas, { attributionControl: false, zoomSnap: 0.5, fadeAnimation: false, zoomAnimation: false });
  const whole = L.latLngBounds([]);
  const all = L.latLngBounds([]);
  places.forEach((place) => {
    const [lon, lat] = place.point;
    const style = place.odd ? ODD : USUAL;
    const outlined = place.outline.length && !place.odd; // what lies far out is a dot, to be seen from far out too
    const shape = outlined ? L.polygon(place.outline.map(([x, y]) => [y, x]), style) : L.circleMarker([lat, lon], { radius: 7, ...style });
    shape.bindTooltip(make("span", {}, place.name), { direction: "center" }); // a node, so that a name is never read as markup
    shape.on("click", () => { window.location.href = place.url; });
    all.extend([lat, lon]);
    if (!place.odd) whole.extend(outlined ? shape.getBounds() : [lat, lon]);
    shapes.push(shape);
  });
  const seen = whole.isValid() ? whole : all;
  if (!seen.isValid()) throw new Error("nothing to draw");
  map.fitBounds(seen, { maxZoom: CLOSE });
  shapes.forEach((shape) => shape.addTo(map));
}

