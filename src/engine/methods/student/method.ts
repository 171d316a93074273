// The student of UDAS, anchored: half of its batch are labelled target images. The paper trains on pseudo-labels alone
// (student-strict); docs/self-training.md tells why that loses and this gains.
import { defineStudent } from '../parts/selfTraining/defineStudent.ts';

export const method = defineStudent({
  id: 'student',
  citation: 'The UDAS paper, section 3.5, anchored by labelled target images',
  anchor: 'labelledTarget',
});
