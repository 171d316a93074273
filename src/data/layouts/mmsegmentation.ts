// The folders that MMSegmentation asks for, whatever is in them: `img_dir/train/` with `ann_dir/train/`.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'mmsegmentation',
  label: 'MMSegmentation folders',
  suggestedName: 'My images',
  suggestedUse: null,
  lookedFor: 'MMSegmentation (img_dir/ with ann_dir/)',
  signs: [/(^|\/)(img_dir|ann_dir)\//i],
  folders: { photos: ['img_dir'], labels: ['ann_dir'] },
  codings: [],
};
