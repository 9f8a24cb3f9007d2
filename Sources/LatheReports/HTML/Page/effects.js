// The effect of parameters: one as points, two as a heat map.

// The keys worth plotting: those with several values among the configurations that have a result.
function parameters() {
  return data.keys.map((key, index) => ({ key, index, values: [...new Set(measured().map((configuration) => configuration.values[index]))] }))
    .filter(({ values }) => values.length > 1)
    .map((parameter) => ({ ...parameter, values: ordered(parameter.values) }));
}

// Sort keys: numbers by size, then words alphabetically, missing values last.
function ordered(values) {
  const rank = (value) => value === null ? 2 : value !== "" && Number.isFinite(Number(value)) ? 0 : 1;
  return [...values].sort((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? Number(a) - Number(b) : String(a).localeCompare(String(b))));
}

function valueText(value) { return value === null ? "not set" : value; }

function measured() { return data.configurations.filter((configuration) => isNumber(configuration.mean)); }

function isBetter(a, b) { return data.metric.smaller ? a < b : a > b; }

function bestOf(configurations) {
  return configurations.reduce((best, one) => best === undefined || isBetter(one.mean, best.mean) ? one : best, undefined);
}

function effectsSection() {
  const available = parameters();
  if (available.length === 0) return;
  // A sweep's own parameters come first, numbers before others.
  const leading = [...available].sort((a, b) => data.swept.includes(b.key) - data.swept.includes(a.key) || isNumeric(b.values) - isNumeric(a.values) || b.values.length - a.values.length);
  const others = leading.slice(1), second = others.find(({ key }) => data.swept.includes(key)) ?? others.find(({ key }) => key === "model.type") ?? others[0];
  const view = { first: leading[0].index, second: second?.index ?? -1 };
  const body = make("div", { class: "effect" }), note = make("p", { class: "keys" });
  const names = available.map(({ key, index }) => [index, key]);
  const draw = () => {
    const find = (index) => available.find((parameter) => parameter.index === index);
    const first = find(view.first), other = view.second === view.first ? undefined : find(view.second);
    body.replaceChildren(effectPlot(first, other, body.clientWidth || 760), other ? make("div", { class: "scroll" }, heatMap(first, other)) : "");
    note.textContent = "Dots are runs, discs the mean over seeds of a configuration with its 95 % interval; a line goes through the best configuration of each value, over all that else differs."
      + (other ? " Each cell of the map is the best mean with these two values; n is how many configurations there are where there are several." : "");
  };
  const changed = (name) => (value) => { view[name] = Number(value); draw(); };
  section("effects", "Effects", `${data.metric.name} by what was varied`,
    make("div", { class: "controls" }, control("Parameter", select(names, view.first, changed("first"), { id: "effect-first" })),
      available.length > 1 && control("and", select([[-1, "no second"], ...names], view.second, changed("second"), { id: "effect-second" }))),
    body, note);
  let width;
  new ResizeObserver(() => {
    if (width !== body.clientWidth) { width = body.clientWidth; draw(); }
  }).observe(body);
}

function isNumeric(values) { return values.every((value) => value !== null && value !== "" && Number.isFinite(Number(value))); }

