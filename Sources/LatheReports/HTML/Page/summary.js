// The summary: the best configuration, how certain that is, and caveats.

function mastheadSection() {
  document.getElementById("main").append(make("div", { class: "masthead" }, make("h1", {}, data.title),
    make("p", {}, `${plural(data.runs.length, "run")} of ${plural(data.configurations.length, "configuration")} · ${data.made}`)));
}

function summarySection() {
  const [best] = data.configurations, hasBest = isNumber(best?.mean);
  const others = data.configurations.filter((configuration) => configuration.difference);
  const counted = (verdict) => others.filter((configuration) => configuration.difference.verdict === verdict).length;
  const sentences = [
    [counted("worse"), "worse by more than seed noise"], [counted("better"), "better by more than seed noise"],
    [counted("not_distinguishable"), "not distinguishable from it"],
    [counted("no_verdict"), "without a verdict (one seed: seed noise unknown)"], [counted("not_comparable"), "not comparable with it"],
  ].filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}`);
  const reference = data.configurations[data.reference];
  const verdict = sentences.length === 0 ? (data.configurations.length > 1 ? "" : "Only one configuration: nothing to compare it with.")
    : `${reference === best ? "Of the others, " : `Against ${reference.label}: `}${sentences.join("; ")}.`;
  const lead = !hasBest ? make("p", { class: "muted" }, "No completed run has a figure yet.") : make("div", {},
    make("p", { class: "eyebrow" }, "Best configuration"),
    make("p", { class: "best" }, best.label),
    make("p", { class: "figure" }, formatMetric(data.metric.name, best.mean), make("small", {}, " " + data.metric.unit)),
    make("p", { class: "muted" }, isNumber(best.half) ? `± ${formatMetric(data.metric.name, best.half)}, the 95 % interval of the mean of ${best.counted} seeds` : "one seed: seed noise unknown"),
    verdict && make("p", { class: "verdict" }, verdict));
  section("summary", "Summary", `${data.metric.name}, ${data.metric.moment} validation${data.metric.smaller ? ", smaller is better" : ""}`,
    data.warnings.map((text) => make("p", { class: "notice", role: "note" }, text)),
    make("div", { class: "lead" }, lead, forest()), tiles(best, hasBest));
}

// Means and intervals of the best configurations, one line each.
function forest() {
  const shown = data.configurations.filter((configuration) => isNumber(configuration.mean)).slice(0, 8);
  if (shown.length < 2) return make("div");
  const floor = data.metric.name === "validation/bits_per_byte" ? shown[0].floor : undefined;
  const ends = shown.flatMap(({ mean, half }) => [mean - (half ?? 0), mean + (half ?? 0)]);
  // The floor is drawn only if it does not squeeze the rest.
  let [low, high] = [Math.min(...ends), Math.max(...ends)];
  const hasFloor = isNumber(floor) && low - floor < high - low;
  if (hasFloor) low = Math.min(low, floor);
  const at = (value) => high > low ? 3 + 94 * (value - low) / (high - low) + "%" : "50%";
  const more = data.configurations.length - shown.length;
  return make("div", {}, make("ol", { class: "forest", "aria-label": "Means with their 95 % intervals" }, shown.map((configuration) => {
    const { mean, half, difference, label } = configuration, colour = colourName(data.configurations.indexOf(configuration));
    return make("li", {}, make("span", { class: "label", title: label }, label),
      make("span", { class: "track", "aria-hidden": "true" }, make("i", { class: "axis" }),
        hasFloor && make("i", { class: "level", style: { left: at(floor) } }),
        isNumber(half) && make("i", { class: "interval", style: { left: at(mean - half), right: `calc(100% - ${at(mean + half)})`, background: colour } }),
        make("i", { class: "mean", style: { left: at(mean), background: colour } })),
      make("span", { class: "value" }, formatMetric(data.metric.name, mean)),
      make("span", { class: "says muted" }, difference ? make("span", { class: "verdict-" + difference.verdict }, difference.text)
        : data.configurations[data.reference] === configuration ? "reference" : ""));
  })), make("p", { class: "keys" }, hasFloor && [make("i", { class: "key-line level" }), "known floor of the text ", formatLoss(floor)], more > 0 && ` ${hasFloor ? "· " : ""}and ${more} more below`));
}

function tiles(best, hasBest) {
  const states = new Map();
  for (const run of data.runs) states.set(run.status, (states.get(run.status) ?? 0) + 1);
  const judged = data.runs.filter((run) => run.verdict), overfitted = judged.filter((run) => run.verdict === "overfitting").length;
  const seconds = data.runs.reduce((sum, run) => sum + (run.seconds ?? 0), 0);
  const tile = (name, value, note) => make("div", {}, make("dt", {}, name), make("dd", {}, value, note && make("span", {}, note)));
  const isBits = data.metric.name === "validation/bits_per_byte";
  return make("dl", { class: "tiles" },
    tile("Runs", String(data.runs.length), [...states].map(([status, count]) => `${count} ${status}`).join(", ")),
    hasBest && isNumber(best.floor) && tile("Known floor", `${formatLoss(best.floor)} bits/byte`, isBits && `the best is ${formatLoss(best.mean - best.floor)} above it`),
    judged.length > 0 && tile("Overfitting", `${overfitted} of ${judged.length}`, "ended above their best"),
    tile("Work", formatDuration(seconds), "all runs"));
}
