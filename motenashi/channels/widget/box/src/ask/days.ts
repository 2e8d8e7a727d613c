// Days as ISO texts (YYYY-MM-DD), counted without clocks or zones, and moments in a named zone.

export type Day = string;

const DAY = 86_400_000;

export const addDays = (day: Day, count: number): Day =>
  new Date(Date.parse(day) + count * DAY).toISOString().slice(0, 10);

export const weekday = (day: Day): number => new Date(Date.parse(day)).getUTCDay();

export const monthOf = (day: Day): string => day.slice(0, 7);

// The same day of a month further on, or that month's last day.
export function addMonths(day: Day, count: number): Day {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + count, Math.min(date, last))).toISOString().slice(0, 10);
}

export function dayText(day: Day, language: string, style: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...style, timeZone: "UTC" }).format(Date.parse(day));
}

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

// A zone the browser knows; the visitor's own for one it does not.
export function knownZone(zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone || browserZone() }).resolvedOptions().timeZone;
  } catch {
    return browserZone();
  }
}

export function today(zone: string): Day {
  return wallClock(Date.now(), zone).slice(0, 10);
}

// YYYY-MM-DDThh:mm on a clock in that zone.
export function wallClock(moment: number, zone: string): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

// The moment at which a clock in that zone shows day and time. Two rounds, since the offset depends on the moment.
export function momentOf(day: Day, time: string, zone: string): number {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  let moment = wanted;
  for (let round = 0; round < 2; round++) moment += wanted - Date.parse(`${wallClock(moment, zone)}:00Z`);
  return moment;
}

// 2026-11-03T09:30:00+09:00
export function isoMoment(day: Day, time: string, zone: string): string {
  const moment = momentOf(day, time, zone);
  const minutes = Math.round((Date.parse(`${wallClock(moment, zone)}:00Z`) - moment) / 60_000);
  const two = (count: number): string => String(Math.floor(Math.abs(count))).padStart(2, "0");
  return `${day}T${time}:00${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(Math.abs(minutes) % 60)}`;
}
