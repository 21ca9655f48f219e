/** Which detections are right, from stored overlaps: the twin of pedviz/metrics/outcomes.py, without size classes. */

/**
 * @typedef {{scores: number[], ious: number[][], people: number}} Picture detections best score first; a row of
 *   overlaps a detection, one entry a person
 * @typedef {ReturnType<typeof judge>} Judged
 */

/**
 * The person that each detection takes, best score first: the free person it overlaps most, the later of equals.
 * @param {number[][]} ious
 * @param {number} threshold
 */
function match(ious, threshold) {
  const free = new Set(ious.length ? ious[0].keys() : []);
  return ious.map((row) => {
    let best = -1;
    for (const person of free) {
      if (row[person] >= threshold && (best < 0 || row[person] >= row[best])) best = person;
    }
    free.delete(best);
    return best;
  });
}

/**
 * Judge every detection of a run at one IoU threshold.
 * @param {Picture[]} pictures
 * @param {{threshold: number, limit?: number}} options `threshold` in (0, 1]; `limit`, at most so many detections an
 *   image
 * @returns best score first over all images, ties in the order of the images: the place of its image, its place among
 *   that image's detections, and the person it took there, -1 for none
 */
export function judge(pictures, { threshold, limit = 100 }) {
  const judged = pictures.flatMap(({ scores, ious }, picture) => {
    const matches = match(ious.slice(0, limit), threshold);
    return matches.map((person, place) => ({ score: scores[place], picture, place, person }));
  });
  judged.sort((a, b) => b.score - a.score); // stable
  return {
    scores: judged.map(({ score }) => score),
    pictures: judged.map(({ picture }) => picture),
    places: judged.map(({ place }) => place),
    matches: judged.map(({ person }) => person),
    hits: judged.map(({ person }) => person >= 0),
    people: pictures.reduce((sum, { people }) => sum + people, 0),
  };
}
