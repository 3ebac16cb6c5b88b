// Whether a place in a block is `outer` or stands somewhere in it: "outcomes[yes].next" in "outcomes".
export const isWithin = (place, outer) =>
  place === outer || (place.startsWith(outer) && [".", "["].includes(place[outer.length]));
