// Generated text side by side, with the run's log.

function samplesSection() {
  const withText = [...data.runs.keys()].filter((index) => data.runs[index].samples.length > 0 || data.runs[index].log || data.runs[index].failure);
  if (withText.length === 0) return;
  // One run of each leading configuration.
  const first = [];
  for (const index of state.selected) {
    const run = data.configurations[index].runs.find((run) => withText.includes(run));
    if (run !== undefined) first.push(run);
  }
  const begin = (first.length > 0 ? first : withText).slice(0, 2);
  const name = (run) => `${data.configurations[run.configuration].label} · seed ${run.seed} · ${run.id}`;
  const options = withText.map((index) => [index, name(data.runs[index])]);

  function card(index) {
    const element = make("article", { class: "card" });
    const show = (index, wanted) => {
      const run = data.runs[index], steps = run.samples.map(([step]) => step);
      const step = steps.includes(wanted) ? wanted : steps.at(-1);
      const found = run.samples.find((sample) => sample[0] === step);
      const stepText = (step) => step < 0 ? "judged by the grammar" : "step " + step;
      element.replaceChildren(...[
        make("h3", {}, make("span", { class: "pick" }, swatch(run.configuration), `${data.configurations[run.configuration].label} · seed ${run.seed}`)),
        make("div", { class: "controls" }, control("Run", select(options, index, (value) => show(Number(value), step))),
          steps.length > 0 && control("Sample", select(steps.map((step) => [step, stepText(step)]), step, (value) => show(index, Number(value))))),
        make("p", { class: "small muted" }, [`${run.status}`, run.verdictText, isNumber(run.accepted) && `${(run.accepted * 100).toFixed(0)} % of its sentences are grammatical`].filter(Boolean).join(" · ")),
        run.failure && make("p", { class: "notice" }, run.failure),
        found ? make("pre", { tabindex: "0", "aria-label": "Sample" }, found[1]) : make("p", { class: "muted" }, "No samples."),
        found?.[2] && make("p", { class: "small muted" }, "Truncated; the full text is in the run's folder."),
        run.log && make("details", {}, make("summary", {}, "End of the log"), make("pre", { tabindex: "0", "aria-label": "Log" }, run.log)),
        make("p", { class: "small muted" }, run.path)].filter(Boolean));
    };
    show(index);
    return element;
  }

  on("selection", () => {
    for (const mark of cards.querySelectorAll(".swatch")) mark.style.background = colourName(Number(mark.dataset.configuration));
  });
  const cards = make("div", { class: "cards" }, begin.map(card));
  const add = make("button", { type: "button", onclick: () => cards.append(card(withText[Math.min(cards.children.length, withText.length - 1)])) }, "Add another");
  section("samples", "Samples", "what the models wrote", cards, withText.length > 2 && make("p", { class: "controls", style: { marginTop: "14px" } }, add)).classList.add("long");
}
