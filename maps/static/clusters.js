"use strict";
// Which marks are drawn as one: worked out for the view at hand, so that no index has to be built when filters change.
globalThis.conflictmap ??= {};
{
  const WORLD = 256; // pixels of the world at zoom 0
  const CELL = 1.3; // of the radius: the width of a cell
  const APART = 0.62; // of a cell's width: nearer clusters of neighbouring cells are drawn as one
  const CELLS = 2 ** 26; // columns of cells that a key can tell apart

  /**
   * Clusters of points. The world is cut into cells of about `radius` pixels at each zoom; the points of a cell are one
   * cluster, drawn at their middle; one that lies close to a larger one in a neighbouring cell joins it. All of this
   * depends on nearby cells only, so clusters stay as they are when the map is moved.
   */
  class Clusters {
    /** points: {x, y} in mercator units, {type, place} by number; numbers: which of them there are, in order. */
    constructor(points, numbers, { radius, types, maxZoom }) {
      Object.assign(this, { points, numbers, radius: radius * CELL, types, maxZoom });
    }

    /** Clusters and lone points in a box in degrees: {lon, lat, numbers, counts, place}; `counts` by type. */
    within([west, south, east, north], zoom) {
      const { project } = conflictmap;
      const margin = (3 * this.radius) / (WORLD * 2 ** zoom);
      const [left, top] = project(west, north);
      const [right, bottom] = project(east, south);
      const groups = this.#groups(this.numbers, zoom, [left - margin, top - margin, right + margin, bottom + margin]);
      return groups.filter(({ x, y }) => x >= left && x <= right && y >= top && y <= bottom).map((group) => this.#described(group));
    }

    /** The lowest zoom above `zoom` at which these points part; beyond `maxZoom` where they never do. */
    partingZoom(numbers, zoom) {
      for (let next = Math.floor(zoom) + 1; next <= this.maxZoom; next++) {
        if (this.#groups(numbers, next, [-1, -1, 2, 2]).length > 1) return next;
      }
      return this.maxZoom + 1;
    }

    #groups(numbers, zoom, [left, top, right, bottom]) {
      const { x, y } = this.points;
      const cells = new Map();
      const scale = (WORLD * 2 ** zoom) / this.radius;
      for (const i of numbers) {
        const px = x[i];
        const py = y[i];
        if (!(px >= left && px <= right && py >= top && py <= bottom)) continue;
        const key = Math.floor(px * scale) + Math.floor(py * scale) * CELLS;
        const cell = cells.get(key);
        if (cell === undefined) cells.set(key, { key, x: px, y: py, numbers: [i], into: null });
        else {
          cell.numbers.push(i);
          cell.x += px;
          cell.y += py;
        }
      }
      for (const cell of cells.values()) {
        cell.x /= cell.numbers.length;
        cell.y /= cell.numbers.length;
      }
      for (const cell of cells.values()) cell.into = largerNeighbour(cell, cells, APART / scale);
      return joined(cells);
    }

    #described({ x, y, numbers }) {
      const { lon, lat, type, place } = this.points;
      const [first] = numbers;
      const counts = new Array(this.types).fill(0);
      let shared = place[first];
      for (const i of numbers) {
        counts[type[i]]++;
        if (place[i] !== shared) shared = null;
      }
      const [middleLat, middleLon] = numbers.length > 1 ? conflictmap.unproject(x, y) : [lat[first], lon[first]];
      return { lon: middleLon, lat: middleLat, numbers, counts, place: shared };
    }
  }

  /** The largest neighbour within reach that is larger than the cell itself; of equal ones the lower key counts as larger. */
  function largerNeighbour(cell, cells, reach) {
    const larger = (a, b) => a.numbers.length - b.numbers.length || b.key - a.key;
    let found = null;
    for (const row of [-CELLS, 0, CELLS]) {
      for (const column of [-1, 0, 1]) {
        const other = row || column ? cells.get(cell.key + row + column) : undefined;
        if (!other || larger(other, cell) <= 0 || Math.hypot(other.x - cell.x, other.y - cell.y) > reach) continue;
        if (!found || larger(other, found) > 0) found = other;
      }
    }
    return found;
  }

  /** Cells with those that join them. One joins only a cell that itself joins none: chains would eat whole coasts. */
  function joined(cells) {
    const groups = new Map();
    for (const cell of cells.values()) if (!cell.into || cell.into.into) groups.set(cell, [cell]);
    for (const cell of cells.values()) if (!groups.has(cell)) groups.get(cell.into).push(cell);
    return [...groups.values()].map((parts) => {
      if (parts.length === 1) return parts[0];
      const numbers = parts.flatMap((part) => part.numbers);
      const middle = (axis) => parts.reduce((sum, part) => sum + part[axis] * part.numbers.length, 0) / numbers.length;
      return { x: middle("x"), y: middle("y"), numbers };
    });
  }

  Object.assign(conflictmap, { Clusters });
}
