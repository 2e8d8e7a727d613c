// How numbered conditions are joined, "(1 and 2) or not 3": read into a small tree. The server's reader of the same
// language is the one that counts; this one lets somebody see at once what they are typing.

export type Pattern =
  | { kind: "number"; number: number }
  | { kind: "not"; part: Pattern }
  | { kind: "and" | "or"; parts: Pattern[] };

const DEEPEST = 40; // brackets and nots inside one another

/** The tree, or null where the text is no pattern (or names no condition). */
export function readPattern(text: string): Pattern | null {
  const tokens = [
    ...text.matchAll(/\s*(?:(\d{1,9})|([a-z]+)|([(（])|([)）])|(\S))/giu),
  ];
  let next = 0;
  let depth = 0;
  const word = () => tokens[next]?.[2]?.toLowerCase();

  function joined(
    kind: "and" | "or",
    one: () => Pattern | null,
  ): Pattern | null {
    const parts: Pattern[] = [];
    do {
      const part = one();
      if (part === null) return null;
      parts.push(part);
    } while (word() === kind && ++next);
    return parts.length === 1 ? parts[0]! : { kind, parts };
  }

  const whole = (): Pattern | null => joined("or", () => joined("and", single));

  function single(): Pattern | null {
    const token = tokens[next];
    if (token === undefined || depth >= DEEPEST) return null;
    if (token[1]) {
      next += 1;
      return { kind: "number", number: Number(token[1]) };
    }
    depth += 1;
    const found = word() === "not" ? negated() : bracket();
    depth -= 1;
    return found;
  }

  function negated(): Pattern | null {
    next += 1;
    const part = single();
    return part && { kind: "not", part };
  }

  function bracket(): Pattern | null {
    if (!tokens[next]?.[3]) return null;
    next += 1;
    const inner = whole();
    if (inner === null || !tokens[next]?.[4]) return null;
    next += 1;
    return inner;
  }

  const found = whole();
  return next === tokens.length ? found : null;
}

/** The numbers that a pattern names. */
export function numbersIn(pattern: Pattern): Set<number> {
  if (pattern.kind === "number") return new Set([pattern.number]);
  if (pattern.kind === "not") return numbersIn(pattern.part);
  return new Set(pattern.parts.flatMap((part) => [...numbersIn(part)]));
}