// The metric by one parameter; with a second one, a coloured line per value of it.
function effectPlot(first, second, width) {
  const { key, index, values } = first, height = 330, box = { left: 58, right: width - 12, top: 16, bottom: 280 };
  const groups = second && second.values.length <= 8 ? second.values : [undefined];
  const numbers = isNumeric(values) ? values.map(Number) : undefined;
  const isLog = numbers && Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) >= 8;
  const spread = numbers?.map((value) => isLog ? Math.log(value) : value), margin = Math.min(90, width / 9);
  const toX = (place) => {
    const share = spread ? (spread[place] - spread[0]) / (spread.at(-1) - spread[0]) : (place + 0.5) / values.length;
    return spread ? box.left + margin + (box.right - box.left - 2 * margin) * share : box.left + (box.right - box.left) * share;
  };
  const points = measured().flatMap(({ mean, half, figures }) => [mean - (half ?? 0), mean + (half ?? 0), ...figures]);
  let low = Math.min(...points), high = Math.max(...points);
  const floor = data.metric.name === "validation/bits_per_byte" ? measured()[0].floor : undefined;
  const hasFloor = isNumber(floor) && low - floor < 1.5 * (high - low);
  if (hasFloor) low = Math.min(low, floor);
  if (low === high) [low, high] = [low - 0.01, high + 0.01];
  [low, high] = [low - (high - low) * 0.06, high + (high - low) * 0.06];
  const toY = (value) => box.bottom - (box.bottom - box.top) * (value - low) / (high - low);
  const parts = linearTicks(low, high, 5).flatMap((tick) => [
    makeSVG("line", { class: "grid", x1: box.left, x2: box.right, y1: toY(tick), y2: toY(tick) }),
    makeSVG("text", { x: box.left - 10, y: toY(tick) + 4, "text-anchor": "end" }, formatGeneral(tick))]);
  if (hasFloor) {
    parts.push(makeSVG("line", { class: "floor", x1: box.left, x2: box.right, y1: toY(floor), y2: toY(floor) }),
      makeSVG("text", { x: box.right, y: toY(floor) - 6, "text-anchor": "end" }, "known floor"));
  }
  // Skip labels that would overlap.
  let end = -Infinity;
  values.forEach((value, place) => {
    const text = valueText(value).slice(0, 24), x = toX(place), half = text.length * 3.4;
    parts.push(makeSVG("line", { class: "axis", x1: x, x2: x, y1: box.bottom, y2: box.bottom + 5 }));
    if (x - half <= end + 6) return;
    end = x + half;
    parts.push(makeSVG("text", { x, y: box.bottom + 20, "text-anchor": "middle" }, text));
  });
  parts.push(makeSVG("line", { class: "axis", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }),
    makeSVG("text", { x: box.right, y: height - 6, "text-anchor": "end" }, key));
  const said = [];
  groups.forEach((group, place) => {
    const colour = `var(--c${place})`, own = measured().filter((one) => group === undefined || one.values[second.index] === group);
    const shift = spread ? 0 : (place - (groups.length - 1) / 2) * Math.min(26, (box.right - box.left) / values.length / (groups.length + 1));
    const best = values.map((value) => bestOf(own.filter((one) => one.values[index] === value)));
    const at = (value) => toX(values.indexOf(value)) + shift;
    if (spread) parts.push(makeSVG("polyline", { class: "path", style: { stroke: colour }, points: best.filter(Boolean).map((one) => `${at(one.values[index])},${toY(one.mean)}`).join(" ") }));
    for (const one of own) {
      const x = at(one.values[index]), isBest = best.includes(one);
      for (const figure of one.figures) parts.push(makeSVG("circle", { class: "dot", style: { fill: colour }, cx: x, cy: toY(figure), r: 3 }));
      if (isNumber(one.half) && isBest) parts.push(makeSVG("line", { class: "whisker", style: { stroke: colour }, x1: x, x2: x, y1: toY(one.mean - one.half), y2: toY(one.mean + one.half) }));
      parts.push(makeSVG("circle", { style: { fill: colour }, cx: x, cy: toY(one.mean), r: isBest ? 5 : 3 },
        makeSVG("title", {}, `${one.label}: ${formatMetric(data.metric.name, one.mean)}`)));
    }
    said.push((group === undefined ? "" : valueText(group) + ": ") + best.filter(Boolean).map((one) => `${valueText(one.values[index])} ${formatMetric(data.metric.name, one.mean)}`).join(", "));
  });
  const legend = groups.length > 1 && make("p", { class: "keys" }, second.key + ": ", groups.map((group, place) => [make("i", { class: "swatch", style: { background: `var(--c${place})`, margin: "0 6px 0 12px" } }), valueText(group)]));
  return make("div", {}, makeSVG("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${data.metric.name} by ${key}; the best of each value: ${said.join("; ")}` }, parts), legend);
}

function heatMap(first, second) {
  const cell = (a, b) => measured().filter((one) => one.values[first.index] === a && one.values[second.index] === b);
  const means = first.values.flatMap((a) => second.values.map((b) => bestOf(cell(a, b))?.mean)).filter(isNumber);
  const [low, high] = [Math.min(...means), Math.max(...means)], winner = data.metric.smaller ? low : high;
  const share = (value) => high > low ? Math.abs(value - winner) / (high - low) : 0;
  return make("table", { class: "heat" },
    make("caption", {}, `${second.key} down, ${first.key} across`),
    make("thead", {}, make("tr", {}, make("td", {}), first.values.map((a) => make("th", { scope: "col" }, valueText(a))))),
    make("tbody", {}, second.values.map((b) => make("tr", {}, make("th", { scope: "row" }, valueText(b)), first.values.map((a) => {
      const list = cell(a, b), best = bestOf(list);
      if (!best) return make("td", { class: "muted" }, "–");
      const strength = Math.round(62 - 56 * share(best.mean));
      return make("td", { class: best.mean === winner && "best", title: best.label, style: { background: `color-mix(in oklab, var(--c0) ${strength}%, var(--surface))` } },
        formatMetric(data.metric.name, best.mean), make("small", {}, isNumber(best.half) ? `± ${formatMetric(data.metric.name, best.half)}` : "", list.length > 1 ? ` n ${list.length}` : ""));
    })))));
}
