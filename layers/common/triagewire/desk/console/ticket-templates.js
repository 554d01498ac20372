// What a reply may begin with, filled in for its ticket.

import { api, part } from "./api.js";
import { h, replace } from "./dom.js";
import { text } from "./text.js";

/**
 * A menu of the templates of a ticket; `choose` gets the one that is taken. They are asked for only
 * when somebody goes there: they hold the requester's name, so that each look is recorded.
 */
export function templates(id, { ticket, shell }, choose) {
  let found = null, asked = false;
  const menu = h("select", { id, on: { focus: load, pointerdown: load, change: take } });
  draw();
  return menu;

  async function load() {
    if (found || asked) return;
    asked = true;
    try {
      found = (await api.get(`/desk/tickets/${part(ticket.id)}/templates`)).templates;
      draw();
    } catch (error) {
      shell.problem(error);
    } finally {
      asked = false;
    }
  }

  function draw() {
    const first = text.t(found && !found.length ? "compose.no_templates" : "compose.choose_template");
    const named = (each) => `${each.title} (${text.languageName(each.language)})`;
    replace(
      menu,
      h("option", { value: "" }, first),
      (found ?? []).map((each, n) => h("option", { value: String(n) }, named(each))),
    );
  }

  function take() {
    const chosen = menu.value === "" ? null : found?.[Number(menu.value)];
    menu.value = "";
    if (chosen) choose(chosen);
  }
}
