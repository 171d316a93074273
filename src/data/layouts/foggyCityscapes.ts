// Foggy Cityscapes (Sakaridis et al. 2018) and Rainy Cityscapes (Hu et al. 2019): weather rendered into Cityscapes' photos, several
// densities a frame, with Cityscapes' own labels.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'foggy-cityscapes',
  label: 'Foggy or Rainy Cityscapes',
  suggestedName: 'Foggy Cityscapes',
  suggestedUse: 'target',
  lookedFor: 'Foggy or Rainy Cityscapes (…_leftImg8bit_foggy_beta_0.02.png with …_gtFine_labelIds.png)',
  refines: 'cityscapes',
  signs: [/_leftImg8bit_(foggy|rain)_[\w.]+\.[a-z]+$/i],
  photos: [
    // beta 0.02, the densest, is what benchmarks use.
    { ends: /_leftImg8bit_foggy_beta_0\.02$/i, variant: 0 },
    { ends: /_leftImg8bit_foggy_beta_0\.01$/i, variant: 1 },
    { ends: /_leftImg8bit_foggy_beta_0\.005$/i, variant: 2 },
    { ends: /_leftImg8bit_rain_alpha_[\w.]+$/i, variant: 3 },
  ],
  folders: {
    photos: ['leftimg8bit_foggy', 'leftimg8bit_foggydbf', 'leftimg8bit_rain'],
    unused: ['leftimg8bit_transmittance', 'leftimg8bit_transmittancedbf', 'depth_rain'],
  },
  codings: ['cityscapes-ids', 'train-ids', 'cityscapes-colours'],
  hasDummyTestLabels: true,
};
