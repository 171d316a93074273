// Where JSON goes wrong, for the mistakes that people make in it.
import { expect, test } from 'vitest';
import { parseJson } from './jsonText.ts';

test('JSON is read as JSON.parse reads it', () => {
  expect(parseJson(' {"a": [1, -2.5e3, "\\u00e9\\n", true, null, {}, []]} ')).toEqual({
    a: [1, -2500, 'é\n', true, null, {}, []],
  });
});

test.each([
  ['a comma before a brace', '{"a": 1,\n  "b": 2,\n}', 3, 1],
  ['a comma before a bracket', '{"a": [1, 2,]}', 1, 13],
  ['a missing comma', '{"a": 1\r\n "b": 2}', 2, 2],
  ['a cut file', '{"a": [1, {"b": 2}', 1, 19],
  ['a cut string', '{"a": "b', 1, 7],
  ['nothing', '', 1, 1],
  ['two values', '{"a": 1} {"b": 2}', 1, 10],
  ['single quotes', "{'a': 1}", 1, 2],
  ['a name that is no string', '{"a": {b: 1}}', 1, 8],
  ['a comment', '// mine\n{"a": 1}', 1, 1],
  ['a word', '{"a": NaN}', 1, 7],
  ['brackets without end', '['.repeat(100_000), 1, 502],
])('%s is told by line and column', (_, text, line, column) => {
  expect(() => parseJson(text)).toThrow(expect.objectContaining({ name: 'JsonSyntaxError', line, column }));
});
