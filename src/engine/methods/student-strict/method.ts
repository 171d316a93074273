// The student of UDAS as the paper has it: stored pseudo-labels of the target and nothing else.
import { defineStudent } from '../parts/selfTraining/defineStudent.ts';

export const method = defineStudent({ id: 'student-strict', citation: 'The UDAS paper, section 3.5', anchor: null });
