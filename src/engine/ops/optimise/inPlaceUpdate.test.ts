import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../testing/opContract.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { adamUpdate } from './adamUpdate.ts';
import { emaUpdate } from './emaUpdate.ts';

describe('updates in place', () => {
  it('show in every later read, and in no tensor that was taken before', async () => {
    const student = tf.variable(tf.tensor1d([1, 2, 3]));
    const teacher = tf.variable(tf.zeros([3]), false);
    teacher.assign(student); // shares the student's buffer
    const slots = [tf.variable(tf.zeros([3]), false), tf.variable(tf.zeros([3]), false)] as const;
    const taken = tf.clone(student);
    expect([...(await readValues(student))]).toEqual([1, 2, 3]); // leaves a copy on the host
    const gradient = tf.tensor1d([1, -1, 1]);
    const settings = { learningRate: 0.5, correction1: 1, correction2: 1, beta1: 0, beta2: 0 };
    const group = { parameters: [student], gradients: [gradient], firstMoment: slots[0], secondMoment: slots[1] };
    adamUpdate(group, settings);
    expectClose(await readValues(student), [0.5, 2.5, 2.5], 'elementwise');
    expect([...(await readValues(teacher))]).toEqual([1, 2, 3]);
    expect([...(await readValues(taken))]).toEqual([1, 2, 3]);
    const { dataId } = student;
    adamUpdate(group, settings);
    if (tf.getBackend() === 'webgpu') expect(student.dataId).toBe(dataId);
    expectClose(await readValues(student), [0, 3, 2], 'elementwise');
    emaUpdate({ averages: [teacher], values: [student] }, 0.75);
    expectClose(await readValues(teacher), [0.75, 2.25, 2.75], 'elementwise');
    tf.dispose([student, teacher, ...slots, taken, gradient]);
  });
});
