// Keyboard shortcuts: what is bound is also what the help lists.

const KEPT = "triagewire.shortcuts";
const TOGETHER_MS = 1_200;
const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]";
const PRESSABLE = "a[href], button, summary, select, input, textarea";

let bound = [];
let first = null;

export const keys = { start, bind, clear, list, isOn, turn };

/** Listen to the keyboard. */
function start() {
  document.addEventListener("keydown", pressed);
}

/**
 * Run something on a key: "j", "Enter", "Ctrl+Enter" or one after the other, "g q".
 * `scope` is "global", "view" (until the view is left) or "dialog" (while a dialog is open).
 * `label` is what the help calls it, a word or a function; without one it is not listed.
 */
function bind(scope, key, label, run) {
  const row = { scope, key, label, run, parts: key.split(" ") };
  bound.push(row);
  return () => {
    bound = bound.filter((each) => each !== row);
  };
}

/** Forget everything of a scope. */
function clear(scope) {
  bound = bound.filter((each) => each.scope !== scope);
}

/** What the help lists: {scope, key, label}. */
function list() {
  return bound
    .filter((each) => each.label)
    .map(({ scope, key, label }) => ({
      scope,
      key,
      label: typeof label === "function" ? label() : label,
    }));
}

/** Whether single letters do anything: who speaks to the computer turns them off. */
function isOn() {
  return localStorage.getItem(KEPT) !== "off";
}

function turn(on) {
  localStorage.setItem(KEPT, on ? "on" : "off");
}

function pressed(event) {
  if (event.defaultPrevented || event.isComposing || event.metaKey || event.altKey) return;
  const key = event.ctrlKey ? `Ctrl+${event.key}` : event.key;
  if (isKeptFrom(event, key)) return;
  const scopes = document.querySelector("dialog[open]") ? ["dialog"] : ["view", "global"];
  const row = found(key, scopes);
  if (row === null) return;
  event.preventDefault();
  if (row.run) row.run(event);
}

/** Typing is typing, and Enter on a button presses that button. */
function isKeptFrom(event, key) {
  const plain = key.length === 1;
  if (plain && !isOn()) return true;
  if (event.target.closest?.(TYPING) && key !== "Escape" && !event.ctrlKey) return true;
  return (key === "Enter" || key === " ") && event.target.closest?.(PRESSABLE) !== null;
}

/** The row of a key; a row without `run` when it begins one of two keys. */
function found(key, scopes) {
  const before = first && Date.now() - first.at < TOGETHER_MS ? first.key : null;
  first = null;
  for (const scope of scopes) {
    const rows = bound.filter((each) => each.scope === scope).reverse();
    const second = before && rows.find((each) => each.parts[0] === before && each.parts[1] === key);
    if (second) return second;
  }
  for (const scope of scopes) {
    const rows = bound.filter((each) => each.scope === scope).reverse();
    const single = rows.find((each) => each.parts.length === 1 && each.key === key);
    if (single) return single;
    if (rows.some((each) => each.parts.length === 2 && each.parts[0] === key)) {
      first = { key, at: Date.now() };
      return {};
    }
  }
  return null;
}
