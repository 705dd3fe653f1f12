// A map to point at, made of our own outlines. Leaflet is fetched when somebody opens it, not before.

import { fresh, make, say } from "./dom.js";

const HOME = [27.9, 116.3];
const CLOSE = 17;

export function start(root) {
  fresh(root, "[data-map]").forEach((element) => {
    const open = element.querySelector("[data-map-open]");
    if (open) open.addEventListener("click", () => new Chart(element).open());
  });
}

let loading = null;

/** Leaflet, once a page. */
function leaflet(data) {
  if (!loading) {
    loading = new Promise((resolve, reject) => {
      document.head.append(make("link", { rel: "stylesheet", href: data.css }));
      const script = make("script", { src: data.js });
      script.addEventListener("load", () => resolve(window.L));
      script.addEventListener("error", reject);
      document.head.append(script);
    });
  }
  return loading;
}

class Chart {
  constructor(element) {
    this.element = element;
    this.data = element.dataset;
    this.canvas = element.querySelector("[data-map-canvas]");
    this.form = element.closest("form");
    this.said = element.querySelector("[data-map-said]") || element.appendChild(make("p", { class: "hint", role: "status" }));
  }

  field(name) {
    return name && this.form ? this.form.elements[name] : null;
  }

  async open() {
    this.element.querySelector("[data-map-open]").hidden = true;
    this.canvas.hidden = false;
    try {
      const [L, response] = await Promise.all([leaflet(this.data), fetch(this.data.url, { credentials: "same-origin" })]);
      this.draw(L, await response.json());
      this.said.textContent = say("pick");
    } catch (offline) {
      loading = null;
      this.canvas.hidden = true;
      this.element.querySelector("[data-map-open]").hidden = false; // the next press may find a network
      this.said.textContent = say("unmapped");
    }
  }

  draw(L, places) {
    this.L = L;
    this.map = L.map(this.canvas, { attributionControl: false, zoomSnap: 0.5, fadeAnimation: false, zoomAnimation: false });
    this.shapes = {};
    const chosen = this.field(this.data.select);
    places.forEach((place) => this.outline(place));
    const whole = L.latLngBounds(Object.keys(this.shapes).map((id) => this.shapes[id].getBounds()).reduce((all, one) => all.concat([one.getSouthWest(), one.getNorthEast()]), []));
    this.map.fitBounds(whole.isValid() ? whole : [HOME, HOME], { maxZoom: CLOSE });
    if (chosen) {
      this.go(chosen.value);
      chosen.addEventListener("change", () => this.go(chosen.value));
    }
    const lat = this.field(this.data.lat);
    if (lat && lat.value) this.put(L.latLng(parseFloat(lat.value), parseFloat(this.field(this.data.lon).value)));
    this.map.on("click", (event) => this.picked(event.latlng));
  }

  outline(place) {
    if (!place.outline || !place.outline.length) return;
    const corners = place.outline.map(([lon, lat]) => [lat, lon]);
    const shape = this.L.polygon(corners, { color: "#0f5a50", weight: 1.5, fillColor: "#9fc6bd", fillOpacity: 0.5 }).addTo(this.map);
    const name = make("span", {}, place.name); // a node, so that a name is never read as markup
    shape.bindTooltip(name, { permanent: false, direction: "center" });
    this.shapes[String(place.id)] = shape;
  }

  go(id) {
    const shape = this.shapes[id];
    if (shape) this.map.fitBounds(shape.getBounds(), { maxZoom: CLOSE });
  }

  picked(point) {
    this.put(point);
    [[this.data.lon, point.lng], [this.data.lat, point.lat]].forEach(([name, value]) => {
      const field = this.field(name);
      if (!field) return;
      field.value = value.toFixed(6);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    this.said.textContent = say("picked");
  }

  put(point) {
    if (this.marker) this.marker.setLatLng(point);
    else this.marker = this.L.circleMarker(point, { radius: 9, color: "#fff", weight: 3, fillColor: "#093f38", fillOpacity: 1 }).addTo(this.map);
  }
}
