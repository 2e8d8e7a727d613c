// What can be asked, as the page hands it over: fields and lists of related records, operators in words, sentences.

import type { Json } from "./tree.ts";

export interface Choice {
  value: string;
  label: string;
}

export interface Field {
  name: string;
  label: string;
  group: string;
  kind: string; // text, choice, number, boolean, day, moment, texts …
  operators: string[];
  choices: Choice[];
  suggests: boolean; // its values can be asked for
}

/** Records that belong to the one that is looked for: responses, deals … */
export interface RelatedList {
  name: string;
  group: string;
  atLeastOne: string;
  atLeast: string;
  none: string;
  addMore: string;
  fields: Field[];
}

export interface OperatorWords {
  label: string;
  shape: string;
}

export interface Vocabulary {
  module: string;
  fields: Field[];
  lists: RelatedList[];
  operators: Record<string, OperatorWords>;
  weekdays: Choice[];
  days: Choice[]; // today, yesterday …
  texts: Record<string, string>;
}

export interface State {
  filter: Json;
  open: boolean; // is the builder to be shown at once?
  saved: Json; // the saved filter that is shown, as it was saved
}

export class Words {
  constructor(readonly vocabulary: Vocabulary) {}

  /** A sentence of the page; %(name)s stands for a value. */
  say(key: string, values: Record<string, string | number> = {}): string {
    const sentence = this.vocabulary.texts[key] ?? key;
    return sentence.replaceAll(/%\((\w+)\)s/g, (_, name: string) =>
      String(values[name] ?? ""),
    );
  }

  number(value: number): string {
    return value.toLocaleString(document.documentElement.lang || "en");
  }

  list(name: string): RelatedList | undefined {
    return this.vocabulary.lists.find((list) => list.name === name);
  }

  /** A field of the record itself, or of a related record. */
  field(name: string, list = ""): Field | undefined {
    const fields = list
      ? (this.list(list)?.fields ?? [])
      : this.vocabulary.fields;
    return fields.find((field) => field.name === name);
  }

  /** A field's name where it stands alone: with whose it is, unless it is the record's own. */
  fullName(field: Field, list = ""): string {
    const own = list
      ? this.list(list)?.fields[0]?.group
      : this.vocabulary.fields[0]?.group;
    return field.group === own || field.group === field.label
      ? field.label
      : `${field.group} › ${field.label}`;
  }

  shape(operator: string): string {
    return this.vocabulary.operators[operator]?.shape ?? "text";
  }

  operator(name: string): string {
    return this.vocabulary.operators[name]?.label ?? name;
  }
}
