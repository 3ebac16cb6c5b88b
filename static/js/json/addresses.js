// Where each line of the document stands, as the server tells it (journeys/screens/json_lines.py): the blocks by their
// lines, and each line's place inside its block, or inside the journey.
import { isWithin } from "../common/address.js";

let blocks = []; // {kind, key, first, last}
let places = [];
let owners = []; // the block that each line is in; none for the journey's own

// Each line says how much of the place before it goes on, and what follows.
const unpacked = (text) => {
  let place = "";
  return text.split("\n").map((line) => {
    const end = line.indexOf(" ");
    place = place.slice(0, Number(line.slice(0, end))) + line.slice(end + 1);
    return place;
  });
};

export const readAddresses = () => {
  const told = document.getElementById("document-places");
  blocks = JSON.parse(told.dataset.blocks || "[]").map(([kind, key, first, last]) => ({ kind, key, first, last }));
  places = told.value ? unpacked(told.value) : [];
  owners = [];
  for (const block of blocks) for (let line = block.first; line <= block.last; line += 1) owners[line] = block;
};

export const blockOf = (kind, key) => blocks.find((block) => block.kind === kind && block.key === key) ?? null;

export const blockAt = (line) => owners[line] ?? null;

// The lines of the block, or of the journey itself.
const linesOf = (block) => [...places.keys()].filter((line) => blockAt(line) === block);

// The first and last line of a place, else of the nearest around it; null for all of the block.
export const rangeOf = (block, place) => {
  const lines = linesOf(block);
  let nearest = "";
  for (const line of lines)
    if (places[line].length > nearest.length && isWithin(place, places[line])) nearest = places[line];
  if (!nearest) return null;
  const within = lines.filter((line) => isWithin(places[line], nearest));
  return { first: within[0], last: within.at(-1) };
};
