// The section with the curves, and the read-out that serves as their legend.

function curvesSection() {
  const quantities = new Map();
  for (const metric of data.metrics) {
    const [, split, quantity] = metric.match(/^(?:(train|validation)\/)?(.*)$/);
    quantities.set(quantity, { ...quantities.get(quantity), [split ?? "plain"]: metric });
  }
  if (quantities.size === 0) return;
  const names = { bits_per_byte: "bits per byte", loss: "loss (nats per token)", evaluated_loss: "evaluated loss", learning_rate: "learning rate", gradient_norm: "gradient norm" };
  const order = ["bits_per_byte", "loss", "perplexity"];
  const options = [...order.filter((name) => quantities.has(name)), ...[...quantities.keys()].filter((name) => !order.includes(name)).sort()];
  const wanted = data.metric.name.replace(/^(train|validation)\//, "");
  const view = { quantity: quantities.has(wanted) ? wanted : options[0], axis: "step", xLog: false, yLog: false, smoothing: 0.9, start: 0, seeds: "band", others: true };
  const hasClock = data.runs.some((run) => run.tracks.some((track) => track.seconds));
  const hasSeeds = data.configurations.some((configuration) => configuration.runs.length > 1);

  const chart = new Chart("Curves of the selected configurations; the arrow keys move the read-out along them");
  chart.element.setAttribute("aria-describedby", "curves-read");
  const spoken = make("p", { class: "hidden", id: "curves-spoken", "aria-live": "polite" });
  const legend = make("div", { class: "legend", id: "curves-read" });
  const keys = make("p", { class: "keys" }), note = make("span");
  const range = (name, max, value, text, changed) => {
    const output = make("output", {}, text(value));
    return control(name, make("input", { type: "range", "data-name": name, min: 0, max, step: 0.01, value, oninput: (event) => {
      output.textContent = text(Number(event.target.value));
      changed(Number(event.target.value));
      draw();
    } }), output);
  };
  const set = (name, convert = (value) => value) => (value) => { view[name] = convert(value); pinned = undefined; draw(); };
  const scale = [["linear", "Linear"], ["log", "Log"]];
  const controls = make("div", { class: "controls" },
    control("Quantity", select(options.map((name) => [name, names[name] ?? name]), view.quantity, set("quantity"), { id: "quantity" })),
    namedChoice("x", [["step", "Step"], ["tokens", "Tokens"], ...(hasClock ? [["seconds", "Seconds"]] : [])], "step", set("axis")),
    namedChoice("x scale", scale, "linear", set("xLog", (value) => value === "log")),
    namedChoice("y scale", scale, "linear", set("yLog", (value) => value === "log")),
    range("Training smoothing", 0.99, view.smoothing, (value) => value.toFixed(2), (value) => { view.smoothing = value; }),
    range("Skip the first", 0.95, 0, (value) => Math.round(value * 100) + " %", (value) => { view.start = value; }),
    hasSeeds && namedChoice("Seeds", [["band", "Band"], ["lines", "Lines"]], "band", set("seeds")),
    data.configurations.length > state.selected.length && control("Others", make("input", { type: "checkbox", checked: true, onchange: (event) => { view.others = event.target.checked; draw(); } }), "in grey"));

  const smoothing = controls.querySelector("input[data-name='Training smoothing']");
  let entries = [], metrics, training, pinned;

  function draw() {
    metrics = quantities.get(view.quantity);
    const main = metrics.validation ?? metrics.plain ?? metrics.train;
    training = main === metrics.train ? undefined : metrics.train;
    const lines = [], bands = [], marks = [], levels = new Map();
    entries = [];
    if (view.others) {
      const grey = resolved("var(--other)"), others = [...state.shown].filter((index) => !state.selected.includes(index));
      for (const index of others) {
        const curve = seedsCurve(runsOf(data.configurations[index]), main, view.axis, view.smoothing);
        if (curve) lines.push({ ...curve, colour: grey, width: 1, alpha: Math.max(0.15, Math.min(0.8, 20 / others.length)) });
      }
    }
    for (const index of state.selected) {
      const configuration = data.configurations[index], runs = runsOf(configuration), colour = resolved(colourName(index));
      const entry = { index, colour, curve: seedsCurve(runs, main, view.axis, view.smoothing), training: training && seedsCurve(runs, training, view.axis, view.smoothing) };
      entries.push(entry);
      const isBand = view.seeds === "band";
      for (const [metric, curve, width, alpha] of [[training, entry.training, 1.1, 0.75], [main, entry.curve, main === metrics.train || main === metrics.plain ? 1.3 : 2.2, 1]]) {
        if (!curve) continue;
        if (curve.low && isBand) bands.push({ x: curve.x, low: curve.low, high: curve.high, colour });
        const shown = isBand ? [curve] : runs.map((run) => runCurve(run, metric, view.axis, view.smoothing)).filter(Boolean);
        for (const one of shown) lines.push({ ...one, colour, width: isBand ? width : width * 0.7, alpha, points: metric === metrics.validation });
      }
      const mark = onset(runs, entry.curve, metrics.validation);
      if (mark) marks.push({ ...mark, colour });
    }
    for (const run of data.runs) {
      if (!state.shown.has(run.configuration) && !state.selected.includes(run.configuration)) continue;
      const level = main.startsWith("validation/") ? floorOf(run, view.quantity) : undefined;
      if (isNumber(level)) levels.set(level.toPrecision(3), level);
    }
    chart.show({
      x: { log: view.xLog, title: view.axis, format: view.axis === "tokens" ? formatCount : formatGeneral },
      y: { log: view.yLog, title: names[view.quantity] ?? view.quantity, format: formatGeneral },
      lines, bands, marks, start: view.start,
      // Each text has its own floor; only a few can be told apart.
      levels: levels.size > 4 ? [] : [...levels.values()].map((y) => ({ y, label: "known floor " + formatLoss(y) })),
    });
    note.textContent = data.configurations.length > entries.length ? `${entries.length} of ${data.configurations.length} configurations in colour; tick others in the table` : "";
    // Only metrics measured on single batches are smoothed.
    smoothing.disabled = !data.runs.some((run) => [main, training].some((metric) => metric && trackOf(run, metric)?.each));
    keys.replaceChildren(...[
      metrics.validation && [make("i", { class: "key-line" }), "validation"], training && [make("i", { class: "key-line thin" }), "training"],
      bands.length > 0 && [make("i", { class: "band" }), "range over seeds"],
      levels.size > 0 && [make("i", { class: "key-line level" }), levels.size > 4 ? `${levels.size} known floors, not drawn` : "known floor of the text"],
      marks.length > 0 && " ○ start of overfitting"].filter(Boolean).flat());
    readOut();
  }

  // The best step of runs that ended above their best, on their curve.
  function onset(runs, curve, metric) {
    const steps = runs.filter((run) => run.verdict === "overfitting" && isNumber(run.bestStep)).map((run) => run.bestStep).sort((a, b) => a - b);
    if (steps.length === 0 || !curve || !metric) return undefined;
    const step = steps[Math.floor((steps.length - 1) / 2)];
    const index = nearest(curve.steps, step);
    if (index === undefined || curve.steps[index] !== step) return undefined;
    const share = runs.length > 1 ? ` (${steps.length} of ${runs.length} seeds)` : "";
    return { x: curve.x[index], y: curve.y[index], label: `overfits after step ${step}${share}` };
  }

  function nearest(values, wanted) {
    if (values.length === 0) return undefined;
    let low = 0, high = values.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] < wanted) low = middle + 1; else high = middle;
    }
    return low > 0 && wanted - values[low - 1] <= values[low] - wanted ? low - 1 : low;
  }

  function readOut() {
    const at = (curve) => {
      if (!curve || curve.x.length === 0) return undefined;
      if (pinned === undefined) return { index: curve.x.length - 1 };
      const index = nearest(curve.x, pinned), [from, to] = chart.domain;
      return Math.abs(curve.x[index] - pinned) > (to - from) * 0.05 ? undefined : { index };
    };
    const dots = [], rows = entries.map((entry) => {
      const cells = [entry.curve, entry.training].map((curve) => {
        const place = at(curve);
        if (!place) return undefined;
        dots.push({ x: curve.x[place.index], y: curve.y[place.index], colour: entry.colour });
        return { step: curve.steps[place.index], value: curve.y[place.index], low: curve.low?.[place.index], high: curve.high?.[place.index] };
      });
      return { entry, cells };
    });
    const smallest = (row) => Number.isFinite(row.cells[0]?.value) ? row.cells[0].value : Infinity;
    if (pinned !== undefined) rows.sort((a, b) => smallest(a) - smallest(b) || 0);
    const format = (cell) => !cell ? "–" : formatMetric(view.quantity, cell.value);
    const spread = (cell) => cell?.low === undefined ? "" : `${formatMetric(view.quantity, cell.low)} to ${formatMetric(view.quantity, cell.high)}`;
    const hasSpread = rows.some((row) => row.cells[0]?.low !== undefined);
    const place = pinned === undefined ? "at the end" : "at " + placeText(pinned);
    legend.replaceChildren(make("table", {},
      make("thead", {}, make("tr", {}, make("th", { class: "text", scope: "col" }, place), make("th", { scope: "col" }, metrics.validation ? "validation" : "value"),
        hasSpread && make("th", { class: "spare", scope: "col" }, "seeds"), training && make("th", { scope: "col" }, "training"), make("th", { class: "spare", scope: "col" }, "step"))),
      make("tbody", {}, rows.map(({ entry, cells }) => make("tr", {},
        make("td", { class: "text" }, make("span", { class: "pick" }, swatch(entry.index), data.configurations[entry.index].label)),
        make("td", {}, format(cells[0])), hasSpread && make("td", { class: "muted spare" }, spread(cells[0])),
        training && make("td", {}, format(cells[1])), make("td", { class: "muted spare" }, cells[0] ? String(cells[0].step) : "–"))))));
    if (entries.length === 0) legend.replaceChildren(make("p", { class: "muted" }, "Nothing is selected: tick configurations in the table below."));
    chart.point(pinned === undefined ? undefined : { x: pinned, dots });
    return `${place}: ` + rows.map(({ entry, cells }) => `${data.configurations[entry.index].label} ${format(cells[0])}`).join("; ");
  }

  function placeText(value) {
    return view.axis === "seconds" ? formatDuration(value) : view.axis === "tokens" ? formatCount(value) + " tokens" : "step " + Math.round(value);
  }

  function pin(value) {
    pinned = value;
    return readOut();
  }

  // Steps along the points of the longest curve.
  function move(event) {
    if (event.key === "Escape") { pin(undefined); return; }
    const places = entries.map((entry) => entry.curve?.x ?? []).reduce((a, b) => b.length > a.length ? b : a, []);
    const stride = event.shiftKey || event.key.startsWith("Page") ? Math.max(1, Math.round(places.length / 10)) : 1;
    const current = pinned === undefined ? places.length : nearest(places, pinned);
    const next = { ArrowLeft: current - stride, PageDown: current - stride, ArrowRight: current + stride, PageUp: current + stride, Home: 0, End: places.length - 1 }[event.key];
    if (next === undefined || places.length === 0) return;
    event.preventDefault();
    spoken.textContent = pin(places[Math.min(places.length - 1, Math.max(0, next))]);
  }

  chart.element.addEventListener("pointermove", (event) => pin(chart.valueAt(event.offsetX)));
  chart.element.addEventListener("pointerdown", (event) => pin(chart.valueAt(event.offsetX)));
  chart.element.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") pin(undefined); });
  chart.element.addEventListener("keydown", move);
  on("selection", draw);
  on("shown", draw);
  on("theme", draw);
  section("curves", "Curves", note, controls, chart.element, keys, legend, spoken);
  draw();
}
