// What we tell the server about the visitor: what the page said, and what any page can see by itself.

const CAMPAIGN = {
  utm_campaign: "campaign_name",
  utm_source: "campaign_source",
  utm_medium: "campaign_medium",
  utm_content: "campaign_content",
};
const LONGEST = 1_000;

export function visitorOf(told: Record<string, unknown>, language: string): Record<string, unknown> {
  const seen: Record<string, unknown> = {
    language,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    current_page_url: location.href.slice(0, LONGEST),
    current_page_title: document.title.slice(0, LONGEST),
    referrer: document.referrer.slice(0, LONGEST),
  };
  const query = new URLSearchParams(location.search);
  for (const [name, field] of Object.entries(CAMPAIGN)) {
    const value = query.get(name);
    if (value) seen[field] = value.slice(0, LONGEST);
  }
  return { ...seen, ...told };
}
