// Every input card and the file that asks with it.

import type { Answer, InputCard } from "../wire.ts";
import type { Words } from "../words/words.ts";
import { askCalendar, askRangeCalendar } from "./calendar.ts";
import { askDropDown } from "./drop_down.ts";
import { askLocation } from "./location.ts";
import { askHappiness, askLike, askStars } from "./ratings.ts";
import { askMultipleSelect, askSelect } from "./select.ts";
import { askDateTimeSlots, askTimeSlots } from "./slots.ts";
import { askRangeSlider, askSlider } from "./slider.ts";
import { askUpload } from "./upload.ts";

export interface Asking {
  words: Words;
  labelledBy: string; // id of the bot's words that the card belongs to
  send(answer: Answer): void;
}

// null for typed text (the composer asks for it) and for cards newer than this box.
export function askCard(card: InputCard, asking: Asking): HTMLElement | null {
  switch (card.card) {
    case "select":
      return askSelect(card, asking);
    case "multiple_select":
      return askMultipleSelect(card, asking);
    case "drop_down":
      return askDropDown(card, asking);
    case "slider":
      return askSlider(card, asking);
    case "range_slider":
      return askRangeSlider(card, asking);
    case "calendar":
      return askCalendar(card, asking);
    case "range_calendar":
      return askRangeCalendar(card, asking);
    case "time_slots":
      return askTimeSlots(card, asking);
    case "date_time_slots":
      return askDateTimeSlots(card, asking);
    case "star_rating":
      return askStars(card, asking);
    case "happiness_rating":
      return askHappiness(card, asking);
    case "like":
      return askLike(card, asking);
    case "location_input":
      return askLocation(card, asking);
    case "upload":
      return askUpload(card, asking);
    default:
      return null;
  }
}
