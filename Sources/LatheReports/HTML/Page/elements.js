// Creates elements. Text from runs only ever becomes a text node or an attribute's value: this page never parses markup.

function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function makeSVG(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "style") Object.assign(element.style, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) element.append(child);
  }
  return element;
}

// A section of the page, with a link in the navigation.
function section(id, title, note, ...children) {
  const element = make("section", { id, "aria-labelledby": id + "-title" },
    make("header", {}, make("h2", { id: id + "-title" }, title), note && make("p", {}, note)), children);
  document.getElementById("main").append(element);
  document.getElementById("sections").append(make("a", { href: "#" + id }, title));
  return element;
}

// A control with its label above.
function control(name, ...children) {
  return make("label", { class: "control" }, make("span", { class: "name" }, name), make("span", { class: "row" }, children));
}

// Radio buttons that look like a switch. Options are [value, text].
function choice(name, options, value, changed, fieldset = make("fieldset", { class: "choice" }, make("legend", { class: "hidden" }, name))) {
  for (const [option, text] of options) {
    fieldset.append(make("label", {},
      make("input", { type: "radio", name, value: option, checked: option === value, onchange: () => changed(option) }),
      make("span", {}, text)));
  }
  return fieldset;
}

function namedChoice(name, options, value, changed) {
  return make("div", { class: "control" }, make("span", { class: "name", "aria-hidden": "true" }, name), choice(name, options, value, changed));
}

function select(options, value, changed, attributes = {}) {
  const element = make("select", { ...attributes, onchange: () => changed(element.value) },
    options.map(([option, text]) => make("option", { value: option, selected: String(option) === String(value) }, text)));
  return element;
}

function swatch(configuration) {
  return make("i", { class: "swatch", "aria-hidden": "true", "data-configuration": configuration, style: { background: colourName(configuration) } });
}
