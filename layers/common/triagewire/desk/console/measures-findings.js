// What a trend review found, and the way from a line of it to a change of the policy. A finding is
// said in the words of the review, which are English; nothing in it was written by a requester.

import { h, replace } from "./dom.js";
import { percent, plain } from "./measures-figures.js";
import { text } from "./text.js";

const GONE = "gone";

/** All findings of a week: those that stand, then those that are gone. */
export function findings(found, shell, week) {
  const here = found.filter((each) => each.standing !== GONE);
  const gone = found.filter((each) => each.standing === GONE);
  return h(
    "section",
    { class: "findings", "aria-labelledby": "findings-title" },
    h("h2", { id: "findings-title" }, text.t("measures.findings")),
    here.length ? here.map((each) => one(each, shell, week)) : h("p", { class: "empty" }, text.t("measures.no_findings")),
    gone.length ? [h("h3", null, text.t("measures.gone")), h("ul", { lang: "en" }, gone.map((each) => h("li", null, each.title)))] : null,
  );
}

function one(finding, shell, week) {
  return h(
    "article",
    { class: "card finding", dataset: { finding: finding.id, kind: finding.kind } },
    h("h3", null, h("span", { lang: "en" }, finding.title), h("span", { class: "chip" }, text.t(`measures.standing_${finding.standing}`))),
    h("p", { class: "finding-size" }, size(finding)),
    finding.told.length ? h("ul", { class: "finding-told", lang: "en" }, finding.told.map((each) => h("li", null, each))) : null,
    finding.suggestion ? h("p", null, h("strong", null, text.t("measures.do")), " ", h("span", { lang: "en" }, finding.suggestion)) : null,
    rules(finding),
    tickets(finding, shell),
    finding.draft ? draft(finding, week) : null,
  );
}

function size({ n, of, sure }) {
  if (!of) return plain(n);
  const words = text.t("measures.n_of", { n: plain(n), of: plain(of), share: percent(n / of) });
  return sure ? `${words} ${text.t("measures.sure", { share: percent(sure) })}` : words;
}

function rules({ rules: ids, words }) {
  if (!ids.length && !words.length) return null;
  return h(
    "div",
    { class: "finding-rules" },
    ids.length ? h("p", null, text.t("measures.rules"), " ", ids.map((each) => [h("code", null, each), " "])) : null,
    words.length ? h("p", null, text.t("measures.words"), " ", words.map((each) => [h("span", { class: "chip", translate: "no" }, each), " "])) : null,
  );
}

function tickets({ tickets: ids, n }, shell) {
  if (!ids.length) return null;
  const links = ids.map((each) => h("li", null, h("a", { href: shell.href("#/tickets/:ticket", { ticket: each }) }, h("code", null, each))));
  const words = text.t("measures.open_tickets", { count: ids.length, n: plain(n) });
  return h("details", null, h("summary", null, words), h("ul", { class: "finding-tickets" }, links));
}

function draft({ id, draft: made }, week) {
  const told = made.by_hand ? "measures.by_hand" : "measures.predicted";
  return h(
    "details",
    { class: "finding-draft" },
    h("summary", null, text.t("measures.draft")),
    h("p", null, text.t("measures.draft_place", { file: made.file, place: made.place || text.t("measures.end_of_file") })),
    h("p", null, text.t(told, { right: plain(made.right), wrong: plain(made.wrong) })),
    copied(made.text, text.t("measures.draft")),
    h("p", null, text.t("measures.try_it")),
    copied(commands(id, week), text.t("measures.commands")),
  );
}

/** The way to a published rule, as `triagewire trends draft` says it; a person decides at each step. */
function commands(id, week) {
  return [
    `triagewire trends draft ${id} --week ${week} --policy policy --stack NAME`,
    "triagewire policy check policy",
    `triagewire policy diff active policy --stack NAME --reason "trend review ${week}"`,
    "triagewire policy shadow policy --stack NAME",
    "triagewire policy shadow --report --stack NAME",
    "triagewire policy publish policy --stack NAME",
  ].join("\n");
}

function copied(words, name) {
  const box = h("pre", { class: "written code", tabindex: "0", role: "region", "aria-label": name, translate: "no" }, words);
  const button = h("button", { type: "button", class: "small", "aria-label": text.t("measures.copy_named", { name }) }, text.t("measures.copy"));
  button.addEventListener("click", async () => {
    replace(button, text.t((await isCopied(words)) ? "measures.copied" : "measures.copy_failed"));
  });
  return h("div", { class: "code-place" }, box, button);
}

async function isCopied(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}
