// The words between server and box: replies as motenashi/conversation/as_json.py writes them. A field at its default
// is left out there, so nearly everything is optional here.

export interface Text {
  card: "text";
  text: string;
  image?: string;
}
export interface Image {
  card: "image";
  url: string;
  text?: string;
}
export interface Video {
  card: "video";
  url: string;
  text?: string;
}
export interface FileCard {
  card: "file";
  url: string;
  text?: string;
  name?: string;
}
export interface Link {
  url: string;
  text?: string;
  icon?: string;
}
export interface Links {
  card: "links";
  links: Link[];
  text?: string;
  image?: string;
}
export interface Article {
  id: string;
  title?: string;
  url?: string;
}
export interface Articles {
  card: "articles";
  articles: Article[];
  text?: string;
  image?: string;
}
export interface Button {
  label: string;
  name: string;
  kind?: "url" | "client_action" | "say";
  url?: string;
  client_action?: string;
}
export interface ProductTile {
  id: string;
  title: string;
  subtitle?: string;
  image?: string;
  url?: string;
  buttons?: Button[];
}
export interface Products {
  card: "products";
  products: ProductTile[];
  text?: string;
}
export interface SingleProduct {
  card: "single_product";
  title: string;
  images: [string, string][];
  text?: string;
  subtitle?: string;
  buttons?: Button[];
}
export interface Place {
  card: "place";
  latitude: number;
  longitude: number;
  label?: string;
}
export type Display = Text | Image | Video | FileCard | Links | Articles | Products | SingleProduct | Place;

interface Skippable {
  skippable?: boolean;
}
export type TextFormat = "text" | "name" | "email" | "tel" | "url" | "number";
export interface TextInput extends Skippable {
  card: "text_input";
  format?: TextFormat;
  placeholder?: string;
  value?: string;
  errors?: string[];
  shortest?: number;
  longest?: number;
  low?: number;
  high?: number;
  decimals?: number;
  letters_only?: boolean;
  profile_field?: string;
}
export interface Select extends Skippable {
  card: "select";
  options: string[];
}
export interface MultipleSelect extends Skippable {
  card: "multiple_select";
  options: string[];
  at_least?: number;
  at_most?: number;
}
export interface Option {
  value: string;
  label: string;
  selected?: boolean;
}
export interface DropDown extends Skippable {
  card: "drop_down";
  options: Option[];
  placeholder?: string;
  label?: string;
  multiple?: boolean;
  at_least?: number;
  at_most?: number;
}
export interface Slider extends Skippable {
  card: "slider";
  values: string[];
}
export interface RangeSlider extends Skippable {
  card: "range_slider";
  values: string[];
}
interface Dated extends Skippable {
  time?: boolean;
  choose_zone?: boolean;
  first?: string;
  last?: string;
  button?: string;
  title?: string;
  time_zone?: string;
}
export interface Calendar extends Dated {
  card: "calendar";
}
export interface RangeCalendar extends Dated {
  card: "range_calendar";
}
export interface TimeSlots extends Skippable {
  card: "time_slots";
  slots: string[];
  date?: string;
  time_zone?: string;
  choose_zone?: boolean;
  button?: string;
}
export interface DateTimeSlots extends Skippable {
  card: "date_time_slots";
  slots: Record<string, string[]>;
  time_zone?: string;
  choose_zone?: boolean;
  title?: string;
}
export interface StarRating extends Skippable {
  card: "star_rating";
  level?: number;
}
export interface HappinessRating extends Skippable {
  card: "happiness_rating";
  level?: number;
  rates_conversation?: boolean;
}
export interface Like extends Skippable {
  card: "like";
  rates_conversation?: boolean;
}
export interface LocationInput extends Skippable {
  card: "location_input";
  button?: string;
  latitude?: string;
  longitude?: string;
  radius_km?: number;
}
export interface Upload extends Skippable {
  card: "upload";
  button?: string;
  most_files?: number;
  accept?: string[];
}
export type InputCard =
  | TextInput
  | Select
  | MultipleSelect
  | DropDown
  | Slider
  | RangeSlider
  | Calendar
  | RangeCalendar
  | TimeSlots
  | DateTimeSlots
  | StarRating
  | HappinessRating
  | Like
  | LocationInput
  | Upload;

export interface Reply {
  displays?: Display[];
  input?: InputCard;
  chips?: string[];
  action?: "reply" | "forward" | "operator_busy" | "end" | "block" | "pending";
  language?: string;
}

// `id` is the one this browser gave its own message: by it we know that the message has arrived.
export interface Entry {
  seq: number;
  at: string;
  author: "visitor" | "bot" | "operator" | "system";
  text?: string;
  reply?: Reply;
  id?: string;
}
export interface State {
  action: string;
  more: boolean;
}
export interface Turn {
  entries: Entry[];
  state: State | null;
}
export interface Opened extends Turn {
  conversation: string;
  secret: string;
  token_refused?: boolean;
}

// What a card gives back: the words for the transcript, and the structured value beside them.
export interface Answer {
  text: string;
  card?: Record<string, unknown>;
}
