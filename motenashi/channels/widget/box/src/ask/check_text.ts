// Does typed text fit what a text input asks for? The server checks again; this only spares the visitor the way.

import type { TextInput } from "../wire.ts";
import type { Words } from "../words/words.ts";

// '' when it fits, otherwise a sentence that says how to put it right.
export function checkText(card: TextInput, text: string, words: Words): string {
  const wrong = words.wrong;
  const narrow = text.normalize("NFKC"); // full-width digits and letters are as good as narrow ones
  const length = [...text].length;
  if (card.shortest != null && length < card.shortest) return wrong.shortest(card.shortest);
  if (card.longest != null && length > card.longest) return wrong.longest(card.longest);
  if (card.letters_only && !/^[\p{L}\p{M}\s'’ー・-]+$/u.test(text)) return wrong.letters;
  switch (card.format) {
    case "email":
      return /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(narrow) ? "" : wrong.email;
    case "tel":
      return /^\+?[\d\s().ー－-]+$/.test(narrow) && narrow.replace(/\D/g, "").length >= 6 ? "" : wrong.tel;
    case "url":
      return /^(https?:\/\/)?[^\s/.]+(\.[^\s/.]+)+(\/\S*)?$/i.test(narrow) ? "" : wrong.url;
    case "name":
      return /\p{L}/u.test(text) ? "" : wrong.name;
    case "number":
      return checkNumber(card, narrow, words);
    default:
      return "";
  }
}

function checkNumber(card: TextInput, text: string, words: Words): string {
  const plain = text.replace(/[,\s]/g, "");
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain)) return words.wrong.number;
  const value = Number(plain);
  const decimals = plain.split(".")[1]?.length ?? 0;
  if (card.decimals === 0 && decimals) return words.wrong.whole;
  if (card.decimals != null && decimals > card.decimals) return words.wrong.decimals(card.decimals);
  if (card.low != null && value < card.low) return words.wrong.low(card.low);
  if (card.high != null && value > card.high) return words.wrong.high(card.high);
  return "";
}
