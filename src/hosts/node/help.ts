// What the command line tells about itself.

export const HELP = `UDAS Studio, headless

train      --recipe source-only|supervised|supervised-N   what to train (default source-only)
           --seed N                     decides every random draw (default 1)
           --source DIR --target DIR    folders or zips; without --source the built-in street scenes
           --validate DIR               labelled target images to evaluate on (default: the target's own split)
           --labels N                   target images whose labels may be used (recipe supervised)
           --network toy|lite           (default lite)
           --size WxH                   tile size = training size (default 128x64)
           --steps N                    optimiser updates (default 400)
           --evaluate-every N           (default: a tenth of the steps)
           --minutes M                  stop after M minutes, wherever it is
           --style-gap X --layout-gap X the built-in pair's gaps, 0..1 (default 0.8 and 0.35)
           --set key=value              a parameter of the method; may be repeated
           --backend auto|webgpu|webgl|cpu   (default auto)
           --out DIR                    report.json, metrics.csv, weights.safetensors, and the run itself to continue from

evaluate   --weights FILE --target DIR [--size WxH] [--backend B] [--out FILE]
           per-class IoU, mIoU, pixel accuracy and the confusion matrix over every labelled image in DIR

golden     DIR [--backend webgpu|cpu]   checks the engine against golden vectors, a line a case
`;
