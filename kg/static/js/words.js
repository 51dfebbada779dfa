// Words: the page's two languages, names, dates in words, and folding for search.
"use strict";
var kg = {};

kg.words = (() => {
  const LANGUAGES = ["en", "ko"];
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December"];
  let messages = {};
  let lang = "en";

  const setup = (dictionary) => { messages = dictionary; };
  const isLanguage = (value) => LANGUAGES.includes(value);
  const use = (value) => { if (isLanguage(value)) lang = value; };
  const current = () => lang;
  const other = () => (lang === "en" ? "ko" : "en");
  const has = (key) => Object.hasOwn(messages[lang], key);

  // A message with its {places} filled in. A missing key shows itself: the tests look for it.
  const say = (key, values = {}) => {
    const text = has(key) ? messages[lang][key] : key;
    return text.replace(/\{(\w+)\}/g, (whole, place) => (Object.hasOwn(values, place) ? String(values[place]) : whole));
  };

  const count = (key, n) => say(`${key}.${n === 1 ? "one" : "many"}`, { n: number(n) });
  const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

  // A label in both languages ({en, ko}), in the reader's if there is one.
  const pick = (label, fallback) => {
    if (!label) return fallback;
    return label[lang] || label[other()] || fallback;
  };

  const day = (text) => {
    const parts = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(text);
    if (!parts) return text;
    const [year, month, date] = [parts[1], Number(parts[2] || 0), Number(parts[3] || 0)];
    if (month > 12 || date > 31) return text;
    if (lang === "ko") {
      return `${year}년${month ? ` ${month}월` : ""}${date ? ` ${date}일` : ""}`;
    }
    return `${date ? `${date} ` : ""}${month ? `${MONTHS[month - 1]} ` : ""}${year}`;
  };

  const doubt = (text) => {
    const mark = text.slice(-1);
    if (mark === "~" || mark === "%") return say("date.about", { date: day(text.slice(0, -1)) });
    if (mark === "?") return say("date.perhaps", { date: day(text.slice(0, -1)) });
    return day(text);
  };

  // An EDTF date in words: days, months, years, "~ ? %", intervals with open ends; anything else as it is.
  // An open end of an event's or document's date (`once`) is a day not known; of a state, that it lasts.
  const date = (edtf, once = false) => {
    if (!edtf) return "";
    const ends = String(edtf).split("/");
    if (ends.length !== 2) return doubt(String(edtf));
    const [from, to] = ends.map((end) => (end === ".." ? "" : end));
    if (from && to) return say("date.range", { from: doubt(from), to: doubt(to) });
    if (from) return say(once ? "date.after" : "date.since", { from: doubt(from) });
    return to ? say(once ? "date.before" : "date.until", { to: doubt(to) }) : String(edtf);
  };

  // Names as they are compared, by the rules of `kg search`: no case, accents or punctuation, single spaces.
  const fold = (text) => String(text).normalize("NFKC").toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "").normalize("NFC")
    .replace(/['’‘`.\u00ad]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const solid = (text) => text.replaceAll(" ", "");
  // Hangul taken apart into its letters, so that a half-typed syllable matches.
  const letters = (text) => solid(text).normalize("NFKD");

  return { setup, isLanguage, use, current, other, has, say, count, number, pick, date, fold, solid, letters };
})();
