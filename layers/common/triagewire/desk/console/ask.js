// Dialogs: a question with its fields, until it is answered or left.

import { ApiError } from "./api.js";
import { h } from "./dom.js";
import { keys } from "./keys.js";
import { said } from "./problems.js";
import { text } from "./text.js";

let count = 0;

/**
 * Ask something. `fields` are {name, label, type, options, value, required, hint, rows, maxlength,
 * placeholder}: type is text, textarea, select, radio, checkbox, number, datetime-local, email or
 * tel; options are {value, label}. `body` is an element above them. `submit` is the label of the
 * button, or {label, run(values), danger}: the dialog stays until `run` has succeeded, and shows
 * what was refused. The promise gives what `run` gave (or the values), or null when it was left.
 */
export function ask({ title, body, fields = [], submit, cancel, wide = false }) {
  const act = typeof submit === "string" ? { label: submit } : (submit ?? null);
  const id = `ask-${(count += 1)}`;
  const before = document.activeElement;
  const rows = fields.map((field) => row(field, id));
  const problem = h("p", { class: "problem", role: "alert" });
  const button = act && h("button", { type: "submit", class: act.danger ? "danger" : "primary" }, act.label);
  const leave = h("button", { type: "button" }, cancel ?? text.t(act ? "ask.cancel" : "ask.close"));
  const form = h(
    "form",
    { method: "dialog", novalidate: true },
    h("h2", { id: `${id}-title` }, title),
    body,
    rows.map((each) => each.element),
    problem,
    h("div", { class: "ask-acts" }, button, leave),
  );
  const dialog = h("dialog", { class: wide ? "wide" : null, "aria-labelledby": `${id}-title` }, form);
  return new Promise((resolve) => {
    let running = false;
    const close = (answer) => {
      keys.clear("dialog");
      dialog.close();
      dialog.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve(answer);
    };
    leave.addEventListener("click", () => !running && close(null));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (!running) close(null);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (running || !act || !complete(rows)) return;
      const values = Object.fromEntries(rows.map((each) => [each.name, each.read()]));
      running = true;
      button.disabled = true;
      problem.textContent = "";
      try {
        close(act.run ? await act.run(values) : values);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const left = error.fields.filter((each) => !place(rows, each));
        problem.textContent = left.length || !error.fields.length ? said(error, left) : "";
      } finally {
        running = false;
        button.disabled = false;
      }
    });
    if (act) keys.bind("dialog", "Ctrl+Enter", null, () => form.requestSubmit());
    document.body.append(dialog);
    dialog.showModal();
    (rows[0]?.input ?? button ?? leave).focus();
  });
}

/** Close what is open, as when everything is taken off the screen. */
export function closeAll() {
  for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
  keys.clear("dialog");
}

function row(field, id) {
  const own = `${id}-${field.name}`;
  const hint = field.hint && h("span", { class: "hint", id: `${own}-hint` }, field.hint);
  const problem = h("span", { class: "problem", id: `${own}-problem` });
  const described = [hint && `${own}-hint`, `${own}-problem`].filter(Boolean).join(" ");
  const common = { id: own, name: field.name, "aria-describedby": described, required: field.required };
  if (field.type === "radio") return radios(field, own, hint, problem);
  const input = control(field, common);
  const label = h("label", { for: own }, field.label, field.required ? "" : optional(field));
  const inside = field.type === "checkbox" ? [input, label] : [label, input];
  const element = h("div", { class: `field field-${field.type ?? "text"}` }, inside, hint, problem);
  input.addEventListener("input", () => mark(input, problem, ""));
  const read = () => (field.type === "checkbox" ? input.checked : input.value.trim());
  return { name: field.name, field, element, input, problem, read, marked: input };
}

function radios(field, own, hint, problem) {
  const inputs = field.options.map((option, index) =>
    h("input", {
      type: "radio",
      name: own,
      id: `${own}-${index}`,
      value: option.value,
      checked: String(option.value) === String(field.value ?? ""),
    }),
  );
  const choices = field.options.map((option, index) =>
    h("label", { class: "choice", for: `${own}-${index}` }, inputs[index], h("span", {}, option.label)),
  );
  const element = h(
    "fieldset",
    { class: "field", "aria-describedby": `${own}-problem` },
    h("legend", {}, field.label, field.required ? "" : optional(field)),
    h("div", { class: "choices" }, choices),
    hint,
    problem,
  );
  element.addEventListener("change", () => mark(element, problem, ""));
  const read = () => inputs.find((input) => input.checked)?.value ?? "";
  return { name: field.name, field, element, input: inputs[0], problem, read, marked: element };
}

function control(field, common) {
  const { type = "text", value = "", maxlength, placeholder, rows = 4 } = field;
  if (type === "select") {
    const options = field.options.map((option) =>
      h("option", { value: option.value, selected: String(option.value) === String(value) }, option.label),
    );
    return h("select", common, options);
  }
  if (type === "textarea") return h("textarea", { ...common, rows, maxlength, placeholder, value });
  if (type === "checkbox") return h("input", { ...common, type, checked: Boolean(value) });
  const plain = { ...common, type, maxlength, placeholder, value, autocomplete: "off" };
  return h("input", { ...plain, min: field.min, max: field.max });
}

/** Whether everything that must be said is; the first that is not gets the focus. */
function complete(rows) {
  const empty = rows.filter((each) => each.field.required && !each.read());
  for (const each of empty) mark(each.marked, each.problem, text.t("ask.required"));
  empty[0]?.input.focus();
  return empty.length === 0;
}

/** Show a problem at the field it is about; whether there is one. */
function place(rows, { field, problem }) {
  const row = rows.find((each) => each.name === field);
  if (!row) return false;
  mark(row.marked, row.problem, problem);
  row.input.focus();
  return true;
}

function mark(input, place, words) {
  place.textContent = words;
  if (words) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function optional(field) {
  return field.type === "checkbox" ? "" : h("span", { class: "optional" }, text.t("ask.optional"));
}
