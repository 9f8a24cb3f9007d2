// The table of runs, or of configurations: sorted by any column, filtered by words and conditions.

function tableSection() {
  const hasSeeds = data.configurations.some((configuration) => configuration.runs.length > 1);
  const view = { kind: hasSeeds ? "configurations" : "runs", filter: "", limit: 150, sorts: {} };
  const head = make("thead"), body = make("tbody"), count = make("p", { role: "status" }), more = make("p", { class: "more" });
  const search = make("input", { type: "search", id: "filter", placeholder: "lstm  status=failed  best<1.2", "aria-describedby": "filter-help", size: 34, oninput: () => {
    view.filter = search.value;
    refresh();
    tell("shown");
  } });
  const metric = data.metric.name;
  const value = (key, title, get, format = formatGeneral) => ({ key, title, get, format, isNumber: true });
  const text = (key, title, get, name) => ({ key, title, get, format: (found) => found ?? "–", name });
  const keys = data.keys.map((key, index) => ({
    ...text(key, key, (row) => row.values[index]), wide: true, isNumber: data.configurations.every(({ values }) => values[index] === null || (values[index] !== "" && Number.isFinite(Number(values[index])))),
  }));
  const columns = {
    runs: [
      text("run", "run", (run) => run.id), text("name", "name", (run) => run.name), text("status", "status", (run) => run.status, "status"),
      value("seed", "seed", (run) => run.seed, String), value("final", "final " + data.metric.unit, (run) => run.final[metric], formatLoss),
      value("best", "best", (run) => run.best[metric], formatLoss), value("best_step", "best step", (run) => run.bestStep, formatGeneral),
      value("gap", "gap to training", (run) => run.gap, formatLoss), text("verdict", "verdict", (run) => run.verdict, "verdict"),
      value("steps", "steps", (run) => run.steps, formatGeneral), value("parameters", "parameters", (run) => run.parameters, formatCount),
      value("tokens_per_second", "tokens/s", (run) => run.tokensPerSecond, formatCount), value("seconds", "time", (run) => run.seconds, formatDuration),
      text("created", "created", (run) => run.created), ...keys.map((key) => ({ ...key, get: (run) => key.get(data.configurations[run.configuration]) })),
    ],
    configurations: [
      { ...text("configuration", "configuration", (one) => one.label), wide: true },
      value("mean", "mean " + data.metric.unit, (one) => one.mean, formatLoss), value("interval", "± 95 %", (one) => one.half, formatLoss), value("seeds", "seeds", (one) => one.counted, String),
      { ...text("verdict", data.reference === 0 ? "against the best" : "against the reference", (one) => one.difference?.text ?? (data.configurations[data.reference] === one ? "reference" : null)), wide: true,
        className: (one) => one.difference ? "verdict-" + one.difference.verdict : "verdict-leader" },
      value("p", "p", (one) => one.difference?.p), value("overfitted", "overfitted", (one) => runsOf(one).filter((run) => run.verdict === "overfitting").length, String),
      value("parameters", "parameters", (one) => one.parameters, formatCount), value("tokens_per_second", "tokens/s", (one) => one.tokensPerSecond, formatCount),
      value("seconds", "time per run", (one) => one.seconds, formatDuration), ...keys,
    ],
  };
  const rowsOfKind = () => view.kind === "runs" ? data.runs : data.configurations;
  const configurationOf = (row) => view.kind === "runs" ? row.configuration : data.configurations.indexOf(row);

  // Words that must occur anywhere in the row, and conditions on a column: =, <, >; all must hold.
  function accepts(row) {
    return view.filter.trim().split(/\s+/).filter(Boolean).every((term) => {
      const [, name, operator, wanted] = term.match(/^([^<>=]+)(=|<|>)(.+)$/) ?? [];
      const column = name && columns[view.kind].find((column) => column.key === name || column.key.endsWith("." + name) || column.title === name);
      if (!column) return texts(row).includes(term.toLowerCase());
      const found = column.get(row);
      if (operator === "=") return String(found ?? "").toLowerCase() === wanted.toLowerCase() || column.format(found) === wanted;
      if (found === null || found === undefined) return false;
      return operator === "<" ? Number(found) < Number(wanted) : Number(found) > Number(wanted);
    });
  }

  const known = new Map();
  function texts(row) {
    if (!known.has(row)) known.set(row, [row.label, ...columns[view.kind].map((column) => column.get(row)), row.failure].filter((text) => typeof text === "string").join("\n").toLowerCase());
    return known.get(row);
  }

  function compare(column, direction) {
    return (a, b) => {
      let [x, y] = [column.get(a), column.get(b)];
      if (column.isNumber) [x, y] = [x, y].map((value) => value === null || value === undefined ? NaN : Number(value));
      const [isMissing, otherIsMissing] = [x, y].map((value) => value === null || value === undefined || Number.isNaN(value));
      // Missing values come last in either direction.
      if (isMissing || otherIsMissing) return isMissing - otherIsMissing;
      return direction * (column.isNumber ? x - y : String(x).localeCompare(String(y), undefined, { numeric: true }));
    };
  }

  function sort(column) {
    const current = view.sorts[view.kind];
    view.sorts[view.kind] = { key: column.key, direction: current?.key === column.key ? -current.direction : 1 };
    refresh();
    head.querySelector(`[data-key="${CSS.escape(column.key)}"] button`).focus();
  }

  function refresh() {
    const all = columns[view.kind], rows = rowsOfKind().filter(accepts), sorting = view.sorts[view.kind];
    const column = sorting && all.find((column) => column.key === sorting.key);
    if (column) rows.sort(compare(column, sorting.direction));
    state.shown = new Set(rows.map(configurationOf));
    head.replaceChildren(make("tr", {}, make("th", { class: "text", scope: "col" }, make("span", { class: "hidden" }, "shown in colour")), all.map((column) => make("th", {
      scope: "col", class: column.isNumber ? null : "text", "data-key": column.key,
      "aria-sort": sorting?.key === column.key ? (sorting.direction > 0 ? "ascending" : "descending") : null,
    }, make("button", { type: "button", onclick: () => sort(column) }, column.title)))));
    const shown = rows.slice(0, view.limit);
    body.replaceChildren(...shown.map((row) => rowElement(row, all)));
    count.textContent = rows.length === rowsOfKind().length ? `${plural(rows.length, view.kind.slice(0, -1))}` : `${rows.length} of ${plural(rowsOfKind().length, view.kind.slice(0, -1))}`;
    more.replaceChildren(rows.length > shown.length ? make("button", { type: "button", onclick: () => { view.limit = Infinity; refresh(); } }, `Show ${rows.length - shown.length} more`) : "");
    more.hidden = rows.length <= shown.length;
  }

  function rowElement(row, all) {
    const configuration = configurationOf(row);
    const label = data.configurations[configuration].label;
    return make("tr", {}, make("td", { class: "text" }, make("label", { class: "pick" },
      make("input", { type: "checkbox", checked: state.selected.includes(configuration), "data-configuration": configuration, "aria-label": "Show in colour: " + label, onchange: () => toggle(configuration) }), swatch(configuration))),
    all.map((column) => {
      const found = column.get(row), shown = column.isNumber && column.wide ? found ?? "–" : column.format(found);
      const className = [column.isNumber ? null : "text", column.wide && "wide", column.name && found && `${column.name}-${found}`, column.className?.(row)].filter(Boolean).join(" ");
      return make("td", { class: className || null, title: column.wide && String(shown).length > 40 ? shown : null }, shown);
    }));
  }

  on("selection", () => {
    for (const box of body.querySelectorAll("input")) {
      box.checked = state.selected.includes(Number(box.dataset.configuration));
      box.nextSibling.style.background = colourName(Number(box.dataset.configuration));
    }
  });
  const element = section("runs", "Runs", undefined,
    make("div", { class: "controls" },
      control("Filter", search),
      namedChoice("Rows", [["configurations", "Configurations"], ["runs", "Runs"]], view.kind, (kind) => { view.kind = kind; known.clear(); refresh(); tell("shown"); }),
      make("p", { class: "hidden", id: "filter-help" }, "Words that must occur in a row, or conditions such as status=failed or best<1.2; all must hold.")),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of runs" }, make("table", {}, head, body)), more);
  element.classList.add("runs", "long");
  element.querySelector("header").append(count);
  refresh();
}
