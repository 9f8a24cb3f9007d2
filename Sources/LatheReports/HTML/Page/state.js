// The reader's selection, its listeners, and colours.

const state = {
  selected: data.configurations.map((_, index) => index).filter((index) => isNumber(data.configurations[index].mean)).slice(0, 6),
  shown: new Set(data.configurations.keys()),
};
if (state.selected.length === 0) state.selected = [...data.configurations.keys()].slice(0, 6);

const listeners = new Map();
function on(event, listener) { listeners.set(event, [...(listeners.get(event) ?? []), listener]); }
function tell(event) { for (const listener of listeners.get(event) ?? []) listener(); }

// A configuration keeps its colour while selected; new ones take the first free one.
const colours = new Map();
function assignColours() {
  for (const configuration of [...colours.keys()]) if (!state.selected.includes(configuration)) colours.delete(configuration);
  for (const configuration of state.selected) {
    if (colours.has(configuration)) continue;
    const taken = [...colours.values()], uses = (colour) => taken.filter((other) => other === colour).length;
    colours.set(configuration, [0, 1, 2, 3, 4, 5, 6, 7].reduce((best, colour) => uses(colour) < uses(best) ? colour : best));
  }
}
assignColours();

function colourName(configuration) { return colours.has(configuration) ? `var(--c${colours.get(configuration)})` : "var(--other)"; }

function toggle(configuration) {
  const index = state.selected.indexOf(configuration);
  if (index >= 0) state.selected.splice(index, 1);
  else state.selected.push(configuration);
  assignColours();
  tell("selection");
}

// A canvas needs colours, not CSS variables.
const probe = make("span", { hidden: true });
document.body.append(probe);
function resolved(colour) {
  probe.style.color = colour;
  return getComputedStyle(probe).color;
}

choice("Colours", [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]], "auto", (theme) => {
  if (theme === "auto") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", theme);
  tell("theme");
}, document.getElementById("theme"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => tell("theme"));

// Paper is light: redraw for printing.
let themeBeforePrint;
addEventListener("beforeprint", () => {
  themeBeforePrint = document.documentElement.getAttribute("data-theme");
  document.documentElement.setAttribute("data-theme", "light");
  tell("theme");
});
addEventListener("afterprint", () => {
  if (themeBeforePrint === null) document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", themeBeforePrint);
  tell("theme");
});
