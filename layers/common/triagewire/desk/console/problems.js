// What went wrong, in words that say what to do.

import { text } from "./text.js";

/** The sentence for an error of the desk; `fields` are those it should name. */
export function said(error, fields = error.fields) {
  if (error.code === "changed_meanwhile") {
    const what = error.changed.map((each) => text.code("action", each));
    return what.length
      ? text.t("problem.changed", { what: text.list(what) })
      : text.t("problem.quicker");
  }
  if (error.code === "invalid" && fields?.length) {
    return fields.map(({ field, problem }) => `${text.code("field", field)}: ${problem}`).join("; ");
  }
  if (error.code === "not_now") return notNow(error);
  if (error.code === "internal") return text.t("problem.internal", { id: error.requestId ?? "" });
  const key = `problem.${error.code}`;
  if (text.has(key)) return text.t(key);
  return error.message || text.t("problem.internal", { id: "" });
}

/** The desk's own sentence names what it needs; the state is said in the words of the page. */
function notNow(error) {
  const state = error.ticketStatus && text.t("problem.stands", { state: text.code("status", error.ticketStatus) });
  return [text.t("problem.not_now"), error.message, state].filter(Boolean).join(" ");
}
