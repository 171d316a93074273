// All views of a pixel in one thread: softmax at the four places a view shows it, their mean, and the decision.
import { defineKernel } from '../../gpu/kernel.ts';
import { perElement } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import { LOCATE } from '../warpImages/bilinearTaps.ts';
import type { FusedViews, Fusion, ViewMaps } from './fusion.ts';

const kernel = defineKernel({
  name: 'fuseViews',
  uniforms: { pixels: 'i32', batch: 'i32', views: 'i32', height: 'i32', width: 'i32', ignore: 'i32' },
  inputs: { logits: 'f32', maps: 'f32', thresholds: 'f32' },
  outputs: { labels: 'i32', classes: 'i32', confidence: 'f32', surest: 'i32', agreeing: 'i32' },
  wgsl: ({ classes, fusion }: { readonly classes: number; readonly fusion: Fusion }) => `const CLASSES = ${classes};
// Adds the probabilities at pixel (i, j) of a view, weighted; returns the weight, or 0 outside.
fn addSoftmax(row: i32, i: i32, j: i32, weight: f32, sum: ptr<function, array<f32, CLASSES>>) -> f32 {
  if (weight == 0.0 || i < 0 || i >= u.height || j < 0 || j >= u.width) { return 0.0; }
  let first = ((row * u.height + i) * u.width + j) * CLASSES;
  var largest = logits[first];
  for (var c = 1; c < CLASSES; c++) { largest = max(largest, logits[first + c]); }
  var total = 0.0;
  for (var c = 0; c < CLASSES; c++) { total += exp(logits[first + c] - largest); }
  for (var c = 0; c < CLASSES; c++) { (*sum)[c] += weight * (exp(logits[first + c] - largest) / total); }
  return weight;
}
${perElement(
  'u.pixels',
  `let image = index / (u.height * u.width);
  let i = index / u.width % u.height;
  let j = index % u.width;
  var votes = array<i32, CLASSES>();
  var mean = array<f32, CLASSES>();
  var taking = 0.0;
  var best = 0.0;
  var winner = 0;
  var view = 0;
  for (var v = 0; v < u.views; v++) {
    let row = v * u.batch + image;
    ${LOCATE}
    var p = array<f32, CLASSES>();
    let seen = addSoftmax(row, top, left, (1.0 - right) * (1.0 - below), &p)
      + addSoftmax(row, top, left + 1, right * (1.0 - below), &p)
      + addSoftmax(row, top + 1, left, (1.0 - right) * below, &p)
      + addSoftmax(row, top + 1, left + 1, right * below, &p);
    if (seen <= 0.999) { continue; }
    var decided = 0;
    for (var c = 1; c < CLASSES; c++) { if (p[c] > p[decided]) { decided = c; } }
    let sure = p[decided] / seen;
    votes[decided] += 1;
    taking += 1.0;
    if (sure > best) { best = sure; winner = decided; view = v; }
    ${fusion === 'max' ? '' : 'for (var c = 0; c < CLASSES; c++) { mean[c] += p[c] / seen; }'}
  }
  ${FUSE[fusion]}
  labels[index] = select(u.ignore, winner, taking > 0.0 && best >= thresholds[winner]);
  classes[index] = winner;
  confidence[index] = best;
  surest[index] = view;
  agreeing[index] = votes[winner];`,
)}`,
});

const FUSE: Readonly<Record<Fusion, string>> = {
  max: '',
  mean: `winner = 0;
  for (var c = 1; c < CLASSES; c++) { if (mean[c] > mean[winner]) { winner = c; } }
  best = mean[winner] / max(taking, 1.0);`,
  vote: `winner = 0;
  for (var c = 1; c < CLASSES; c++) {
    if (votes[c] > votes[winner] || (votes[c] == votes[winner] && mean[c] > mean[winner])) { winner = c; }
  }
  best = mean[winner] / max(taking, 1.0);`,
};

/** As `fuseViews`: one dispatch. */
export function fuse(
  logits: tf.Tensor4D,
  { toView, thresholds, views }: ViewMaps,
  fusion: Fusion,
  ignore: number,
): FusedViews {
  const [rows, height, width, classes] = logits.shape;
  const batch = rows / views;
  const shape = [batch, height, width] as const;
  const pixels = batch * height * width;
  const { surest, ...fused } = kernel.run({
    spec: { classes, fusion },
    inputs: { logits, maps: toView, thresholds },
    outputs: { labels: shape, classes: shape, confidence: shape, surest: shape, agreeing: shape },
    threads: pixels,
    uniforms: { pixels, batch, views, height, width, ignore },
  });
  return { ...fused, view: surest };
}
