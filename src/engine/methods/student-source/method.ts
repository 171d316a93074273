// The student of UDAS where no target image is labelled: translated source images anchor it. The paper drops the source here;
// without an anchor the student falls below its teacher (docs/self-training.md).
import { defineStudent } from '../parts/selfTraining/defineStudent.ts';

export const method = defineStudent({
  id: 'student-source',
  citation: 'The UDAS paper, section 3.5, anchored by translated source images',
  anchor: 'source',
});
