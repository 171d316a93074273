// @ts-check
// Vitest's report as this repository reads it: which tests ran in which project, and what processor time each file took
// (src/testing/cpuTime.ts measures it). In the shape of Vitest's own JSON, with less in it. UNIT_REPORT names the file.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/**
 * @typedef {{ fullName: string, status: string }} AssertionResult
 * @typedef {{ name: string, project: string, cpuMs: number, assertionResults: AssertionResult[] }} FileResult
 * @typedef {{ failed: number, passed: number, skipped: number, testResults: FileResult[] }} UnitReport
 */

export default class UnitReporter {
  /** @param {ReadonlyArray<import('vitest/node').TestModule>} modules */
  onTestRunEnd(modules) {
    const path = process.env.UNIT_REPORT;
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(reportOf(modules)));
  }
}

/**
 * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
 * @returns {UnitReport}
 */
function reportOf(modules) {
  const testResults = modules.map((module) => ({
    name: relative(process.cwd(), module.moduleId),
    project: module.project.name,
    cpuMs: Number(Reflect.get(module.meta(), 'cpuMs') ?? 0),
    assertionResults: [...module.children.allTests()].map((test) => ({
      fullName: test.fullName.replaceAll(' > ', ' '),
      status: test.result().state,
    })),
  }));
  const states = testResults.flatMap((file) => file.assertionResults.map(({ status }) => status));
  const count = (/** @type {string} */ wanted) => states.filter((state) => state === wanted).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped') + count('pending'),
    testResults,
  };
}
