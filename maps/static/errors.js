"use strict";
{
  const data = JSON.parse(document.getElementById("errors").textContent);
  const GOLD = "#1b7837";
  const PREDICTED = "#b2182b";
  const SHOWN = 1000;
  document.querySelector("h1").textContent = data.title;
  const map = L.map("map", { preferCanvas: true, attributionControl: false, minZoom: 1, maxZoom: 14, zoomSnap: 0.25 });
  map.setView([25, 20], 2);
  conflictmap.addBaseMap(map, "outlines");
  map.conflictmapBase.show(data.colours);
  L.control.scale().addTo(map);
  L.control.attribution({ prefix: false }).addAttribution(data.source.map((line) => {
    const node = document.createElement("span");
    node.textContent = line;
    return node.innerHTML;
  }).join(" \\u00b7 ")).addTo(map);

  const el = (tag, text) => {
    const node = document.createElement(tag);
    node.textContent = text;
    node.dir = "auto";
    return node;
  };
  const said = (row) => {
    const node = document.createElement("div");
    const km = row.km === null ? "" : `, ${row.km.toLocaleString("en")} km off`;
    const b = el("b", row.text ?? "");
    node.append(b, document.createTextNode(` \\u2014 ${row.error}${km}`));
    if (row.place) node.append(el("small", `place: ${row.place}${row.confidence ? ` (${row.confidence})` : ""}`));
    if (row.context) node.append(el("small", row.context));
    if (row.reasons) node.append(el("small", row.reasons));
    node.append(el("small", row.document));
    return node;
  };

  const kinds = [...new Set(data.rows.map((row) => row.error))];
  const layers = new Map(kinds.map((kind) => [kind, L.layerGroup().addTo(map)]));
  const marks = data.rows.map((row) => {
    const { gold } = row;
    let { predicted } = row;
    if (gold && predicted) predicted = [predicted[0], predicted[1] + 360 * Math.round((gold[1] - predicted[1]) / 360)];
    const parts = [];
    if (gold && predicted) parts.push(L.polyline([gold, predicted], { color: "#555", weight: 1.2, className: "cm-link" }));
    if (gold) parts.push(L.circleMarker(gold, { radius: 5, color: GOLD, weight: 2, fillColor: "#fff", fillOpacity: 0.6 }));
    if (predicted) parts.push(L.circleMarker(predicted, { radius: 4, color: PREDICTED, weight: 2, fillOpacity: 0.7 }));
    const group = L.featureGroup(parts).bindPopup(() => said(row), { maxWidth: 320 });
    if (parts.length) layers.get(row.error).addLayer(group);
    return parts.length ? group : null;
  });
  const shown = marks.filter(Boolean);
  if (shown.length) map.fitBounds(L.featureGroup(shown).getBounds(), { padding: [30, 30], maxZoom: 8, animate: false });

  const filters = document.getElementById("filters");
  const list = document.getElementById("list");
  const on = new Set(kinds);
  const fill = () => {
    list.replaceChildren();
    const wanted = data.rows.map((row, i) => [row, i]).filter(([row]) => on.has(row.error));
    if (!wanted.length) list.append(el("p", "No error to show."));
    for (const [row, i] of wanted.slice(0, SHOWN)) {
      const button = document.createElement("button");
      button.append(said(row));
      button.onclick = () => {
        if (!marks[i]) return;
        map.fitBounds(marks[i].getBounds(), { padding: [60, 60], maxZoom: 8, animate: false });
        marks[i].openPopup(marks[i].getBounds().getCenter());
      };
      list.append(button);
    }
    if (wanted.length > SHOWN) list.append(el("p", `${wanted.length - SHOWN} more are in the table of errors.`));
  };
  for (const kind of kinds) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.onchange = () => {
      on[box.checked ? "add" : "delete"](kind);
      map[box.checked ? "addLayer" : "removeLayer"](layers.get(kind));
      fill();
    };
    label.append(box, document.createTextNode(` ${kind} (${data.rows.filter((row) => row.error === kind).length})`));
    filters.append(label);
  }
  for (const [name, colour] of [["labelled", GOLD], ["predicted", PREDICTED]]) {
    const key = document.createElement("span");
    key.className = "key";
    key.style.borderColor = colour;
    filters.append(key, document.createTextNode(`${name} `));
  }
  fill();
  document.documentElement.dataset.ready = "";
}
