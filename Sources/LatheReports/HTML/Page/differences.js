// How the selected configurations differ, key by key, and what they all share.

function differencesSection() {
  const body = make("div", { class: "scroll" });
  const draw = () => {
    const shown = state.selected.map((index) => data.configurations[index]);
    if (shown.length === 0) return body.replaceChildren(make("p", { class: "muted" }, "Nothing is selected: tick configurations in the table above."));
    const rows = data.keys.map((key, index) => ({ key, values: shown.map((one) => one.values[index]) }))
      .sort((a, b) => new Set(b.values).size > 1 ? (new Set(a.values).size > 1 ? 0 : 1) : -(new Set(a.values).size > 1));
    body.replaceChildren(rows.length === 0 ? make("p", { class: "muted" }, "They differ only in their seeds.") : make("table", { class: "differences" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "key"), shown.map((one) => make("th", { scope: "col" }, make("span", { class: "pick" }, swatch(data.configurations.indexOf(one)), " " + one.label))))),
      make("tbody", {}, rows.map(({ key, values }) => {
        const isSame = new Set(values).size === 1;
        return make("tr", {}, make("th", { scope: "row" }, key), values.map((value) => make("td", { class: isSame && "same" }, valueText(value))));
      }))));
  };
  on("selection", draw);
  const pairs = data.common.map(([key, value]) => make("div", {}, make("dt", {}, key), make("dd", {}, value)));
  section("configurations", "Configurations", "the selected ones; without seeds and names", body,
    pairs.length > 0 && make("details", {}, make("summary", {}, `${plural(pairs.length, "key")} that all share`), make("dl", { class: "pairs" }, pairs)));
  draw();
}
