// What a parameter does: one as points, two as a map.

// The keys worth plotting: those that take several values over the configurations that have a figure.
function parameters() {
  const measured = data.configurations.filter((configuration) => isNumber(configuration.mean));
  return data.keys.map((key, index) => ({ key, index, values: [...new Set(measured.map((configuration) => configuration.values[index]))] }))
    .filter(({ values }) => values.length > 1)
    .map((parameter) => ({ ...parameter, values: ordered(parameter.values) }));
}

// Text with what tells it from other text: numbers by size, words by their letters, what is missing last.
function ordered(values) {
  const rank = (value) => value === null ? 2 : value !== "" && Number.isFinite(Number(value)) ? 0 : 1;
  return [...values].sort((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? Number(a) - Number(b) : String(a).localeCompare(String(b))));
}

function valueText(value) { return value === null ? "not set" : value; }

function effectsSection() {
  const available = parameters();
  if (available.length === 0) return;
  // A sweep's own parameters come first.
  const swept = available.filter(({ key }) => data.swept.includes(key));
  const view = { first: (swept[0] ?? available[0]).index, second: swept[1]?.index ?? -1 };
  const body = make("div", { class: "effect scroll" }), note = make("p", { class: "keys" });
  const names = available.map(({ key, index }) => [index, key]);
  const draw = () => {
    const find = (index) => available.find((parameter) => parameter.index === index);
    const first = find(view.first), second = view.second === view.first ? undefined : find(view.second);
    body.replaceChildren(second ? heatMap(first, second) : effectPlot(first));
    note.textContent = second
      ? "Each cell: the best mean among the configurations with these two values, over all that else differs; n is how many there are. The best is framed."
      : "Dots are runs, discs the mean over seeds of a configuration with its 95 % interval; the line goes through the best configuration of each value, over all that else differs.";
  };
  const changed = (name) => (value) => { view[name] = Number(value); draw(); };
  section("effects", "Effects", `${data.metric.name} by what was varied`,
    make("div", { class: "controls" }, control("Parameter", select(names, view.first, changed("first"), { id: "effect-first" })),
      available.length > 1 && control("and", select([[-1, "no second"], ...names], view.second, changed("second"), { id: "effect-second" }))),
    body, note);
  draw();
}

function effectPlot({ key, index, values }) {
  const width = 760, height = 330, box = { left: 70, right: 740, top: 16, bottom: 280 };
  const measured = data.configurations.filter((configuration) => isNumber(configuration.mean));
  const numbers = values.map((value) => value === null || value === "" ? NaN : Number(value)), isNumeric = numbers.every(Number.isFinite);
  const isLog = isNumeric && Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) >= 8;
  const spread = numbers.map((value) => isLog ? Math.log(value) : value), [from, to] = [Math.min(...spread), Math.max(...spread)];
  const toX = (place) => box.left + 40 + (box.right - box.left - 80) * (isNumeric ? (spread[place] - from) / (to - from) : place / (values.length - 1));
  const points = measured.flatMap(({ mean, half, values: own }) => [mean - (half ?? 0), mean + (half ?? 0)]).concat(measured.flatMap((configuration) => configuration.figures));
  let low = Math.min(...points), high = Math.max(...points);
  const floor = data.metric.name === "validation/bits_per_byte" ? measured[0].floor : undefined;
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
  // Labels that would touch give way.
  let end = -Infinity;
  values.forEach((value, place) => {
    const text = valueText(value).slice(0, 24), x = toX(place), half = text.length * 3.4;
    parts.push(makeSVG("line", { class: "axis", x1: x, x2: x, y1: box.bottom, y2: box.bottom + 5 }));
    if (x - half <= end + 6) return;
    end = x + half;
    parts.push(makeSVG("text", { x, y: box.bottom + 20, "text-anchor": "middle" }, text));
  });
  parts.push(makeSVG("line", { class: "axis", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }),
    makeSVG("text", { x: box.right, y: height - 4, "text-anchor": "end" }, key));
  const better = (a, b) => data.metric.smaller ? a < b : a > b;
  const best = values.map((value) => measured.filter((one) => one.values[index] === value).reduce((a, b) => a === undefined || better(b.mean, a.mean) ? b : a, undefined));
  if (isNumeric) parts.push(makeSVG("polyline", { class: "path", points: best.map((one, place) => `${toX(place)},${toY(one.mean)}`).join(" ") }));
  for (const one of measured) {
    const x = toX(values.indexOf(one.values[index]));
    for (const figure of one.figures) parts.push(makeSVG("circle", { class: "dot", cx: x, cy: toY(figure), r: 3 }));
    if (isNumber(one.half) && best.includes(one)) parts.push(makeSVG("line", { class: "whisker", x1: x, x2: x, y1: toY(one.mean - one.half), y2: toY(one.mean + one.half) }));
    parts.push(makeSVG("circle", { class: "mean", cx: x, cy: toY(one.mean), r: best.includes(one) ? 5 : 3 },
      makeSVG("title", {}, `${one.label}: ${formatMetric(data.metric.name, one.mean)}`)));
  }
  const said = values.map((value, place) => `${valueText(value)}: ${formatMetric(data.metric.name, best[place].mean)}`).join(", ");
  return makeSVG("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${data.metric.name} by ${key}; the best of each value: ${said}` }, parts);
}

function heatMap(first, second) {
  const measured = data.configurations.filter((configuration) => isNumber(configuration.mean));
  const cell = (a, b) => measured.filter((one) => one.values[first.index] === a && one.values[second.index] === b);
  const bestOf = (list) => list.reduce((a, b) => a === undefined || (data.metric.smaller ? b.mean < a.mean : b.mean > a.mean) ? b : a, undefined);
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
