// Who lives here: the filter builder of /lists. Without this script the page shows a filter in words and can take its
// conditions away; with it, filters are built, counted and looked through as one goes. The address always says it all.

import { Builder, type Told } from "./lists/builder.ts";
import { addressOf, Live, type Counts } from "./lists/live.ts";
import { readFilter } from "./lists/tree.ts";
import { Words, type State, type Vocabulary } from "./lists/vocabulary.ts";

const WAIT = 350; // milliseconds after the last change

const $ = <Kind extends HTMLElement>(selector: string) =>
  document.querySelector<Kind>(selector)!;
const page = $("[data-lists]");
const panel = $("#builder");
const results = $("#results");
const status = $("#counts-said");
const sentence = $("#filter-words");
const opener = $<HTMLButtonElement>("#build");
const search = $<HTMLInputElement>("#q");
const words = new Words(
  JSON.parse($("#vocabulary").textContent ?? "{}") as Vocabulary,
);
const live = new Live(page.dataset["lists"]!, page.dataset["token"]!);
const builder = new Builder(
  $("#conditions"),
  words,
  (field, typed, signal) => live.values(field, typed, signal),
  (typing) => soon(typing),
);
const known = {
  isList: (name: string) => words.list(name) !== undefined,
  isFlag: (name: string) =>
    words.shape(name) === "flag" && name in words.vocabulary.operators,
};

let shown = ""; // the filter that the results are of, as JSON
let timer = 0;
let typedOnly = true; // since the last look

// ---- Building ----

function soon(typing: boolean): void {
  typedOnly &&= typing;
  builder.tell(null);
  status.textContent = words.say("counting");
  clearTimeout(timer);
  timer = setTimeout(() => void look(), typing ? WAIT : 60);
}

/** The results and the counts of what was built; the address follows. */
async function look(): Promise<void> {
  const { filter } = builder.written;
  const address = addressOf(
    location,
    filter,
    state().saved ?? null,
    search.value.trim(),
  );
  const replace = typedOnly;
  typedOnly = true;
  void count();
  if (JSON.stringify([filter, search.value.trim()]) === shown) return;
  shown = JSON.stringify([filter, search.value.trim()]);
  for (const field of document.querySelectorAll<HTMLInputElement>(
    "input[data-current]",
  ))
    field.value = JSON.stringify(filter ?? {});
  if (address.href.length > 7000) {
    status.textContent = words.say("too_long");
    return;
  }
  history[replace ? "replaceState" : "pushState"](null, "", address);
  await fill(address, false);
}

async function count(): Promise<void> {
  try {
    const counts = await live.counts(
      builder.written.filter,
      search.value.trim(),
    );
    if (counts) tell(counts);
  } catch {
    status.textContent = words.say("no_answer");
    builder.tell({ counts: new Map(), problems: new Map() });
  }
}

function tell(counts: Counts): void {
  const told: Told = { counts: new Map(), problems: new Map() };
  for (const { number, count } of counts.counts) told.counts.set(number, count);
  for (const { number, text } of counts.problems)
    told.problems.set(
      number,
      [told.problems.get(number), text].filter(Boolean).join(" "),
    );
  builder.tell(told);
  status.textContent = counts.said;
  sentence.textContent = counts.words;
}

/** Put in the results of an address; `rebuild`: the builder shows its filter as well. */
async function fill(address: URL, rebuild: boolean): Promise<void> {
  results.setAttribute("aria-busy", "true");
  try {
    const part = await live.results(address);
    if (part === null) return;
    const focused = results.contains(document.activeElement)
      ? document.activeElement?.id
      : undefined;
    results.innerHTML = part;
    if (focused !== undefined)
      (document.getElementById(focused || "found") ?? $("#found")).focus();
    if (rebuild) showFilter();
  } catch {
    location.assign(address); // let the browser say what is wrong, or ask for a login
  } finally {
    results.removeAttribute("aria-busy");
  }
}

function state(): State {
  return JSON.parse(
    results.querySelector("#state")?.textContent ?? "{}",
  ) as State;
}

/** The builder shows the filter that the results are of. */
function showFilter(): void {
  const root = readFilter(state().filter ?? null, known);
  builder.show(root);
  shown = JSON.stringify([builder.written.filter, search.value.trim()]);
  if (!panel.hidden) void count();
}

function open(on: boolean): void {
  const was = !panel.hidden;
  panel.hidden = !on;
  opener.setAttribute("aria-expanded", String(on));
  if (on && !was) void count();
}

// ---- What starts it ----

opener.addEventListener("click", () => {
  const on = Boolean(panel.hidden);
  open(on);
  if (!on) return;
  builder.focus(1);
  if (builder.written.filter === null) $("#conditions .fb-add").click();
});

search.form?.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  void look();
});
search.addEventListener("input", () => soon(true));

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const chip = target.closest<HTMLElement>("[data-condition]");
  if (chip) {
    event.preventDefault();
    open(true);
    builder.focus(Number(chip.dataset["condition"]));
    return;
  }
  const link = target.closest<HTMLAnchorElement>("a[data-live]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  search.value = new URL(link.href).searchParams.get("q") ?? "";
  void fill(new URL(link.href), true);
});

addEventListener("popstate", () => {
  const address = new URL(location.href);
  if (address.hash) return;
  search.value = address.searchParams.get("q") ?? "";
  void fill(address, true);
});

opener.hidden = false;
$(".lists-search-go").hidden = true;
showFilter();
if (state().open) open(true);
