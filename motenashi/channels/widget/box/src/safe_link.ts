// Which addresses may be followed or shown. Anything else (javascript:, data:, blob:, file:) is as good as none.

const FOLLOWED = new Set(["http:", "https:", "mailto:", "tel:"]);
const SHOWN = new Set(["http:", "https:"]);

// The absolute address, or '' when it is not safe. What begins with / belongs to the server of the box.
export function safeLink(url: string | undefined, server: string): string {
  return within(url, server, FOLLOWED);
}

export function safePicture(url: string | undefined, server: string): string {
  return within(url, server, SHOWN);
}

function within(url: string | undefined, server: string, schemes: Set<string>): string {
  if (!url) return "";
  try {
    const absolute = new URL(url, server);
    return schemes.has(absolute.protocol) ? absolute.href : "";
  } catch {
    return "";
  }
}
