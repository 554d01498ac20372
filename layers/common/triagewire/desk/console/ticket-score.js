// Why a ticket was scored so: every reason with its words, its effect and what it stands on.

import { h } from "./dom.js";
import { text } from "./text.js";
import { teamName, topicName } from "./ticket-names.js";
import { chip, facts, section, warning } from "./ticket-parts.js";
import { kindOf, outside, showWords } from "./ticket-text.js";
import { wordsOf } from "./ticket-marks.js";
import { urgency } from "./urgency.js";

/** The verdict; `about` is {ticket, root}: words are found below `root`. */
export function score(about) {
  const { verdict } = about.ticket;
  if (!verdict) return section("score", text.t("score.heading"), h("p", { class: "dim" }, text.t("score.none")));
  return section(
    "score",
    text.t("score.heading"),
    h("p", { class: "score-line" }, lead(verdict)),
    verdict.unknown?.length
      ? warning(text.t("score.unknown", { what: text.list(verdict.unknown.map(kindName)) }), "note")
      : null,
    verdict.reasons.length
      ? h("ol", { class: "reasons" }, verdict.reasons.map((each, number) => reason(about, each, number)))
      : h("p", { class: "dim" }, text.t("score.no_reasons")),
  );
}

function lead(verdict) {
  const told = [urgency.badge(verdict.score, verdict.review), h("strong", null, topicName(verdict.topic))];
  if (verdict.candidate > verdict.score) {
    told.push(text.t("score.candidate", { score: verdict.candidate }));
  }
  const percent = text.number(Math.round(verdict.confidence * 100));
  told.push(h("span", { class: "dim" }, text.t("score.confidence", { percent })));
  return told;
}

/** What is not known is a kind of the record, or another fact that a rule would have asked for. */
export function kindName(kind) {
  return text.code("kind", kind);
}

function reason(about, each, number) {
  const kind = kindOf(each);
  const words = wordsOf(each.text_span);
  return h(
    "li",
    { class: "reason", dataset: { kind } },
    h("p", { class: "reason-why" }, chip(text.t(`score.kind.${kind}`), `kind-${kind}`), " ", h("span", null, each.why || each.rule)),
    words.length ? h("p", { class: "reason-words" }, words.map((one) => quote(about, one, number))) : null,
    facts(
      [
        [text.t("score.effect"), effectWords(each.effect)],
        [text.t("score.rule"), h("span", null, h("code", null, each.rule), `, ${text.t(`score.set.${each.set}`)}`)],
        [text.t("score.source"), each.source],
      ],
      "reason-facts",
    ),
  );
}

const MEASURED = /^(scores|kept at|raises to) (\d)(?: for (.+))?$/;

/** What a rule did, in the language of who reads: known parts in its words, others as they are. */
function effectWords(effect) {
  const [lead, ...rest] = String(effect ?? "").split(": ");
  const [, verb, score, team] = MEASURED.exec(lead) ?? [];
  const key = verb && `effect.${verb}${team ? " for" : ""}`;
  const first = verb ? text.t(key, { score, team: teamName(team) }) : partWords(lead);
  return [first, ...rest.map(listed)].join(": ");
}

function listed(parts) {
  if (text.has(`effect.${parts}`)) return partWords(parts);
  return parts.split(", ").map(partWords).join(", ");
}

function partWords(words) {
  return text.has(`effect.${words}`) ? text.t(`effect.${words}`) : words;
}

function quote({ root }, words, number) {
  const button = h(
    "button",
    {
      type: "button",
      class: "quote",
      "aria-label": text.t("score.show_words", { words }),
      on: {
        click: () => {
          if (showWords(root, number)) return;
          for (const each of root.querySelectorAll(".talk details:not([open])")) each.open = true;
          requestAnimationFrame(() => showWords(root, number));
        },
      },
    },
    "“",
    outside(words),
    "”",
  );
  return button;
}
