"use strict";
// Degrees to the units of the page (web mercator, 0..1, y southward) and back, and outlines from their text.
globalThis.conflictmap ??= {};
{
  const RAD = Math.PI / 180;

  /** Web-mercator x and y (0..1, y southward) of a point in degrees. */
  function project(lon, lat) {
    const clipped = Math.max(-85.05, Math.min(85.05, lat));
    return [lon / 360 + 0.5, 0.5 - Math.log(Math.tan(Math.PI / 4 + (clipped * RAD) / 2)) / (2 * Math.PI)];
  }

  /** One arc from its text (see encode_arc in buildtools/topojson.py): x0, y0, x1, y1, ... in mercator units. */
  function decodeArc(text, scale) {
    const values = [];
    let value = 0;
    let shift = 0;
    for (let i = 0; i < text.length; i++) {
      const bits = text.charCodeAt(i) - 63;
      value |= (bits & 31) << shift;
      shift += 5;
      if (bits < 32) {
        values.push(value & 1 ? ~(value >> 1) : value >> 1);
        value = shift = 0;
      }
    }
    const points = new Float64Array(values.length);
    let lon = 0;
    let lat = 0;
    for (let i = 0; i < values.length; i += 2) {
      lon += values[i];
      lat += values[i + 1];
      [points[i], points[i + 1]] = project(lon / scale, lat / scale);
    }
    return points;
  }

  /** [lat, lon] in degrees of a point in these units. */
  const unproject = (x, y) => [Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) / RAD, (x - 0.5) * 360];

  Object.assign(conflictmap, { decodeArc, project, unproject });
}
