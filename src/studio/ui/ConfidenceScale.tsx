// The colour scale of the confidence map, with its numeric ends.
import classes from './ConfidenceScale.module.css';
import { VIRIDIS_ANCHORS } from './viridis.ts';

const GRADIENT = `linear-gradient(90deg, ${VIRIDIS_ANCHORS.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')})`;

export function ConfidenceScale() {
  return (
    <span className={classes.scale}>
      0<span className={classes.ramp} style={{ background: GRADIENT }} />1
    </span>
  );
}
