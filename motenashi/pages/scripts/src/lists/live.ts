// What the page asks the server while somebody builds: the results, the counts, values that occur. An answer that was
// overtaken by a newer question is thrown away.

import type { Json, JsonMap } from "./tree.ts";
import type { Choice } from "./vocabulary.ts";

export interface Counts {
  whole: number | null;
  counts: { number: number; count: number }[];
  problems: { number: number; text: string }[];
  words: string; // the filter as a sentence
  said: string; // "128 contacts", or why there is no number
}

export class Live {
  private counting: AbortController | null = null;
  private looking: AbortController | null = null;

  constructor(
    private readonly path: string,
    private readonly token: string,
  ) {}

  /** null: overtaken. Throws when the server does not answer. */
  async counts(filter: JsonMap | null, typed: string): Promise<Counts | null> {
    this.counting?.abort();
    const { signal } = (this.counting = new AbortController());
    const body = JSON.stringify({ filter: filter ?? {}, q: typed });
    const headers = {
      "Content-Type": "application/json",
      "X-CSRFToken": this.token,
    };
    return unlessStopped(signal, async () => {
      const answer = await fetch(`${this.path}/counts`, {
        method: "POST",
        body,
        headers,
        signal,
      });
      if (!answer.ok || answer.redirected)
        throw new Error(String(answer.status));
      return (await answer.json()) as Counts;
    });
  }

  /** The part of a page that holds its results. */
  async results(address: URL): Promise<string | null> {
    this.looking?.abort();
    const { signal } = (this.looking = new AbortController());
    const part = new URL(address);
    part.searchParams.set("part", "results");
    return unlessStopped(signal, async () => {
      const answer = await fetch(part, { signal });
      if (!answer.ok || answer.redirected)
        throw new Error(String(answer.status));
      return answer.text();
    });
  }

  async values(
    field: string,
    typed: string,
    signal: AbortSignal,
  ): Promise<Choice[]> {
    const query = new URLSearchParams({ field, typed });
    const answer = await fetch(`${this.path}/values?${query}`, { signal });
    return answer.ok
      ? (((await answer.json()) as { values: Choice[] }).values ?? [])
      : [];
  }
}

async function unlessStopped<Found>(
  signal: AbortSignal,
  ask: () => Promise<Found>,
): Promise<Found | null> {
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** The address that shows a filter; what belonged to the results of another one is left out. */
export function addressOf(
  here: Location,
  filter: Json,
  saved: Json,
  typed: string,
): URL {
  const address = new URL(here.href);
  for (const name of ["after", "part", "build", "filter", "q"])
    address.searchParams.delete(name);
  // A saved filter stays the one that is changed; as it was saved, it need not be told again.
  const unchanged =
    saved !== null && JSON.stringify(filter) === JSON.stringify(saved);
  if (filter !== null && !unchanged)
    address.searchParams.set("filter", JSON.stringify(filter));
  if (typed) address.searchParams.set("q", typed);
  if (filter === null) address.searchParams.delete("saved");
  address.hash = "";
  return address;
}
