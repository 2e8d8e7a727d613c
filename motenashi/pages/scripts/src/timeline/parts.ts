// The rows of a long line as they come from the server: pieces of the page, in parts, each asked for once.

export const PART = 250; // rows asked for at once

interface Part {
  total: number;
  first: number;
  rows: string[];
}

export class Parts {
  private readonly known = new Map<number, string>();
  private readonly asked = new Set<number>();

  constructor(
    private readonly source: string,
    private readonly total: number,
    private readonly arrived: () => void,
    private readonly failed: () => void,
    private readonly changed: () => void,
  ) {}

  /** The rows that came with the page. */
  keep(first: number, rows: string[]): void {
    rows.forEach((row, place) => this.known.set(first + place, row));
  }

  row(index: number): string | undefined {
    return this.known.get(index);
  }

  /** Asks for what is missing between two rows. */
  need(first: number, last: number): void {
    for (
      let part = Math.floor(first / PART);
      part <= Math.floor(last / PART);
      part++
    ) {
      if (!this.asked.has(part) && this.missing(part, first, last))
        void this.fetch(part);
    }
  }

  /** How many rows are newer than a day (2026-05-11); null when nobody could be asked. */
  async before(day: string): Promise<number | null> {
    return (await this.ask({ at: day }))?.first ?? null;
  }

  private missing(part: number, first: number, last: number): boolean {
    const from = Math.max(first, part * PART);
    const until = Math.min(last, part * PART + PART - 1, this.total - 1);
    for (let index = from; index <= until; index++)
      if (!this.known.has(index)) return true;
    return false;
  }

  private async fetch(part: number): Promise<void> {
    this.asked.add(part);
    const answer = await this.ask({
      skip: String(part * PART),
      most: String(PART),
    });
    if (!answer) {
      this.asked.delete(part);
      this.failed();
      return;
    }
    if (answer.total !== this.total) this.changed();
    this.keep(answer.first, answer.rows);
    this.arrived();
  }

  private async ask(values: Record<string, string>): Promise<Part | null> {
    const address = new URL(this.source, location.href);
    for (const [name, value] of Object.entries(values))
      address.searchParams.set(name, value);
    try {
      const answer = await fetch(address, {
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      // Logged out meanwhile: the page itself leads to the login.
      if (answer.type === "opaqueredirect") location.reload();
      return answer.ok ? ((await answer.json()) as Part) : null;
    } catch {
      return null;
    }
  }
}
