// Elements made of values. Text always becomes a text node: what a patient wrote can never be markup.

const SVG = "http://www.w3.org/2000/svg";
const SAFE_SCHEMES = new Set(["https:", "http:", "mailto:", "tel:", "blob:"]);
const PROPERTIES = new Set(["value", "checked", "selected", "indeterminate", "disabled"]);
const ADDRESSES = new Set(["href", "src"]);

/** An element: `props` are attributes, `class`, `dataset: {…}` and `on: {event: function}`. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
h.svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

/** Put other children into an element. */
export function replace(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/** Text that only screen readers say. */
export function unseen(words) {
  return h("span", { class: "unseen" }, words);
}

/** Whether an address may stand in a link: no script, no data. */
export function isSafeAddress(address) {
  try {
    return SAFE_SCHEMES.has(new URL(String(address), document.baseURI).protocol);
  } catch {
    return false;
  }
}

/**
 * Make `parent` hold one element an item, in their order. Elements are kept by key, so that focus,
 * selection and scroll stay where they are; `update` gets (element, item) of each that stays.
 * Returns the keys that left.
 */
export function keyed(parent, items, keyOf, make, update) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let element = before.get(key);
    before.delete(key);
    if (element === undefined) {
      element = make(item);
      element.dataset.key = key;
    } else {
      update(element, item);
    }
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
  for (const element of before.values()) element.remove();
  // A row that moved loses the focus on the way.
  if (focused && focused.isConnected && document.activeElement !== focused) {
    focused.focus({ preventScroll: true });
  }
  return [...before.keys()];
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  element.append(...nodes(children));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined) return;
  if (name === "on") {
    for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
  } else if (name === "dataset") {
    for (const [key, each] of Object.entries(value)) {
      if (each !== null && each !== undefined) element.dataset[key] = each;
    }
  } else if (name === "style" || name.toLowerCase().startsWith("on")) {
    throw new TypeError(`no ${name}: use a class, or on: {event: function}`);
  } else if (PROPERTIES.has(name)) {
    element[name] = value;
  } else if (ADDRESSES.has(name)) {
    if (isSafeAddress(value)) element.setAttribute(name, value);
  } else if (value === true) {
    element.setAttribute(name, "");
  } else if (value !== false || name.startsWith("aria-")) {
    element.setAttribute(name, String(value));
  }
}

function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}
