// Words in the language of whoever works, and times as they are said.

const LANGUAGES = ["en", "es"];
const FILES = ["words", "more-words"];
/** The page asks for files by the version of all of them; words come by the same. */
const VERSION = /\.[0-9a-f]{12}(?=\.js$)/.exec(import.meta.url)?.[0] ?? "";
const KEPT = "triagewire.language";

const listeners = new Set();
let language = LANGUAGES.includes(kept()) ? kept() : preferred();
let words = {};

export const text = {
  /** "en" or "es". */
  get language() {
    return language;
  },
  languages: LANGUAGES,
  load,
  also,
  use,
  t,
  has,
  code,
  when,
  clockTime,
  span,
  list,
  number,
  languageName,
  /** Call `run` whenever the language changes. */
  onChange: (run) => listeners.add(run),
};

/** Fetch the words of the language in use. */
async function load() {
  const parts = await Promise.all(FILES.map((file) => fetched(`./${file}.${language}${VERSION}.json`)));
  words = Object.assign({}, ...parts);
  document.documentElement.lang = language;
}

/** Fetch a pack of words that only some views need; from then on it comes in every language. */
async function also(pack) {
  if (FILES.includes(pack)) return;
  Object.assign(words, await fetched(`./${pack}.${language}${VERSION}.json`));
  FILES.push(pack);
}

/** Change the language, and remember it on this device. */
async function use(next) {
  language = LANGUAGES.includes(next) ? next : "en";
  localStorage.setItem(KEPT, language);
  await load();
  for (const run of listeners) run();
}

/** The words of a key, with `{name}` filled in; `count` chooses between `one` and `other`. */
function t(key, values = {}) {
  const found = words[key];
  if (found === undefined) return key;
  const one = typeof found === "string" ? found : chosen(found, values.count);
  return one.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

/** Whether there are words for a key. */
function has(key) {
  return key in words;
}

/** What a code of the API is called, e.g. code("status", "routed"); an unknown one as it is. */
function code(group, value) {
  if (value === null || value === undefined || value === "") return "";
  const key = `code.${group}.${value}`;
  if (has(key)) return t(key);
  const plain = String(value).replaceAll("_", " ");
  return plain.charAt(0).toLocaleUpperCase(language) + plain.slice(1);
}

/** A moment on the clock of a site's wall: the time alone when it is today there. */
function when(iso, zone) {
  if (!iso) return "";
  const at = new Date(iso);
  const time = clockTime(iso, zone);
  const day = (date) => date.toLocaleDateString("en-CA", zoned(zone));
  if (day(at) === day(new Date())) return time;
  const far = Math.abs(Date.now() - at.getTime()) > 300 * 86_400_000;
  const near = Math.abs(Date.now() - at.getTime()) < 6 * 86_400_000;
  const date = at.toLocaleDateString(language, {
    ...zoned(zone),
    weekday: far ? undefined : "short",
    day: near ? undefined : "numeric",
    month: near ? undefined : "short",
    year: far ? "numeric" : undefined,
  });
  return near ? `${date} ${time}` : `${date}, ${time}`;
}

/** Only the time of day, as "14:05". */
function clockTime(iso, zone) {
  const asked = { ...zoned(zone), hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Date(iso).toLocaleTimeString(language, asked);
}

/** A length of time in minutes as people say it: "12 min", "2 h 5 min", "3 d 4 h". */
function span(minutes) {
  const whole = Math.max(0, Math.floor(minutes));
  if (whole < 1) return t("span.none");
  const days = Math.floor(whole / 1440);
  const hours = Math.floor((whole % 1440) / 60);
  const rest = whole % 60;
  if (days > 0) return [part("d", days), hours ? part("h", hours) : ""].join(" ").trim();
  if (hours > 0) return [part("h", hours), rest ? part("min", rest) : ""].join(" ").trim();
  return part("min", rest);
}

/** Several words as one list: "a, b and c". */
function list(items) {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(items);
}

/** A number as the language writes it. */
function number(value, options) {
  return new Intl.NumberFormat(language, options).format(value);
}

/** What a language is called: "es" is Spanish, `und` one that nobody could tell. */
function languageName(tag) {
  if (!tag || tag === "und") return t("language.unknown");
  try {
    const name = new Intl.DisplayNames([language], { type: "language" }).of(tag);
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return tag;
  }
}

function part(unit, count) {
  return t(`span.${unit}`, { count });
}

function chosen(found, count) {
  return found[new Intl.PluralRules(language).select(count ?? 0)] ?? found.other;
}

function zoned(zone) {
  return zone ? { timeZone: zone } : {};
}

function kept() {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

function preferred() {
  return navigator.language.toLowerCase().startsWith("es") ? "es" : "en";
}

async function fetched(file) {
  const answer = await fetch(new URL(file, import.meta.url));
  if (!answer.ok) throw new Error(`no ${file}`);
  return answer.json();
}
