// What the command line tells about itself.

import { NETWORKS } from '../../../engine/networks/registry.ts';
import { SHIPPED_RECIPES } from '../../../session/recipes/shippedRecipes.ts';

/** Words in lines of at most 120 characters, the later ones indented. */
function wrapped(words: readonly string[], indent: number): string {
  const lines = [''];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length + 2 + indent > 120) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last}, ${word}`;
  }
  return lines.join(`,\n${' '.repeat(indent)}`);
}

const recipes = SHIPPED_RECIPES.map(({ id }) => id);
const networks = NETWORKS.map(({ info }) => info.id);

export const HELP = `UDAS Studio, headless

train      --recipe NAME[,NAME...]|FILE.json   source-only unless said; stages that several share are trained once:
                                        ${wrapped([...recipes, 'supervised-N'], 40)}
           --seed N | --seeds N,N,...   decides every random draw (default 1); several: one run each, and a table
           --source DIR --target DIR    folders or zips; without --source the built-in street scenes
           --validate DIR               labelled target images to evaluate on (default: the target's own split)
           --labels N                   target images whose labels may be used, where the recipe does not say (default 20)
           --network ID                 lite unless said: ${wrapped(networks, 40)}
           --set-network PARAM=VALUE    what can be chosen about the network, e.g. batchNorm=train; may be repeated
           --init FILE[#NAME]           weights that segmentation networks begin with: safetensors, or PyTorch's .pth, .pt, .bin,
                                        of which #NAME is one of several sets; what fits is taken over and reported, wrong
                                        shapes are refused, a classifier of other classes is not read
           --size WxH                   tile size = training size (default 128x64)
           --steps N                    optimiser updates of a recipe of one stage
           --steps-scale X              times the steps of every stage, for quick trials
           --evaluate-every N           steps (default: a tenth of a single stage; of several, each is scored at its end)
           --minutes M                  stop after M minutes, wherever it is
           --style-gap X --layout-gap X the built-in pair's gaps, 0..1 (default 0.8 and 0.35)
           --set [STAGE.]PARAM=VALUE    a parameter of one stage, or of all that have it; STAGE.steps=N; may be repeated
           --mean 16|13|NAME,NAME,...   also the mean IoU over SYNTHIA's 16 or 13 classes, or over those named; may be repeated
           --backend auto|webgpu|webgl|cpu   (default auto)
           --out DIR                    report.json, metrics.csv, weights.safetensors, and the run itself to continue from
                                        (a folder a seed, and rungs.json, with --seeds); scores in it are tile-size scores;
                                        one process writes there at a time: lock.json says which
           --take-over                  DIR's lock is of a process on another machine that you know to be gone

evaluate   --weights FILE[#NAME] --target DIR [--size WxH] [--backend B] [--out FILE] [--mean 16|13|NAME,NAME,... ...]
           without --size, run at the size that FILE says it was trained at (128x64 if it does not say)
           [--score-at labels|tiles]    labels (default): what the network says is enlarged to the labels, which stay as they are;
                                        tiles: labels are shrunk to the size it runs at, as \`train\` scores while it runs
           [--network ID [--set-network PARAM=VALUE ...]]   FILE holds PyTorch weights of that network (see --init)
           [--adapt-batch-norm]         batch statistics are taken from DIR's images first (AdaBN); labels play no part in it
           per-class IoU, mIoU, pixel accuracy and the confusion matrix over every labelled image in DIR

inspect    DIR... [--json]              what an import makes of folders and archives: layout, coding, every pair with its classes,
                                        every file that plays no part; writes nothing. Exit 0 usable, 1 nothing is, 2 a question
           --coding ID|FILE             what label values mean: a coding of \`list\`, or a table of your own (JSON or CSV)
           --ignore N                   a label value to leave out
           --photos GLOB --labels-in GLOB   which files are which, on paths within the folder
                                        train and evaluate take the same for their folders: --source-coding, --target-ignore, ...

tune       [--network ID] [--size WxH] [--batch N] [--method ID] [--seconds S] [--precision f32|f16]
           times convolution kernels for a training step on this GPU and keeps the fastest for later runs; f16 lets those
           compete that store halves, which is less exact

list       [--json]                     everything there is: methods, networks, recipes, layouts, codings, ops, views, exports

Exit status: 0 done, 1 failed, 2 wrong options or an open question; 130, 143, 129 ended by Ctrl-C, TERM, HUP: training saves and
reports before, and the same command goes on from there.
`;
